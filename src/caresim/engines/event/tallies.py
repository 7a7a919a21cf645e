"""Time integrals and counts, kept exactly as events happen; compiled.

For a stock that changes by d_i at times t_i of a segment [0, T], the integral is
``level(T) T - sum d_i t_i``, so a change costs one addition to the level and one to the moment
``sum d_i t_i``; segments are short (the time between saved times), which keeps rounding small.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="operator,arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import numpy as np

from caresim.engines.event.memory import (
    area_at,
    before_at,
    carried_at,
    cell_at,
    compiled,
    entry_at,
    inlined,
    spell_at,
    stock_at,
    tally_at,
)
from caresim.engines.event.records import Books, Record
from caresim.engines.spells import FIRST, N_BINS, ROUNDING, SHIFT


@inlined
def shift(m: Record, stock: int, change: float) -> None:
    """Let a stock change now."""
    record = stock_at(m, stock)
    record.level += change
    record.moment += change * (m.now - m.mark)


@inlined
def note_length(m: Record, row: int, since: float) -> None:
    """Count the length of a wait, delay or stay that ends now, in the row of its kind."""
    days = m.now - since
    place = (np.float64(days + ROUNDING).view(np.int64) >> SHIFT) - FIRST + 1
    spell = spell_at(m, row * N_BINS + min(max(place, 0), N_BINS - 1))
    spell.n += 1.0
    spell.days += days
    if since < m.record_from:
        carried_at(m, row).days += m.record_from - since


@inlined
def note_no_wait(m: Record, s: int) -> None:
    """Count somebody from outside who finds a place in a setting at once: a wait of 0 days."""
    spell_at(m, s * N_BINS).n += 1.0


@compiled
def note_unfinished(m: Record, row: int, since: float) -> None:
    """Count the days since the record began of a wait, delay or stay that the end cuts short."""
    carried_at(m, row).days -= m.now - max(since, m.record_from)


@compiled
def _add_spells(m: Record, books: Books) -> None:
    """Add the lengths counted since the last edge of a window to their windows."""
    for i in range(books.windows.shape[0]):
        if books.windows[i, 0] <= m.spells_from and m.now <= books.windows[i, 1]:
            for row in range(books.window_spells.shape[1]):
                for k in range(N_BINS):
                    spell = spell_at(m, row * N_BINS + k)
                    if spell.n != 0.0:
                        books.window_spells[i, row, k, 0] += spell.n
                        books.window_spells[i, row, k, 1] += spell.days
    _forget_spells(m, books)


@compiled
def _forget_spells(m: Record, books: Books) -> None:
    """Begin to count lengths anew."""
    for k in range(books.window_spells.shape[1] * N_BINS):
        spell = spell_at(m, k)
        spell.n = 0.0
        spell.days = 0.0
    m.spells_from = m.now


@compiled
def _is_edge(m: Record, books: Books) -> bool:
    """Return whether a window begins or ends now."""
    for i in range(books.windows.shape[0]):
        if books.windows[i, 0] == m.now or books.windows[i, 1] == m.now:
            return True
    return False


@compiled
def _begin_record(m: Record, books: Books) -> None:
    """Forget what was tallied so far: the warm-up is over."""
    for k in range(books.saved.shape[1]):
        stock = stock_at(m, k)
        if m.coupled:
            area_at(m, k).sum += stock.level * (m.now - m.mark) - stock.moment
        stock.moment = 0.0
    for k in range(books.period_counts.shape[1]):
        count = tally_at(m, k)
        if m.coupled:
            before_at(m, k).sum += count.n
        count.n = 0.0
    for s in range(m.n_settings):
        for cohort in range(m.n_cohorts):
            cell_at(m, s, cohort).inside = 0.0
            cell_at(m, s, cohort).waited = 0.0
    _forget_spells(m, books)
    for row in range(books.window_spells.shape[1]):
        carried_at(m, row).days = 0.0
    m.mark = m.now
    m.record_from = m.now
    m.excess = 0.0
    m.entered = m.alive
    m.gone = 0


@compiled
def end_segment(m: Record, books: Books) -> None:
    """Add the segment that ends now to its period and windows, and begin another."""
    entry = entry_at(m, m.cursor)
    if entry.period < 0:
        _begin_record(m, books)
    else:
        length = m.now - m.mark
        for k in range(books.saved.shape[1]):
            stock = stock_at(m, k)
            area = stock.level * length - stock.moment
            stock.moment = 0.0
            if m.coupled:
                area_at(m, k).sum += area
            books.period_stocks[entry.period, k] += area
            for i in range(books.windows.shape[0]):
                if books.windows[i, 0] <= m.mark and m.now <= books.windows[i, 1]:
                    books.window_stocks[i, k] += area
        for k in range(books.period_counts.shape[1]):
            count = tally_at(m, k)
            if count.n != 0.0:
                if m.coupled:
                    before_at(m, k).sum += count.n
                books.period_counts[entry.period, k] += count.n
                for i in range(books.windows.shape[0]):
                    if books.windows[i, 0] <= m.mark and m.now <= books.windows[i, 1]:
                        books.window_counts[i, k] += count.n
                count.n = 0.0
        m.mark = m.now
        if _is_edge(m, books):
            _add_spells(m, books)
    if entry.save >= 0:
        for k in range(books.saved.shape[1]):
            books.saved[entry.save, k] = stock_at(m, k).level
