"""Who pays whom for what, and what options are worth: the ledger and appraisal.

Both are worked out from results, of any engine, run now or saved.
"""

from caresim.money.appraisal import Appraisal, CostPerUnit, Item, Range
from caresim.money.appraise import NotAlikeError, appraise
from caresim.money.build import NoMoneyError, audited, ledger
from caresim.money.entries import Line
from caresim.money.ledger import Account, Ledger

__all__ = [
    "Account",
    "Appraisal",
    "CostPerUnit",
    "Item",
    "Ledger",
    "Line",
    "NoMoneyError",
    "NotAlikeError",
    "Range",
    "appraise",
    "audited",
    "ledger",
]
