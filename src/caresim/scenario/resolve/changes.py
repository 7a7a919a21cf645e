"""Changes of inputs in the explicit form, and what cannot be about them."""

from __future__ import annotations

from typing import Any

from caresim.problems import nearest
from caresim.scenario import explicit
from caresim.scenario.resolve.cohorts import locality_share
from caresim.scenario.resolve.context import Context, Group, pick, varies
from caresim.scenario.resolve.inputs import expanded, known
from caresim.scenario.resolve.routes import Writer
from caresim.scenario.schema import amounts, kinds
from caresim.scenario.schema.change import Change
from caresim.scenario.schema.inputs import OF_COHORTS, Input
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.values import Path, Quantity, leaves


class ChangeWriter:
    """Writes one change in the explicit form.

    Parameters
    ----------
    context
        The scenario.
    change
        The change as written.
    path
        Where.
    reach
        The share of people reached, and where it is written; None for feedbacks.
    known
        Key, value and kind of an amount that is not written in the change itself.
    """

    def __init__(
        self,
        context: Context,
        change: Change,
        path: Path,
        reach: tuple[Any, Path] | None = None,
        known: tuple[str, Any, Kind] | None = None,
    ) -> None:
        self.known = known
        self.reach = reach
        self.context = context
        self.change = change
        self.path = path
        self.writer = Writer(context, None)
        self.field = change.on[0].field

    @property
    def amount(self) -> tuple[str, Any, Kind]:
        """Which of change, by and to is given, its value and what it is measured in."""
        if self.known is not None:
            return self.known
        form = self.change.on[0].form
        for key, kind in (("change", amounts.CHANGE), ("by", form.by), ("to", form.to)):
            value = getattr(self.change, key, None)
            if value is not None:
                return key, value, kind
        raise AssertionError("a change without an amount is refused when it is read")

    def inputs(self) -> list[Input]:
        """Return the inputs of the explicit form, in order of their paths."""
        found = {
            one.path: one
            for written in self.change.on
            for one in expanded(self.context, written, self.change.localities)
        }
        return [found[path] for path in sorted(found)]

    def cohorts(self) -> list[str] | None:
        """Return the cohorts it is for; None for all."""
        change = self.change
        if change.cohorts is None and change.localities is None:
            return None
        return sorted(
            group.name
            for group in self.context.groups
            if (change.cohorts is None or group.base in change.cohorts)
            and (change.localities is None or group.locality in change.localities)
        )

    def written(self) -> list[dict[str, Any]]:
        """Return it as one change, or as one for each setting where the amount differs so."""
        inputs = self.inputs()
        given = self.amount
        values = [given[1], self.reach[0] if self.reach else None]
        apart = any(varies(value, "locality") for value in values)
        if self.field not in OF_COHORTS and apart:
            return [self._one([one], _locality_of(one)) for one in inputs]
        return [self._one(inputs, None)]

    def _one(self, inputs: list[Input], locality: str | None) -> dict[str, Any]:
        paths = [one.path for one in inputs]
        written: dict[str, Any] = {"on": paths[0] if len(paths) == 1 else paths}
        key, value, kind = self.amount
        split = self.field == "arrival_rate" and key in ("by", "to")
        written[key] = self.leaf(value, kind, (*self.path, key), locality, split=split)
        if self.field in OF_COHORTS and (cohorts := self.cohorts()) is not None:
            written["cohorts"] = cohorts
        if self.reach is not None:
            hoped = getattr(self.change, "hoped", None) or {-1: "lower", 1: "higher"}.get(
                self.change.on[0].hoped
            )
            if hoped is not None:
                written["hoped"] = hoped
            written["reach"] = self.leaf(self.reach[0], kinds.SHARE, self.reach[1], locality)
        return written

    def leaf(
        self, value: Any, kind: Kind, path: Path, locality: str | None, *, split: bool = False
    ) -> Any:
        """Write a value for each cohort, or for the one setting that is meant.

        With `split`, amounts of people by cohort are divided between its localities.
        """
        if self.field not in OF_COHORTS:
            quantity, here = pick(value, None, locality, path)
            return explicit.leaf(quantity, kind, self.writer.real(here))
        split = split and varies(value, "cohort") and not varies(value, "locality")

        def one(group: Group) -> Any:
            quantity, here = pick(value, group.base, group.locality, path)
            share = locality_share(self.context, group)
            if split and share != 1 and not quantity.per_person and quantity.value:
                quantity = quantity.scaled(share)
            return explicit.leaf(quantity, kind, self.writer.real(here))

        return self.writer.each(one)


def _locality_of(one: Input) -> str | None:
    return next((name.partition("@")[2] for name in one.names if "@" in name), None)


