"""The inputs of a scenario file: value, whether written or a default, source, and meaning."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.explain.forms import (
    found,
    is_leaf,
    is_short,
    is_written,
    leaves,
    paths_below,
    steps_of,
    written_out,
)
from caresim.explain.text import indented, labelled, listed
from caresim.explain.words import UnknownError
from caresim.problems import nearest

if TYPE_CHECKING:
    from caresim.scenario.load import Scenario
    from caresim.scenario.read import Tree

_LISTED = (
    *("cohorts", "settings", "arrivals", "initial", "interventions", "feedbacks"),
    *("workforce", "population", "budgets", "price_year", "organisations", "payments", "pools"),
    *("appraisal", "run", "published"),
)
"""Parts of the explicit form whose inputs are listed; the others are text, or options."""


def file(path: Path, inputs: tuple[str, ...] = ()) -> str:
    """Explain inputs of a scenario file, or list all of them.

    Parameters
    ----------
    path
        The file.
    inputs
        Paths such as ``settings.acute.stay``; all inputs are listed if there are none.

    Raises
    ------
    ScenarioError
        If the file has problems.
    UnknownError
        If there is no such input; the message names the nearest.
    """
    from caresim.scenario.load import load
    from caresim.scenario.merge import merged

    scenario = load(path)
    tree = merged(path).tree
    if inputs:
        return "\n\n".join(_input(scenario, tree, wanted) for wanted in inputs)
    rows = [
        (where, f"{written_out(value)}{_origin(tree, where)}")
        for part in _LISTED
        if part in scenario.explicit
        for where, value in leaves(part, scenario.explicit[part])
    ]
    return listed(rows)


def resolved(path: Path) -> str:
    """Return the explicit form of a scenario file as YAML.

    Raises
    ------
    ScenarioError
        If the file has problems.
    """
    from ruamel.yaml import YAML

    from caresim.scenario.load import load

    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.allow_unicode = True
    yaml.width = 100
    text = StringIO()
    yaml.dump(dict(load(path).explicit), text)
    return text.getvalue().rstrip("\n")


def _origin(tree: Tree, where: str) -> str:
    return "" if is_written(tree.data, where) else "  (default)"


def _input(scenario: Scenario, tree: Tree, path: str) -> str:
    from caresim.explain.language import meaning
    from caresim.scenario.json_schema import schema

    value = _value(scenario, path)
    lines = [path]
    about, unit = meaning(schema(), re.sub(r"@\w+", "", path))
    if about:
        lines.append(indented(" ".join(about.split())))
    if isinstance(value, dict) and not is_leaf(value) and not is_short(value):
        lines.append(listed([(f"  {w}", written_out(v)) for w, v in leaves(path, value)]))
    else:
        lines.append(labelled("value", written_out(value)))
        lines += [labelled("unit", unit)] if unit else []
    place = tree.positions.get(tuple(steps_of(path)))
    if place is not None:
        lines.append(labelled("written", f"{place.file}:{place.line}:{place.column}"))
    elif is_written(tree.data, path):
        lines.append(labelled("written", "as part of what stands above it"))
    else:
        lines.append(labelled("default", "yes; the file does not say"))
    lines += _sources(scenario, value)
    lines += [labelled("mean", text) for text in _mean_stays(scenario, path)]
    return "\n".join(lines)


def _value(scenario: Scenario, path: str) -> Any:
    try:
        return found(scenario.explicit, path)
    except KeyError:
        known = [
            where
            for part in scenario.explicit
            for where in paths_below(part, scenario.explicit[part])
        ]
        close = nearest(path, known)
        hint = f"; did you mean {close}?" if close else ""
        raise UnknownError(f"{scenario.path} has no input {path}{hint}") from None


def _sources(scenario: Scenario, value: Any) -> list[str]:
    """Return lines on the sources named in a value, with their titles and status."""
    named: dict[str, None] = {}
    notes: dict[str, None] = {}

    def collect(one: Any) -> None:
        if isinstance(one, dict):
            if isinstance(one.get("source"), str):
                named[one["source"]] = None
            if isinstance(one.get("note"), str):
                notes[one["note"]] = None
            for below in one.values():
                collect(below)
        elif isinstance(one, list):
            for below in one:
                collect(below)

    collect(value)
    lines = []
    for name in named:
        source = scenario.explicit.get("sources", {}).get(name)
        if source is None:
            lines.append(labelled("source", name))
            continue
        parts = [str(source[k]) for k in ("title", "publisher", "year", "url") if k in source]
        status = f" ({source['status']})" if "status" in source else ""
        lines.append(labelled("source", f"{name}: {', '.join(parts)}{status}"))
    return lines + [labelled("note", note) for note in notes]


def _mean_stays(scenario: Scenario, path: str) -> list[str]:
    """Say the mean stay that counts in a setting, after any limit, by cohort."""
    steps = steps_of(path)
    if len(steps) < 3 or steps[0] != "settings" or steps[2] not in ("stay", "stay_limit"):
        return []
    model = scenario.model()
    names = [setting.name for setting in model.settings]
    if steps[1] not in names:
        return []
    means: dict[float, list[str]] = {}
    for cohort, routes in enumerate(model.routes_of[names.index(str(steps[1]))]):
        stays = {model.routes[n].stay: model.routes[n].share for n in routes}
        for stay in stays:
            means.setdefault(model.stays[stay].mean(), []).append(model.cohorts[cohort])
    only = len(means) == 1
    return [
        f"{mean:.6g} days after any limit" + ("" if only else f" ({', '.join(dict.fromkeys(who))})")
        for mean, who in means.items()
    ]
