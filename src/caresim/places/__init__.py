"""Places: the official figures about them, read and compared with what is simulated."""
