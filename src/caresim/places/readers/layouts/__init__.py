"""The kinds of file that can be read, a module for each."""

from __future__ import annotations

from caresim.places.readers.layouts import (
    acute_discharge,
    admitted_care,
    bed_availability,
    community,
    delayed_transfers,
    discharge_ready_date,
    emergency,
    own,
    population,
    queue_model,
)
from caresim.places.readers.layouts.kind import Kind

KINDS: tuple[Kind, ...] = (
    delayed_transfers.KIND,
    acute_discharge.KIND,
    discharge_ready_date.KIND,
    bed_availability.KIND,
    emergency.KIND,
    admitted_care.KIND,
    population.ESTIMATES,
    population.PROJECTIONS,
    community.BEDS,
    community.URGENT,
    queue_model.KIND,
    own.KIND,
)
"""Every kind; where a file fits several equally well, it is taken for the first."""

__all__ = ["KINDS", "Kind"]
