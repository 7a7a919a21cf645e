"""The part of the catalogue about the language itself: structure, references, series.

Importing this module adds its codes to `caresim.scenario.codes.CODES`.
"""

import caresim.scenario.codes_calibration
import caresim.scenario.codes_money
import caresim.scenario.codes_slow  # noqa: F401 - adds its codes too
from caresim.scenario.codes import add

# --- C0: files and imports ---------------------------------------------------------------

add(
    "C010",
    "import that leads out of the folder",
    why="a scenario only reads what lies in its own folder, so that it can be moved and trusted",
    hint="copy the file into the scenario's folder and give its path from there",
    explanation=(
        "A path after `import` or `csv` is absolute, climbs out with `..`, or follows a link out "
        "of the folder of the scenario that was opened. Paths are relative to the file they stand "
        "in and stay inside that folder. Files that come with caresim are named `library:NAME`."
    ),
)
add(
    "C011",
    "imports in a circle",
    why="no order of merging exists",
    hint="delete one of the imports of the circle",
    explanation=(
        "A file imports itself, perhaps through others. The message shows the circle. Put what "
        "both files need into a third file that imports neither."
    ),
)
add(
    "C012",
    "imports nested too deeply",
    why="imports may be nested at most 10 deep",
    hint="import the deeper files directly",
    explanation=(
        "A file imports a file that imports a file, more than 10 levels deep. Nobody can follow "
        "where a value comes from through so many files: import them side by side."
    ),
)
add(
    "C013",
    "no such library file",
    why="only files that come with caresim are named `library:`",
    hint="use one of the library files listed, or a path",
    explanation=(
        "`library:NAME` stands for a file that is installed with caresim. The message lists those "
        "that exist."
    ),
)

# --- C2: structure -----------------------------------------------------------------------

add(
    "C201",
    "unknown key",
    why="a key that is not read would have no effect, without a word",
    hint="correct its spelling or delete it",
    explanation=(
        "The key is not part of the language at this place. Perhaps it is misspelt, or stands "
        "one level too high or too low: check the indentation. The message names the nearest "
        "key, or all that may stand here."
    ),
)
add(
    "C202",
    "missing key",
    why="it has no default",
    hint="add it",
    explanation=(
        "Something that has no default is not given. The path in the message is of the block "
        "that lacks it."
    ),
)
add(
    "C203",
    "wrong kind of block",
    why="a block of keys, a list and a single value mean different things",
    hint="check the indentation, and the brackets",
    explanation=(
        "A block of keys stands where a list or a single value belongs, or the other way round. "
        "Blocks are written `{key: value}` or as indented lines `key: value`; lists are written "
        "`[a, b]` or as indented lines that begin with a hyphen."
    ),
)
add(
    "C204",
    "not one of the words allowed",
    why="only these words have a meaning here",
    hint="use one of them",
    explanation="The input takes one of a few words. The message lists them.",
)
add(
    "C205",
    "not text",
    why="this input is a name, a text or a date",
    hint="write text; put it in quotes if it looks like something else",
    explanation=(
        "A text is expected, but the value is `true` or `false`, a list or a block. Put words "
        "such as `true` in quotes if they are meant as text."
    ),
)
add(
    "C206",
    "not true or false",
    why="this input is switched on or off",
    hint="write `true` or `false`",
    explanation=(
        "Only `true` and `false` are accepted. `yes`, `no`, `on` and `off` are text in a scenario "
        "(YAML 1.2), and numbers are numbers."
    ),
)
add(
    "C207",
    "name that cannot be used",
    why="names are used in paths, tables and file names",
    hint="use small letters, digits and underscores, beginning with a letter",
    explanation=(
        "Names of cohorts, localities, settings, arrivals, routes, reasons, sources and options "
        "are made of small letters, digits and underscores, begin with a letter and have at most "
        "60 characters. Use `label` for the text that people read. `NAME@LOCALITY` belongs to the "
        "explicit form."
    ),
)
add(
    "C208",
    "key reserved for later versions",
    why="this version of caresim cannot do it yet, and ignoring it would mislead",
    hint="delete it",
    explanation=(
        "`study` will have a meaning in later versions of the language: designs of many runs. "
        "Until then it is refused."
    ),
)
add(
    "C209",
    "name with another meaning",
    why="the name already means something here",
    hint="choose another name",
    explanation=(
        "`home`, `died`, `elsewhere` and `lost` are ways out of the model and cannot name a "
        "setting. `others` stands for the cohorts or localities not named. An arrival and a "
        "setting cannot share a name, because queues name both."
    ),
)

# --- C3: values --------------------------------------------------------------------------

