"""The catalogue of codes: every kind of fault a scenario can have, explained once.

A code is for good: its meaning never changes and a retired one is not used again. Groups:
C0 files and imports, C1 YAML and text, C2 structure, C3 values and units, C4 references
between parts, C5 dates and time, C6 series. P codes are plausibility warnings, which
register themselves with `add`.

A message, written where the fault is found, says what is wrong here; the catalogue holds
what is always true of that fault. `explanation` is for a reader who has never met it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from caresim.problems import Location, Problem, Severity, dotted


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of fault: its usual reason and cure, and a longer explanation."""

    id: str
    severity: Severity
    title: str
    why: str
    hint: str
    explanation: str


CODES: dict[str, Code] = {}
"""Every known code by its identifier."""


def add(
    id: str,
    title: str,
    *,
    why: str,
    hint: str,
    explanation: str,
    severity: Severity = Severity.ERROR,
) -> None:
    """Add a code to the catalogue.

    Raises
    ------
    ValueError
        If the identifier is taken: two meanings for one code is a fault of caresim.
    """
    if id in CODES:
        raise ValueError(f"code {id} is already in the catalogue")
    CODES[id] = Code(id, severity, title, why, hint, explanation)


def problem(
    code_id: str,
    path: str | Sequence[str | int],
    message: str,
    location: Location | None,
    *,
    why: str | None = None,
    hint: str | None = None,
) -> Problem:
    """Make a problem of a known kind, with the catalogue's reason and cure unless given.

    Parameters
    ----------
    code_id
        A key of `CODES`.
    path
        Path of the input, dotted or as steps.
    message
        What is wrong here, with the value found.
    location
        Where; None when it belongs to no single place.
    why, hint
        Better ones for this case than the catalogue's.
    """
    code = CODES[code_id]
    return Problem(
        code=code.id,
        severity=code.severity,
        path=path if isinstance(path, str) else dotted(path),
        message=message,
        why=code.why if why is None else why,
        hint=code.hint if hint is None else hint,
        location=location,
    )


# --- C0: files and imports ---------------------------------------------------------------

add(
    "C001",
    "file not found",
    why="there is no file of this name",
    hint="check the spelling and the folder you are in",
    explanation=(
        "The name you gave, or a name after `import`, does not lead to a file. Names on the "
        "command line are taken from the folder you are in; names inside a scenario are taken "
        "from the folder of that scenario."
    ),
)
add(
    "C002",
    "not an ordinary file",
    why="a scenario is read from an ordinary file only",
    hint="give the scenario file itself",
    explanation=(
        "The name leads to a folder, a device or a pipe. caresim reads ordinary files only, so "
        "that a check always ends and a run can be repeated. For a folder, name the scenario "
        "file inside it; for a pipe, save its content to a file first."
    ),
)
add(
    "C003",
    "file cannot be opened",
    why="the operating system refused to open it",
    hint="check that you may read the file",
    explanation=(
        "The file exists but could not be read: usually its permissions do not allow it, the "
        "disk failed or the name is not one the system accepts. Make it readable, or copy it "
        "to a folder of your own."
    ),
)
add(
    "C004",
    "file too large",
    why="a scenario of this size is a mistake, and reading it would take too long",
    hint="keep long series in CSV files beside the scenario and name them in it",
    explanation=(
        "A scenario file may have at most 2 MB; a whole place needs far less than a tenth of "
        "that. Nothing of the file was read. Series, samples and tables belong in CSV files, "
        "which the scenario names; large scenarios can be split into several files with "
        "`import`."
    ),
)

# --- C1: YAML and text -------------------------------------------------------------------

