"""Places as people write them: keys by which two writings are one home, and patterns that find a place in free text.

A pattern is a plain list of words with bounded separators between them, so that searching stays linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from mash_trawl.model.person import Address

_BETWEEN = r"[\s,.\-\u2010-\u2015_/\u00ad\u200b-\u200d\u2060\ufeff]{0,8}"
_IN_NUMBER = r"[\s,.\-\u2010-\u2015_]{0,3}"
_RANGE = r"[\s\-\u2010-\u2015/&]{1,3}"
_LEFT, _RIGHT = r"(?<![^\W_])", r"(?![^\W_])"
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9])([A-Z]{2})\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+[a-z]?", re.IGNORECASE)
_ROADS = (
    "lane ln la", "road rd", "street st str", "avenue ave av", "close cl", "drive dr drv", "court ct crt",
    "gardens gdns gdn garden", "terrace terr ter", "place pl", "crescent cres cresc cr", "square sq", "grove gr grv",
    "way wy", "walk wlk", "park pk", "hill", "rise", "view", "row", "mews", "green grn", "parade pde", "house hse",
    "boulevard blvd", "lodge", "yard yd", "wharf", "quay", "buildings bldgs", "estate est", "cottages cotts",
    "cottage cott", "crossing", "bank", "fold", "vale", "field fields", "meadow meadows", "common", "gate", "end",
)  # fmt: skip
_TYPES = {word: tuple(line.split()) for line in _ROADS for word in line.split()}
_INNER = {"flat", "apartment", "apt", "unit", "room", "floor", "maisonette", "bedsit", "studio"}
_NO_PLACE = {
    "unknown", "not", "known", "stated", "given", "none", "no", "nil", "fixed", "abode", "address", "withheld",
    "hidden", "restricted", "confidential", "protected", "nfa", "homeless", "by", "nhs", "see", "police", "na",
    "n", "a", "of", "the", "and", "or", "to", "be", "on", "file", "refer", "england", "wales", "scotland", "uk",
    "united", "kingdom", "great", "britain", "north", "south", "east", "west", "upper", "lower", "sofa",
    "surfing", "temporary", "accommodation",
}  # fmt: skip


def real(address: Address) -> bool:
    """True if this says where: not `no fixed address`, `unknown` or `withheld`."""
    return not address.no_fixed_address and bool(
        address.uprn or address.postcode or any(set(_plain(line)) - _NO_PLACE for line in address.lines)
    )


def place_keys(address: Address) -> set[str]:
    """The keys by which two addresses are known to be one: the UPRN, and the postcode with house and road."""
    keys = {f"uprn:{_uprn(address.uprn)}"} if address.uprn else set()
    line = house_line(address)
    if line and real(address):
        keys.add(f"line:{line}|{''.join((address.postcode or '').casefold().split())}")
    return keys


def house_line(address: Address) -> str:
    """Flat, house and road in one usual writing: `Flat 2` / `14 Mill Ln.` becomes `flat 2 14 mill lane`."""
    lines = [[_TYPES.get(word, (word,))[0] for word in _plain(line)] for line in address.lines]
    for number, words in enumerate(lines[:3]):
        if any(word in _TYPES for word in words[1:]):
            return " ".join(word for line in lines[: number + 1] for word in line)
    return " ".join(lines[0]) if lines else ""


def _plain(line: str) -> list[str]:
    return [word.replace("'", "").replace("\u2019", "") for word in _WORD.findall(line.casefold())]


def _uprn(text: str) -> str:
    return "".join(text.split()).lstrip("0")


def sure_pattern(places: Iterable[Address]) -> re.Pattern[str] | None:
    """Finds house and road, the road alone, postcode and UPRN, in the writings that are usual."""
    given = tuple(places)
    words = {part for place in given for sure, part in _parts(place) if sure}
    numbers = {_spaced(_uprn(place.uprn)) for place in given if place.uprn and len(_uprn(place.uprn)) > 5}
    digits = [rf"(?<![0-9])0{{0,6}}(?:{_either(numbers)})(?![0-9])"] if numbers else []
    return _compiled([*([rf"{_LEFT}(?:{_either(words)}){_RIGHT}"] if words else []), *digits])


def loose_pattern(places: Iterable[Address], values: Iterable[str]) -> re.Pattern[str] | None:
    """Finds what only narrows a place down: town, flat, postcode sector; and `values` such as a practice's name."""
    parts = {part for place in places for sure, part in _parts(place) if not sure}
    for value in values:
        digits = re.sub(r"[^0-9]", "", value).removeprefix("44").lstrip("0")
        words = _WORD.findall(value)
        if len(digits) > 5 and len(digits) * 2 > len("".join(words)):
            parts.add(rf"(?:\+?44{_IN_NUMBER}|0{_IN_NUMBER})?{_spaced(digits)}")
        elif len("".join(words)) > 4:
            parts.add(_phrase(words))
    return _compiled([rf"{_LEFT}(?:{_either(parts)}){_RIGHT}"] if parts else [])


