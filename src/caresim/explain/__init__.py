"""What an input, an error code or an indicator means, in words.

:func:`file`, :func:`resolved` and :func:`loops` are about a scenario; :func:`word` about
everything else.
"""

from __future__ import annotations

from caresim.explain.inputs import file, resolved
from caresim.explain.loops import of_file as loops
from caresim.explain.words import UnknownError, word

__all__ = ["UnknownError", "file", "loops", "resolved", "word"]