add(
    "C101",
    "not UTF-8 text",
    why="a scenario is text in the encoding UTF-8; in any other, names come out wrong",
    hint="save the file again and choose the encoding UTF-8",
    explanation=(
        "The file holds bytes that are not UTF-8. Programs on Windows often save text as UTF-16 "
        "or Windows-1252; a pound sign or a curly quote is then enough to cause this. Open the "
        "file in an editor, use Save As, and choose UTF-8 (with or without a byte order mark). "
        "A file that is not text at all, such as a workbook, cannot be a scenario."
    ),
)
add(
    "C102",
    "character that is not allowed",
    why="it is invisible or changes how the text around it is shown",
    hint="delete it, or write the text without it",
    explanation=(
        "The text holds a control character, an unusual line break, a byte order mark in the "
        "middle or a mark that reverses the direction of writing. They often come with text "
        "pasted from elsewhere, and make a file look different from what it says. Delete the "
        "character at the place shown and type what should be there."
    ),
)
add(
    "C103",
    "empty file",
    why="there is nothing in it but blank lines and comments",
    hint="start from a ready example: `caresim init DIR`",
    explanation=(
        "A scenario needs at least one key. The file is empty, or all of it is commented out. "
        "`caresim init` writes a scenario that runs and says what each part means."
    ),
)
add(
    "C104",
    "not a list of keys",
    why="a scenario is a set of keys and values, such as `duration: 5 years`",
    hint="begin the lines with a key and a colon",
    explanation=(
        "The whole file is a single text or a list. A scenario is a mapping: lines of the form "
        "`key: value`, where the value may be a block of indented lines. If the file starts "
        "with `-`, take the dashes away or put the list under a key."
    ),
)
add(
    "C105",
    "several documents in a file",
    why="only the first would be used, and the rest silently lost",
    hint="delete the line, or put each scenario in a file of its own",
    explanation=(
        "A line `---` in the middle of a file, or text after `...`, starts a second YAML "
        "document. A scenario file holds one scenario. To compare several options, write them "
        "under `options` in one scenario; to share parts, use `import`."
    ),
)
add(
    "C106",
    "tab used to indent",
    why="YAML indents with spaces: editors show a tab in different widths",
    hint="replace the tab by spaces, two for each level",
    explanation=(
        "The line starts with a tab. YAML finds out what belongs to what from the number of "
        "spaces at the start of a line and does not allow tabs there. Replace them, and set "
        "your editor to insert spaces when you press Tab."
    ),
)
add(
    "C107",
    "quote that is never closed",
    why="everything after the opening quote is taken as one text",
    hint="add the closing quote, or take the opening quote away",
    explanation=(
        "A text starts with a quote and the same kind of quote does not follow where it "
        "should. Add it. Inside single quotes, an apostrophe is written twice: "
        "`'St Mary''s'`; it is simpler to use double quotes: `\"St Mary's\"`."
    ),
)
add(
    "C108",
    "brackets that do not match",
    why="every `[` needs a `]`, every `{` a `}`, and their entries a comma between them",
    hint="close the bracket, or add the missing comma",
    explanation=(
        "A list in `[ ]` or a set of keys in `{ }` does not end where it should: the closing "
        "bracket is missing or of the other kind, a comma between two entries is missing, or a "
        "closing bracket has no opening one. Long ones are easier to read over several indented "
        "lines without brackets."
    ),
)
add(
    "C109",
    "indentation that does not fit",
    why="the number of spaces at the start of a line says what the line belongs to",
    hint="begin the line in the same column as the lines it belongs with",
    explanation=(
        "The line starts in a column where no block above it starts, or mixes `- ` entries with "
        "keys. Lines that belong together start in the same column; what belongs to a key is "
        "indented further than the key, by two spaces as a habit."
    ),
)
add(
    "C110",
    "colon missing",
    why="a line in this place is a key, and a key is followed by a colon",
    hint="write `key: value`, with a space after the colon",
    explanation=(
        "The line has no colon followed by a space, so it is not a key with a value. Either the "
        "colon or the space after it is missing, or the line continues a text that should be "
        "in quotes or indented further."
    ),
)
add(
    "C111",
    "colon too many",
    why="a colon followed by a space starts a value, and this line already has one",
    hint="put text that contains a colon in quotes",
    explanation=(
        "A line has two colons followed by a space, such as `note: see: page 3`. If the second "
        'belongs to the text, put the text in quotes: `note: "see: page 3"`. If it is a key of '
        "its own, give it its own line."
    ),
)
add(
    "C112",
    "text that starts with a reserved character",
    why="YAML gives this character a meaning of its own at the start of a value",
    hint="put the value in quotes",
    explanation=(
        "A value may not start with @, `, %, a comma, | or > unless it is in quotes, nor with "
        "`- ` on the line of its key. Put the text in quotes, or for a list start a new, "
        "indented line with `- `."
    ),
)
add(
    "C113",
    "backslash with an unknown meaning",
    why="in double quotes a backslash starts an escape such as \\n",
    hint="use single quotes, where a backslash is only a backslash",
    explanation=(
        "In double quotes a backslash and the character after it stand for something else, and "
        "this pair stands for nothing. It happens with Windows paths: write "
        "'series\\arrivals.csv' in single quotes, or use forward slashes, which work everywhere."
    ),
)
add(
    "C114",
    "text that YAML cannot read",
    why="the file does not follow the rules of YAML here",
    hint="look at this line and the one above it; when in doubt put the text in quotes",
    explanation=(
        "The reader could not make sense of the text at this place. Look for a missing colon, "
        "quote or bracket on this line or the one above. Texts with unusual characters are "
        "safest in quotes."
    ),
)
add(
    "C115",
    "YAML directive",
    why="a scenario is always YAML 1.2 without extensions, so there is nothing to declare",
    hint="delete the line that starts with %",
    explanation=(
        "A line that starts with % gives orders to the YAML reader, for instance to use an older "
        "version in which `no` means false. A scenario must mean the same everywhere, so such "
        "lines are not allowed."
    ),
)
add(
    "C116",
    "comma between digits inside brackets",
    why="inside [ ] and { } a comma ends an entry, so 10,500 would be the two numbers 10 and 500",
    hint='write 10500 or "10,500" for one number, or a space after the comma for two',
    explanation=(
        "Inside brackets a comma parts entries, so `[10,500]` is a list of 10 and 500, while on "
        "a line of its own `count: 10,500` is one number. To prevent a silent misreading, "
        "digits right before and three digits right after a comma are refused inside brackets."
    ),
)
add(
    "C117",
    "line too long",
    why="nobody can read it, and it may have been made to slow the reader down",
    hint="break it into several lines, or keep long lists in a CSV file",
    explanation=(
        "A line has more than 10,000 characters. Lists and texts can go over several lines; "
        "long series, samples and tables belong in CSV files that the scenario names."
    ),
)
add(
    "C120",
    "anchor or alias",
    why="a few lines of aliases can stand for a file of any size",
    hint="use `import` or defaults to share parts; put text that starts with & or * in quotes",
    explanation=(
        "`&name` marks a part of a YAML file and `*name` repeats it. They are refused because a "
        "tiny file can blow up in memory by repeating repetitions, and because a message about "
        "a repeated part cannot say which use is wrong. Share parts with `import`. If you meant "
        "the character itself, put the text in quotes."
    ),
)
add(
    "C121",
    "YAML tag",
    why="a tag asks the reader to build an object; a scenario holds only text, numbers and lists",
    hint="delete the word that starts with !, or put the text in quotes",
    explanation=(
        "A word that starts with ! asks for a particular type, in some programs even for a piece "
        "of code to be run. caresim never does that, and refuses it so that a file cannot seem "
        "to mean more than it does. If you meant the character itself, put the text in quotes."
    ),
)
add(
    "C122",
    "merge key",
    why="`<<` is not part of YAML 1.2, and copies keys without showing them",
    hint="use `import` to share parts, or repeat the keys",
    explanation=(
        "`<<: *name` copies keys from elsewhere in the file. It belongs to an old version of "
        "YAML and needs aliases, which are refused. Share parts with `import`, which shows where "
        "each value comes from."
    ),
)
add(
    "C123",
    "key given twice",
    why="only one of the two could count, and which one is not obvious",
    hint="delete one of them, or merge what belongs to both",
    explanation=(
        "The same key appears twice in one block. Many programs silently keep the last, so a "
        'change made to the first would have no effect. Keep one. `900` and `"900"` are the '
        "same key, because keys are always text."
    ),
)
add(
    "C124",
    "key that is not a plain name",
    why="a key is a short text: a name, a date or a number",
    hint="give the key a name, or put it in quotes",
    explanation=(
        "A key is empty, a list, `true`, `false` or `null`, or far too long. Keys are names, "
        "dates such as `2025-10-01` or numbers, which are taken as text. If `true` is meant as "
        "a name, put it in quotes."
    ),
)
add(
    "C125",
    "no value",
    why="an empty value could mean zero, none or the default",
    hint="give a value, or delete the key to use its default",
    explanation=(
        "Nothing follows the colon, or `null` or `~` does. An empty value means different things "
        "in different programs, so it is refused. Write 0, `unlimited` or `{}` if that is meant, "
        "or delete the key to use the default, which `caresim explain` shows. A comma in a "
        'number inside `{ }` also causes this: `{count: 10,000}` must be `{count: "10,000"}`.'
    ),
)
add(
    "C126",
    "not a finite number",
    why="a result calculated from it would not be a number either",
    hint="write a number, or `unlimited` where the input allows it",
    explanation=(
        "`.nan` and `.inf` stand for not-a-number and infinity, and numbers above about 1e308 "
        "are infinite for a computer. One of them turns every figure it touches into nonsense. "
        "Settings without a limit have `capacity: unlimited`."
    ),
)
add(
    "C127",
    "number with too many digits",
    why="no quantity in a scenario is known to that many digits",
    hint="round it; put it in quotes if it is a name",
    explanation=(
        "A number has more digits than any quantity needs, which takes time to read and hides "
        "mistakes. Round it to what is known. An identifier made of digits belongs in quotes."
    ),
)
add(
    "C128",
    "octal or hexadecimal number",
    why="few readers of a scenario know these notations",
    hint="write the number in decimal; put it in quotes if it is a name",
    explanation=(
        "`0o14` is 12 and `0x1F` is 31 in YAML. Written by accident, as part of a code, they "
        "would turn into another number without a word. Write decimal numbers, and put codes "
        "in quotes."
    ),
)
add(
    "C130",
    "nested too deeply",
    why="no scenario needs more than 50 levels",
    hint="check for brackets that are never closed",
    explanation=(
        "Lists or keys are nested more than 50 levels deep. That is a mistake, or an attack on "
        "the reader. The deepest part of the language needs about ten levels."
    ),
)
add(
    "C131",
    "too many values or lines",
    why="a scenario of this length would take too long to read and check",
    hint="keep series and tables in CSV files beside the scenario",
    explanation=(
        "The file holds more lines, or more keys and values, than a scenario may. Keep series, "
        "samples and tables in CSV files and name them in the scenario."
    ),
)
add(
    "C132",
    "too many problems",
    why="reading stopped here; later lines were not checked",
    hint="correct the first problems and check again",
    explanation=(
        "The file has so many faults that the list would help no one, so reading stopped. They "
        "often have one cause: a wrong kind of file, or a wrong separator. Correct the first "
        "few and run the check again."
    ),
)

