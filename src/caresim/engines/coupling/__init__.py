"""What changes the numbers of a model while it runs, in one place for all engines.

The slow side: interventions, feedbacks, staff, openings, population and budgets. It meets the fast
side (stocks or people in settings) at exchanges (:mod:`.tick`); see docs/explanation/coupling.md.
"""

from caresim.engines.coupling.delay import after_delay, shifted_share, shifts
from caresim.engines.coupling.layout import CouplingLayout, coupling_layout
from caresim.engines.coupling.people import scratch
from caresim.engines.coupling.plan import Coupling, Levers, Measure, Params, Parts, State
from caresim.engines.coupling.prepare import prepare
from caresim.engines.coupling.record import record
from caresim.engines.coupling.tick import begin, hand_over, reset, tick

__all__ = [
    "Coupling",
    "CouplingLayout",
    "Levers",
    "Measure",
    "Params",
    "Parts",
    "State",
    "after_delay",
    "begin",
    "coupling_layout",
    "hand_over",
    "prepare",
    "record",
    "reset",
    "scratch",
    "shifted_share",
    "shifts",
    "tick",
]
