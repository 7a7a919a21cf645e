"""Measures how well fits foretell: boards and councils, fitted to figures before a date.

``python -m caresim.calibration.backtest --data DIR`` reads DIR/nhs_england and DIR/dtoc, and writes
docs/verification/back-test.md.
"""
