"""Pictures of a resolved model: its stocks and flows, and the loops that feed on themselves."""

from __future__ import annotations

from pathlib import Path

from caresim.explain.words import UnknownError
from caresim.problems import nearest

__all__ = ["of_file"]


def of_file(path: Path, option: str = "do_nothing", output: Path | None = None) -> str:
    """Return the loops of a scenario file in words, and draw them.

    Parameters
    ----------
    path
        The file.
    option
        Whose loops.
    output
        SVG file to draw stocks, flows and loops in, if any.

    Raises
    ------
    ScenarioError
        If the file has problems.
    UnknownError
        If there is no such option; the message names the nearest.
    """
    from caresim.explain.loops.page import picture
    from caresim.explain.loops.words import text
    from caresim.scenario.load import load

    scenario = load(path)
    if option not in scenario.options:
        near = nearest(option, list(scenario.options))
        about = f"; did you mean `{near}`?" if near else ""
        raise UnknownError(f"there is no option `{option}`{about}")
    model = scenario.model(option)
    if output is not None:
        output.write_text(picture(model), encoding="utf-8")
    return text(model)
