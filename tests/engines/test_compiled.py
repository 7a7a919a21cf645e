"""Compiled code of one state of the source is never used with another."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from caresim.engines.compiled import KEPT, KEPT_DAYS, VARIABLE, cache_folder, prune


def source(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return cache_folder(folder)


def test_any_change_of_the_source_has_another_folder(tmp_path):
    first = source(tmp_path, a="x = 1", b="y = 1")
    assert source(tmp_path, a="x = 1", b="y = 1") == first
    assert source(tmp_path, a="x = 2", b="y = 1") != first
    assert source(tmp_path, a="x = 1", b="y = 1", c="") != first


def folder_used(before="", **environment):
    code = f"{before}\nimport caresim.engines\nimport numba\nprint(numba.config.CACHE_DIR)"
    kept = {k: v for k, v in os.environ.items() if k != VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_numba_is_told_whether_or_not_it_was_imported_before():
    import caresim.engines

    expected = str(cache_folder(Path(caresim.engines.__file__).parent))
    assert folder_used() == expected
    assert folder_used("import numba") == expected


def test_whoever_sets_the_folder_decides(tmp_path):
    assert folder_used(**{VARIABLE: str(tmp_path)}) == str(tmp_path)


def used(folder, name, days_ago):
    one = folder / f"compiled-{name}"
    (one / "kernel").mkdir(parents=True)
    (one / "kernel" / "advance.nbc").write_bytes(b"code")
    when = time.time() - days_ago * 86400.0
    os.utime(one, (when, when))
    return one


def left(folder):
    return sorted(path.name.removeprefix("compiled-") for path in folder.glob("*"))


def test_code_of_states_that_nobody_runs_is_removed(tmp_path):
    mine = used(tmp_path, "mine", 100.0)
    used(tmp_path, "month", KEPT_DAYS + 1)
    used(tmp_path, "weeks", KEPT_DAYS - 1)
    (tmp_path / "other.pyc").write_bytes(b"")
    prune(mine)
    assert left(tmp_path) == ["mine", "other.pyc", "weeks"]
    assert (mine / "kernel" / "advance.nbc").read_bytes() == b"code"
    assert time.time() - mine.stat().st_mtime < 60.0


@pytest.mark.parametrize(("youngest", "kept"), [(2, KEPT - 1), (0, 20)])
def test_the_last_states_run_are_kept_and_all_that_may_be_running(tmp_path, youngest, kept):
    for k in range(20):
        used(tmp_path, f"{k:02}", youngest + 0.01 * k)
    prune(used(tmp_path, "mine", 0.0))
    assert left(tmp_path) == [*(f"{k:02}" for k in range(kept)), "mine"]


def test_processes_may_tidy_up_at_once(tmp_path):
    for k in range(60):
        used(tmp_path, f"{k}", 40.0)
    folders = [used(tmp_path, name, 0.0) for name in ("mine", "yours")]
    failed = []

    def tidy(folder):
        try:
            prune(folder)
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=tidy, args=(folders[k % 2],)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert left(tmp_path) == ["mine", "yours"]


def test_a_folder_that_is_removed_while_it_is_used_is_made_anew(tmp_path):
    code = f"""
import shutil
import sys
sys.path.insert(0, {str(tmp_path)!r})
from one import twice
twice(1)
shutil.rmtree({str(tmp_path / "cache")!r})
print(twice(1.5))
"""
    (tmp_path / "one.py").write_text(
        "from numba import njit\n@njit(cache=True)\ndef twice(x):\n    return 2 * x\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {VARIABLE: str(tmp_path / "cache")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "3.0"
    assert list((tmp_path / "cache").rglob("*.nbi"))
