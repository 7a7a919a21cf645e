"""The archive of arrays of a run folder: written once, and read in parts.

A run of a thousand members holds hundreds of megabytes, of which a report or a comparison needs
a part. So arrays are read when they are asked for. That no bit of the file has changed is checked
first, by the SHA-256 of the file as it lies, which takes a fraction of the time of inflating it.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_BLOCK = 1 << 20
"""Bytes hashed at a time."""


class Archive(Mapping[str, FloatArray]):
    """The arrays of a file by name, each read when it is first asked for.

    Parameters
    ----------
    path
        A ZIP file of arrays in NumPy's format. It must stay where it is.

    Raises
    ------
    OSError, zipfile.BadZipFile
        If it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: dict[str, FloatArray] = {}
        with zipfile.ZipFile(path) as archive:
            self._names = [name.removesuffix(".npy") for name in archive.namelist()]

    def __getitem__(self, name: str) -> FloatArray:
        if name not in self._read:
            if name not in self._names:
                raise KeyError(name)
            with (
                zipfile.ZipFile(self._path) as archive,
                archive.open(f"{name}.npy") as file,
            ):
                self._read[name] = npy.read_array(file, allow_pickle=False)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Part(Mapping[str, FloatArray]):
    """The arrays whose names begin alike, named by what follows, and read-only.

    Parameters
    ----------
    whole
        All arrays.
    start
        How the names of those wanted begin.
    """

    def __init__(self, whole: Mapping[str, FloatArray], start: str) -> None:
        self._whole, self._start = whole, start
        self._names = [k.removeprefix(start) for k in whole if k.startswith(start)]

    def __getitem__(self, name: str) -> FloatArray:
        return read_only(self._whole[self._start + name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def read_only(array: FloatArray) -> FloatArray:
    """Return a view that cannot be written to."""
    view = np.asarray(array, dtype=np.float64).view()
    view.setflags(write=False)
    return view


def write(arrays: Mapping[str, FloatArray], path: Path) -> str:
    """Write arrays, and return the SHA-256 of the file.

    Equal arrays give equal files.
    """
    # Level 1 writes several times faster than NumPy's own level 6, and is a few percent larger.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            # A fixed date, so that equal results give equal files.
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as file:
                npy.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    return sha256(path)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
