"""Lets these tests build models as those of the engines do."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
