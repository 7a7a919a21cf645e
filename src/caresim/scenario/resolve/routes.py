"""Routes and hazards written out for every cohort, and whether the shares sum to one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from caresim.scenario import explicit
from caresim.scenario.resolve.context import Context, Copy, Group, UnsettledError, pick
from caresim.scenario.resolve.stays import check_stay, stay_for
from caresim.scenario.schema import kinds
from caresim.scenario.schema.faults import real_path
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.schema.route import Hazards, Route
from caresim.scenario.values import By, Path, Quantity

TOLERANCE = 1e-9
"""How far shares may be from summing to one: rounding in decimal fractions, no more."""


class Writer:
    """Writes the parts of one setting in the explicit form.

    Parameters
    ----------
    context
        The scenario.
    copy
        The setting, of one locality if it is local; None for parts of no setting.
    """

    def __init__(self, context: Context, copy: Copy | None) -> None:
        self.context = context
        self.copy = copy
        self.groups = context.groups

    def locality(self, group: Group) -> str | None:
        """Return the locality whose values count: the setting's own, or where people live."""
        return self.copy.locality if self.copy and self.copy.locality else group.locality

    def each(self, write: Callable[[Group], Any]) -> Any:
        """Write a value for each cohort, or once if it is the same for all."""
        return explicit.by_cohort(
            [group.name for group in self.groups], lambda place: write(self.groups[place])
        )

    def leaf(self, value: Quantity | By[Quantity], kind: Kind, path: Path) -> Any:
        """Write a single value for each cohort."""

        def write(group: Group) -> Any:
            quantity, here = pick(value, group.base, self.locality(group), path)
            return explicit.leaf(quantity, kind, self.real(here))

        return self.each(write)

    def stay(self, value: Any, path: Path) -> Any:
        """Write a stay for each cohort."""
        return self.each(
            lambda group: stay_for(self.context, value, group.base, self.locality(group), path)
        )

    def real(self, path: Path) -> Path:
        """Return the path as it is in the file."""
        return real_path(path, self.context.merged.tree.data)

    def destination(self, to: str, group: Group | None) -> str:
        """Name the setting that people go to: their own locality's, if it is local."""
        if not self.context.is_local(to):
            return to
        where = self.locality(group) if group else self.copy and self.copy.locality
        if where is None:
            raise UnsettledError
        return f"{to}@{where}"

    def hazards(self, hazards: Hazards, path: Path) -> dict[str, Any]:
        """Write rates of leaving by destination."""
        found: dict[str, Any] = {}
        for to, value in hazards.items():
            names = dict.fromkeys(self.destination(to, group) for group in self.groups)
            for name in names:

                def write(group: Group, to: str = to, name: str = name, value: Any = value) -> Any:
                    if self.destination(to, group) != name:
                        return kinds.HAZARD.write(0.0)
                    quantity, here = pick(value, group.base, self.locality(group), (*path, to))
                    return explicit.leaf(quantity, kinds.HAZARD, self.real(here))

                found[name] = self.each(write)
        return found

    def route(self, name: str, route: Route, path: Path) -> dict[str, Any]:
        """Write one route."""
        to = name if route.to is None else route.to

        def destination(group: Group) -> str:
            return self.destination(pick(to, group.base, self.locality(group))[0], group)

        written: dict[str, Any] = {
            "to": self.each(destination),
            "share": self.leaf(route.share, kinds.ROUTE_SHARE, (*path, "share")),
        }
        if route.stay is not None:
            written["stay"] = self.stay(route.stay, (*path, "stay"))
        if route.arrangement:
            written["arrangement"] = [
                {
                    "time": self.stay(step.time, (*path, "arrangement", place, "time")),
                    "reason": step.reason,
                    "share": self.leaf(
                        step.share, kinds.SHARE, (*path, "arrangement", place, "share")
                    ),
                }
                for place, step in enumerate(route.arrangement)
            ]
        if route.transfer is not None:
            written["transfer"] = self.stay(route.transfer, (*path, "transfer"))
        written["wait_at"] = route.wait_at
        if route.while_delayed is not None:
            here = (*path, "while_delayed")
            written["while_delayed"] = self.hazards(route.while_delayed, here)
        if route.pathway is not None:
            written["pathway"] = route.pathway
        return {**written, **explicit.about(route.source, route.note)}


def check_routes(context: Context, copy: Copy) -> None:
    """Report shares that do not sum to one, and stays that cannot be, on a setting's routes."""
    path = (*copy.path, "then")
    for name, route in copy.spec.then.items():
        check_stay(context, route.stay, (*path, name, "stay"))
        check_stay(context, route.transfer, (*path, name, "transfer"), none_allowed=True)
        for place, step in enumerate(route.arrangement):
            here = (*path, name, "arrangement", place, "time")
            check_stay(context, step.time, here, none_allowed=True)
    writer = Writer(context, copy)
    said: dict[str, list[str]] = {}
    for group in writer.groups:
        try:
            message = _fault_of_shares(writer, copy, group)
        except UnsettledError:
            continue
        if message:
            said.setdefault(message, []).append(group.base)
    for message, cohorts in said.items():
        names = dict.fromkeys(cohorts)
        everyone = len(names) == len(context.cohorts)
        of = "" if everyone else " of " + ", ".join(f"`{name}`" for name in names)
        code = "C320" if message.endswith("survivors") else "C312"
        hint = "correct the shares; only one may be `rest`" if "`rest`" in message else None
        context.report(code, path, f"the shares{of} {message}", key=True, hint=hint)


def _fault_of_shares(writer: Writer, copy: Copy, group: Group) -> str | None:
    shares: list[tuple[Quantity, str]] = []
    for name, route in copy.spec.then.items():
        locality = writer.locality(group)
        share, _ = pick(route.share, group.base, locality)
        to, _ = pick(name if route.to is None else route.to, group.base, locality)
        shares.append((share, to))
    if any(to == "died" and share.mark == "survivors" for share, to in shares):
        return "of those who die cannot be shares of survivors"
    total = sum(effective_shares(shares))
    rests = sum(share.rest for share, _ in shares)
    if rests > 1:
        return "have more than one `rest`"
    if rests and total > 1 + TOLERANCE:
        return f"sum to {total:.10g}, which leaves less than nothing for `rest`"
    if not rests and abs(total - 1) > TOLERANCE:
        return f"sum to {total:.10g}, not to 1"
    return None


def effective_shares(shares: Iterable[tuple[Quantity, str]]) -> list[float]:
    """Give shares of everyone from shares as written, with the destination of each.

    A share of survivors is one of those who do not die: it is multiplied by one less the shares
    of the routes to `died`. `rest` counts 0.
    """
    listed = list(shares)
    died = sum(share.value for share, to in listed if to == "died" and not share.rest)
    return [
        share.value * (1 - died) if share.mark == "survivors" else share.value
        for share, _ in listed
    ]
