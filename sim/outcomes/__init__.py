"""What is told about a firm: every outcome, declared once."""