add(
    "C308",
    "interval that is none",
    why="an interval goes from a lower to a higher value of the same kind",
    hint="write the lower value as `low` and the higher as `high`, in the same unit",
    explanation=(
        "The two ends of an uncertain value are equal, in the wrong order, or of different "
        "kinds, such as a rate and a rate per 1000 people. A value that is certain is written as "
        "one number."
    ),
)
add(
    "C309",
    "interval without a distribution",
    why="no distribution of the shape described in the reference has these numbers",
    hint="check mean, median or mode against the interval, or leave it out",
    explanation=(
        "The mean, median or mode does not go with the interval. A median or mode lies inside it; "
        "a mean lies nearer to the middle, because the value may also fall outside the interval. "
        "The message says which means are possible. A lognormal value is above 0."
    ),
)
add(
    "C310",
    "key that the shape does not take",
    why="it would have no effect, or contradict the shape",
    hint="delete it, or choose another shape",
    explanation=(
        "Normal intervals take `mean` or `median` and `level`; lognormal ones `level`; uniform "
        "ones neither; triangular ones `mode`. Uniform and triangular values never leave the "
        "interval, so they have no level."
    ),
)
add(
    "C311",
    "stay not settled",
    why="the numbers given do not settle how stays are spread",
    hint="give the numbers of one of the forms listed",
    explanation=(
        "A stay is a duration alone (exponential), or a block with the numbers of one form: mean "
        "and sd or cv, median and mean, quantiles, or a `distribution` and what it needs. The "
        "message lists the forms. Numbers of two forms cannot be mixed."
    ),
)
add(
    "C312",
    "shares that do not sum to one",
    why="everyone goes somewhere, and nobody twice",
    hint="correct the shares, or give one of them as `rest`",
    explanation=(
        "The shares of the routes of a setting, the cohorts of an arrival or the localities of a "
        "place must sum to one for every cohort, within 1e-9. Give one route the share `rest`, "
        "and it takes what the others leave. Shares published of people discharged alive are "
        "given with `of: survivors`."
    ),
)
add(
    "C313",
    "value that cannot be uncertain",
    why="draws are made of rates, growth, populations, means, shares, hazards and capacities",
    hint="give one number here",
    explanation=(
        "An interval stands where one number is needed. Uncertain may be: rates and growth of "
        "arrivals, populations, the mean or median of a stay, arrangement or transfer, shares, "
        "hazards, and capacities that do not change by date."
    ),
)
add(
    "C314",
    "value that cannot differ here",
    why="it belongs to all cohorts, or to the whole place",
    hint="give one value for all",
    explanation=(
        "`by_cohort` or `by_locality` stands at an input that has one value for everyone. A "
        "setting's capacity, queue and places are shared by all cohorts; only the values of a "
        "setting with `local: true`, or values by cohort, differ by locality."
    ),
)
add(
    "C315",
    "stay that cannot be",
    why="no distribution has these numbers",
    hint="check the numbers and their units",
    explanation=(
        "The numbers contradict each other or the distribution: a mean not above the median, a "
        "coefficient of variation that an Erlang stay cannot have, quantiles that fall, rates of "
        "a phase-type stay that never end. The message says what would be possible."
    ),
)
add(
    "C316",
    "keys that exclude each other",
    why="they say the same thing in two ways, and could contradict each other",
    hint="delete one of them",
    explanation=(
        "Two keys that cannot both hold are given: they settle the same thing, or one says that "
        "there is nothing for the other to be about. Keep the one that is meant."
    ),
)
add(
    "C317",
    "nothing in it",
    why="an empty block or list here leaves nothing to simulate",
    hint="fill it, or delete the key to use the default",
    explanation=(
        "A block or list that needs at least one entry is empty. Delete the key to use the "
        "default, which `caresim explain` shows."
    ),
)
add(
    "C318",
    "series not settled",
    why="it is not clear which counts are meant",
    hint="write {csv: FILE, column: NAME}, or {from: DATE, values: [COUNTS]}",
    explanation=(
        "A series of arrivals comes from a column of a CSV file, or stands in the scenario as "
        "`from`, the first date, and `values`, the counts day by day. Give one of the two, "
        "and all of it."
    ),
)
add(
    "C319",
    "factors not complete",
    why="a missing factor could mean one, or zero",
    hint="give a factor for every day of the week, or every month",
    explanation=(
        "`weekday` needs seven factors and `month` twelve, each once and not all zero. They are "
        "divided by their mean, so that they never change the yearly total."
    ),
)
add(
    "C320",
    "share that cannot be of survivors",
    why="the share of survivors is of those who do not die",
    hint="delete `of`",
    explanation=(
        "`of: survivors` says that a share is one of the people who do not take a route to "
        "`died`. It cannot stand on a route to `died` itself, nor with the share `rest`."
    ),
)
add(
    "C321",
    "not a whole number in the range",
    why="only whole numbers have a meaning here",
    hint="write a whole number in the range",
    explanation=(
        "The input is a number of things, or the number of a version or pathway. It takes whole "
        "numbers in a range, which the message gives, without a unit or quotes."
    ),
)
add(
    "C322",
    "not a range of ages",
    why="ages are compared with those that published shares are of",
    hint="write `65+` or `18-64`",
    explanation=(
        "Ages are written as a lowest age and a plus, or two ages with a hyphen. Checks compare "
        "them with the people that published shares are of."
    ),
)

