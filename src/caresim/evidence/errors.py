"""What can be wrong with a question to the library."""

from __future__ import annotations


class EvidenceError(ValueError):
    """The library holds no such entry or effect; the message says what it holds instead."""
