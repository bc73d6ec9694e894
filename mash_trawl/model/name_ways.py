"""The usual ways in which systems write one name. A search that knows only one of them says "none found" of a child."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mash_trawl.model.folding import fold, unmarked, written_out

_MARK = re.compile("['\u2019\u2018`\u00b4]")
_HYPHEN = re.compile("[-\u2010\u2011\u2012\u2013]")
_MAC = re.compile(r"\b(Mac|Mc)([a-z])")
_SMALL = re.compile(
    r"\b(?:Af|Al|Av|Bin|Da|De|Degli|Del|Della|Den|Der|Di|Do|Dos|Du|El|Ibn|La|Le|Ten|Ter|Van|Von|Zu)\b(?= )"
)
"""Words before a name proper, which many systems keep in small letters."""


def name_ways(text: str) -> tuple[str, ...]:
    """Each way once, the given one first: capitals, accents, what stands for an apostrophe, how parts are joined.

    `O'BRIEN` is also `O'Brien`, `O\u2019Brien`, `OBrien`, `O Brien`, in capitals and small letters;
    `MCDONALD` also `McDonald`; `VAN DER BERG` also `van der Berg`; `Smith-Jones` also `Smith Jones`; `M\u00fcller` also
    `Muller` and `Mueller`.
    """
    spelled = (way for given in (text, text.title()) for way in _spelled(given))
    return tuple(dict.fromkeys((text, *(way for one in spelled for way in (one, *_cased(one))))))


def lower_ways(text: str) -> tuple[str, ...]:
    """The same in small letters, to compare with `lower(column)`: as it folds all letters, or A to Z only (SQLite)."""
    return tuple(dict.fromkeys(low for way in name_ways(text) for low in (way.lower(), _ascii_lower(way))))


def _ascii_lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _spelled(text: str) -> Iterator[str]:
    two = written_out(text)  # in small letters, without apostrophes and hyphens
    for bare in dict.fromkeys((text, unmarked(text), *([two] if two != fold(text) else ()))):
        for mark in ("'", "\u2019", "", " ") if _MARK.search(bare) else ("",):
            marked = _MARK.sub(mark, bare)
            for hyphen in ("-", " ", "") if _HYPHEN.search(marked) else ("",):
                yield _HYPHEN.sub(hyphen, marked)


def _cased(text: str) -> Iterator[str]:
    initials = text.title()
    yield from (text.upper(), text.lower(), initials)
    yield _MAC.sub(lambda found: found[1] + found[2].upper(), initials)
    yield _SMALL.sub(lambda found: found[0].lower(), initials)
