"""Write the reference pages that follow from the code: results and command line.

Run ``python docs/generate.py`` after a change of variables, indicators or commands; a test fails
if the pages differ from what this writes.
"""

from __future__ import annotations

from pathlib import Path

import click

from caresim.cli.app import COMMANDS, app
from caresim.engines.output import VARIABLES
from caresim.evidence import entries, tables, words
from caresim.indicators import INDICATORS
from caresim.places import readers
from caresim.places.boards import page as places
from caresim.places.observation import OBSERVATIONS
from caresim.places.readers.breaks import BREAKS
from caresim.places.readers.measures import MEASURES
from caresim.places.readers.reading import COLUMNS
from caresim.scenario.codes import CODES

REFERENCE = Path(__file__).parent / "reference"

RESULTS = """\
# The results of a run

This page is written by `docs/generate.py`; edit that.

## The run folder

`caresim run` saves to a new folder, `runs/NAME-TIME` unless `-o` names one. No run is ever overwritten, and a run that is interrupted leaves nothing.

| file | what it holds |
|---|---|
| `manifest.json` | how the results came about: the scenario in its explicit form (series included), hashes of all inputs, versions, machine, seed, command, times; the audit; the names along the dimensions of the arrays; the SHA-256 of `results.npz` |
| `results.npz` | every number, in NumPy's archive of arrays (a ZIP file of plain arrays: it needs no further package and keeps every bit) |
| `indicators.csv` | the indicators below, by option, over the whole run (`all`) and each year (`year_1`, ...) |
| `published.csv` | published figures beside simulated ones of the same dates, if the scenario has any |
| `summary.txt` | what was printed |

`caresim export RUN_FOLDER --to csv`, `parquet` or `netcdf` writes tables for other programs.

## Variables

`results.to_frame(NAME)` gives a variable as a tidy table, `results.to_dataset()` all of them as a labelled dataset. A **stock** is reported as its mean over each period between saved times, and under its name with `_at` as a snapshot at each saved time. A **count** is of each period. Every one has the dimensions option, member and time beside its own. Over time, the first 200 members are kept; means and indicators are of all members.

| variable | kind | dimensions | people or places that |
|---|---|---|---|
{variables}

## Indicators

Worked out within each member over a window of the run; then over members the `mean`, the 5th and 95th percentile (`p05`, `p95`) and the ends of the 95% confidence interval of the mean (`mean_low`, `mean_high`). Do not confuse the two. The percentiles are the spread between futures: nine members in ten fall between them, and more members do not bring them together. The interval says how sure the mean itself is, and narrows with the square root of the number of members; `caresim run --precision 5%` says how many it takes.

Lengths of waits, delays and stays are counted in bins at most 1.6% wide, so a quantile may be that far off; means of lengths and shares of 7, 14 and 21 days and more are exact. Among indicators they are of each member, then averaged as all are; `lengths` in the JSON, and the summary, have those of all members' people together. The flow engine has none. An indicator that does not apply (occupancy of unlimited capacity, say) is left out. A local setting has its indicators for each locality (`delayed.home_care@north`) and together (`delayed.home_care`).

| id | unit | meaning |
|---|---|---|
{indicators}

## JSON

`caresim run --json` prints `engine`, `members`, `seed`, `elapsed_seconds`, `manifest` (path), and `options`: for each option, over the whole run,

- `indicators`: from id to `mean`, `p05`, `p95`, `unit`, `mean_low`, `mean_high` (null with fewer than three members);
- `settings`: from name to `capacity` (places; null if unlimited), `mean_occupancy` (people who hold a place; the share of places is the indicator `occupancy.SETTING`), `mean_delayed`, `mean_waiting` (people outside), `admissions_per_day`, `mean_stay_days` (null if nobody is admitted);
- `delayed_by_reason`: from reason to mean number of people;
- `lengths` (event engines): for `wait`, `delay` and `stay` by setting and `delay_by_reason` by reason, the people of all members together: `count`, and in days `mean`, `p50`, `p95`; `share_7`, `share_14`, `share_21`, of that many days and more;
- `warm_up`: `verdict`, a sentence, and `settling`: for the people in, delayed in and waiting for each setting, `from_day` (from which the course looks steady; 0 if from the start, null if it still changes), `whole` and `rest`, the mean of the whole run and of what is left from then;
- `audit`: `passed`, and `checks` with `name`, `passed`, `worst`, `limit`, `meaning`.

## JSON of a comparison

`caresim compare --json` prints `base` (the option that others are set beside), `engine`, `members`, `seed`, `start_date`, `days`, `judged_by` (by which interval a difference is shown), `warnings` (how options were not run alike), `audit_passed`, `price_year` (null without money), `indicators` (from id to `unit`, `better`: lower, higher or null, and `ranking`: `option` and `rank`) and `options`. Null stands for what is undefined or infinite. Of each option:

- `label`, `mean` by indicator; `chance_best`, the share of members in which it is the best, and `expected_regret`, the mean of how much better the best of each member is, by indicator;
- `shift`, for each year: `care_days_outside_share` with `care_days_change` from doing nothing, `care_days_low_95` and `care_days_high_95`; `spend_outside_share` and `spend_change`;
- `differences` from doing nothing, by indicator: `difference`, `low_80`, `high_80`, `low_95`, `high_95` (of futures), `mean_low`, `mean_high` (95% interval of the mean), `chance_lower`, `chance_higher`, `finding` and `effect`;
- `shows_from`, by indicator: `date` and `way`, or null where the effect never shows for good;
- where there is money: `net_present_cost` and `payback_years` (`mean`, `low`, `median`, `high` of 95% of members), `by_payer` (for each account `present` and `by_year`, pounds more than in doing nothing), `plane` (`outcome`, `shares` of its four parts, `points`: net present cost and change of the outcome of each member), and `appraisal`, all of it;
- `plan`, where one is stated: for each month and indicator `planned`, `simulated`, `low_95`, `high_95`, `verdict`;
- `waterfall`, where the option was taken apart: by indicator `parts` with `label`, `difference`, `low_95`, `high_95`; `interaction` and `total`.

Beside the indicators above there are `cost_per_year` (all costs, whoever pays), `net_present_cost`, and `net_present_value` where outcomes have a value.
"""