# --- C4: references between parts --------------------------------------------------------

add(
    "C401",
    "no such setting",
    why="people would have nowhere to go, or the value would belong to nothing",
    hint="correct the name, or add the setting",
    explanation=(
        "The name is not that of a setting in this scenario, and not one of the ways out that "
        "may stand here (`home`, `died`, `elsewhere`). A route whose key is not its destination "
        "needs `to:`."
    ),
)
add(
    "C402",
    "no such cohort",
    why="values by cohort are for the cohorts of the scenario",
    hint="correct the name, or add the cohort",
    explanation=(
        "The name is not under `cohorts`. Without `cohorts` there is one, `everyone`. `others` "
        "stands for the cohorts not named."
    ),
)
add(
    "C403",
    "no such locality",
    why="values by locality are for the localities of the scenario",
    hint="correct the name, or add the locality",
    explanation=(
        "The name is not under `localities`. `others` stands for the localities not named."
    ),
)
add(
    "C404",
    "no such source of people",
    why="a queue's rules name the arrivals and settings that people come from",
    hint="use the name of an arrival or a setting",
    explanation=(
        "`priority`, `for`, `ring_fenced`, `keep_free` and the queue at the start name sources: "
        "arrivals, and settings that people come from. This name is neither."
    ),
)
add(
    "C405",
    "no such reason",
    why="delays are reported by reason",
    hint="correct the name, or add the reason under `reasons`",
    explanation=(
        "The name is not a built-in reason for delay nor under `reasons`. Add it there with a "
        "label, who is responsible and its group."
    ),
)
add(
    "C406",
    "no such source of figures",
    why="`source` names an entry of `sources` or is itself a sentence",
    hint="correct the name, add it under `sources`, or write a sentence",
    explanation=(
        "A `source` that is a single word is taken as the name of an entry under `sources`, and "
        "there is none of this name. A source may also be given in words, with spaces."
    ),
)
add(
    "C407",
    "value missing for some",
    why="every cohort, or locality, needs a value",
    hint="add the missing ones, or `others`",
    explanation=(
        "A value by cohort or locality leaves some of them out. Name them all, or give `others` "
        "for those not named."
    ),
)
add(
    "C408",
    "path that leads nowhere",
    why="a value that replaces nothing would have no effect",
    hint="check the path against the scenario",
    explanation=(
        "The path of a value to set does not lead to a place in this scenario. A path is made of "
        "the keys from the top of the file, joined by dots: `settings.acute.capacity`. All but "
        "the last key must be in the scenario."
    ),
)
add(
    "C409",
    "value an option may not set",
    why="options are compared over the same time, people and draws",
    hint="put it outside the options, or use a scenario of its own",
    explanation=(
        "An option may change settings, arrivals, cohorts, localities and the start. Dates, the "
        "run, published figures and the options themselves are the same for all options, and "
        "`do_nothing` is the scenario as it stands. The names of cohorts are the same in every "
        "option."
    ),
)
add(
    "C410",
    "part of a place that is not there",
    why="it is not clear which of the people are meant",
    hint="give the setting `local: true`, or one value for the whole place",
    explanation=(
        "The value is for a part of the place that this setting or cohort does not have: a value "
        "by locality without `localities`, or a setting that is `local` without localities, or a "
        "setting shared by all localities that sends people to one setting of each. Say which "
        "localities there are, and which settings are local."
    ),
)
add(
    "C411",
    "population unknown",
    why="a rate per person needs the number of people",
    hint="give the cohort a `population`",
    explanation=(
        "The arrival is a rate per person, but a cohort it applies to has no `population`. Give "
        "every such cohort one, name the cohorts meant under `cohort`, or write the arrival as "
        "people per day."
    ),
)
add(
    "C412",
    "cohorts of an arrival not settled",
    why="it is not clear how the people are divided between cohorts",
    hint="name a cohort, or give shares such as {older: 60%, younger: 40%}",
    explanation=(
        "With several cohorts a number of people per day needs `cohort`: one cohort, or shares. "
        "A rate by cohort, or per person, is for each cohort in full, and `cohort` then only "
        "says which cohorts are meant."
    ),
)
add(
    "C413",
    "source of people not settled",
    why="the people who wait may come from several places",
    hint="write {SOURCE: count} for each source",
    explanation=(
        "The queue at the start is given as one count, but the setting has several possible "
        "sources, or none. Say how many come from which arrival or setting."
    ),
)
add(
    "C414",
    "more people waiting than are there",
    why="people delayed in a setting are part of its census",
    hint="raise the census, or lower the queue",
    explanation=(
        "At the start more people wait in a setting for another than the census says are in it. "
        "People delayed in a setting hold a place there and are counted in its census."
    ),
)
add(
    "C415",
    "too large a scenario",
    why="it could not be read and run in reasonable time and memory",
    hint="use fewer cohorts, localities or settings",
    explanation=(
        "Cohorts times localities times settings is far beyond what a scenario needs. Every "
        "cohort becomes one for each locality, and each is followed in every setting."
    ),
)
add(
    "C416",
    "source in two rules",
    why="only one of them could decide",
    hint="name each source once",
    explanation=(
        "A source stands in two classes of `priority` or in two rules of `max_wait`. A rule "
        "without `for` is for all sources."
    ),
)
add(
    "C417",
    "no such indicator",
    why="there is no simulated figure to print beside it",
    hint="see `caresim explain indicators` for the ids",
    explanation=(
        "The indicator of a published figure is not one that caresim reports, or not for this "
        "setting, reason or pathway. `caresim explain indicators` lists the ids."
    ),
)

