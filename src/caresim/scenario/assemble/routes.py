"""Routes of the model: one for each setting, cohort and route of the file that people take."""

from __future__ import annotations

from collections.abc import Iterator

from caresim.model import ArrangementStep, Exit, Leaving, Route, Target
from caresim.scenario.assemble.book import Book
from caresim.scenario.resolve.routes import effective_shares
from caresim.scenario.schema import kinds
from caresim.scenario.schema.leaf import LeafValue
from caresim.scenario.schema.route import Route as Spec
from caresim.scenario.schema.setting import Setting
from caresim.scenario.values import Quantity


def routes_of(book: Book) -> tuple[Route, ...]:
    """Return the routes, by setting, cohort and name."""
    routes: list[Route] = []
    for setting, name in enumerate(book.settings):
        for cohort in range(len(book.cohorts)):
            _add_routes(book, setting, cohort, book.file.settings[name], routes)
    return tuple(routes)


def leaving(
    book: Book, hazards: dict[str, LeafValue], cohort: str, path: str
) -> tuple[Leaving, ...]:
    """Return the rates at which people of a cohort leave a wait, without those of nobody.

    Parameters
    ----------
    book, hazards, cohort
        Names, rates by destination, and whose.
    path
        Where they may be changed: `settings.acute.while_delayed`.
    """
    return tuple(
        Leaving(book.destination(to), quantity.value)
        for to, quantity in _kept(book, hazards, cohort, path)
    )


def _kept(
    book: Book, hazards: dict[str, LeafValue], cohort: str, path: str
) -> Iterator[tuple[str, Quantity]]:
    for to in sorted(hazards):
        quantity = book.at(hazards[to], cohort)
        may_be = book.is_changed(f"{path}.{to}") and not book.is_elsewhere(cohort, to)
        if quantity.value > 0 or quantity.uncertain or may_be:
            yield to, quantity


def note_leaving(
    book: Book,
    hazards: dict[str, LeafValue],
    cohort: str,
    path: str,
    target: Target,
    *,
    inner: bool,
) -> None:
    """Remember the uncertain ones among them.

    Parameters
    ----------
    book, hazards, cohort, path
        As for `leaving`.
    target
        Of the first.
    inner
        Whether their position is ``k`` of the target, otherwise ``j``.
    """
    for place, (_, quantity) in enumerate(_kept(book, hazards, cohort, path)):
        at = (
            Target(target.field, target.i, target.j, place)
            if inner
            else Target(target.field, target.i, place)
        )
        book.note(quantity, kinds.HAZARD, at)


def _add_routes(book: Book, setting: int, cohort: int, spec: Setting, routes: list[Route]) -> None:
    who = book.cohorts[cohort]
    names = sorted(spec.then)
    shares = {name: book.at(spec.then[name].share, who) for name in names}
    to = {name: str(book.at(spec.then[name].to or name, who)) for name in names}
    effective = dict(
        zip(names, effective_shares((shares[name], to[name]) for name in names), strict=True)
    )
    rest = max(0.0, 1.0 - sum(effective.values()))
    limit = float("inf")
    if spec.stay_limit is not None:
        limit = book.at(spec.stay_limit, who).value
    above = f"settings.{book.settings[setting]}"
    for name in names:
        share, route = shares[name], spec.then[name]
        part = rest if share.rest else effective[name]
        may_be = share.uncertain or share.rest or book.is_changed(f"{above}.then.{name}.share")
        if part == 0 and not may_be:
            continue
        position = len(routes)
        stay = book.stay(route.stay or spec.stay, who, limit)  # type: ignore[arg-type]
        assert stay is not None, "a stay of no time is refused when the scenario is checked"
        hazards = spec.while_delayed if route.while_delayed is None else route.while_delayed
        book.note(share, kinds.SHARE, Target("route_share", position))
        at, here = Target("delayed_hazard", position), f"{above}.while_delayed"
        note_leaving(book, hazards, who, here, at, inner=False)
        routes.append(
            Route(
                name=name,
                setting=setting,
                cohort=cohort,
                to=book.destination(to[name]),
                share=part,
                is_rest=share.rest,
                of_survivors=share.mark == "survivors",
                stay=stay,
                steps=_steps(book, route, who, position, f"{above}.then.{name}.arrangement"),
                transfer=book.stay(route.transfer, who) if route.transfer else None,
                wait_at_home=route.wait_at == "home",
                leaving=leaving(book, hazards, who, here),
                pathway=_pathway(book, spec, route, to[name]),
            )
        )


def _steps(
    book: Book, route: Spec, who: str, position: int, path: str
) -> tuple[ArrangementStep, ...]:
    steps: list[ArrangementStep] = []
    for step in route.arrangement:
        stay = book.stay(step.time, who)
        share = book.at(step.share, who)
        may_be = share.uncertain or book.is_changed(f"{path}.{step.reason}.share")
        if stay is None or (share.value == 0 and not may_be):
            continue
        book.note(share, kinds.SHARE, Target("step_share", position, len(steps)))
        steps.append(ArrangementStep(book.reason(step.reason), stay, share.value))
    return tuple(steps)


def _pathway(book: Book, spec: Setting, route: Spec, to: str) -> int | None:
    if route.pathway is not None:
        return route.pathway
    if to in book.file.settings:
        return book.file.settings[to].pathway
    return 0 if to == Exit.HOME.name.lower() and spec.kind == "acute" else None