COMMAND_LINE = """\
# The command line

This page is written by `docs/generate.py`; edit that.

Results go to standard output, everything else to standard error.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a bug in caresim; `--debug` shows where |
| 2 | wrong usage |
| 3 | invalid scenario; every problem is listed |
| 4 | the run failed: the audit found a breach, a repeated run differs, or a file could not be written |
| 5 | a stated threshold was missed |
| 130 | interrupted; nothing was saved |
"""


def results_page() -> str:
    """Return the page on results."""
    variables = "\n".join(
        f"| `{name}` | {v.kind} | {', '.join(v.dims) or 'none'} | {v.meaning} |"
        for name, v in VARIABLES.items()
    )
    indicators = "\n".join(
        f"| `{i.pattern.replace(', ', '`, `')}` | {i.unit} | {i.meaning} |"
        for i in INDICATORS.values()
    )
    return RESULTS.format(variables=variables, indicators=indicators)


EVIDENCE = """\
# The library of evidence

This page is written by `docs/generate.py` from the files in `src/caresim/evidence/entries`; edit those. [How to read it](../explanation/evidence.md) says how effects become distributions, how studies are combined and why benefits are discounted.

`caresim evidence` prints the list below, `caresim evidence ID` one entry in full, `--json` either as data. In Python:

```python
from caresim import evidence

effect = evidence.entry("case_management").effect("emergency_admissions")
effect.mean, effect.low, effect.high, effect.level, effect.shape  # a distribution of the change
effect.strength, effect.source, effect.status, effect.finding
effect.corrected().mean  # with part of every benefit left out, by strength
```

## Strength

{grades}

## Words

{meanings}

## What the library holds

```text
{listing}
```
"""


def evidence_page() -> str:
    """Return the page on the library of evidence."""
    return EVIDENCE.format(
        grades=tables.grades(), meanings=tables.meanings(), listing=words.listing(entries())
    )


def places_page() -> str:
    """Return the page on the boards of England."""
    template = REFERENCE.parent / "templates" / "places.md"
    return places.page(template.read_text(encoding="utf-8"))


def data_files_page() -> str:
    """Return the page on the data files that can be read."""
    kinds = "\n\n".join(
        f"### {k.title}\n\n`{k.id}`, {k.publisher}"
        + (f", <{k.page}>" if k.page else "")
        + f". {k.scope}\n\nLayouts: {'; '.join(layout.name for layout in k.layouts)}."
        + (f"\n\nMeasures: {', '.join(f'`{id}`' for id in k.measures)}." if k.measures else "")
        for k in readers.kinds()
    )
    observations = "\n\n".join(
        f"### `{o.id}`\n\nObserves `{o.measure}` in {o.unit}"
        + (f", as the indicator `{o.indicator}`" if o.indicator else "")
        + f". {o.approximation}\n\nAges: {o.scope.ages}. Beds: {o.scope.beds}. Trusts: "
        f"{o.scope.trusts}. Counted: {o.scope.counted}. Left out: {o.scope.excluded}. Since "
        f"{o.scope.since}" + (f", until {o.scope.until}." if o.scope.until else ".")
        for o in OBSERVATIONS.values()
    )
    template = REFERENCE.parent / "templates" / "data-files.md"
    return template.read_text(encoding="utf-8").format(
        kinds=kinds,
        columns="\n".join(f"| `{name}` | {held} |" for name, held in COLUMNS.items()),
        measures="\n".join(
            f"| `{m.id}` | {m.unit} | {m.meaning} | {m.parts} |" for m in MEASURES.values()
        ),
        breaks="\n".join(
            f"| {b.date} | {', '.join(f'`{id}`' for id in b.measures)} | {b.what} | {b.source} |"
            for b in BREAKS
        ),
        observations=observations,
        codes="\n".join(
            f"| {code.id} | {code.title} |" for id, code in sorted(CODES.items()) if id[0] == "R"
        ),
    )


def command_line_page() -> str:
    """Return the page on the command line."""
    parts = [COMMAND_LINE]
    context = click.Context(
        app,
        info_name="caresim",
        terminal_width=96,
        max_content_width=96,
        help_option_names=app.context_settings["help_option_names"],
    )
    for name in COMMANDS:
        command = app.get_command(context, name)
        assert command is not None
        own = click.Context(command, info_name=name, parent=context)
        parts.append(f"## caresim {name}\n\n```text\n{command.get_help(own)}\n```\n")
        if isinstance(command, click.Group):
            for sub, part in command.commands.items():
                said = part.get_help(click.Context(part, info_name=sub, parent=own))
                parts.append(f"### caresim {name} {sub}\n\n```text\n{said}\n```\n")
    return "\n".join(parts)


PAGES = {
    "results.md": results_page,
    "command-line.md": command_line_page,
    "data-files.md": data_files_page,
    "evidence.md": evidence_page,
    "places.md": places_page,
}
"""The pages by file name."""


if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
