"""Options side by side: paired differences, how often each is best, money, waterfall, the shift.

The package is not named `compare`, which is the function that users call.
"""

from caresim.comparison.comparison import Comparison
from caresim.comparison.differences import Difference
from caresim.comparison.entries import ComparisonError
from caresim.comparison.run import compare

__all__ = ["Comparison", "ComparisonError", "Difference", "compare"]
