"""Run folders: saving results so that nothing is overwritten and nothing is left half done.

A run folder holds ``manifest.json`` (how the results came about, the names along their
dimensions, the audit), ``results.npz`` (every number), ``indicators.csv`` and ``summary.txt``;
and ``event_log-OPTION.parquet`` of each option if the log was kept.
The numbers are in NumPy's own archive of arrays: it needs no further package, keeps every bit,
and anyone can read it, since it is a ZIP file of plain arrays. Other formats are exports
(:mod:`caresim.results.export`).
"""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import Check
from caresim.results import archive
from caresim.results.event_log import LogTable, read_log
from caresim.results.labels import Labels
from caresim.results.manifest import Manifest, ManifestError, manifest_path, read_json
from caresim.results.option import OptionResults
from caresim.results.results import Results, hash_results
from caresim.results.summary import summary
from caresim.results.tables import (
    INDICATOR_COLUMNS,
    PUBLISHED_COLUMNS,
    indicator_rows,
    published_rows,
)

MANIFEST, ARRAYS = "manifest.json", "results.npz"
SUMMARY, INDICATORS, PUBLISHED = "summary.txt", "indicators.csv", "published.csv"


def new_folder(name: str, started: str, parent: Path = Path("runs")) -> Path:
    """Return a folder for a run that does not exist yet: ``runs/NAME-TIME``.

    Parameters
    ----------
    name
        Of the scenario.
    started
        When the run was started, ISO 8601.
    parent
        Folder of the runs.
    """
    stem = f"{name}-{started[:19].replace(':', '').replace('-', '').replace('T', '-')}"
    folder, copy = parent / stem, 1
    while folder.exists():
        copy += 1
        folder = parent / f"{stem}-{copy}"
    return folder


def save(results: Results, folder: Path) -> Results:
    """Save results to a folder that does not exist, or is empty.

    Everything is written beside the folder first and moved into place when it is whole, so
    that an interrupted run leaves nothing.

    Parameters
    ----------
    results
        To be saved.
    folder
        Where to. Folders above it are made.

    Returns
    -------
    Results
        The same, with the folder set.

    Raises
    ------
    FileExistsError
        If the folder exists and holds anything: no run is overwritten.
    OSError
        If it cannot be written.
    """
    _refuse_to_overwrite(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}-", dir=folder.parent))
    try:
        _write(results, partial)
        partial.chmod(0o777 & ~_umask())
        _refuse_to_overwrite(folder)
        os.replace(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return dataclasses.replace(results, folder=folder)


def _refuse_to_overwrite(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} exists already; no run is overwritten")


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


def _write(results: Results, folder: Path) -> None:
    arrays = {f"{n}/{name}": a for n, o in enumerate(results) for name, a in o.arrays().items()}
    described = results.manifest.to_dict() | {
        "archive_sha256": archive.write(arrays, folder / ARRAYS),
        "results": [_describe(option) for option in results],
    }
    text = json.dumps(described, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    (folder / SUMMARY).write_text(summary(results) + "\n", encoding="utf-8")
    _write_table(folder / INDICATORS, INDICATOR_COLUMNS, indicator_rows(results))
    for option in results:
        if option.log is not None:
            option.log_table.save(folder / _log_name(option.name))
    published = published_rows(results)
    if published:
        _write_table(folder / PUBLISHED, PUBLISHED_COLUMNS, published)


def _log_name(option: str) -> str:
    return f"event_log-{option}.parquet"


def _log_of(folder: Path, labels: Labels) -> Callable[[], LogTable] | None:
    """Return what reads the event log of an option, if there is one."""
    path = folder / _log_name(labels.option)
    return partial(read_log, path, labels.start_date) if path.exists() else None


def _write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str | float]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _describe(option: OptionResults) -> dict[str, Any]:
    return {
        "labels": option.labels.to_dict(),
        "engine": option.engine,
        "audit": [check_to_dict(check) for check in option.audit],
        "notes": list(option.notes),
    }


def check_to_dict(check: Check) -> dict[str, Any]:
    """Return a line of the audit as plain data; a residual that is not finite becomes None."""
    plain = dataclasses.asdict(check)
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in plain.items()}


def _check_from_dict(data: dict[str, Any]) -> Check:
    numbers = {k: np.nan if data[k] is None else float(data[k]) for k in ("worst", "limit")}
    return Check(**(data | numbers))


def read_results(path: str | Path, *, whole: bool = True) -> Results:
    """Read the results of a run.

    Parameters
    ----------
    path
        The run folder, or its manifest.
    whole
        Whether all numbers are read at once. Else each array is read when it is first used, and
        the folder must stay until then.

    Returns
    -------
    Results
        As they were saved, every bit.

    Raises
    ------
    ManifestError
        If it is no run folder, or one that was changed or cut short.
    """
    at = manifest_path(Path(path))
    data = read_json(at)
    manifest = Manifest.from_dict(data)
    file = at.parent / ARRAYS
    # Folders written before the archive had a hash of its own are read whole.
    whole = whole or "archive_sha256" not in data
    try:
        same = whole or archive.sha256(file) == data["archive_sha256"]
        held: Mapping[str, NDArray[np.float64]] = archive.Archive(file)
        held = dict(held) if whole else held
        labels = [Labels.from_dict(described["labels"]) for described in data["results"]]
        options = tuple(
            OptionResults.assemble(
                labels=labels[number],
                engine=described["engine"],
                arrays=archive.Part(held, f"{number}/"),
                checks=tuple(_check_from_dict(check) for check in described["audit"]),
                notes=tuple(described["notes"]),
                log=_log_of(at.parent, labels[number]),
            )
            for number, described in enumerate(data["results"])
        )
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ManifestError(f"cannot read the results in {at.parent}: {error}") from error
    if not same or (whole and hash_results(options) != manifest.results_hash):
        raise ManifestError(f"the numbers in {file} are not those that were saved")
    return Results(options, manifest, at.parent)
