"""The two parsers a file may be read with: a fast one, and one that can be asked what is wrong.

libyaml, in C, takes a twentieth of the time of ruamel.yaml's parser in Python, but follows YAML
1.1, and its errors say less. Only events are used, in which the two versions differ little, and
what a plain word means is decided here, by YAML 1.2. So a file is first read with libyaml; if that
finds anything to complain of, or the text has one of the few characters that the versions treat
apart, it is read again with ruamel.yaml, whose word counts.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Events = Callable[[str], Iterator[Any]]

_LINE_BREAKS_OF_1_1 = re.compile("[\x85\u2028\u2029]")
"""Characters that end a line in YAML 1.1 and are text in YAML 1.2."""


def fast_events(text: str) -> Iterator[Any] | None:
    """Parse with libyaml; None if it is not installed or the text needs the other parser.

    Scalars have the style None if they are plain, as those of :func:`explaining_events` have.
    """
    if _LINE_BREAKS_OF_1_1.search(text):
        return None
    try:
        from yaml import CSafeLoader
    except ImportError:
        return None
    return _with_plain_style(CSafeLoader(text))


def _with_plain_style(loader: Any) -> Iterator[Any]:
    try:
        while loader.check_event():
            event = loader.get_event()
            if getattr(event, "style", None) == "":
                event.style = None
            yield event
    finally:
        loader.dispose()


def explaining_events(text: str) -> Iterator[Any]:
    """Parse with ruamel.yaml, which follows YAML 1.2 and says where a fault is."""
    from ruamel.yaml import YAML  # takes longer to import than a small file to read

    events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
    return events
