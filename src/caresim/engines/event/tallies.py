"""Time integrals and counts, kept exactly as events happen; compiled.

For a stock that changes by d_i at times t_i of a segment [0, T], the integral is
``level(T) T - sum d_i t_i``, so a change costs one addition to the level and one to the moment
``sum d_i t_i``; segments are short (the time between saved times), which keeps rounding small.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

from caresim.engines.event.memory import cell_at, compiled, entry_at, inlined, stock_at, tally_at
from caresim.engines.event.records import Books, Record


@inlined
def shift(m: Record, stock: int, change: float) -> None:
    """Let a stock change now."""
    record = stock_at(m, stock)
    record.level += change
    record.moment += change * (m.now - m.mark)


@compiled
def _begin_record(m: Record, books: Books) -> None:
    """Forget what was tallied so far: the warm-up is over."""
    for k in range(books.saved.shape[1]):
        stock_at(m, k).moment = 0.0
    for k in range(books.period_counts.shape[1]):
        tally_at(m, k).n = 0.0
    for s in range(m.n_settings):
        for cohort in range(m.n_cohorts):
            cell_at(m, s, cohort).inside = 0.0
            cell_at(m, s, cohort).waited = 0.0
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
            books.period_stocks[entry.period, k] += area
            for i in range(books.windows.shape[0]):
                if books.windows[i, 0] <= m.mark and m.now <= books.windows[i, 1]:
                    books.window_stocks[i, k] += area
        for k in range(books.period_counts.shape[1]):
            count = tally_at(m, k)
            if count.n != 0.0:
                books.period_counts[entry.period, k] += count.n
                for i in range(books.windows.shape[0]):
                    if books.windows[i, 0] <= m.mark and m.now <= books.windows[i, 1]:
                        books.window_counts[i, k] += count.n
                count.n = 0.0
        m.mark = m.now
    if entry.save >= 0:
        for k in range(books.saved.shape[1]):
            books.saved[entry.save, k] = stock_at(m, k).level
