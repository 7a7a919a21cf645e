"""The part of the catalogue about what changes while the model runs.

Interventions, feedbacks, staff, openings, population and budgets. Importing this module adds its
codes to `caresim.scenario.codes.CODES`.
"""

from caresim.scenario.codes import add

# --- C2 and C3: structure and values -------------------------------------------------------

add(
    "C323",
    "not an input that can be changed",
    why="only some inputs may change while the model runs",
    hint="list them with `caresim explain interventions.NAME.effects[].on`",
    explanation=(
        "`on` in an effect names an input by its path, such as `settings.acute.stay` or "
        "`arrivals.emergency.rate`. What may change: rates of arrivals, stays, capacities, shares "
        "of routes, times of arrangement and who needs them, rates of leaving a delay or a wait, "
        "the leavers, recruitment, sickness and posts of a staff group, deaths at home and moves "
        "between cohorts. Anything else is set in an option under `set`."
    ),
)
add(
    "C324",
    "change not settled",
    why="a change is one relative change, one difference or one value",
    hint="write `change: -10%`, or `by: -4.5 hours`, or `to: 2 days`",
    explanation=(
        "An effect says by how much its input changes in exactly one way: `change` for a relative "
        "change, `by` for a difference, `to` for the value that is reached; a feedback has no "
        "`to`. Several inputs under one `on` must be measured in the same unit. People are "
        "`displaced` only from arrivals. An intervention with `evidence` may name an `outcome` "
        "in place of a number."
    ),
)
add(
    "C325",
    "signal not settled",
    why="a feedback answers one signal, in the unit of that signal",
    hint="write `signal: {occupancy: acute, above: 92%}` and `per: 1%`",
    explanation=(
        "A feedback observes one thing: `occupancy`, `unmet`, `vacancies` and `workload` are "
        "shares, `delayed` and `waiting` count people, `delay_days` are days and `underspend` is "
        "money by time. `above` and `per` are written in the same unit as the signal. Where days "
        "of delay are observed, only the stay and the routes of the next setting can answer, "
        "because each person answers with their own days."
    ),
)
add(
    "C326",
    "deployment not settled",
    why="it must be clear where staff go first",
    hint="name every setting of `runs` once",
    explanation=(
        "`deployment` is `shared`, or a list of all the settings that the group `runs`, the first "
        "served first, or fixed shares for each of them."
    ),
)
add(
    "C327",
    "move from a cohort to itself",
    why="nothing would change",
    hint="correct `from` or `to`",
    explanation="People who change cohort leave one and join another: the two names must differ.",
)
add(
    "C328",
    "change that is for nobody in particular",
    why="this input is one number for all people",
    hint="leave `cohorts` and `localities` out, and write one value",
    explanation=(
        "Capacities, staff and moves between cohorts have no cohort: a change of them cannot be "
        "for some cohorts only, nor differ between cohorts. It may be for some localities only "
        "where the setting is `local`."
    ),
)
add(
    "C329",
    "population that cannot be a stock",
    why="stocks start from a count and then follow what happens to people",
    hint="write `population: 60000` for every cohort, without growth and dates",
    explanation=(
        "With a `population` block every cohort's people are a stock that starts from its "
        "`population`, which is therefore one certain count. Growth comes from `joins`, `moves`, "
        "`deaths` and `leaves`; a table of dates is given as `projection`."
    ),
)
add(
    "C330",
    "ages that are no bands",
    why="people who grow older must know which cohort is next",
    hint="give every cohort `ages` that do not overlap with others of the same `need`",
    explanation=(
        "With `ageing: bands` people at home move from each cohort to the one whose ages come "
        "next, among cohorts of the same `need` and locality. That is only clear if every cohort "
        "has `ages` and no two of the same need overlap."
    ),
)

# --- C4: references ------------------------------------------------------------------------

add(
    "C418",
    "no such input",
    why="a change of what is not there would do nothing",
    hint="correct the path",
    explanation=(
        "`on` names an input that this scenario does not have: an unknown arrival, setting, route, "
        "reason of arrangement, destination, staff group or move. The message gives the nearest "
        "one that it has."
    ),
)
