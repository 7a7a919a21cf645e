from __future__ import annotations

import os

import pytest

from caresim.problems import ScenarioError
from caresim.scenario.merge import inside, merged
from caresim.scenario.schema.faults import place_of

PART = """\
settings:
  ward:
    label: Ward
    kind: acute
    stay: 5 days
    queue: {room: 4, overflow: lost}
    then: {died: 2%, unit: {share: 10%, arrangement: 2 days}, home: rest}
  unit: {stay: 20 days}
"""


def test_fields_are_merged_down_to_entries_queue_and_routes(writing):
    writing.file(PART, "parts/ward.yaml")
    explicit = writing.explicit(
        "caresim: 1\nimport: parts/ward.yaml\nduration: 1 year\n"
        "settings:\n  ward:\n    label: Another\n    queue: {room: 7}\n"
        "    then: {unit: {transfer: 2 hours}, died: {note: an audit}}\n"
        "arrivals: {people: {to: ward, rate: 1 per day}}\n"
    )
    ward = explicit["settings"]["ward"]
    assert ward["label"] == "Another"
    assert ward["kind"] == "acute"
    assert ward["queue"]["room"] == 7
    assert ward["then"]["unit"]["share"] == 0.1
    assert ward["then"]["unit"]["transfer"]["mean"] == f"{2 / 24!r} days"
    assert ward["then"]["died"] == {
        "to": "died",
        "share": 0.02,
        "wait_at": "place",
        "note": "an audit",
    }


def test_a_field_is_replaced_as_a_whole(writing):
    writing.file("settings: {ward: {stay: {mean: 5 days, sd: 4 days}}}\n", "part.yaml")
    explicit = writing.explicit(
        "caresim: 1\nimport: [part.yaml]\nduration: 1 year\n"
        "settings: {ward: {stay: {median: 3 days, mean: 5 days}}}\n"
    )
    stay = explicit["settings"]["ward"]["stay"]
    assert stay == {"distribution": "lognormal", "median": "3 days", "mean": "5 days"}


def test_later_imports_win_and_lists_are_replaced(writing):
    writing.file(
        "settings: {ward: {stay: 5 days, capacity: 4, admits: {days: [mon, tue]}}}\n", "a.yaml"
    )
    writing.file("settings: {ward: {capacity: 5, admits: {days: [sun]}}}\n", "b.yaml")
    explicit = writing.explicit("caresim: 1\nimport: [a.yaml, b.yaml]\nduration: 1 year\n")
    assert explicit["settings"]["ward"]["capacity"] == 5
    assert explicit["settings"]["ward"]["admits"]["days"] == ["sun"]


def test_places_travel_with_values(writing):
    writing.file(PART, "parts/ward.yaml")
    top = writing.file("caresim: 1\nimport: parts/ward.yaml\nsettings: {ward: {kind: clinic}}\n")
    tree = merged(top).tree
    kind = place_of(("settings", "ward", "kind"), tree)
    label = place_of(("settings", "ward", "label"), tree)
    assert kind is not None
    assert label is not None
    assert (os.path.basename(kind.file), kind.line) == ("scenario.yaml", 3)
    assert (os.path.basename(label.file), label.line) == ("ward.yaml", 3)
    assert merged(top).beside(("settings", "ward", "label")) == writing.folder / "parts"


def test_a_problem_in_an_imported_file_names_that_file(writing):
    writing.file("settings: {ward: {stay: 5 dys}}\n", "parts/bad.yaml")
    text = writing.message("caresim: 1\nimport: parts/bad.yaml\nduration: 1 year\n")
    assert f"{writing.folder}{os.sep}parts/bad.yaml:1:25 error C303 settings.ward.stay" in text
    assert "1 | settings: {ward: {stay: 5 dys}}" in text


@pytest.mark.parametrize(
    "written",
    ["../outside.yaml", "/etc/hostname", "parts/../../outside.yaml", "a:b.yaml", "a\\\\b.yaml"],
)
def test_imports_stay_in_the_folder(writing, written):
    writing.file("settings: {}\n", "../outside.yaml")
    assert writing.problems(
        f'caresim: 1\nimport: "{written}"\nduration: 1 year\nsettings: {{a: {{stay: 1 day}}}}\n'
    ) == [("C010", "import")]


def test_links_that_lead_out_are_refused(writing, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.yaml"
    outside.write_text("settings: {a: {stay: 1 day}}\n")
    (writing.folder / "link.yaml").symlink_to(outside)
    (writing.folder / "folder").symlink_to(outside.parent)
    for written in ("link.yaml", "folder/x.yaml"):
        assert writing.problems(
            f"caresim: 1\nimport: {written}\nduration: 1 year\nsettings: {{}}\n"
        ) == [("C010", "import")]


def test_a_link_inside_the_folder_is_followed(writing):
    writing.file("settings: {ward: {stay: 5 days}}\n", "real.yaml")
    (writing.folder / "link.yaml").symlink_to(writing.folder / "real.yaml")
    assert (
        "ward" in writing.explicit("caresim: 1\nimport: link.yaml\nduration: 1 year\n")["settings"]
    )


def test_circles_are_shown(writing):
    writing.file("import: b.yaml\n", "a.yaml")
    writing.file("import: a.yaml\n", "b.yaml")
    text = writing.message(
        "caresim: 1\nimport: a.yaml\nduration: 1 year\nsettings: {w: {stay: 1 day}}\n"
    )
    assert "error C011 import: `a.yaml` imports `b.yaml` imports `a.yaml`" in text


def test_depth_is_bounded(writing):
    for depth in range(15):
        writing.file(f"import: part{depth + 1}.yaml\n", f"part{depth}.yaml")
    writing.file("settings: {w: {stay: 1 day}}\n", "part15.yaml")
    found = writing.problems(
        "caresim: 1\nimport: part0.yaml\nduration: 1 year\nsettings: {w: {stay: 1 day}}\n"
    )
    assert found == [("C012", "import")]


def test_missing_files_and_libraries(writing):
    text = writing.message(
        "caresim: 1\nimport: [nowhere.yaml, 'library:nowhere']\nduration: 1 year\n"
        "settings: {w: {stay: 1 day}}\n"
    )
    assert "error C001 import[0]" in text
    assert "error C013 import[1]: there is no `library:nowhere`" in text


def test_hostile_imported_file_is_refused_where_it_is(writing):
    writing.file("settings: &a {ward: *a}\n", "bad.yaml")
    found = writing.problems("caresim: 1\nimport: bad.yaml\nduration: 1 year\n")
    assert ("C120", "settings") in found


def test_inside_follows_links_of_both_sides(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.yaml").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    folder = tmp_path / "link"
    assert inside(folder, folder, "x.yaml") == (tmp_path / "real" / "x.yaml").resolve()
    assert inside(folder, folder, "\0") is None


def test_many_values_are_merged_in_linear_time(writing):
    many = "\n".join(f"  s{i}: {{title: x{i}}}" for i in range(4500))
    writing.file(f"sources:\n{many}\n", "a.yaml")
    explicit = writing.explicit(
        "caresim: 1\nimport: a.yaml\nduration: 1 year\nsettings: {w: {stay: 1 day}}\n"
        "sources: {s5: {year: 2024}}\n"
    )
    assert explicit["sources"]["s5"] == {"title": "x5", "year": "2024"}


def test_a_missing_top_file_is_a_problem(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        merged(tmp_path / "nowhere.yaml")
    assert [p.code for p in caught.value.problems] == ["C001"]
