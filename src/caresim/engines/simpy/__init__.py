"""The SimPy engine: people as processes, to be read and extended."""
