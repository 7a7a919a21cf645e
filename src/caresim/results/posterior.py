"""Draws of inputs kept in a file, such as those of a fit, for later runs.

The table has a row for each member and, for each draw by name, two columns: the value in base
units (of the first input that the draw is of), for people, and ``quantile of NAME``, where in its
interval that value lies, which is what a run reads. So a draw that several inputs share moves all
of them.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import quantile
from caresim.model import GivenDraws, Model

FloatArray = NDArray[np.float64]

PREFIX = "quantile of "
NAMES = ("posterior.parquet", "posterior.csv")
"""What the file is called in the folder of a fit."""
SAME = 1e-6
"""How far, as a share, a value may be from what its quantile gives now."""


class DrawsError(Exception):
    """A file cannot be used for the draws of a run."""


def write_posterior(
    folder: Path, names: tuple[str, ...], values: FloatArray, quantiles: FloatArray
) -> Path:
    """Write draws to a folder, as Parquet if that can be written here, else as CSV."""
    import pandas as pd

    columns = {name: values[:, i] for i, name in enumerate(names)}
    columns |= {PREFIX + name: quantiles[:, i] for i, name in enumerate(names)}
    frame = pd.DataFrame(columns)
    if importlib.util.find_spec("pyarrow") is not None:
        frame.to_parquet(folder / NAMES[0], engine="pyarrow", index=False)
        return folder / NAMES[0]
    frame.to_csv(folder / NAMES[1], index=False)
    return folder / NAMES[1]


def posterior_path(path: Path) -> Path:
    """Return the file meant by a path: itself, or that in the folder of a fit.

    Raises
    ------
    DrawsError
        If there is none.
    """
    if not path.is_dir():
        if not path.exists():
            raise DrawsError(f"there is no file {path}")
        return path
    found = next((path / name for name in NAMES if (path / name).exists()), None)
    if found is None:
        raise DrawsError(f"{path} holds no posterior; a fit saves {' or '.join(NAMES)}")
    return found


def read_posterior(path: Path, model: Model) -> GivenDraws:
    """Read draws for a model.

    Parameters
    ----------
    path
        The file, or the folder of a fit.
    model
        Whose inputs are drawn.

    Returns
    -------
    GivenDraws

    Raises
    ------
    DrawsError
        If the file is none, or the model has other inputs or intervals than those of the fit.
    """
    import pandas as pd

    at = posterior_path(path)
    try:
        if at.suffix == ".csv":
            frame = pd.read_csv(at)
        elif importlib.util.find_spec("pyarrow") is None:
            raise DrawsError(f"{at} needs the package pyarrow: pip install 'caresim[files]'")
        else:
            frame = pd.read_parquet(at, engine="pyarrow")
    except (OSError, ValueError, KeyError) as error:
        raise DrawsError(f"cannot read {at}: {error}") from error
    names = tuple(str(c).removeprefix(PREFIX) for c in frame.columns if str(c).startswith(PREFIX))
    if not names or frame.empty:
        raise DrawsError(f"{at} is no table of draws: it has no column `{PREFIX}...`")
    quantiles = frame[[PREFIX + name for name in names]].to_numpy(dtype=np.float64)
    if not ((quantiles > 0) & (quantiles < 1)).all():
        raise DrawsError(f"{at}: quantiles lie between 0 and 1")
    _check(at, model, names, frame, quantiles)
    return GivenDraws(names, quantiles)


def _check(
    at: Path, model: Model, names: tuple[str, ...], frame: object, quantiles: FloatArray
) -> None:
    """Refuse draws of inputs that the model has not, or with other intervals."""
    import pandas as pd

    assert isinstance(frame, pd.DataFrame)
    said = []
    for place, name in enumerate(names):
        inputs = [one for one in model.inputs if one.path == name]
        if not inputs:
            said.append(f"`{name}` is no uncertain input of this scenario")
            continue
        if name in frame.columns:
            held = frame[name].to_numpy(dtype=np.float64)
            now = quantile(inputs[0], quantiles[:, place])
            if not np.allclose(held, now, rtol=SAME, atol=1e-12):
                said.append(f"the interval of `{name}` is not what it was when these were drawn")
    if said:
        raise DrawsError(f"{at} does not go with this scenario: " + "; ".join(said))
