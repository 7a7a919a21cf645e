"""The command line: parse, call the Python interface, print. One file for each command."""

from caresim.cli.app import main

__all__ = ["main"]
