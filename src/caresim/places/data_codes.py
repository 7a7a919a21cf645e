"""The part of the catalogue of codes about data files.

R1 files and sheets, R2 columns, R3 cells and rows: none of these can be read. R4: figures that
can be read and cannot be right; `data check` calls such a file unsound. R5: worth knowing.

Importing this module adds its codes to `caresim.scenario.codes.CODES`.
"""

from caresim.problems import Severity
from caresim.scenario.codes import add

# --- R1: files and sheets ----------------------------------------------------------------

add(
    "R101",
    "data file that cannot be read",
    why="figures can be read from CSV files and from Excel workbooks, .xlsx and .xls",
    hint="save the file as .xlsx or CSV, without a password",
    explanation=(
        "The file does not exist, is empty, is protected by a password, is damaged, or is of "
        "another format. What a file is, is told from its content and not from its name: a page "
        "of a web site saved under the name of a workbook is still a page."
    ),
)
add(
    "R102",
    "data file of no known kind",
    why="a file is recognised by the names of its sheets and columns",
    hint="see the layouts in docs/reference/data-files.md, or bring it into the plain CSV there",
    explanation=(
        "No sheet or table of the file has the columns of any kind of file that caresim reads, "
        "or not those of the kind that was asked for. The message names the kind that comes "
        "nearest and what is missing for it."
    ),
)
add(
    "R103",
    "package needed to read workbooks",
    why="reading Excel workbooks needs packages that are not installed with caresim",
    hint="run: pip install 'caresim[data]', or save the sheet as CSV",
    explanation=(
        "Workbooks are read with openpyxl (.xlsx) and xlrd (.xls), which come with "
        "`pip install 'caresim[data]'`. CSV files need nothing further."
    ),
)
add(
    "R104",
    "wrong sheet",
    why="the figures of this kind of workbook stand in sheets of known names",
    hint="save the whole workbook as it was published, or name the sheet as published",
    explanation=(
        "The workbook is of a known kind, but the sheet that holds its figures is missing, was "
        "renamed, or holds another table. The message names the sheets there are and those "
        "expected."
    ),
)
add(
    "R105",
    "no rows of data",
    why="there is nothing to read below the column names",
    hint="check that the file was saved whole",
    explanation=(
        "The columns were found, but no row below them has both an area and a figure. This "
        "happens when only the head of a sheet was saved, or its figures are in another sheet."
    ),
)

# --- R2: columns -------------------------------------------------------------------------

add(
    "R201",
    "missing or renamed column",
    why="columns are found by name, since their order changes between releases",
    hint="name the column as in the published file",
    explanation=(
        "A column that this kind of file always has is not there. The message names the columns "
        "that are, and the one that is probably meant. Names are compared without regard to "
        "capitals, spaces, line breaks and signs."
    ),
)
add(
    "R202",
    "two columns of the same name",
    why="it cannot be told which one is meant",
    hint="delete or rename one of them",
    explanation=(
        "Two columns of a table have the same name, and this name is of a column needed. Which of "
        "them holds the figures cannot be told from the file."
    ),
)

# --- R3: cells and rows ------------------------------------------------------------------

