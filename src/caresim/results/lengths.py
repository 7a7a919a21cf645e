"""How long people wait, are delayed and stay: the distributions of all members together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from caresim.engines.spells import STATISTICS
from caresim.results.columns import cut, number, percent, table

if TYPE_CHECKING:
    from caresim.results.option import OptionResults

LABEL = 30
"""Characters of a label in the table."""


def pooled_lengths(option: OptionResults) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return the statistics of lengths over the whole run, the people of all members together.

    Returns
    -------
    dict
        From each of :data:`caresim.engines.spells.KINDS` to setting (or reason), to statistic
        (:data:`caresim.engines.spells.STATISTICS`): people, days and shares; None where there is
        nobody. Empty from the flow engine.

    See Also
    --------
    OptionResults.indicators : the same of each member by itself, with the spread between members.
    """
    found: dict[str, dict[str, dict[str, float | None]]] = {}
    labels = option.labels
    settings = (*labels.setting_names, *labels.local_groups)
    for kind, array in option.pooled_spells.items():
        names = labels.reason_names if kind == "delay_by_reason" else settings
        found[kind] = {
            name: {
                statistic: value if math.isfinite(value) else None
                for statistic, value in zip(STATISTICS, row, strict=True)
            }
            for name, row in zip(names, array[0].tolist(), strict=True)
        }
    return found


def lengths_table(option: OptionResults) -> str:
    """Return a table of waits, delays and stays by setting; empty from the flow engine."""
    if not option.pooled_spells:
        return ""
    found = pooled_lengths(option)
    heads = (
        "how long, in days",
        "wait\nmedian",
        "\n95%",
        "stays that\nend delayed",
        "delay\nmedian",
        "\n95%",
        "stay\nmedian",
        "\n95%",
        "7 days\nor more",
        "21 days\nor more",
    )
    rows = []
    for setting in option.labels.settings:
        wait, delay, stay = (
            {k: math.nan if v is None else v for k, v in found[kind][setting.name].items()}
            for kind in ("wait", "delay", "stay")
        )
        delayed = delay["count"] / stay["count"] if stay["count"] else math.nan
        rows.append(
            (
                cut(setting.label, LABEL),
                *(number(wait[name]) for name in ("p50", "p95")),
                percent(delayed),
                *(number(delay[name]) for name in ("p50", "p95")),
                *(number(stay[name]) for name in ("p50", "p95")),
                *(percent(stay[name]) for name in ("share_7", "share_21")),
            )
        )
    return table(heads, rows)
