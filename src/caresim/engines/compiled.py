"""How the engines' code is compiled, and where it is kept: apart for every state of the source.

numba keeps what it has compiled beside the source, and compiles again when the file a function is
in has changed. It does not see a change in a file whose functions are called or inlined, nor, in
an installed package whose files all bear one date, a change that leaves the size as it was. Old
code would then run on new data. So the folder is named by a hash of all the engines' source.
Folders of states that are no longer run are removed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

VARIABLE = "NUMBA_CACHE_DIR"
"""numba's own setting; whoever sets it decides."""

PREFIX = "compiled-"
KEPT = 5
"""States of the source whose compiled code is kept: the last ones run."""

KEPT_DAYS = 30.0
"""Days after its last run for which the code of a state is kept at most."""

IN_USE_DAYS = 1.0
"""Days for which a run may still be going on, whose code is then kept in any case."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function with numba: cached, without the interpreter lock, division unchecked.

    No fast-math: reordering would make a member's bits depend on the machine, and on the width of
    the table it is in. No arrays can be made, only those given be used: so their references need
    not be counted, which took a fifth of the time of an exchange with the slow side.
    """
    import numba  # takes a third of a second, which a command without a run need not wait for

    options: dict[str, Any] = {"error_model": "numpy", "boundscheck": False, "_nrt": False}
    jit: Any = numba.njit(cache=True, nogil=True, **options)
    return cast("Callable[P, R]", jit(function))


def keep_apart() -> None:
    """Have numba keep compiled code in a folder for this state of the source, if it can."""
    folder = cache_folder(Path(__file__).parent)
    if VARIABLE in os.environ or not _can_write(folder):
        return
    prune(folder)
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
    return engines / "__pycache__" / f"{PREFIX}{state.hexdigest()[:16]}"


def prune(folder: Path) -> None:
    """Note that a folder of compiled code is used now, and remove others that are not any more.

    Several processes may do so at once, and others may be running: a folder is removed when none
    has begun to use it for a day and five others were used since, or when none has for 30 days.
    Should one still be used, numba compiles again and makes it anew.
    """
    with suppress(OSError):
        os.utime(folder)
    last_used: dict[Path, float] = {}
    for other in folder.parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # another process may have removed it
            last_used[other] = other.stat().st_mtime
    newest_first = sorted(last_used, key=lambda other: (other != folder, -last_used[other]))
    for place, other in enumerate(newest_first):
        days = (time.time() - last_used[other]) / 86400.0
        if other != folder and days > (IN_USE_DAYS if place >= KEPT else KEPT_DAYS):
            shutil.rmtree(other, ignore_errors=True)


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False  # numba then looks for a place of its own, such as the user's cache
    return os.access(folder, os.W_OK)
