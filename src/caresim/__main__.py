"""``python -m caresim``."""

import sys

from caresim.cli import main

sys.exit(main())