# --- C3: values and units ----------------------------------------------------------------

add(
    "C301",
    "not a number",
    why="this input is a quantity",
    hint="write a number with a point for decimals, such as 5.5 or 10,000",
    explanation=(
        "The value does not start with a number, or is a list or a block where one value is "
        "expected. Numbers have a point for decimals and may have commas or underscores every "
        "three digits: 5.5, 10,000, 10_000, 1e6."
    ),
)
add(
    "C302",
    "unit missing",
    why="a bare number does not say whether it means days or weeks, a day or a year",
    hint="write the unit after the number",
    explanation=(
        "Quantities carry their unit in the file, such as `5.5 days`, `150 per day` or `346 GBP "
        "per day`, so that nobody has to guess it. Only 0 needs no unit."
    ),
)
add(
    "C303",
    "unknown unit",
    why="the unit is not one that this input can have",
    hint="use one of the units listed",
    explanation=(
        "The word after the number is not a unit known for this kind of input; perhaps it is "
        "misspelt. The message lists the units allowed and the nearest match. Units may be "
        "singular, plural or in the usual abbreviation."
    ),
)
add(
    "C304",
    "unit of another kind",
    why="the number is of another kind than this input needs",
    hint="give the quantity this input asks for",
    explanation=(
        "The unit is a real one, but of another dimension: a length of stay cannot be given in "
        "beds, a rate cannot be given in days. Check that the value stands under the right key. "
        "`caresim explain` with the path of the input tells what it means and its unit."
    ),
)
add(
    "C305",
    "value out of range",
    why="values outside the range have no meaning for this input",
    hint="give a value in the range",
    explanation=(
        "The number can be read but is outside what is possible. A share lies between 0 and 1 "
        "(0% and 100%); durations, rates, capacities and prices are not negative."
    ),
)
add(
    "C306",
    "not a finite quantity",
    why="a result calculated from it would not be a number either",
    hint="write an ordinary number",
    explanation=(
        "The number is infinite, not a number, or too large for a computer to hold. Write an "
        "ordinary number; where there is no limit and the input allows it, write `unlimited`."
    ),
)
add(
    "C307",
    "number that can be read in two ways",
    why="1,5 and 10 000 mean different numbers in different countries",
    hint="use a point for decimals, and commas only to part groups of three digits",
    explanation=(
        "The commas, underscores, spaces or leading zeros in the number do not follow one rule. "
        "Decimals have a point (1.5). Thousands may have commas or underscores in groups of "
        "three (10,000), never spaces. A number does not start with extra zeros."
    ),
)

# --- C5: dates and time ------------------------------------------------------------------

add(
    "C501",
    "not a date",
    why="dates are written year-month-day, the only order that cannot be misread",
    hint="write the date as 2025-04-01",
    explanation=(
        "Dates have four digits for the year, two for the month and two for the day, joined by "
        "hyphens: 2025-04-01 is the first of April. The day must exist: 2025-02-29 does not."
    ),
)
add(
    "C502",
    "not a time of day",
    why="times of day are written with hours and minutes on the 24-hour clock",
    hint="write the time as 08:00, or hours as 08:00-17:00",
    explanation=(
        "A time of day has hours and minutes, from 00:00 to 24:00 (the end of the day). Opening "
        "hours are two times with a hyphen, 08:00-17:00; when the second is earlier than the "
        "first they run past midnight."
    ),
)
add(
    "C503",
    "not a day of the week or month",
    why="days and months are given by their English names",
    hint="write the full name or its first three letters, such as Monday or Mon",
    explanation=(
        "A day of the week or a month is given by its English name or the first three letters, "
        "with or without a capital. Numbers are not accepted, because weeks start on different "
        "days in different countries."
    ),
)
