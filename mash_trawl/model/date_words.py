"""A date in plain English, from its EDTF text."""

from __future__ import annotations

from mash_trawl.model.edtf import MONTHS, SEASONS

_DOUBT = {"~": "about ", "?": "possibly ", "%": "possibly about "}


def in_words(edtf: str) -> str:
    """`17 May 2014`, `about May 2019`, `2015 or 2016`, `from 2012`: nothing that the text does not say."""
    if edtf.startswith("["):
        return _one_of(edtf[1:-1])
    first, slash, last = edtf.partition("/")
    if not slash:
        return _single(edtf)
    if first == "..":
        return f"until {_single(last)}"
    if last == "..":
        return f"from {_single(first)}"
    ends = [_single(side) if side else "an unknown date" for side in (first, last)]
    return f"{ends[0]} to {ends[1]}"


def _one_of(inner: str) -> str:
    first, dots, last = inner.partition("..")
    if not dots:
        return " or ".join(_single(item) for item in inner.split(","))
    if not first:
        return f"{_single(last)} or earlier"
    return f"between {_single(first)} and {_single(last)}" if last else f"{_single(first)} or later"


def _single(text: str) -> str:
    doubt = _DOUBT.get(text[-1:], "")
    return doubt + _plain(text.rstrip("~?%"))


def _plain(text: str) -> str:
    year, _, rest = text.partition("-")
    if year.startswith("X"):
        return "date not known"
    if year.endswith("XX"):
        return f"{year[:2]}00 to {year[:2]}99"
    if year.endswith("X"):
        return f"the {year[:3]}0s"
    month, _, day = rest.partition("-")
    if not month:
        return year
    if month == "XX":
        return f"{year} (month not known)"
    if season := SEASONS.get(int(month)):
        return f"winter {year} to {int(year) + 1}" if season == "winter" else f"{season} {year}"
    name = f"{MONTHS[int(month) - 1]} {year}"
    if not day:
        return name
    return f"{name} (day not known)" if day == "XX" else f"{int(day)} {name}"
