"""Every invalid file, and every implausible one, gives exactly the text written beside it."""

from __future__ import annotations

import pytest
from corpus import INVALID, beside, codes_in, drafts, files, messages

from caresim.problems import ScenarioError
from caresim.scenario.checks import CHECKS
from caresim.scenario.codes import CODES
from caresim.scenario.load import load

MINIMAL = "caresim: 1\nduration: 1 year\nsettings:\n  ward: {stay: 5 days}\n"

TOO_LARGE_TO_STORE = {
    "C004": lambda: MINIMAL + "# padding\n" * 250_000,
    "C117": lambda: MINIMAL + f"title: {'a' * 300_000}\n",
    "C131": lambda: MINIMAL + "title:\n" + "- 1\n" * 210_000,
    "C132": lambda: MINIMAL + "reasons:\n" + "".join(f"  r{i}: ~\n" for i in range(300)),
    "C415": lambda: (
        MINIMAL
        + "cohorts:\n"
        + "".join(f"  c{i}: {{}}\n" for i in range(600))
        + "localities:\n"
        + "".join(f"  l{i}: {{share: {1 / 500!r}}}\n" for i in range(500))
    ),
}
"""Files made here because they would be a burden in the repository, by the code they give."""


def expected(path):
    return beside(path, ".expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", files(INVALID), ids=lambda p: p.stem)
def test_messages(path):
    assert messages(path) == expected(path)


@pytest.mark.parametrize("code", TOO_LARGE_TO_STORE)
def test_large_files(code, tmp_path):
    path = tmp_path / "large.yaml"
    path.write_text(TOO_LARGE_TO_STORE[code](), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert code in {problem.code for problem in caught.value.problems}


def test_an_import_by_a_link_that_leads_out_is_refused(tmp_path):
    (tmp_path / "elsewhere.yaml").write_text(MINIMAL, encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (folder / "scenario.yaml").write_text("import: link.yaml\n" + MINIMAL, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(folder / "scenario.yaml")
    assert [problem.code for problem in caught.value.problems] == ["C010"]


def test_every_code_of_the_catalogue_has_a_case():
    found = set().union(*(codes_in(expected(path)) for path in files(INVALID)))
    # Codes of data files (R) are in the catalogue too once a reader has been imported.
    scenario_codes = {code for code in CODES if not code.startswith("R")}
    assert scenario_codes - found - set(TOO_LARGE_TO_STORE) == set()
    assert found <= scenario_codes


def test_every_plausibility_check_has_a_file_named_after_it():
    for id in CHECKS:
        named = [p for p in files(INVALID) if p.stem.startswith(id.lower())]
        assert named, id
        assert all(id in codes_in(expected(p)) for p in named)


def test_valid_examples_of_the_corpus_raise_no_error_codes():
    for path in drafts():
        assert not {c for c in codes_in(messages(path)) if c.startswith("C")}, path.name


def test_reading_codes_can_fail():
    text = "a.yaml:5:16 error C102 settings.a: x\nwarning P101: y\n  why:  error C103 z\n"
    assert codes_in(text) == {"C102", "P101"}


def test_there_are_enough_files():
    assert len(files(INVALID)) >= 75
