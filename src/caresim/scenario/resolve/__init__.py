"""From the scenario as written to the explicit form: checks of the whole, then every default."""
