"""What an input, an error code or an indicator means, in words.

:func:`file` and :func:`resolved` are about a scenario; :func:`word` about everything else.
"""

from __future__ import annotations

from caresim.explain.inputs import file, resolved
from caresim.explain.words import UnknownError, word

__all__ = ["UnknownError", "file", "resolved", "word"]