add(
    "R301",
    "text where a number is expected",
    why="leaving it out would make the sum wrong without a word",
    hint="write the number alone, or * or - if the figure is suppressed or was not returned",
    explanation=(
        "A cell in a column of figures holds text that is neither a number nor one of the signs "
        "for a missing figure (*, -, .., :, c, z, x, n/a, [c], [x], [z] and the like). Thousands "
        "may have commas; 1.234,5 and 12 approx. are not numbers."
    ),
)
add(
    "R302",
    "not a date or period",
    why="a figure without its period belongs nowhere",
    hint="write dates as 2024-06-19, months as 2024-06 or June 2024",
    explanation=(
        "A cell that should say which day, month, quarter or year a figure is for cannot be "
        "read as one. Write it as a year, month and day, such as 2024-04-30, or name the month,"
        " such as April 2024."
    ),
)
add(
    "R303",
    "dates in two orders",
    why="05/04/2024 is the fifth of April or the fourth of May, and both kinds are in the column",
    hint="write all dates as year-month-day, such as 2024-04-05",
    explanation=(
        "Some dates of the column have a first number above 12 (day first) and others a second "
        "number above 12 (month first). Usually a spreadsheet has turned some of the dates round "
        "when the file was opened and saved. Go back to the published file, or write the dates "
        "in one order."
    ),
)
add(
    "R304",
    "duplicated rows",
    why="one of them would be counted twice or lost",
    hint="delete the rows that do not belong; if both do, tell them apart by area, date or measure",
    explanation=(
        "Two rows give a figure for the same area, date and measure. The message names both "
        "rows. This happens when two releases of a month are pasted together."
    ),
)
add(
    "R305",
    "council that was abolished",
    why="the area did not exist any more on that date, so the figure belongs to another one",
    hint="use the code and boundaries of the council that took its place",
    explanation=(
        "The row is for a council after the date on which it was abolished. Its figures cannot "
        "be compared with those before, and its code does not match populations or other files. "
        "The message names the councils that took its place. Rows of the months in which "
        "returns still came under the old code are accepted, as they are for projections made "
        "before the date."
    ),
)
add(
    "R306",
    "row without an area",
    why="a figure without its area belongs nowhere",
    hint="give the national code or the name of the area",
    explanation=(
        "The cell that should say which area a figure is for is blank. A total above or below "
        "the table often stands in such a row: delete it, or give the area its name or code."
    ),
)
add(
    "R307",
    "number that is not possible",
    why="counts are not negative and shares lie between 0 and 1",
    hint="check the figure against the published file",
    explanation=(
        "The number can be read, but a count of people, days or beds below zero, or a share "
        "outside 0 to 1, cannot exist. Look the figure up in the published file: a sign or a "
        "decimal point has often been lost or gained by hand."
    ),
)

# --- R4: figures that cannot be right ----------------------------------------------------

add(
    "R401",
    "a month of zeros",
    severity=Severity.WARNING,
    why="an area that has people in hospital every other month had a month without a return",
    hint="ask the publisher for a revision, or leave the month out; the zeros are read as missing",
    explanation=(
        "The figure is 0 throughout a month or for four weeks on end, in an area where it is "
        "usually far from 0. Published files show 0 where nothing was returned, or where a trust "
        "has closed or merged. The zeros are read as missing, so they pull no mean down."
    ),
)
add(
    "R402",
    "parts that do not add up",
    severity=Severity.WARNING,
    why="a cell was changed, or columns were shifted",
    hint="compare the row with the published file",
    explanation=(
        "The parts of a figure (acute and non-acute, the reasons, the bands of delay) do not "
        "add up to its total, beyond rounding, in a row where none of them is suppressed. One "
        "of them was changed by hand or belongs to another row, so it cannot be told which of "
        "the figures to believe."
    ),
)
add(
    "R403",
    "more than all",
    severity=Severity.WARNING,
    why="a part cannot be larger than the whole",
    hint="compare the row with the published file",
    explanation=(
        "More beds are occupied than available by a wide margin, more people remain at the end "
        "of the day than were there in it, or the like. The two figures have probably changed "
        "places, or belong to different areas or dates."
    ),
)

# --- R5: worth knowing -------------------------------------------------------------------

add(
    "R501",
    "day and month cannot be told apart",
    severity=Severity.WARNING,
    why="no date of the column has a number above 12",
    hint="write dates as year-month-day; they were read as day/month/year, as published in England",
    explanation=(
        "Every date of the column could be day/month or month/day. They are read as "
        "day/month/year, the order of all official files."
    ),
)
add(
    "R502",
    "periods missing between others",
    severity=Severity.WARNING,
    why="a series with gaps is not a series",
    hint="add the missing periods if they were published",
    explanation=(
        "Whole months or days between the first and the last of the file have no row. A course "
        "over time that is read as if it had none would be drawn straight over the gap, so the "
        "months are named."
    ),
)
add(
    "R503",
    "council that is not known",
    severity=Severity.WARNING,
    why="its code or name is in no register up to 2025",
    hint="check the code against the Register of Geographic Codes",
    explanation=(
        "The row has the code or name of a council that the table of councils does not hold. It "
        "is read as it stands. Perhaps the code was misspelt, or the council is newer than "
        "caresim."
    ),
)
