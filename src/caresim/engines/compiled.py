"""Where compiled code is kept: apart for every state of the engines' source.

numba keeps what it has compiled beside the source, and compiles again when the file a function is
in has changed. It does not see a change in a file whose functions are called or inlined, nor, in
an installed package whose files all bear one date, a change that leaves the size as it was. Old
code would then run on new data. So the folder is named by a hash of all the engines' source.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"
"""numba's own setting; whoever sets it decides."""


def keep_apart() -> None:
    """Have numba keep compiled code in a folder for this state of the source, if it can."""
    folder = cache_folder(Path(__file__).parent)
    if VARIABLE in os.environ or not _can_write(folder):
        return
    if "numba" in sys.modules:  # it has read the variable already
        from numba import config

        config.CACHE_DIR = config.CACHE_DIR or str(folder)  # type: ignore[attr-defined]
    else:
        os.environ[VARIABLE] = str(folder)


def cache_folder(engines: Path) -> Path:
    """Return the folder for compiled code of the source found in a folder, below it."""
    state = hashlib.sha256()
    for path in sorted(engines.rglob("*.py")):
        state.update(str(path.relative_to(engines)).encode() + b"\0" + path.read_bytes())
    return engines / "__pycache__" / f"compiled-{state.hexdigest()[:16]}"


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False  # numba then looks for a place of its own, such as the user's cache
    return os.access(folder, os.W_OK)