# --- C5: dates and time ------------------------------------------------------------------

add(
    "C504",
    "not whole days",
    why="results are saved at the ends of days",
    hint="write a whole number of days",
    explanation=(
        "The time must be one or more whole days. Results are averages over the days between two "
        "saved moments, so hours cannot be kept apart."
    ),
)
add(
    "C505",
    "step that does not divide a day",
    why="days begin with a step, so that calendars and results are exact",
    hint="use 6 hours, 1 hour, 15 minutes or another part of a day of 1 minute or more",
    explanation=(
        "A whole number of steps must make a day. `auto`, the default, chooses the step and says "
        "which it is."
    ),
)
add(
    "C506",
    "dates in the wrong order",
    why="a time must end after it begins",
    hint="check the two dates",
    explanation=(
        "The end of the run, or of the dates of a published figure, is not after its beginning. "
        "The end is the first day that is no longer included."
    ),
)
add(
    "C507",
    "length of the run not settled",
    why="either `duration` or `end_date` says how long the run is",
    hint="give one of them, such as `duration: 5 years`",
    explanation=(
        "The scenario gives neither `duration` nor `end_date`, or both, or no time at all. Give "
        "one of them. A run is at most 200 years."
    ),
)
add(
    "C520",
    "not a month",
    why="a plan states one figure for each calendar month",
    hint="write the year and the month, such as `2025-04`",
    explanation=(
        "A key of a plan is not a calendar month. Months are written as four digits of the year, "
        "a hyphen and two digits of the month, so that they cannot be misread."
    ),
)

# --- C6: series and samples --------------------------------------------------------------

add(
    "C601",
    "CSV file that cannot be read",
    why="the file named in the scenario has no readable table",
    hint="check the name, and save the table as CSV (UTF-8)",
    explanation=(
        "The CSV file does not exist, is no ordinary file, is larger than 50 MB, is not UTF-8 "
        "text, or has no header line and rows. Paths are relative to the file they stand in."
    ),
)
add(
    "C602",
    "no such column",
    why="columns are found by the names in the first line of the file",
    hint="use one of the columns listed",
    explanation=(
        "The first line of the CSV file does not have this column, or has it twice. Spaces around "
        "names are ignored; capitals count."
    ),
)
add(
    "C603",
    "cell that is not a number",
    why="one wrong cell makes every later result wrong",
    hint="correct the cell",
    explanation=(
        "A cell of the column holds text, a negative number, or something that cannot be read as "
        "a number. The message gives the line of the CSV file."
    ),
)
add(
    "C604",
    "empty cell",
    why="an empty cell could mean zero or unknown; caresim does not guess",
    hint="write 0 if nobody came, or an estimate if it is not known",
    explanation=(
        "A cell of the column is blank, or the row ends before it. Missing counts are never "
        "taken as zero."
    ),
)
add(
    "C605",
    "dates of a series not in order",
    why="a series has one count for each day, in order",
    hint="sort the rows, add the missing days, and keep one row for each",
    explanation=(
        "The dates of the series are out of order, repeated, or skip days. The message gives the "
        "line of the CSV file. Add a row for every day, with 0 where nobody came."
    ),
)
add(
    "C606",
    "series that does not cover the run",
    why="there would be no arrivals on the other days, without a word",
    hint="shorten the run, lengthen the series, or add `beyond: hold` or `beyond: repeat`",
    explanation=(
        "The series begins after the run, or ends before it. With `beyond: hold` its last count "
        "stays; with `beyond: repeat` its last year comes again. A series must always have begun "
        "by the first day of the run."
    ),
)
