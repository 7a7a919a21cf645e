"""Fits inputs to observed figures, says how sure they then are, and tests it on figures held out.

In the order of a fit: :mod:`series` (what was observed), :mod:`unknowns` (what is fitted),
:mod:`simulate` (what the model says), :mod:`discrepancy` (how far a right model may be off),
:mod:`fit`, :mod:`forecast`, :mod:`score`, :mod:`identify`; :mod:`run` does them all.
"""
