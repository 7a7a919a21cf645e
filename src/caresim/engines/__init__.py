"""The engines that run a model, and what they share: draws, results, compiled code."""

from caresim.engines.compiled import keep_apart

keep_apart()
