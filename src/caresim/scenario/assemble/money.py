"""All of an option's money: costs, payments, pools, terms of appraisal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, cast

from caresim.evidence import correction
from caresim.model import Arrivals, Population, Ramp, Timeline
from caresim.model.money import (
    SUPPLIERS,
    AppraisalTerms,
    BuildingCost,
    Correction,
    Drawn,
    Money,
    Organisation,
    Per,
    PriceChange,
    ProgrammeCost,
    Reached,
    Residents,
    SettingCost,
    StaffCost,
)
from caresim.scenario.assemble.book import Book
from caresim.scenario.assemble.payments import payments_of, pools_of, values_of
from caresim.scenario.assemble.prices import PER, Prices, shares
from caresim.scenario.schema import amounts, kinds, prices
from caresim.scenario.schema.intervention import Intervention as Spec
from caresim.scenario.schema.money import Appraisal
from caresim.scenario.values import Quantity

_OF_OPENINGS: tuple[Literal["capital", "transition"], ...] = ("capital", "transition")

_PER: dict[str, Per] = {"fixed": "open place", "delayed": "delayed day", "per_stay": "admission"}


class MoneyBook:
    """The money of one option while its model is built.

    Parameters
    ----------
    book
        Names and positions. Uncertain prices are noted in it.
    names
        The interventions of the option.
    ramps
        When each of them works, by name.
    arrivals
        Of the model.
    population
        Its stocks, or None.
    """

    def __init__(
        self,
        book: Book,
        names: list[str],
        ramps: dict[str, Ramp],
        arrivals: tuple[Arrivals, ...],
        population: Population | None,
    ) -> None:
        self.book, self.names, self.ramps, self.arrivals = book, sorted(names), ramps, arrivals
        self.prices = Prices(book)
        file = book.file
        self.terms: Appraisal = file.appraisal or Appraisal()
        per_head = {p.kind == "capitation" for p in file.payments.values()}
        self.money = Money(
            price_year=self.prices.year,
            moved=(),
            organisations=tuple(
                Organisation(name, spec.label or name, spec.kind)
                for name, spec in sorted(file.organisations.items())
            ),
            costs=tuple(self._costs()),
            staff=tuple(self._staff()),
            buildings=tuple(self._buildings()),
            programmes=tuple(self._programmes()),
            price_changes=tuple(self._changes()),
            payments=payments_of(book, self.prices),
            pools=pools_of(book, self.prices),
            residents=tuple(self._residents()) if True in per_head and not population else (),
            terms=AppraisalTerms(
                self.terms.discount.value,
                self.terms.years,
                values_of(book, self.prices),
                tuple(self._corrections()),
            ),
        )

    def finished(self, inputs: Any) -> Money:
        """Return the money, once it is known where its draws are.

        Parameters
        ----------
        inputs
            The uncertain inputs of the model.
        """
        values = dict(vars(self.money))
        values["columns"] = self.prices.columns(inputs)
        values["moved"] = tuple(sorted(self.prices.moved.items()))
        return Money(**values)

    def _costs(self) -> Iterator[SettingCost]:
        for name in self.book.settings:
            spec = self.book.file.settings[name].costs
            if spec is None:
                continue
            for key, kind in (
                ("fixed", prices.FIXED),
                ("variable", prices.VARIABLE),
                ("delayed", prices.VARIABLE),
                ("per_stay", prices.PER_STAY),
            ):
                quantity = getattr(spec, key)
                if quantity is not None:
                    yield SettingCost(
                        setting=name,
                        provider=spec.provider,
                        kind=key,  # type: ignore[arg-type]
                        price=self.prices.price(quantity, kind, spec),
                        per=_PER.get(key) or PER[quantity.mark],
                        cash_lag=spec.cash_lag.value,
                        source=quantity.source or spec.source or "",
                    )

    def _staff(self) -> Iterator[StaffCost]:
        for place, (name, group) in enumerate(sorted(self.book.file.workforce.items())):
            pay = group.pay
            if pay is None:
                continue
            for key, kind in (("cost", "staff"), ("agency", "agency")):
                quantity = getattr(pay, key)
                if quantity is not None:
                    yield StaffCost(
                        group=name,
                        label=group.label or name,
                        employer=pay.employer,
                        place=place,
                        kind=kind,  # type: ignore[arg-type]
                        price=self.prices.price(quantity, prices.BY_YEAR, pay),
                        source=quantity.source or pay.source or "",
                    )

    def _buildings(self) -> Iterator[BuildingCost]:
        for name in self.book.settings:
            for opening in self.book.file.settings[name].openings:
                if opening.spending is None:
                    continue
                decided = float(self.book.day(opening.decided))
                first = decided + opening.lead_time.value
                for kind in _OF_OPENINGS:
                    quantity = getattr(opening.spending, kind)
                    if quantity is None:
                        continue
                    yield BuildingCost(
                        setting=name,
                        kind=kind,
                        price=self.prices.price(quantity, prices.SUM, opening.spending),
                        payers=shares(opening.spending.paid_by),
                        decided=decided,
                        phases=tuple(
                            first + number * opening.every.value for number in range(opening.phases)
                        ),
                        slippage=self.prices.number(opening.slippage, amounts.TIME),
                        source=quantity.source or opening.spending.source or "",
                    )

    def _programmes(self) -> Iterator[ProgrammeCost]:
        for name in self.names:
            spec: Spec = self.book.file.interventions[name]
            cost = spec.cost
            if cost is None:
                continue
            allowed = cost.strength is not None and self.book.file.run.optimism
            for key, kind, measure in (
                ("setup", "setup", prices.SUM),
                ("capital", "capital", prices.SUM),
                ("per_year", "running", prices.BY_YEAR),
                ("per_person_reached", "per_person", prices.SUM),
            ):
                quantity = getattr(cost, key)
                if quantity is None:
                    continue
                yield ProgrammeCost(
                    intervention=name,
                    label=spec.label or name,
                    kind=kind,  # type: ignore[arg-type]
                    price=self.prices.price(quantity, measure, cost),
                    payers=shares(cost.paid_by),
                    payee=cost.paid_to or SUPPLIERS,
                    decided=self._decided(spec),
                    ramp=self.ramps[name],
                    lead=self._lead(spec),
                    reached=tuple(self._reached(spec)) if kind == "per_person" else (),
                    allowance=correction(cost.strength) if allowed else 0.0,
                    source=quantity.source or cost.source or "",
                )

    def _decided(self, spec: Spec) -> float:
        assert spec.start is not None
        return float(self.book.day(spec.start))

    def _lead(self, spec: Spec) -> Drawn:
        return self.prices.number(spec.lead_time, amounts.TIME)

    def _reached(self, spec: Spec) -> Iterator[Reached]:
        """Give the people reached, by setting and cohort: the widest reach of any effect."""
        widest: dict[tuple[str, str], Quantity] = {}
        for effect in spec.effects:
            cohorts = self.book.cohorts if effect.cohorts is None else effect.cohorts
            for one in effect.on:
                for cohort in cohorts:
                    for setting in self._concerned(one.path, one.names, cohort):
                        reach: Quantity = self.book.at(cast(Any, effect.reach), cohort)
                        known = widest.get((setting, cohort))
                        if known is None or reach.value > known.value:
                            widest[setting, cohort] = reach
        for (setting, cohort), reach in sorted(widest.items()):
            if not self.book.is_elsewhere(cohort, setting):
                yield Reached(setting, cohort, self.prices.number(reach, kinds.SHARE))

    def _concerned(self, path: str, names: tuple[str, ...], cohort: str) -> set[str]:
        """Return the settings whose people an input is about."""
        if path.startswith("settings."):
            return {names[0]}
        if not path.startswith("arrivals."):
            return set()
        who = self.book.cohorts.index(cohort)
        return {
            self.book.settings[arrival.to]
            for arrival in self.arrivals
            if arrival.name == names[0] and arrival.cohort == who and arrival.displaced_from < 0
        }

    def _changes(self) -> Iterator[PriceChange]:
        for name in self.names:
            spec: Spec = self.book.file.interventions[name]
            for effect in spec.effects:
                if effect.on[0].field != "price":
                    continue
                strength = effect.strength if effect.strength is not None else spec.strength
                corrected = strength is not None and self.book.file.run.optimism
                for one in effect.on:
                    yield PriceChange(
                        intervention=name,
                        of=one.path,
                        amount=self.prices.number(cast(Any, effect.change), amounts.CHANGE),
                        reach=self.prices.number(cast(Any, effect.reach), kinds.SHARE),
                        discount=correction(strength) if strength and corrected else 0.0,
                        decided=self._decided(spec),
                        ramp=self.ramps[name],
                        lead=self._lead(spec),
                    )

    def _corrections(self) -> Iterator[Correction]:
        for name in self.names:
            spec: Spec = self.book.file.interventions[name]
            for effect in spec.effects:
                grade = effect.strength if effect.strength is not None else spec.strength
                if grade is not None:
                    share = correction(grade) if self.book.file.run.optimism else 0.0
                    yield from (Correction(name, one.path, grade, share) for one in effect.on)

    def _residents(self) -> Iterator[Residents]:
        for name in self.book.cohorts:
            spec = self.book.file.cohorts[name].population
            if spec is None:
                continue
            line: Timeline = self.book.timeline(cast(Any, spec.people), linear=True)
            growth = self.book.at(spec.growth, name)
            yield Residents(
                name, tuple(line.days.tolist()), tuple(line.values.tolist()), growth.value
            )
