"""The curves of a stay that passes through phases (the family ``phase_type``)."""

# ruff: noqa: D102 - each method is documented once, on caresim.stays.families.Family.

from __future__ import annotations

import numpy as np

from caresim.stays.families import Array
from caresim.stays.matrix import phases_after, raw_moments, spread_after

# Times are handled in blocks, so that memory stays bounded however many are asked for.
_BLOCK = 4096


class Phased:
    """A stay through phases; see `caresim.stays.matrix` for ``initial`` and ``generator``."""

    def __init__(
        self, initial: tuple[float, ...], generator: tuple[tuple[float, ...], ...]
    ) -> None:
        self.initial = np.array(initial)
        self.generator = np.array(generator)
        self.mean, self.square = raw_moments(self.initial, self.generator)

    def _curves(self, t: Array) -> tuple[Array, Array, Array]:
        """Survival, its integral (days) and the density (per day) at each time."""
        flat = np.ravel(t)
        leaving = -self.generator.sum(axis=1)
        curves = np.empty((3, len(flat)))
        for start in range(0, len(flat), _BLOCK):
            block = slice(start, start + _BLOCK)
            phases, inside = spread_after(self.initial, self.generator, flat[block])
            curves[:, block] = phases.sum(axis=1), inside, phases @ leaving
        survival, integral, density = curves.reshape((3, *np.shape(t)))
        return survival, integral, density

    def survival(self, t: Array) -> Array:
        return self._curves(t)[0]

    def limited_mean(self, t: Array) -> Array:
        return self._curves(t)[1]

    def limited_square(self, t: float) -> float:
        # E[S^2] less what the limit takes from those still inside at t, whose S is t plus the
        # rest R of their stay: (t + R)^2 - t^2.
        inside = float(self.survival(np.array(t)))
        late = phases_after(self.initial, self.generator, t)
        rest, rest_square = raw_moments(late, self.generator)
        return self.square - inside * (2 * t * rest + rest_square)

    def inverse_survival(self, p: Array) -> Array:
        p = np.asarray(p, dtype=np.float64)
        low, high = np.zeros(p.shape), np.full(p.shape, self.mean)
        finite = p > 0.0
        while np.any(short := finite & (self.survival(high) > p)):
            high = np.where(short, 2 * high, high)
        # Newton's method, kept between brackets that close in.
        t = high / 2
        for _ in range(200):
            survival, _, density = self._curves(t)
            low = np.where(survival > p, t, low)
            high = np.where(survival > p, high, t)
            with np.errstate(divide="ignore", invalid="ignore"):
                newton = t + (survival - p) / density
            bracketed = np.isfinite(newton) & (newton > low) & (newton < high)
            moved = np.where(bracketed, newton, (low + high) / 2)
            settled = np.abs(moved - t) <= 1e-13 * (self.mean + t)
            t = moved
            if np.all(settled | ~finite):
                break
        return np.where(finite, np.where(p < 1.0, t, 0.0), np.inf)

    def survival_ratio(self, elapsed: Array, t: Array) -> Array:
        elapsed, t = np.broadcast_arrays(elapsed, t)
        ratio = np.empty(elapsed.shape)
        for days in np.unique(elapsed):
            here = elapsed == days
            late = phases_after(self.initial, self.generator, float(days))
            ratio[here] = spread_after(late, self.generator, t[here])[0].sum(axis=1)
        return ratio

    def mean_excess(self, elapsed: Array) -> Array:
        rest = np.linalg.solve(-self.generator, np.ones(len(self.initial)))
        excess = np.empty(np.shape(elapsed))
        for days in np.unique(elapsed):
            late = phases_after(self.initial, self.generator, float(days))
            excess[elapsed == days] = late @ rest
        return excess
