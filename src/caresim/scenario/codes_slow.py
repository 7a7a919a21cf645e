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
        "served first, or fixed shares for each of them. Here a setting is missing, is named "
        "twice, or is not one that the group runs."
    ),
)
add(
    "C327",
    "move from a cohort to itself",
    why="nothing would change",
    hint="correct `from` or `to`",
    explanation=(
        "People who change cohort leave one and join another. Here both names are the same, so "
        "that nobody would move. Correct one of them, or delete the move."
    ),
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
add(
    "C331",
    "opening that replaces itself",
    why="what opens and what closes would be the same places",
    hint="name the setting whose places close, or leave `replaces` out",
    explanation=(
        "`replaces` closes places of another setting as new ones open. Here it names the setting "
        "that opens them. Where a setting both gains and loses places, write `openings` and "
        "`closings`, each with its own dates."
    ),
)
add(
    "C332",
    "difference in another unit than its input",
    why="this arrival does not say of how many people it is",
    hint="write people by time, such as `by: 2 per day`, or give the arrival a rate per person",
    explanation=(
        "A difference, or a value to be reached, is written per person (`5 per 1000 per year`), "
        "and the arrival it is of is written in people by time; or recruitment is a number of "
        "people in one place and a share of vacancies in the other. Write both alike. A relative "
        "`change` suits either."
    ),
)
add(
    "C333",
    "change for people who do not come",
    why="the effect would be for nobody",
    hint="correct `cohorts`, or leave it out",
    explanation=(
        "`cohorts` of an effect names people of whom nobody comes by this arrival, which is of "
        "other cohorts only. The effect would do nothing for them. Name the cohorts of the "
        "arrival, or let these people come too: the arrival may list several under `cohort`."
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
add(
    "C419",
    "no such intervention",
    why="an option can only do what the scenario describes",
    hint="describe it under `interventions`, or correct the name",
    explanation=(
        "`interventions` of an option lists names of the block `interventions`. The name here is "
        "not among them: it is misspelt, or the intervention stands in a file that is not "
        "imported."
    ),
)
add(
    "C420",
    "no such staff group",
    why="staff are taken from, or observed in, a group under `workforce`",
    hint="describe it under `workforce`, or correct the name",
    explanation=(
        "An intervention takes staff from a group, or a feedback observes its vacancies or "
        "workload, but `workforce` has no group of that name. Add the group, with its posts, or "
        "leave the line out."
    ),
)
add(
    "C421",
    "no such budget",
    why="an underspend is of a budget under `budgets`",
    hint="describe it under `budgets`, or correct the name",
    explanation=(
        "A feedback observes the underspend of a budget that is not among `budgets`. Add the "
        "budget with its amount and the prices it pays, or correct the name."
    ),
)
add(
    "C422",
    "no such evidence",
    why="the amount was left to the library of evidence, which has none like this",
    hint="see `caresim evidence`, or write the amount: `change: -10%`",
    explanation=(
        "`evidence` names an entry of the library that comes with caresim, and `outcome` one of "
        "the effects of that entry. The library has no such entry, no effect of it on that "
        "outcome, or one in a unit that this input cannot take. The message says what there is. "
        "You may always write the amount yourself, with its `source`."
    ),
)

# --- C5: dates -------------------------------------------------------------------------------

add(
    "C508",
    "start after the end of the run",
    why="nothing of it would be seen",
    hint="correct the date, make the run longer, or leave the intervention out",
    explanation=(
        "The intervention is decided on or after the day on which the run ends, so that it never "
        "does anything. Perhaps the year is wrong, or the run is too short for what is planned."
    ),
)
add(
    "C509",
    "places that open or close before the start",
    why="what has happened before the start belongs in the capacity",
    hint="count these places in `capacity`, or correct the dates",
    explanation=(
        "The first phase of an opening or closing comes before the first day of the run: the "
        "decision and its lead time lie too far back. Places that are open at the start are part "
        "of `capacity`; list only phases that are still to come."
    ),
)
