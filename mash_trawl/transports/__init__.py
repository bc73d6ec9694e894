"""The only code that touches a network; every session is opened with a door that the gate opened for a grant."""
