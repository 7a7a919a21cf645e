"""The STRESS checklist, filled in with what the run did.

T. Monks, C. S. M. Currie, B. S. Onggo, S. Robinson, M. Kunc and S. J. E. Taylor, Strengthening
the reporting of empirical simulation studies: introducing the STRESS guidelines, Journal of
Simulation 13 (2019), 55-67, doi:10.1080/17477778.2018.1442155. The items are those of discrete
event simulation and system dynamics together. What only the authors of a study know is said to be
theirs to write.
"""

from __future__ import annotations

from collections.abc import Callable

from caresim.report.document import Column, Section, Table, words
from caresim.report.source import Source
from caresim.results.columns import number
from caresim.results.steadiness import verdict

AUTHORS = "For the authors to write: the scenario does not say."


def section(source: Source) -> Section:
    """Return the checklist."""
    rows = tuple((number_, name, fill(source)) for number_, name, fill in ITEMS)
    table = Table(
        "stress",
        "What the guidelines ask for, and what this run did",
        (Column("item"), Column("what it asks for"), Column("this run")),
        rows,
        "Monks and others (2019), doi:10.1080/17477778.2018.1442155.",
        folded=True,
    )
    said = "Filled in from the scenario, the model and the manifest of the run."
    return Section("stress", "STRESS checklist", (words(said), table))


def _purpose(source: Source) -> str:
    return str(source.scenario.get("description") or AUTHORS)


def _outputs(source: Source) -> str:
    found = source.base.indicators()
    names = dict.fromkeys(name.partition(".")[0].replace("_", " ") for name in found)
    return f"{len(found)} indicators over the run and each year: {', '.join(names)}."


def _aims(source: Source) -> str:
    return "Options compared: " + "; ".join(source.label(o) for o in source.options) + "."


def _diagram(source: Source) -> str:
    labels = source.base.labels.settings
    settings = ", ".join(f"{s.label} ({s.kind.replace('_', ' ')})" for s in labels)
    return f"Settings: {settings}. Flows between them are drawn under Who moves where."


def _logic(source: Source) -> str:
    labels = source.base.labels
    parts = [
        "People arrive, wait for a place, stay, are ready to leave, and keep their place until "
        "what they need next is arranged and free."
    ]
    if labels.feedbacks:
        parts.append(f"Feedbacks: {', '.join(labels.feedbacks)}.")
    if labels.interventions:
        parts.append(f"Interventions: {', '.join(labels.interventions)}.")
    return " ".join(parts)


def _scenarios(source: Source) -> str:
    return (
        "Options are the same model with the changes that the register of assumptions lists, and "
        "meet the same draws (common random numbers)."
    )


def _algorithms(source: Source) -> str:
    notes = dict.fromkeys(note for option in source.options for note in option.notes)
    kind = {
        "flow": "Mean numbers of people, by differential equations with delays.",
        "event": "Every person, event by event.",
        "simpy": "Every person, event by event, as processes.",
    }[source.base.engine]
    return " ".join([kind, *notes])


def _components(source: Source) -> str:
    labels = source.base.labels
    staff = f" Staff groups: {', '.join(labels.staff)}." if labels.staff else ""
    return (
        f"Cohorts: {', '.join(labels.cohorts)}. {len(labels.settings)} settings with their places "
        f"and queues.{staff} Arrivals: {', '.join(source.scenario.get('arrivals', {})) or 'none'}."
    )


def _data(source: Source) -> str:
    n = len(source.sources)
    if not n:
        return "The scenario names no sources."
    return f"{n} source{'s' * (n != 1)}, listed in the register of assumptions with their status."


def _preprocessing(source: Source) -> str:
    notes = sum(1 for s in source.sources.values() if s.get("status") == "derived")
    if not notes:
        return "No source is marked as derived."
    return f"{notes} sources are derived from published data; the notes of inputs say how."


def _parameters(source: Source) -> str:
    uncertain = source.base.labels.inputs
    if not uncertain:
        return "All inputs are in the register of assumptions; none is uncertain."
    return f"In the register of assumptions. Uncertain, with intervals: {', '.join(uncertain)}."


def _assumptions(source: Source) -> str:
    weak = source.unverified_line()
    return " ".join(["The register of assumptions lists them.", *weak])


def _start(source: Source) -> str:
    given = source.scenario.get("initial")
    said = "as the scenario states (`initial`)" if given else "empty"
    first = source.base.labels.start_date.isoformat()
    return f"The first day is {first}; settings start {said}. {verdict(source.base)}"


def _length(source: Source) -> str:
    labels = source.base.labels
    return f"{number(labels.days)} days; saved at {source.base.times.size} times."


def _estimation(source: Source) -> str:
    members = source.base.members
    return (
        f"{members:,} member{'s' * (members != 1)}, each a draw of all uncertain inputs"
        + (" and of chance" if source.base.engine != "flow" else "")
        + "; options are paired member by member."
    )


def _software(source: Source) -> str:
    return ", ".join(f"{name} {said}" for name, said in source.manifest.versions.items()) + "."


def _sampling(source: Source) -> str:
    return (
        f"Random numbers are a function of the seed ({source.manifest.seed}), the member and what "
        "they are for, so that all options meet the same, however many threads are used."
    )


def _execution(source: Source) -> str:
    manifest = source.manifest
    if manifest.engine != "flow":
        return "In order of time; simultaneous events in the order that the specification states."
    steps = f"{manifest.steps_per_day} a day" if manifest.steps_per_day else "chosen by the engine"
    return f"Method {manifest.method}, steps {steps}; the audit checks that they are short enough."


def _system(source: Source) -> str:
    system = source.manifest.system
    machine = ", ".join(f"{key.replace('_', ' ')} {said}" for key, said in system.items())
    return f"{machine}; the run took {source.manifest.elapsed_seconds:.1f} seconds."


def _sharing(source: Source) -> str:
    return (
        "caresim is open source (MIT). The scenario with all defaults is in the manifest of the "
        f"run, SHA-256 {source.manifest.scenario_hash}. Where it is published: {AUTHORS.lower()}"
    )


ITEMS: tuple[tuple[str, str, Callable[[Source], str]], ...] = (
    ("1.1", "Purpose of the model", _purpose),
    ("1.2", "Model outputs", _outputs),
    ("1.3", "Aims of experimentation", _aims),
    ("2.1", "Base model overview diagram", _diagram),
    ("2.2", "Base model logic", _logic),
    ("2.3", "Scenario logic", _scenarios),
    ("2.4", "Algorithms", _algorithms),
    ("2.5", "Components: entities, activities, resources, queues, entry and exit", _components),
    ("3.1", "Data sources", _data),
    ("3.2", "Pre-processing", _preprocessing),
    ("3.3", "Input parameters", _parameters),
    ("3.4", "Assumptions", _assumptions),
    ("4.1", "Initialisation", _start),
    ("4.2", "Run length", _length),
    ("4.3", "Estimation approach", _estimation),
    ("5.1", "Software or programming language", _software),
    ("5.2", "Random sampling", _sampling),
    ("5.3", "Model execution", _execution),
    ("5.4", "System specification", _system),
    ("6.1", "Computer model sharing statement", _sharing),
)
"""Number, name and how it is filled in."""
