"""Write anew what the files of the corpus must give: `python tests/conformance/regenerate.py`.

Read every change before committing it: this is what users will see, and what the language means.
"""

from __future__ import annotations

import sys

from corpus import INVALID, VALID, beside, files, inside, messages, resolved

from caresim.problems import ScenarioError
from caresim.scenario.load import load


def main() -> int:
    """Write the files; return how many valid files do not load."""
    faulty = 0
    for path in files(VALID):
        try:
            with inside(VALID):
                text = resolved(load(path.name))
        except ScenarioError as error:
            faulty += 1
            print(f"{error}\n", file=sys.stderr)
            continue
        beside(path, ".resolved.yaml").write_text(text, encoding="utf-8")
    for path in files(INVALID):
        text = messages(path)
        if not text:
            print(f"{path.name}: nothing was found", file=sys.stderr)
        beside(path, ".expected.txt").write_text(text, encoding="utf-8")
    return faulty


if __name__ == "__main__":
    sys.exit(min(main(), 1))
