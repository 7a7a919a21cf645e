"""Compiled code of one state of the source is never used with another."""

import os
import subprocess
import sys
from pathlib import Path

from caresim.engines.compiled import VARIABLE, cache_folder


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
