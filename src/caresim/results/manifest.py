"""The manifest: how results came about, complete enough to get them again bit for bit."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = 1
"""Version of the layout of a run folder; raised when older readers could misread it."""

_PACKAGES = ("caresim", "numpy", "numba", "llvmlite", "scipy", "pydantic", "ruamel.yaml", "simpy")


@dataclass(frozen=True)
class InputFile:
    """A file that was read.

    Attributes
    ----------
    path
        As named when it was read.
    sha256
        Of its bytes.
    """

    path: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """How results came about.

    Attributes
    ----------
    scenario, scenario_hash
        The explicit form of the scenario, and the SHA-256 of it in canonical form.
    scenario_path
        The file that was opened.
    inputs
        Every file read, series included.
    options
        Names of the options run.
    engine, members, seed, method, steps_per_day, threads
        How it was run; method and steps are of the flow engine. The number of threads changes
        no result.
    command
        The command line, or empty if run from Python.
    started, elapsed_seconds
        Coordinated universal time, ISO 8601; wall-clock seconds of all options.
    versions, system
        Of caresim, Python and what it computes with; of the machine.
    results_hash
        See :func:`caresim.results.results.hash_results`.
    draws
        Draws that members had in place of their own: ``file``, ``names`` and ``quantiles``
        (:class:`caresim.model.GivenDraws`); None for none.
    """

    scenario: dict[str, Any]
    scenario_hash: str
    scenario_path: str
    inputs: tuple[InputFile, ...]
    options: tuple[str, ...]
    engine: str
    members: int
    seed: int
    method: str
    steps_per_day: int
    threads: int | None
    command: tuple[str, ...]
    started: str
    elapsed_seconds: float
    versions: dict[str, str]
    system: dict[str, str]
    results_hash: str
    draws: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that JSON can hold."""
        return {"caresim_manifest": FORMAT, **asdict(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Manifest:
        """Undo :meth:`to_dict`.

        Raises
        ------
        ManifestError
            If the data are not a manifest, or one of a later layout.
        """
        if "caresim_manifest" not in data:
            raise ManifestError("this is not a manifest of caresim")
        if data["caresim_manifest"] != FORMAT:
            raise ManifestError(
                f"this manifest has layout {data['caresim_manifest']}, and this version of "
                f"caresim reads layout {FORMAT}"
            )
        try:
            known = {"draws": None, **data}  # manifests of before have none
            found = {name: known[name] for name in cls.__dataclass_fields__}
            found["inputs"] = tuple(InputFile(**given) for given in found["inputs"])
        except (KeyError, TypeError) as error:
            raise ManifestError(f"the manifest is not complete: {error}") from error
        found["options"] = tuple(found["options"])
        found["command"] = tuple(found["command"])
        return cls(**found)


class ManifestError(Exception):
    """A file cannot be used as a manifest, or a folder as a run folder."""


def manifest_path(path: Path) -> Path:
    """Return the manifest meant by a path: itself, or that of a run folder."""
    return path / "manifest.json" if path.is_dir() else path


def read_json(path: Path) -> dict[str, Any]:
    """Read a manifest with all that the run folder keeps in it.

    Raises
    ------
    ManifestError
        If the file is missing, cannot be read, or is not a manifest.
    """
    try:
        data = json.loads(manifest_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ManifestError(f"cannot read {manifest_path(path)}: {error}") from error
    if not isinstance(data, dict):
        raise ManifestError(f"{manifest_path(path)} is not a manifest of caresim")
    return data


def read_manifest(path: str | Path) -> Manifest:
    """Read the manifest of a run, given it or its folder; raises ManifestError."""
    return Manifest.from_dict(read_json(Path(path)))


def now() -> str:
    """Return the time now, in coordinated universal time, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def versions() -> dict[str, str]:
    """Return the versions of caresim, Python and the packages that numbers depend on."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def system() -> dict[str, str]:
    """Return what of the machine may change the last bits of results."""
    return {
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "byte_order": sys.byteorder,
    }


def _processor() -> str:
    """Name the processor, whose instructions the compiled engines are made for."""
    try:
        from llvmlite.binding import get_host_cpu_name
    except ImportError:
        return platform.processor()
    return str(get_host_cpu_name())


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Say what changed between two tables of versions or of a system.

    Examples
    --------
    >>> differences({"python": "3.11.4", "numba": "0.61"}, {"python": "3.12.1", "numba": "0.61"})
    ['python 3.11.4 then, 3.12.1 now']
    """
    return [
        f"{name} {before.get(name, 'absent')} then, {after.get(name, 'absent')} now"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
