"""The folder of a fit while it is made: batches that are done, so that it can go on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from caresim.api import ChoiceError

WORK = ".unfinished"
STATE = "state.json"


class Work:
    """Batches kept while a fit is made.

    Parameters
    ----------
    folder
        Where the fit is saved in the end; None keeps nothing.
    state
        What must be the same for a fit to go on.
    resume
        Whether to go on with what the folder holds.

    Raises
    ------
    ChoiceError
        If the folder holds anything else, or the fit of something else.
    """

    def __init__(self, folder: Path | None, state: dict[str, Any], *, resume: bool) -> None:
        self.folder = folder
        self.path = None if folder is None else folder / WORK
        if folder is None or self.path is None:
            return
        held = list(folder.iterdir()) if folder.is_dir() else []
        if folder.exists() and not folder.is_dir():
            raise ChoiceError(f"{folder} is a file; give a folder that does not exist")
        if self.path.exists():
            self._check(state, resume=resume)
        elif held:
            raise ChoiceError(f"{folder} exists already; no fit is overwritten")
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / STATE).write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")

    def _check(self, state: dict[str, Any], *, resume: bool) -> None:
        assert self.path is not None
        if not resume:
            raise ChoiceError(
                f"{self.folder} holds a fit that was interrupted; go on with --resume, or give "
                "another folder"
            )
        try:
            before = json.loads((self.path / STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            before = {}
        changed = sorted(key for key in state if before.get(key) != state[key])
        if changed:
            raise ChoiceError(
                f"the fit in {self.folder} cannot go on: since it was begun, "
                f"{', '.join(changed)} changed; give another folder"
            )

    def done(self) -> None:
        """Remove what was kept."""
        if self.path is not None:
            shutil.rmtree(self.path, ignore_errors=True)
