"""What is said on standard error while a run goes on."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import Any

BAR = 30
"""Characters of the progress bar."""

EVERY = 0.1
"""Seconds between two drawings of the progress bar."""


class Narrator:
    """Says what happens; quiet if asked to be, and draws a bar only in a terminal.

    Parameters
    ----------
    quiet
        Say nothing but failures.
    """

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.bar = not quiet and sys.stderr.isatty()
        self._drawn = 0.0
        self._shown = False

    def say(self, text: str) -> None:
        """Say a line."""
        if not self.quiet:
            self.clear()
            print(text, file=sys.stderr, flush=True)

    def progress(self, share: float) -> None:
        """Draw how much is done."""
        if not self.bar or (share < 1 and time.monotonic() - self._drawn < EVERY):
            return
        done = "#" * round(BAR * share)
        print(f"\r[{done:<{BAR}}] {share:4.0%}", end="", file=sys.stderr, flush=True)
        self._drawn, self._shown = time.monotonic(), True

    def clear(self) -> None:
        """Take the bar away."""
        if self._shown:
            print("\r" + " " * (BAR + 8) + "\r", end="", file=sys.stderr, flush=True)
            self._shown = False

    @contextlib.contextmanager
    def telling_of_compilation(self) -> Iterator[None]:
        """Say so if the engine has to be compiled, which takes a while the first time."""
        from numba.core import event

        narrator = self

        class Listener(event.Listener):
            """Speaks up at the first function that is not found in the cache."""

            told = False

            def on_start(self, _event: Any) -> None:
                if not self.told:
                    self.told = True
                    narrator.say(
                        "compiling the engine for this computer: once, for up to a minute ..."
                    )

            def on_end(self, _event: Any) -> None:
                return

        with event.install_listener("numba:compile", Listener()):
            yield
        self.clear()
