"""Labelled results of a run: indicators, tables, audit, manifest, saving and reading."""
