"""The ground floor: columns, state, draws and compiled code; it knows no mechanism."""
