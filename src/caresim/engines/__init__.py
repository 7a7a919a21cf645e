"""Engines that advance a resolved model: they know numbers, not files."""
