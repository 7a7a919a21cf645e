"""The kinds of single value that fields of the file have: durations, shares, counts and others."""

from __future__ import annotations

from typing import Annotated

from caresim.scenario.schema import kinds
from caresim.scenario.schema.leaf import Leaf, LeafValue
from caresim.scenario.values import Quantity

LEAF_KINDS = (
    kinds.NUMBER,
    kinds.COUNT,
    kinds.PLACES,
    kinds.POPULATION,
    kinds.DURATION,
    kinds.MAX_WAIT,
    kinds.RATE,
    kinds.SHARE,
    kinds.ROUTE_SHARE,
    kinds.HAZARD,
    kinds.GROWTH,
    kinds.FIGURE,
)
"""Every kind of single value."""

Count = Annotated[LeafValue, Leaf(kinds.COUNT, by=("locality",))]
PlainCount = Annotated[Quantity, Leaf(kinds.COUNT, by=())]
CountByCohort = Annotated[LeafValue, Leaf(kinds.COUNT)]
Duration = Annotated[LeafValue, Leaf(kinds.DURATION)]
UncertainDuration = Annotated[LeafValue, Leaf(kinds.DURATION, uncertain=True)]
PlainDuration = Annotated[Quantity, Leaf(kinds.DURATION, by=())]
Share = Annotated[LeafValue, Leaf(kinds.SHARE)]
UncertainShare = Annotated[LeafValue, Leaf(kinds.SHARE, uncertain=True)]
RouteShare = Annotated[LeafValue, Leaf(kinds.ROUTE_SHARE, uncertain=True)]
PlainShare = Annotated[Quantity, Leaf(kinds.SHARE, by=())]
Hazard = Annotated[LeafValue, Leaf(kinds.HAZARD, uncertain=True)]
Growth = Annotated[LeafValue, Leaf(kinds.GROWTH, uncertain=True)]
Number = Annotated[LeafValue, Leaf(kinds.NUMBER)]
PlainFigure = Annotated[Quantity, Leaf(kinds.FIGURE, by=())]
PlainNumber = Annotated[Quantity, Leaf(kinds.NUMBER, by=())]
