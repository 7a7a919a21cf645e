"""The part of the catalogue about fitting inputs to observed figures.

Importing this module adds its codes to `caresim.scenario.codes.CODES`.
"""

from caresim.scenario.codes import add

add(
    "C446",
    "input that cannot be fitted",
    why="only an input with an interval has something to learn from figures",
    hint="give an interval: `settings.acute.stay.mean: {low: 5 days, high: 9 days, level: 90%}`",
    explanation=(
        "An entry of `inputs` under `calibration` names an input by its path, or a draw by its "
        "name. With an interval, that interval takes the place of what the file says; with "
        "`stated`, the file itself must give an interval there. What may be uncertain is listed "
        "in the specification of values."
    ),
)
add(
    "C447",
    "prior that is no interval",
    why="a fit starts from what is believed before: an interval for each input",
    hint="write `{low: 4 days, high: 6 days, level: 90%}`, or `stated` for the file's own",
    explanation=(
        "Each entry of `inputs` under `calibration` is an interval with `low` and `high` in the "
        "unit of that input, or the word `stated` for the interval that the file gives there. A "
        "single number leaves nothing to fit; set it in the scenario itself."
    ),
)
add(
    "C448",
    "measure that is not known",
    why="an observed series is compared with the same measure of the simulated people",
    hint="see the observations and indicators in docs/reference",
    explanation=(
        "`measure` of an observed series names an indicator of the run, with its setting after a "
        "dot where it has one (`occupied.acute`), or a published measure such as "
        "`no_criteria_to_reside`. Without `measure` the name of the series is taken for it."
    ),
)
add(
    "C449",
    "date of the fit outside the run",
    why="what is not simulated cannot be compared with figures",
    hint="move the date, or `start_date` or `duration` of the run",
    explanation=(
        "`fit_from`, `fit_to` and `hold_out_from` lie within the run. To fit figures from before "
        "the start of the scenario, let it start earlier: `start_date` and `duration` may be set "
        "for one command with `--set`."
    ),
)
add(
    "C607",
    "dates of observed figures that overlap",
    why="each day belongs to one figure of a series at most",
    hint="keep one row for each date, or say what figures are of: `period: month`",
    explanation=(
        "Two rows of the CSV file have the same date, or are nearer to each other than the "
        "period that a figure is of. The message gives the line. Gaps are allowed, and rows may "
        "be in any order. If figures are of months but dated in another way, write "
        "`period: month` in the series."
    ),
)
add(
    "C608",
    "no figure to fit",
    why="nothing can be learnt from a series without figures",
    hint="check the column, and what stands for missing figures",
    explanation=(
        "Every cell of the column is blank or marked as missing, or none of its dates lies in "
        "the days that are fitted. Blank cells, `*`, `-` and `n/a` count as missing and never as "
        "zero."
    ),
)