def _compiled(parts: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _either(parts: Iterable[str]) -> str:
    return "|".join(sorted(parts, key=lambda part: (-len(part), part)))


def _parts(place: Address) -> Iterator[tuple[bool, str]]:
    """Each pattern of one address; True: it names the home or its road, False: it only narrows it down."""
    if not real(place):
        return
    if place.postcode:
        yield from _code(place.postcode)
    pieces = [piece for line in place.lines for piece in line.split(",")]
    numbers: list[str] = []
    for position, piece in enumerate(pieces):
        code = _POSTCODE.search(piece)
        if code:
            yield from _code(code[0])
        words = _WORD.findall(piece[: code.start()] if code else piece)
        if words and all(_NUMBER.fullmatch(word) for word in words):
            numbers = words
            continue
        yield from _piece(words, numbers, first=position == 0)
        numbers = []


def _code(text: str) -> Iterator[tuple[bool, str]]:
    letters = "".join(_WORD.findall(text))
    found = _POSTCODE.fullmatch(letters)
    if found:
        yield True, _spaced(letters)
        yield False, rf"{_spaced(found[1])}{_IN_NUMBER}{found[2]}{_IN_NUMBER}(?:[a-z]{{1,2}})?"
    elif len(letters) > 3:
        yield True, _spaced(letters)


def _piece(words: list[str], numbers: list[str], first: bool) -> Iterator[tuple[bool, str]]:
    """One piece between commas: flat and house number, road, and what follows the road."""
    if not words:
        return
    end = _road_end(words)
    if end == 0:
        yield from _nameless(words, numbers, first)
        return
    before = [place for place in range(end - 1) if words[place][0].isdigit()]
    start = before[-1] + 1 if before else 0
    house = words[before[-1]] if before else (numbers[-1] if numbers else "")
    name, kind = words[start : end - 1], _road(words[end - 1])
    road = f"{_phrase(name)}{_BETWEEN}{kind}"
    yield True, (f"(?:{_house(house)}{_BETWEEN})?" if house else "") + road
    if house:
        yield True, f"{_house(house)}{_BETWEEN}{_phrase(name)}"
    elif len(name) > 1:
        yield True, f"{_word(name[-1])}{_BETWEEN}{kind}"
    if start > 1 and words[0].casefold() in _INNER:
        yield False, _phrase(words[:2])
    yield from _piece(words[end:], [], first=False)


def _nameless(words: list[str], numbers: list[str], first: bool) -> Iterator[tuple[bool, str]]:
    """A piece without a kind of road: a flat, the name of a house, a town."""
    rest = [word for word in words if not word[0].isdigit()]
    if not {word.casefold() for word in rest} - _NO_PLACE:
        return
    if words[0].casefold() in _INNER:
        yield False, _phrase(words)
        return
    digits = [word for word in words if word[0].isdigit()] or numbers
    if digits:
        yield True, f"{_house(digits[-1])}{_BETWEEN}{_phrase(rest)}"
    yield (first or bool(digits)) and len(rest) > 1, _short(rest)


def _short(words: list[str]) -> str:
    """A single short word counts only with a capital: `Bath` is a town, `bath` is not."""
    only = words[0] if len(words) == 1 and len(words[0]) < 5 else ""
    return rf"(?-i:{re.escape(only.capitalize())}|{re.escape(only.upper())})" if only else _phrase(words)


def _road_end(words: list[str]) -> int:
    """How many words belong to the road, its kind included; 0: no kind of road is named."""
    for place, word in enumerate(words):
        if place and word.casefold() in _TYPES and not words[place - 1][0].isdigit():
            end = place + 1
            while end < len(words) and words[end].casefold() in _TYPES:
                end += 1
            return end
    return 0


def _house(number: str) -> str:
    """The number with or without a letter, or as one end of `14-16`."""
    digits = re.match(r"[0-9]+", number)
    own = rf"{digits[0] if digits else re.escape(number)}\s?[a-z]?"
    return rf"(?:[0-9]{{1,4}}[a-z]?{_RANGE})?{own}(?:{_RANGE}[0-9]{{1,4}}[a-z]?)?"


def _road(word: str) -> str:
    kinds = _TYPES.get(word.casefold(), (word,))
    return f"(?:{'|'.join(sorted(kinds, key=len, reverse=True))})"


def _phrase(words: Sequence[str]) -> str:
    return _BETWEEN.join(_word(word) for word in words)


def _word(word: str) -> str:
    if word.casefold() in ("st", "saint"):
        return "(?:saint|st)"
    letters = word.replace("\u2019", "'").split("'")
    if len(letters) > 1:
        return "['\u2019]?".join(re.escape(part) for part in letters)
    return rf"{re.escape(word[:-1])}['\u2019]?s" if len(word) > 3 and word[-1] in "sS" else re.escape(word)


def _spaced(text: str) -> str:
    return _IN_NUMBER.join(re.escape(letter) for letter in text)
