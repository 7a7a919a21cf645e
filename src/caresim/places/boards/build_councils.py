"""Works out councils.csv, delayed transfers by council from 2011-12 to 2018-19.

``python -m caresim.places.boards.build_councils --data DIR`` reads DIR/dtoc and DIR/population.
Delayed transfers are another way of counting than people with no criteria to reside; never set one
beside the other.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from caresim.places.boards.councils import COUNCILS_CSV, LAST_YEAR, SPLITS, YEARS


def build(data: Path) -> pd.DataFrame:
    """Return the figures: columns code, name, figure and value.

    A council has a figure for a financial year only if all twelve months are there. Names are the
    latest; codes are followed, since names drift.
    """
    table = pd.read_csv(data / "dtoc" / "dtoc_la_monthly_2011-04_2019-12.csv")
    month = pd.PeriodIndex(table.month, freq="M")
    table["year"] = (month.year - (month.month < 4)).astype(int)
    table["days"] = month.days_in_month
    # Workbooks of 2011 have no codes, and people who live outside England never do.
    print("rows without a code left out:", int(table.ons_code.isna().sum()))
    table = table.dropna(subset=["ons_code"])
    if table.duplicated(["ons_code", "month"]).any():
        raise ValueError("a council has two rows for a month")
    names = table.sort_values("month").groupby("ons_code").name.last()
    whole = table.groupby(["ons_code", "year"]).filter(lambda rows: len(rows) == 12)
    year = whole.groupby(["ons_code", "year"])[["days", "total", *SPLITS]].sum()
    per_day = year.drop(columns="days").div(year.days, axis=0)
    ages = pd.read_csv(data / "population" / "utla_mid2019_single_year_of_age.csv")
    ages = ages.set_index("utla19_code")
    adult_columns = [name for name in ages.columns if name.rstrip("+").isdigit()][18:]
    adults = ages[adult_columns].sum(axis=1)
    rows: list[tuple[str, str, str, float]] = []
    for code, name in zip(map(str, names.index), names, strict=True):
        label = str(name).removesuffix(" UA")
        if code in adults.index:
            rows.append((code, label, "adults", float(adults[code])))
        for start, written in YEARS.items():
            if (code, start) not in per_day.index:
                continue
            found = per_day.loc[pd.IndexSlice[code, start], :].astype(float).to_dict()
            rows.append((code, label, f"delayed_{written}", found["total"]))
            if start == LAST_YEAR:
                rows += [(code, label, split, found[split]) for split in SPLITS]
    return pd.DataFrame(rows, columns=["code", "name", "figure", "value"])


def text_of(table: pd.DataFrame) -> str:
    """Return the figures as CSV, rounded to four decimals."""
    return str(table.assign(value=table.value.round(4)).to_csv(index=False, lineterminator="\n"))


def main() -> None:
    """Write councils.csv."""
    parser = argparse.ArgumentParser(description="Work out councils.csv from published tables.")
    parser.add_argument("--data", type=Path, required=True, help="holds dtoc and population")
    table = build(parser.parse_args().data)
    COUNCILS_CSV.write_text(text_of(table), encoding="utf-8")
    print(f"{COUNCILS_CSV}: {len(table):,} figures of {table.code.nunique()} councils")


if __name__ == "__main__":
    main()
