"""How well one field agrees on both sides. A missing value is `not compared`, never agreement."""

from __future__ import annotations

from dataclasses import dataclass

NOT_COMPARED = "not compared"
COMPANY = "company"
"""The level of an address that is not the person's, in which the source has somebody else of the case (together.py)."""


@dataclass(slots=True)
class Level:
    """How well one field agrees, with the values that were compared (for the explanation).

    Never changed once it is made. It is not frozen because seven are made for each candidate: frozen ones take four
    times as long to make.
    """

    name: str
    here: str = ""
    there: str = ""


NOTHING = Level(NOT_COMPARED)
"""A field that neither side holds."""
