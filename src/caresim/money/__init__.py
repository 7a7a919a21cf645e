"""Who pays whom for what, and what options are worth: the ledger and appraisal.

Both are worked out from results, of any engine, run now or saved.
"""

from caresim.money.build import NoMoneyError, ledger
from caresim.money.entries import Line
from caresim.money.ledger import Account, Ledger

__all__ = ["Account", "Ledger", "Line", "NoMoneyError", "ledger"]
