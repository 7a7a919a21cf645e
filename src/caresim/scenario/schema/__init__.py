"""The scenario file as a person writes it: every key, its meaning, its default and its checks."""
