"""A small place to fit, and the months of its figures."""

import datetime

PLACE = """\
caresim: 1
title: A small place
start_date: 2022-01-01
duration: 2 years
initial: steady_state
settings:
  acute:
    kind: acute
    stay: {mean: 6 days, cv: 1.2}
    then:
      home_care: {share: 20%, arrangement: 5 days}
      home: rest
  home_care: {kind: home, stay: 20 days}
arrivals:
  emergency: {to: acute, rate: 30 per day}
"""
"""A place whose averages are products: people are arrivals times stays."""

CALIBRATION = """\
calibration:
  inputs:
    settings.acute.stay.mean: {low: 4 days, high: 9 days, level: 90%}
    settings.acute.then.home_care.arrangement: {low: 3 days, high: 8 days, level: 90%}
  observed:
    beds: {measure: occupied.acute, csv: observed.csv, date: month}
    delayed: {measure: delayed.acute, csv: observed.csv, date: month}
  hold_out_from: 2023-07-01
"""


def months(first, count):
    """Return the first days of months."""
    months_ = range(first.month - 1, first.month - 1 + count)
    return [datetime.date(first.year + n // 12, n % 12 + 1, 1) for n in months_]
