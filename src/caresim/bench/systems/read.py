"""Reads the files of ``benchmarks/systems``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caresim.api import ENGINES
from caresim.bench.cases import SuiteError
from caresim.bench.systems.expression import Expression
from caresim.bench.systems.language import (
    Check,
    Figure,
    Held,
    Reported,
    Run,
    System,
    Unknown,
)
from caresim.engines.output import ALL_VARIABLES

FOLDER = "systems"

_HELD = ("equals", "at_least", "at_most", "between", "is", "spread_includes")
_KINDS = ("indicator", "total", "on", "most", "least", "money")
_MONEY = {"paid": ("payer", "payee", "kind", "subject"), "net": ("account",)}


def read_systems(root: Path) -> tuple[System, ...]:
    """Read all systems of a checkout, in order of name.

    Raises
    ------
    SuiteError
        If a file cannot be read or there is none.
    """
    folder = root / "benchmarks" / FOLDER
    found = tuple(read_system(path) for path in sorted(folder.glob("*.yaml")))
    if not found:
        raise SuiteError(f"{folder} holds no system")
    return found


def read_system(path: Path) -> System:
    """Read one file.

    Raises
    ------
    SuiteError
        With the file and the place in it.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        written = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path.name}: {error}") from error
    try:
        return _system(path.stem, written)
    except SuiteError as error:
        raise SuiteError(f"{path.name}: {error}") from error


def _system(name: str, written: Any) -> System:
    known = ("reported", "scenario", "runs", "figures", "numbers", "solve", "checks", "broken")
    given = _mapping("the file", written, known)
    for key in ("reported", "runs", "checks"):
        if not given.get(key):
            raise SuiteError(f"{key} is missing")
    runs = {run: _run(f"run {run}", of) for run, of in given["runs"].items()}
    figures = {fig: _figure(f"figure {fig}", of) for fig, of in given.get("figures", {}).items()}
    numbers = {str(n): str(of) for n, of in given.get("numbers", {}).items()}
    unknowns = {n: _unknown(f"solve {n}", of, runs) for n, of in given.get("solve", {}).items()}
    checks = tuple(
        _check(f"check {number}", of, runs) for number, of in enumerate(given["checks"], start=1)
    )
    for run_name, run in runs.items():
        for unknown in run.solved:
            if unknown not in unknowns:
                raise SuiteError(f"run {run_name}: nothing is solved that is named {unknown}")
    return System(
        name=name,
        reported=_reported(given["reported"]),
        scenario=str(given.get("scenario", f"{FOLDER}/{name}.yaml")),
        runs=runs,
        figures=figures,
        checks=checks,
        unknowns=unknowns,
        numbers=numbers,
        broken=_texts("broken", given.get("broken", {})),
    )


def _reported(written: Any) -> Reported:
    given = _mapping("reported", written, ("text", "source", "value", "unit"))
    if "text" not in given or "source" not in given:
        raise SuiteError("reported: text and source are needed")
    value = given.get("value")
    return Reported(
        text=str(given["text"]),
        source=str(given["source"]),
        value=None if value is None else float(value),
        unit=str(given.get("unit", "")),
    )


def _run(where: str, written: Any) -> Run:
    given = _mapping(where, written, ("engine", "members", "set", "solved"))
    engine = given.get("engine")
    if engine not in ENGINES:
        raise SuiteError(f"{where}: engine is one of {', '.join(ENGINES)}")
    return Run(
        engine=engine,
        members=given.get("members"),
        set=_texts(where, given.get("set", {})),
        solved=tuple(given.get("solved", ())),
    )


