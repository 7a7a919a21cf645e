"""Where everything is in a packed slow side: positions in :attr:`.plan.Coupling.at`.

The names are those of the parts in :mod:`.plan`: ``TERMS_OWNER`` is where ``Terms.owner`` begins
among the integers. Sections of tables (``LEVERS_``, ``PARAMS_``, ``STATE_``) and sizes (``N_``) are
given as they are.
"""

(
    N_ARRIVALS,
    N_DOUBLE,
    N_FEEDBACKS,
    N_FOLLOWING,
    N_GROUP_BOUNDS,
    N_INTERVENTIONS,
    N_MIXTURES,
    N_NUMBERS,
    N_PEOPLE,
    N_PHASES,
    N_PLACES_TAKEN,
    N_SETTINGS,
    N_STAFF,
    N_STAFF_TAKEN,
    N_STOCKS,
    N_TALLIES,
    N_TERMS,
    N_TRANSITIONS,
) = range(18)
"""Sizes, see :func:`.pack.sizes`."""

(
    CHANGES,
    GROUPS,
    GROUP_ROUTES,
    INTERVAL,
    PLACES_CHANGE,
    ROUTE_NUMBER,
    STOCKS,
    TALLIES,
) = range(18, 26)
"""Parts of their own, see :class:`.plan.Parts`."""

(
    LEVERS_ARRIVAL,
    LEVERS_PACE,
    LEVERS_ROUTE_SHARE,
    LEVERS_STEP_TIME,
    LEVERS_STEP_SHARE,
    LEVERS_WAITING_HAZARD,
    LEVERS_DELAYED_HAZARD,
    LEVERS_CAPACITY,
    LEVERS_N_ROWS,
) = range(26, 35)
"""See :class:`.plan.Levers`."""

(
    PARAMS_LEVER,
    PARAMS_RATE,
    PARAMS_AMOUNT,
    PARAMS_START,
    PARAMS_SLIPPAGE,
    PARAMS_CAPACITY_FACTOR,
    PARAMS_ARRIVALS_PER_DAY,
    PARAMS_PEOPLE,
    PARAMS_N_ROWS,
) = range(35, 44)
"""See :class:`.plan.Params`."""

(
    STATE_SEEN,
    STATE_SIGNAL,
    STATE_ANSWER,
    STATE_STRENGTH,
    STATE_CHANGE,
    STATE_FACTOR,
    STATE_EXTRA,
    STATE_HELD,
    STATE_VALUE,
    STATE_RATE,
    STATE_IN_POST,
    STATE_IN_TRAINING,
    STATE_VACANCIES,
    STATE_AT_WORK,
    STATE_PEOPLE,
    STATE_MIXTURE,
    STATE_BUILT,
    STATE_USABLE,
    STATE_DOUBLE,
    STATE_DIED_AT_HOME,
    STATE_JOINED,
    STATE_MOVED_AWAY,
    STATE_MIGRATED,
    STATE_INTEGRAL,
    STATE_N_ROWS,
) = range(44, 69)
"""See :class:`.plan.State`."""

(
    TIMELINES_FIRST,
    TIMELINES_DAYS,
    TIMELINES_VALUES,
    TIMELINES_LINEAR,
) = range(69, 73)
"""See :class:`.plan.Timelines`."""

(
    NUMBERS_LEVER,
    NUMBERS_RATE,
    NUMBERS_ARRIVAL,
    NUMBERS_LOW,
    NUMBERS_HIGH,
) = range(73, 78)
"""See :class:`.plan.Numbers`."""

(
    TERMS_FIRST,
    TERMS_FOLLOWS,
    TERMS_OWNER,
    TERMS_RELATIVE,
    TERMS_PER,
    TERMS_MOST,
    TERMS_DISPLACED_TO,
    TERMS_DISPLACED_SHARE,
) = range(78, 86)
"""See :class:`.plan.Terms`."""

(
    INTERVENTIONS_SHAPE,
    INTERVENTIONS_OVER,
    INTERVENTIONS_END,
    INTERVENTIONS_FADE_FROM,
    INTERVENTIONS_FADE_OVER,
    INTERVENTIONS_FADE_TO,
    INTERVENTIONS_STAFF,
    INTERVENTIONS_FULL_TIME,
    INTERVENTIONS_PLACES,
    INTERVENTIONS_PLACES_TAKEN,
) = range(86, 96)
"""See :class:`.plan.Interventions`."""

(
    FEEDBACKS_OF,
    FEEDBACKS_AT,
    FEEDBACKS_ABOVE,
    FEEDBACKS_SMOOTHING_DAYS,
    FEEDBACKS_MEASURES,
    FEEDBACKS_FIRST,
    FEEDBACKS_LAST,
    FEEDBACKS_ENTRY_MEASURES,
    FEEDBACKS_ENTRY_WEIGHTS,
    FEEDBACKS_PER_DAY,
) = range(96, 106)
"""See :class:`.plan.Feedbacks`."""

(
    MIXTURES_ORIGIN,
    MIXTURES_SETTING,
    MIXTURES_COHORT,
    MIXTURES_ROUTE,
    MIXTURES_RELATIVE,
    MIXTURES_AMOUNT,
    MIXTURES_ABOVE,
    MIXTURES_PER,
    MIXTURES_MOST,
    MIXTURES_MEASURES,
) = range(106, 116)
"""See :class:`.plan.Mixtures`."""

(
    STAFFING_IN_POST,
    STAFFING_TRAINING_DAYS,
    STAFFING_FILLS,
    STAFFING_DEPLOYMENT,
    STAFFING_FIRST,
    STAFFING_SETTING,
    STAFFING_NEEDED,
    STAFFING_SHARE,
) = range(116, 124)
"""See :class:`.plan.Staffing`."""

(
    PHASES_SETTING,
    PHASES_PLACES,
    PHASES_DAY,
    PHASES_OPENING,
    PHASES_DOUBLE_SETTING,
    PHASES_DOUBLE_PLACES,
    PHASES_DOUBLE_FROM,
    PHASES_DOUBLE_TO,
    PHASES_DOUBLE_OPENING,
) = range(124, 133)
"""See :class:`.plan.Phases`."""

(
    PEOPLE_MEASURES,
    PEOPLE_JOINS,
    PEOPLE_LEAVES,
    PEOPLE_FROM,
    PEOPLE_TO,
    PEOPLE_TIMELINE,
    PEOPLE_OF_ARRIVAL,
    PEOPLE_RATE_POPULATION,
) = range(133, 141)
"""See :class:`.plan.People`."""

NAMES = tuple(name for name in globals() if name.isupper())
"""All names, in order."""
