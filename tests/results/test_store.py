import csv
import json
import os
import stat

import numpy as np
import pytest

import made_up
from caresim.engines.output import Check
from caresim.results.manifest import FORMAT, ManifestError, differences, read_manifest
from caresim.results.results import hash_results
from caresim.results.store import new_folder, read_results, save


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_every_bit_comes_back(two_options, tmp_path):
    saved = two_options.save(tmp_path / "runs" / "a 'quoted' name")
    again = read_results(saved.folder)
    for before, after in zip(two_options, again, strict=True):
        assert before.arrays().keys() == after.arrays().keys()
        for name, array in before.arrays().items():
            assert np.array_equal(array, after.arrays()[name])
        assert (before.labels, before.notes, before.audit) == (
            after.labels,
            after.notes,
            after.audit,
        )
    assert again.manifest == two_options.manifest
    assert hash_results(again.options) == hash_results(two_options.options)
    assert again.folder == saved.folder


def test_the_folder_is_complete_and_readable_by_others(a_run, tmp_path):
    folder = a_run.save(tmp_path / "run").folder
    assert names(folder) == ["indicators.csv", "manifest.json", "results.npz", "summary.txt"]
    umask = os.umask(0o022)
    os.umask(umask)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o777 & ~umask
    assert "Audit passed" in (folder / "summary.txt").read_text(encoding="utf-8")
    with np.load(folder / "results.npz", allow_pickle=False) as archive:
        assert archive["0/times"].tolist() == a_run.options[0].times.tolist()


def test_published_figures_are_saved_as_a_table(make_run, tmp_path):
    made = made_up.model(
        published=(made_up.figure("seen"), made_up.figure("before", first=-9.0, last=0.0))
    )
    run = make_run(made_up.output(made))
    folder = run.save(tmp_path / "run").folder
    with (folder / "published.csv").open(encoding="utf-8", newline="") as file:
        seen, before = csv.DictReader(file)
    simulated = run["do_nothing"].indicators("seen")["delayed"]
    assert float(seen["mean"]) == simulated.mean
    assert (seen["published"], seen["from"], seen["to"]) == ("10.0", "2024-04-01", "2025-04-01")
    assert seen["source"] == "a made-up source"
    assert (before["mean"], before["from"]) == ("", "")


def test_no_run_is_overwritten(a_run, tmp_path):
    folder = a_run.save(tmp_path / "run").folder
    before = names(tmp_path)
    with pytest.raises(FileExistsError, match="no run is overwritten"):
        a_run.save(folder)
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        a_run.save(tmp_path / "file")
    assert names(tmp_path) == sorted([*before, "file"])


def test_an_empty_folder_may_be_used(a_run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert read_results(a_run.save(tmp_path / "empty").folder).passed


def test_new_folders_never_clash(tmp_path):
    first = new_folder("bristol", "2026-01-02T03:04:05+00:00", tmp_path)
    assert first == tmp_path / "bristol-20260102-030405"
    first.mkdir()
    assert new_folder("bristol", "2026-01-02T03:04:05+00:00", tmp_path).name.endswith("-2")


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_save_that_fails_leaves_nothing(a_run, tmp_path, monkeypatch, failure):
    def fail(*_arguments):
        raise failure

    monkeypatch.setattr("caresim.results.store.indicator_rows", fail)
    with pytest.raises((KeyboardInterrupt, OSError)):
        save(a_run, tmp_path / "run")
    assert names(tmp_path) == []


def test_equal_results_give_equal_files(make_run, tmp_path):
    one, two = (make_run(made_up.output()).save(tmp_path / name).folder for name in ("one", "two"))
    assert (one / "results.npz").read_bytes() == (two / "results.npz").read_bytes()


def test_the_hash_sees_one_bit(make_run):
    output = made_up.output()
    lost = output.totals["lost"].copy()
    lost[0, 0, 0, 0] = np.nextafter(lost[0, 0, 0, 0], 1)
    other = make_run(made_up.changed(output, "totals", lost=lost))
    assert hash_results(other.options) != hash_results(make_run(output).options)


def test_changed_numbers_are_found_on_reading(a_run, make_run, tmp_path):
    folder = a_run.save(tmp_path / "run").folder
    other = make_run(made_up.output(made_up.model(inputs=1), seed=9)).save(tmp_path / "other")
    (folder / "results.npz").write_bytes((other.folder / "results.npz").read_bytes())
    with pytest.raises(ManifestError, match="not those that were saved"):
        read_results(folder)


def test_arrays_may_be_read_when_they_are_used(two_options, tmp_path):
    folder = two_options.save(tmp_path / "run").folder
    again = read_results(folder, whole=False)
    for one, other in zip(again, two_options, strict=True):
        assert list(one.arrays()) == list(other.arrays())
        for name, array in other.arrays().items():
            np.testing.assert_array_equal(one.arrays()[name], array)
            assert not one.arrays()[name].flags.writeable
    assert "absent" not in again.options[0].totals
    with pytest.raises(KeyError):
        again.options[0].totals["absent"]


def test_one_changed_bit_is_found_before_any_array_is_read(a_run, tmp_path):
    folder = a_run.save(tmp_path / "run").folder
    content = bytearray((folder / "results.npz").read_bytes())
    content[len(content) // 3] ^= 1
    (folder / "results.npz").write_bytes(content)
    with pytest.raises(ManifestError, match="not those that were saved"):
        read_results(folder, whole=False)


def test_folders_without_a_hash_of_their_archive_are_read_whole(a_run, tmp_path):
    folder = a_run.save(tmp_path / "run").folder
    written = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del written["archive_sha256"]
    (folder / "manifest.json").write_text(json.dumps(written), encoding="utf-8")
    again = read_results(folder, whole=False)
    (folder / "results.npz").unlink()
    assert hash_results(again.options) == a_run.manifest.results_hash


@pytest.mark.parametrize("name", ["manifest.json", "results.npz"])
def test_a_file_cut_short_or_missing_is_a_clear_error(a_run, tmp_path, name):
    folder = a_run.save(tmp_path / "run").folder
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ManifestError, match="cannot read"):
        read_results(folder)
    (folder / name).unlink()
    with pytest.raises(ManifestError, match="cannot read"):
        read_results(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "not a manifest"),
        ("[]", "not a manifest"),
        (json.dumps({"caresim_manifest": FORMAT + 1}), "reads layout"),
        (json.dumps({"caresim_manifest": FORMAT}), "not complete"),
        ("[" * 100_000, "cannot read"),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path, text, message):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError, match=message):
        read_manifest(tmp_path)


def test_residuals_that_are_not_numbers_survive_as_failures(make_run, tmp_path):
    check = Check("stock_balance", False, float("nan"), 1e-9, "cannot be worked out")
    folder = make_run(made_up.output(checks=(check,))).save(tmp_path / "run").folder
    again = read_results(folder)
    assert not again.passed
    assert np.isnan(again.options[0].audit[0].worst)


def test_results_cannot_be_changed(a_run):
    with pytest.raises(ValueError, match="read-only"):
        a_run.options[0].totals["lost"][0] = 1
    with pytest.raises(TypeError):
        a_run.options[0].totals["lost"] = 1


def test_differences_name_both_sides():
    assert differences({"numba": "1"}, {"numpy": "2"}) == [
        "numba 1 then, absent now",
        "numpy absent then, 2 now",
    ]