def _figure(where: str, written: Any) -> Figure:
    if not isinstance(written, dict):
        raise SuiteError(f"{where}: a mapping is wanted")
    kinds = [kind for kind in _KINDS if kind in written]
    if len(kinds) != 1:
        raise SuiteError(f"{where}: one of {', '.join(_KINDS)} is needed")
    kind = kinds[0]
    rest = {
        str(key): tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)
        for key, value in written.items()
        if key not in (kind, "date", "discount")
    }
    figure = Figure(
        kind,
        str(written[kind]),
        rest,
        str(written.get("date", "")),
        _share(where, written["discount"]) if "discount" in written else 0.0,
    )
    if (kind == "on") != bool(figure.date):
        raise SuiteError(f"{where}: date goes with `on`, and is needed there")
    if figure.discount and kind != "money":
        raise SuiteError(f"{where}: discount goes with `money`")
    if kind == "indicator":
        dims: tuple[str, ...] = ()
    elif kind == "money":
        if figure.name not in _MONEY:
            raise SuiteError(f"{where}: money is {' or '.join(_MONEY)}, not {figure.name}")
        dims = _MONEY[figure.name]
        if figure.name == "net" and len(rest.get("account", ())) != 1:
            raise SuiteError(f"{where}: net is of one account")
    else:
        variable = ALL_VARIABLES.get(figure.name)
        if variable is None:
            raise SuiteError(f"{where}: there is no variable {figure.name}")
        if kind != "total" and variable.kind != "stock":
            raise SuiteError(f"{where}: {figure.name} is a count, which has a total only")
        dims = variable.dims
    for key in rest:
        if key not in dims:
            raise SuiteError(f"{where}: {figure.name} has no {key}; it has {', '.join(dims)}")
    return figure


def _unknown(where: str, written: Any, runs: Mapping[str, Run]) -> Unknown:
    given = _mapping(where, written, ("set", "between", "until", "run", "written"))
    try:
        low, high = (float(bound) for bound in given["between"])
        unknown = Unknown(
            set=str(given["set"]),
            between=(low, high),
            until=str(given["until"]),
            run=given["run"],
            written=str(given.get("written", "{}")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SuiteError(f"{where}: set, between [a, b], until and run are needed") from error
    Expression(unknown.until)
    if unknown.run not in runs:
        raise SuiteError(f"{where}: there is no run {unknown.run}")
    return unknown


def _check(where: str, written: Any, runs: Mapping[str, Run]) -> Check:
    known = ("says", "find", "in", "chance", "unit", "within", *_HELD)
    given = _mapping(where, written, known)
    if "says" not in given or "find" not in given:
        raise SuiteError(f"{where}: says and find are needed")
    wanted = given.get("in", list(runs))
    names = tuple([wanted] if isinstance(wanted, str) else wanted)
    for name in names:
        if name not in runs:
            raise SuiteError(f"{where}: there is no run {name}; there are {', '.join(runs)}")
    check = Check(
        says=str(given["says"]),
        find=str(given["find"]),
        held=_held(where, given),
        runs=names,
        chance=None if "chance" not in given else _share(where, given["chance"]),
        unit=str(given.get("unit", "")),
    )
    Expression(check.find)
    return check


def _held(where: str, given: Mapping[str, Any]) -> Held:
    said = [key for key in _HELD if key in given]
    if len(said) != 1:
        raise SuiteError(f"{where}: exactly one of {', '.join(_HELD)} is needed")
    if ("within" in given) != (said == ["equals"]):
        raise SuiteError(f"{where}: within goes with equals, and is needed there")
    key, value = said[0], given[said[0]]
    if key == "between":
        if not isinstance(value, list) or len(value) != 2:
            raise SuiteError(f"{where}: between is a list of two")
        return Held(between=(str(value[0]), str(value[1])))
    if key == "is":
        if value not in ("positive", "negative"):
            raise SuiteError(f"{where}: is: positive or negative")
        return Held(sign=value)
    if key == "spread_includes":
        return Held(spread_includes=float(value))
    if key == "equals":
        return Held(equals=str(value), within=str(given["within"]))
    if key == "at_least":
        return Held(at_least=str(value))
    return Held(at_most=str(value))


def _share(where: str, written: Any) -> float:
    text = str(written)
    share = float(text[:-1]) / 100.0 if text.endswith("%") else float(text)
    if not 0.0 < share <= 1.0:
        raise SuiteError(f"{where}: a share is wanted, not {text}")
    return share


def _mapping(where: str, written: Any, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(written, dict):
        raise SuiteError(f"{where}: a mapping is wanted")
    for key in written:
        if key not in known:
            raise SuiteError(f"{where}: no entry {key} is known; there are {', '.join(known)}")
    return dict(written)


def _texts(where: str, written: Any) -> dict[str, str]:
    """Return inputs by path as text, as ``--set`` takes them."""
    import json

    if not isinstance(written, dict):
        raise SuiteError(f"{where}: set is a mapping of paths to values")
    # What is JSON is YAML of one line as well.
    return {
        str(path): value if isinstance(value, str) else json.dumps(value, default=str)
        for path, value in written.items()
    }
