import datetime

import numpy as np
import pytest
from small_place import CALIBRATION, PLACE, months


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A place in the working directory, with figures of stays of 7 days and arrangements of 4."""
    monkeypatch.chdir(tmp_path)
    chance = np.random.default_rng(5)
    rows = ["month,beds,delayed"]
    for day in months(datetime.date(2022, 1, 1), 24):
        delayed = 30 * 0.2 * 4
        beds = 30 * 7 + delayed
        noise = 1 + chance.normal(0, 0.02, 2)
        rows.append(f"{day:%B %Y},{beds * noise[0]:.1f},{delayed * noise[1]:.2f}")
    (tmp_path / "observed.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = tmp_path / "place.yaml"
    path.write_text(PLACE + CALIBRATION, encoding="utf-8")
    return path