def check_inputs(context: Context, change: Change, path: Path) -> bool:
    """Report inputs that the scenario lacks, and people that a change cannot be for.

    Returns
    -------
    bool
        Whether nothing was wrong.
    """
    before = len(context.problems)
    have = known(context)
    for place, one in enumerate(change.on):
        if one.path not in have and not _is_faulty(context, one):
            _missing(context, (*path, "on", place), one, have)
    for key, names, code, what in (
        ("cohorts", context.cohort_names, "C402", "cohort"),
        ("localities", context.localities, "C403", "locality"),
    ):
        for place, name in enumerate(getattr(change, key) or ()):
            if name not in names:
                context.unknown(code, (*path, key, place), what, name, names, key=False)
    field = change.on[0].field if change.on else ""
    if field == "arrival_rate":
        _check_per_person(context, change, path)
        _check_comers(context, change, path)
    if field == "recruitment":
        _check_recruitment(context, change, path)
    if field and field not in OF_COHORTS and change.cohorts is not None:
        message = f"`{change.on[0].path}` is not of any cohort"
        context.report("C328", (*path, "cohorts"), message)
    if field and field not in OF_COHORTS:
        _check_shared(context, change, path)
    return len(context.problems) == before


def _check_per_person(context: Context, change: Change, path: Path) -> None:
    """Report differences per person of arrivals that are people by time."""
    names = [one.names[0] for one in change.on if one.names[0] in context.file.arrivals]
    rates = {name: [q for _, q in leaves(context.file.arrivals[name].rate)] for name in names}
    plain = [name for name, all_ in rates.items() if not all(map(_is_per_person, all_))]
    for key in ("by", "to"):
        for inner, value in leaves(getattr(change, key, None)):
            if plain and _is_per_person(value):
                message = f"this is per person, and `arrivals.{plain[0]}.rate` is people by time"
                context.report("C332", (*path, key, *inner), message)


def _check_comers(context: Context, change: Change, path: Path) -> None:
    """Report cohorts of whom nobody comes by an arrival."""
    for one in change.on:
        arrival = context.file.arrivals.get(one.names[0])
        if arrival is None or arrival.cohort is None or change.cohorts is None:
            continue
        cohort = arrival.cohort
        comers = [cohort] if isinstance(cohort, str) else list(cohort)
        for place, name in enumerate(change.cohorts):
            if name in context.cohort_names and name not in comers:
                message = f"nobody of `{name}` comes by `{one.names[0]}`"
                hint = f"those who come are of {', '.join(f'`{who}`' for who in comers)}"
                context.report("C333", (*path, "cohorts", place), message, hint=hint)


def _check_recruitment(context: Context, change: Change, path: Path) -> None:
    """Report recruitment by number where vacancies are filled by share, or the other way round."""
    for one in change.on:
        group = context.file.workforce.get(one.names[0])
        for key in ("by", "to") if group is not None else ():
            value = getattr(change, key, None)
            if isinstance(value, Quantity) and value.mark != group.recruitment.mark:  # type: ignore[union-attr]
                what = "a share of vacancies" if value.mark else "a number of people"
                message = f"this is {what}, and the recruitment of {one.names[0]} is not"
                context.report("C332", (*path, key), message, why=_RECRUITED, hint=_RECRUIT)


_RECRUITED = "recruits are either so many people, or a share of the posts that are vacant"
_RECRUIT = "write both as people, `2 per month`, or both as a share of vacancies, `5% per month`"


def _is_per_person(value: Any) -> bool:
    return isinstance(value, Quantity) and value.per_person


def _check_shared(context: Context, change: Change, path: Path) -> None:
    """Report values by cohort or locality of what is one for all."""
    local = all(
        one.field == "transition" or context.is_local(one.names[0])
        for one in change.on
        if one.names
    )
    if change.localities is not None and not local and context.localities:
        message = f"`{change.on[0].path}` is shared by all localities"
        context.report("C328", (*path, "localities"), message)
    for key in ("change", "by", "to", "reach"):
        value = getattr(change, key, None)
        if varies(value, "cohort") or (varies(value, "locality") and not local):
            message = f"`{change.on[0].path}` is one for all, and this differs"
            context.report("C328", (*path, key), message, hint="write one value")


def _is_faulty(context: Context, one: Input) -> bool:
    """Whether the entry of an input has faults, so that the input may be there all the same."""
    block = one.path.partition(".")[0]
    return any(
        part == block and (block == "population" or name == one.names[0])
        for part, name in context.faulty
    )


def _missing(context: Context, path: Path, one: Input, have: frozenset[str]) -> None:
    block = one.path.partition(".")[0]
    last = one.path.rsplit(".", 1)[-1]
    kin = sorted(path for path in have if path.rsplit(".", 1)[-1] == last)
    own = _beside(one.path, have)
    near = nearest(one.path, kin)
    if near:
        hint = f"did you mean `{near}`?"
    elif not any(path.startswith(f"{block}.") for path in have):
        hint = f"describe it under `{block}` first, or leave the effect out"
    else:
        listed = ", ".join(f"`{path}`" for path in (own or kin)[:4])
        hint = f"there are {listed}" if listed else "correct the path"
    context.report("C418", path, f"this scenario has no `{one.path}`", hint=hint)


def _beside(path: str, have: frozenset[str]) -> list[str]:
    """Return the inputs of the same thing: those that share the most steps with a path."""
    steps = path.split(".")
    for shared in range(len(steps) - 1, 1, -1):
        above = ".".join(steps[:shared])
        found = sorted(one for one in have if one == above or one.startswith(f"{above}."))
        if found:
            return found
    return []
