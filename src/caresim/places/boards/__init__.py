"""Ready-made places: the 42 integrated care boards of England and what is published about them."""

from caresim.places.boards.table import (
    Area,
    Board,
    Definition,
    UnknownBoardError,
    board,
    boards,
    definitions,
    sources,
)

__all__ = [
    "Area",
    "Board",
    "Definition",
    "UnknownBoardError",
    "board",
    "boards",
    "definitions",
    "sources",
]
