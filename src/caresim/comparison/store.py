"""Saving a comparison: as data, as text, as tables, with the runs it is of."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.comparison.payload import clean

if TYPE_CHECKING:
    from caresim.comparison.comparison import Comparison

JSON, TEXT, TABLE, POINTS = "comparison.json", "comparison.txt", "differences.csv", "plane.csv"


def save(comparison: Comparison, folder: Path) -> Path:
    """Save to a folder that does not exist, or is empty.

    The folder holds ``comparison.json`` (what ``--json`` prints), ``comparison.txt`` (what
    ``--full`` prints), ``differences.csv`` (a row for each option and indicator), ``plane.csv``
    (cost and outcome of each member) where there is money, and a run folder for each run that was
    done for the comparison: ``run``, or ``run_1`` and so on.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    FileExistsError
        If the folder exists and holds anything.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} exists already; nothing is overwritten")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved when it is whole, so that an interruption leaves nothing.
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}-", dir=folder.parent))
    try:
        _write(comparison, partial)
        partial.chmod(0o755)
        os.replace(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder


def _write(comparison: Comparison, folder: Path) -> None:
    text = json.dumps(comparison.to_dict(), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / JSON).write_text(text + "\n", encoding="utf-8")
    (folder / TEXT).write_text(comparison.summary() + "\n", encoding="utf-8")
    rows = [vars(one) for of in comparison.differences.values() for one in of.values()]
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(clean(rows))
    _write_points(comparison, folder / POINTS)
    unsaved = [run for run in comparison.runs if run.folder is None]
    for number, run in enumerate(unsaved, start=1):
        run.save(folder / ("run" if len(unsaved) == 1 else f"run_{number}"))


def _write_points(comparison: Comparison, path: Path) -> None:
    planes = [comparison.plane(entry.name) for entry in comparison.options]
    found = [plane for plane in planes if plane is not None]
    if not found:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["option", "point", "net_present_cost", found[0].outcome])
        for plane in found:
            for number, point in enumerate(plane.points()):
                writer.writerow([plane.option, number, *point])
