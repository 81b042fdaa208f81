"""What analyses of sweeps found, drawn, and on one page."""
