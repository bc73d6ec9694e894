"""What is disputed, in words: the same beside the claim on the page and in the text, and in the list of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from mash_trawl.model.base import Private
from mash_trawl.model.product import Product
from mash_trawl.model.rows import DisputeShown
from mash_trawl.model.shown import Origin, day_words

GONE: Final = "Disputes about what is no longer shown"
_BY: Final = {"family": "the family", "agency": "an agency"}
_MAY_NOT: Final = "What was said is not shown: it may repeat what may not be shown now."


class Disputed(Private):
    """The disputes of a product by the claim beside which they stand."""

    __slots__ = ("_rows", "gone", "here")

    def __init__(self, product: Product) -> None:
        self.here = tuple(one for one in product.disputes if one.row is not None)
        self.gone = tuple(one for one in product.disputes if one.row is None)
        self._rows: Mapping[str, list[DisputeShown]] = defaultdict(list)
        for one in product.disputes:
            if one.row is not None:
                self._rows[one.row].append(one)

    def beside(self, origins: Iterable[Origin]) -> list[DisputeShown]:
        """Those about any claim of these origins, each once."""
        items = dict.fromkeys(origin.item for origin in origins if origin.item)
        return [one for item in items for one in self._rows.get(item, ())]


def heading(one: DisputeShown) -> str:
    """`Disputed by the family`, or that it was."""
    was = "Was disputed" if one.settled is not None else "Disputed"
    return f"{was} by {_BY[one.by]}"


def said(one: DisputeShown) -> str:
    """Who said what instead, when, and how it was settled; never markup."""
    who = f" ({one.who})" if one.who else ""
    parts = [f"{who} on {day_words(one.at)}"]
    if one.changed:
        parts.append(", about what this record said before: it reads differently now")
    parts.append(f": {_sentence(one.says)}" if one.says else f". {_MAY_NOT}")
    if one.settled is not None:
        on = f" on {day_words(one.settled_at)}" if one.settled_at else ""
        parts.append(f" Settled{on}{f': {_sentence(one.settled)}' if one.settled else '.'}")
    return "".join(parts).strip()


def _sentence(text: str) -> str:
    """What somebody said, on one line, with an end."""
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def in_words(one: DisputeShown) -> str:
    """The whole as a sentence."""
    return f"{heading(one)} {said(one)}"
