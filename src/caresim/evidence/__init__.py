"""What is known to work, what is not, and how sure: the library of evidence.

Examples
--------
>>> from caresim import evidence
>>> effect = evidence.entry("case_management").effect("emergency_admissions")
>>> round(effect.mean, 3), round(effect.low, 3), round(effect.high, 3), effect.finding
(0.165, -0.057, 0.387, 'null')
"""

from caresim.evidence.errors import EvidenceError
from caresim.evidence.library import entries, entry, ids, nearest
from caresim.evidence.optimism import CORRECTIONS, correction
from caresim.evidence.schema import Entry, Pool, Reported, Study

__all__ = [
    "CORRECTIONS",
    "Entry",
    "EvidenceError",
    "Pool",
    "Reported",
    "Study",
    "correction",
    "entries",
    "entry",
    "ids",
    "nearest",
]
