"""What all kinds of file have: a name, a publisher, layouts, and sums that must hold."""

from __future__ import annotations

from dataclasses import dataclass

from caresim.places.readers.checks import Sum
from caresim.places.readers.layout import Layout


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes
    ----------
    id
        Its name.
    title
        Title of the publication.
    publisher
        Who publishes it.
    page
        Where it is published.
    layouts
        The forms it is published in.
    measures
        Measures that it gives.
    scope
        Who is counted, in words.
    sums
        Totals that must be the sum of their parts.
    not_more
        Pairs of a part and the whole that it cannot exceed.
    """

    id: str
    title: str
    publisher: str
    page: str
    layouts: tuple[Layout, ...]
    measures: tuple[str, ...]
    scope: str
    sums: tuple[Sum, ...] = ()
    not_more: tuple[tuple[str, str], ...] = ()


NHS_ENGLAND = "NHS England"
STATISTICS = "https://www.england.nhs.uk/statistics/statistical-work-areas/"
