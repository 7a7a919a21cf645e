"""From a file to a scenario that can be run, with every fault of it at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

import caresim.scenario.codes_scenario  # noqa: F401 - adds its codes to the catalogue
from caresim.model import Model
from caresim.problems import Problem, ScenarioError, Severity, SourceLines
from caresim.scenario.assemble import build
from caresim.scenario.checks import plausibility
from caresim.scenario.codes import problem
from caresim.scenario.merge import merged
from caresim.scenario.options import DO_NOTHING, changes
from caresim.scenario.overrides import (
    SETTABLE,
    Override,
    of_option,
    steps_of,
    typed,
    with_overrides,
)
from caresim.scenario.partial import readable
from caresim.scenario.read import Tree
from caresim.scenario.resolve.context import Context
from caresim.scenario.resolve.references import check_references
from caresim.scenario.resolve.start import check_delayed
from caresim.scenario.resolve.whole import check, done_in, fill_members, label_of, resolved
from caresim.scenario.schema.part import reading_once
from caresim.scenario.series import Tables
from caresim.scenario.sizes import too_large

PathAndText = tuple[str, str]
"""A path in the scenario and the text of a value to put there."""


@dataclass(frozen=True)
class Scenario:
    """A scenario without faults.

    Attributes
    ----------
    path
        The file it was read from.
    explicit
        The explicit form: every default, import, unit and cohort spelled out. It is a valid
        scenario itself, and the only thing the models are built from.
    options
        Names of the options, `do_nothing` first.
    warnings
        What deserves a look but stops nothing.
    files
        SHA-256 of every file read, by its path.
    source_lines
        Gives the lines of those files, for showing problems.
    models
        The model of each option, by name.
    """

    path: FilePath
    explicit: Mapping[str, Any]
    options: tuple[str, ...]
    warnings: tuple[Problem, ...]
    files: Mapping[str, str]
    source_lines: SourceLines = field(repr=False, compare=False)
    models: Mapping[str, Model] = field(repr=False, compare=False)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the explicit form, the same whatever the order of entries in the file."""
        text = json.dumps(self.explicit, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def model(self, option: str = DO_NOTHING) -> Model:
        """Return the model of an option.

        Raises
        ------
        KeyError
            If there is no such option.
        """
        return self.models[option]


def load(
    path: str | os.PathLike[str], overrides: Iterable[PathAndText] = (), *, priors: bool = False
) -> Scenario:
    """Read a scenario file and what it names, check it and spell it out.

    Parameters
    ----------
    path
        The YAML file.
    overrides
        Values to put in place of those in the file, in order.
    priors
        Whether the intervals under `calibration` take the place of what the file says of those
        inputs, as in a fit and in runs with its draws.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    with reading_once():
        loading = _Loading(FilePath(path), [typed(*one) for one in overrides], priors=priors)
        explicit = loading.explicit()
        if explicit is None:
            raise ScenarioError(loading.problems, loading.lines)
        models = {option: build(explicit, option) for option in explicit["options"]}
        loading.say(plausibility(loading.tree, models))
    if any(p.severity is Severity.ERROR for p in loading.problems):
        raise ScenarioError(loading.problems, loading.lines)
    return Scenario(
        path=FilePath(path),
        explicit=explicit,
        options=tuple(explicit["options"]),
        warnings=tuple(loading.problems),
        files=loading.hashes(),
        source_lines=loading.lines,
        models=models,
    )


class _Loading:
    """One scenario on its way from a file to its explicit form."""

    def __init__(self, path: FilePath, overrides: Sequence[Override], *, priors: bool) -> None:
        self.path = path
        self.merged = merged(path)
        self.problems: list[Problem] = list(self.merged.problems)
        tree, found = with_overrides(self.merged.tree, list(overrides))
        self.problems += found
        if priors:
            from caresim.scenario.calibration import priors as intervals

            tree, found = with_overrides(tree, intervals(tree))
            self.problems += found
        self.tree = tree
        self.sources = dict(tree.sources)
        self.tables = Tables()

    def explicit(self) -> dict[str, Any] | None:
        """Return the explicit form, if nothing is wrong."""
        self.say(too_large(self.tree))
        if any(found.code == "C415" for found in self.problems):
            return None
        base = self.context(self.tree)
        names = self.option_names()
        written = self.resolved(base)
        fitted = self.calibration(base)
        others = {name: self.option(name, base) for name in names if name != DO_NOTHING}
        self.refuse_changes_to_do_nothing()
        if written is None or base is None or self.problems:
            return None
        known = {name: other for name, other in others.items() if other is not None}
        fill_members(written, list(known.values()))
        options: dict[str, Any] = {DO_NOTHING: {"label": label_of(base, DO_NOTHING)}}
        for name, other in known.items():
            other["run"] = written["run"]
            options[name] = {
                "label": label_of(base, name),
                **done_in(base, name),
                "set": changes(written, other),
            }
        published = written.pop("published")
        run = written.pop("run")
        whole = {**written, "options": options, "run": run, "published": published}
        if fitted is not None:
            whole["calibration"] = fitted
        return whole

    def calibration(self, base: Context | None) -> dict[str, Any] | None:
        """Return what is to be fitted, spelled out, with the intervals tried in their places."""
        if base is None or base.file.calibration is None:
            return None
        from caresim.scenario import calibration as fitting  # few files need it

        intervals = fitting.priors(self.tree)
        self.refuse_value_in_value(intervals)
        tree, found = with_overrides(self.tree, intervals)
        self.say(found)
        tried = self.resolved(self.context(tree))
        fitting.check_observed(base)
        written = fitting.resolved_calibration(base)
        fitting.check_inputs(base, tried)
        self.say(base.problems)
        return written

    def resolved(self, context: Context | None) -> dict[str, Any] | None:
        """Spell out one form of the scenario; None if anything is wrong with it."""
        if context is None or self.problems:
            return None
        written = resolved(context)
        check_delayed(context, written["initial"])
        self.say(context.problems)
        return written

    def context(self, tree: Tree) -> Context | None:
        """Check one form of the scenario; None if too little of it can be read."""
        file, problems, faulty = readable(tree)
        self.say(problems)
        if file is None:
            return None
        merged_ = replace(self.merged, tree=tree)
        entries = frozenset((str(p[0]), str(p[1])) for p in faulty if len(p) > 1)
        context = Context(file, merged_, self.tables, self.path.stem, faulty=entries)
        check_references(context)
        check(context)
        self.say(context.problems)
        return context

    def say(self, problems: Iterable[Problem]) -> None:
        """Note problems, each once: options repeat those of the scenario they change."""
        known = set(self.problems)
        for found in problems:
            if found not in known:
                known.add(found)
                self.problems.append(found)

    def option_names(self) -> list[str]:
        """Name the options that can be read."""
        block = self.tree.data.get("options")
        if not isinstance(block, dict):
            return []
        return list(block)

    def option(self, name: str, base: Context | None) -> dict[str, Any] | None:
        """Return the explicit form with an option's values; None if something is wrong."""
        spec = self.tree.data["options"][name]
        values = spec.get("set") if isinstance(spec, dict) else None
        overrides = of_option(self.tree, name, values) if isinstance(values, dict) else []
        self.refuse_value_in_value(overrides)
        tree, found = with_overrides(self.tree, [o for o in overrides if self.may_set(o)])
        self.say(found)
        context = self.context(tree)
        if context is None or base is None:
            return None
        if context.cohort_names != base.cohort_names or context.localities != base.localities:
            at = self.tree.key_positions.get(("options", name))
            message = "the names of cohorts and localities are the same in every option"
            self.say([problem("C409", ("options", name), message, at)])
        return self.resolved(context)

    def refuse_changes_to_do_nothing(self) -> None:
        """Report values that do_nothing sets: it is the scenario as it stands."""
        options = self.tree.data.get("options")
        spec = options.get(DO_NOTHING) if isinstance(options, dict) else None
        if isinstance(spec, dict) and spec.get("set"):
            path = ("options", DO_NOTHING, "set")
            message = f"`{DO_NOTHING}` is the scenario as it stands, and sets nothing"
            hint = "change the scenario itself, or give this option another name"
            at = self.tree.key_positions.get(path)
            self.say([problem("C409", path, message, at, hint=hint)])

    def refuse_value_in_value(self, overrides: Sequence[Override]) -> None:
        """Report values set inside others: which is set last would be a matter of order."""
        paths = {one.path for one in overrides}
        for one in overrides:
            outer = next((p for p in sorted(paths) if one.path.startswith(f"{p}.")), None)
            if outer is not None:
                message = f"this option sets `{outer}` too, which holds it"
                why = "the order of entries never matters, so it is not clear which one counts"
                hint = f"set it inside `{outer}`, or not `{outer}` as a whole"
                self.say([problem("C409", one.path, message, one.at, why=why, hint=hint)])

    def may_set(self, override: Override) -> bool:
        """Report a value that options may not set."""
        steps = steps_of(override.path)
        if steps is None or steps[0] in SETTABLE:
            return True
        known = ", ".join(f"`{part}`" for part in SETTABLE)
        message = f"an option cannot set `{steps[0]}`"
        hint = f"options may set what is under {known}"
        if override.path == "run.optimism":
            hint = "run all options again without the correction: `--set run.optimism=false`"
        path = ".".join(map(str, override.value))
        self.say([problem("C409", path, message, override.at, hint=hint)])
        return False

    def lines(self, file: str) -> Sequence[str]:
        """Give the lines of a file by its name in messages."""
        return self.sources.get(file, ())

    def hashes(self) -> dict[str, str]:
        """Give the SHA-256 of every file read."""
        own = {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.merged.paths.values()
        }
        return {**own, **self.tables.hashes}
