"""Reading the lines of an address: which dwelling of which building in which street, as people write it in Britain.

`Flat 3, 14 Mill Lane`, `3/14 Mill Ln.` and `14 Mill Lane, Flat 3` are one door; so are `12A High St` and `Flat A, 12
High Street`. Which figure of `3/14` is the flat depends on the city, so that `14/3` is that door too. Abbreviations are
those in common use on letters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from mash_trawl.model.base import Private

LONGEST = 240
"""Signs of an address that are read; a longer one is cut, so that no text can keep the hub busy."""
_ENDINGS = {
    "rd": "road", "ave": "avenue", "av": "avenue", "cres": "crescent", "crs": "crescent", "gdns": "gardens",
    "gdn": "garden", "ln": "lane", "dr": "drive", "drv": "drive", "cl": "close", "ct": "court", "crt": "court",
    "pl": "place", "sq": "square", "tce": "terrace", "terr": "terrace", "ter": "terrace", "gr": "grove", "gro": "grove",
    "pk": "park", "hse": "house", "ho": "house", "bldg": "building", "bldgs": "buildings", "wy": "way",
    "hts": "heights", "est": "estate", "blvd": "boulevard", "wlk": "walk", "mws": "mews", "par": "parade",
    "str": "street",
}  # fmt: skip
_OTHERS = {"nth": "north", "sth": "south", "upr": "upper", "lwr": "lower", "gt": "great", "lt": "little", "&": "and",
           "mt": "mount"}  # fmt: skip
_BUILDINGS = frozenset({
    "house", "court", "tower", "towers", "point", "lodge", "mansions", "heights", "building", "buildings", "hostel",
    "block", "apartments", "flats",
})  # fmt: skip
_WAYS = frozenset(_ENDINGS.values()) - {"house", "building", "buildings", "estate"} | {
    "street", "hill", "row", "green", "rise", "view", "vale", "bank", "broadway", "mead", "meadow", "gate", "wharf",
    "yard", "lea", "croft", "end", "drove", "fold",
}  # fmt: skip
_SIDES = {"n": "north", "s": "south", "e": "east", "w": "west"}
_FLOORS = {"basement": "basement", "ground": "floor 0", "gf": "floor 0", "gff": "floor 0", "first": "floor 1",
           "fff": "floor 1", "second": "floor 2", "sff": "floor 2", "third": "floor 3", "tff": "floor 3",
           "fourth": "floor 4", "top": "top floor"}  # fmt: skip
_POSTCODE = re.compile(r"\b[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}\b")
_FLAT = re.compile(
    r"\b(?:flat|flt|apartment|apt|unit|room|rm|bedsit|studio|maisonette|caravan|pitch|bed)\.? ?(?:no\.? ?|number |#)?"
    r"([a-z]?[0-9]{1,5}[a-z]?(?:[/-][0-9a-z]{1,4})?|[a-z])(?![0-9a-z])"
)
_FLOOR = re.compile(
    r"\b(?:(?:(basement|ground|first|second|third|fourth|top)|([0-9]{1,2})(?:st|nd|rd|th)) (?:floor )?(?:flat|floor)"
    r"|(gff|fff|sff|tff)|(basement))\b"
)
_NUMBER = re.compile(r"(?:no\.? ?)?([0-9]{1,5}) ?([a-z]?)(?: ?- ?([0-9]{1,5})[a-z]?)?(?![0-9a-z/])[ .]*(.*)")
_SLASHED = re.compile(r"([0-9]{1,5})[a-z]?/([0-9a-z]{1,4})(?: +|$)(.*)")
_NOWHERE = re.compile(
    r"\b(?:n\.?f\.?a\.?|no fixed (?:abode|address)|homeless|rough sleep(?:er|ing)|address (?:unknown|not known|withheld"
    r"|confidential|restricted)|unknown address|sofa surfing)(?![a-z])|^(?:unknown|not known|n/?k|withheld|tbc)$"
)
_CARE_OF = re.compile(r"(?:^|\W)(?:c/o|care of)\b")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Door(Private):
    """One door: `flat` of the building `number` (or `name`) in `street`; texts are empty where nothing was read.

    `number` is the house number as it is written, `12a` or `12-14`. `around` are the other words: village and town.
    `nowhere`: the words say that this is no place to live at. `care_of`: post goes there, nobody says they live there.
    `postcode` is one that stood in the lines. `slashed`: flat and building may be the other way round.
    """

    flat: str = ""
    building: str = ""
    street: str = ""
    number: str = ""
    around: frozenset[str] = frozenset()
    nowhere: bool = False
    care_of: bool = False
    postcode: str = ""
    slashed: bool = False

    @property
    def known(self) -> bool:
        """True when one building was read."""
        return bool(self.building)

    @property
    def key(self) -> tuple[str, str, str]:
        """What two ways of writing the same door have in common."""
        return (self.flat, self.building, self.street)

    @property
    def turned(self) -> tuple[str, str, str]:
        """The same with flat and building in each other's place."""
        return (self.building, self.flat, self.street)


@lru_cache(maxsize=4096)
def read_lines(lines: tuple[str, ...]) -> Door:
    """What the lines of an address say."""
    text = _plain(", ".join(lines))
    if _NOWHERE.search(text):
        return Door(nowhere=True)
    code = _POSTCODE.search(text)
    bare = _POSTCODE.sub(" ", text)
    flat, bare = _take_flat(bare)
    parts = [part for part in (part.strip(" .,-") for part in bare.split(",")) if part]
    door = _door(flat, parts)
    postcode = code[0].replace(" ", "").upper() if code else ""
    return replace(door, care_of=bool(_CARE_OF.search(text)), postcode=postcode)


def _plain(text: str) -> str:
    """Small letters, Latin ones without accents, one kind of hyphen, no apostrophes, no spaces twice."""
    kept: list[str] = []
    for letter in unicodedata.normalize("NFKD", text[:LONGEST]):
        if unicodedata.combining(letter) and kept and "LATIN" in unicodedata.name(kept[-1], ""):
            continue
        kept.append(letter)
    bare = unicodedata.normalize("NFC", "".join(kept)).casefold()
    bare = re.sub(r"[‐‑–—−]", "-", re.sub(r"['’`´\"()]", "", bare))
    return " ".join(re.sub(r"[;\n\r\t_]", ",", bare).split())


def _take_flat(text: str) -> tuple[str, str]:
    """The dwelling within the building, and the rest. Two of them (Block C, Flat 3; First Floor, Flat 2) count both."""
    found: list[str] = []
    if named := _FLOOR.search(text):
        if named[2]:
            found.append(f"floor {int(named[2])}")
        else:
            found.append(_FLOORS[named[1] or named[3] or named[4]])
        text = f"{text[: named.start()]} , {text[named.end() :]}"
    if numbered := _FLAT.search(text):
        found.append(numbered[1])
        text = f"{text[: numbered.start()]} , {text[numbered.end() :]}"
    return " ".join(found), text


def _door(flat: str, parts: list[str]) -> Door:
    """The first part that begins with a number is the house; else the first part that is no street is its name."""
    for at, part in enumerate(parts):
        slashed = None if flat else _SLASHED.fullmatch(part)
        if slashed and (numbered := _NUMBER.fullmatch(slashed[3])) and numbered[4]:
            return _numbered(f"{slashed[1]}/{slashed[2]}", numbered, parts[:at] + parts[at + 1 :])
        if slashed and slashed[3]:
            street, rest = _street(slashed[3])
            around = _words([*parts[:at], *parts[at + 1 :], rest])
            return Door(
                flat=slashed[2], building=slashed[1], street=street, number=slashed[1], around=around, slashed=True
            )
        if slashed and not slashed[3] and at + 1 < len(parts):
            return _door(f"{slashed[1]}/{slashed[2]}", parts[:at] + parts[at + 1 :])
        if numbered := _NUMBER.fullmatch(part):
            if not numbered[4] and at + 1 < len(parts):  # the number stands on a line of its own
                numbered = _NUMBER.fullmatch(f"{part} {parts[at + 1]}") or numbered
                return _numbered(flat, numbered, parts[:at] + parts[at + 2 :])
            return _numbered(flat, numbered, parts[:at] + parts[at + 1 :])
    return _named(flat, parts)


def _numbered(flat: str, found: re.Match[str], others: list[str]) -> Door:
    """A house number and its street. A letter after the number is the flat, unless another one is named."""
    street, rest = _street(found[4])
    around = _words([*others, rest])
    written = f"{found[1]}{found[2]}" + (f"-{found[3]}" if found[3] else "")
    if not street:
        return Door(flat=flat, around=around)
    if not flat and street.split()[-1] in _BUILDINGS and not found[3]:
        return Door(flat=f"{found[1]}{found[2]}", building=street, number=written, around=around)
    if found[3]:
        return Door(flat=flat, building=written, street=street, number=written, around=around)
    if found[2] and not flat:
        return Door(flat=found[2], building=found[1], street=street, number=written, around=around)
    return Door(flat=flat, building=written, street=street, number=written, around=around)


def _named(flat: str, parts: list[str]) -> Door:
    """A house with a name: the first part that is not a street by its last word."""
    for at, part in enumerate(parts):
        words = _written_out(part)
        if any(word.isalpha() for word in words) and words[-1] not in _WAYS - _BUILDINGS:
            if at + 1 == len(parts) and len(parts) == 1 and not flat and words[-1] not in _BUILDINGS and len(words) < 2:
                break
            return Door(flat=flat, building=" ".join(words), around=_words(parts[at + 1 :]))
        break
    return Door(flat=flat, around=_words(parts))


def _street(text: str) -> tuple[str, str]:
    """The street up to its last ending (`road`, `road east`), and the words after it."""
    words = _written_out(text)
    last = max((at for at, word in enumerate(words) if at and word in _WAYS | _BUILDINGS), default=len(words) - 1)
    while last + 1 < len(words) and words[last + 1] in {*_SIDES, *_SIDES.values()}:
        last += 1
        words[last] = _SIDES.get(words[last], words[last])
    return " ".join(words[: last + 1]), " ".join(words[last + 1 :])


def _written_out(text: str) -> list[str]:
    """The words without abbreviations. `St` is a saint where a name follows it, and a street behind one."""
    words = [word.strip(".") for word in re.split(r"[\s.]+|(?<=[^\W\d])-(?=[^\W\d])", text) if word.strip(".")]
    out: list[str] = []
    for at, word in enumerate(words):
        if word == "st":
            later = any(_ENDINGS.get(other, other) in _WAYS or other == "st" for other in words[at + 1 :])
            out.append("saint" if at == 0 or later else "street")
        elif at:
            out.append(_ENDINGS.get(word, _OTHERS.get(word, word)))
        else:
            out.append(_OTHERS.get(word, word))
    return out


def _words(parts: list[str]) -> frozenset[str]:
    return frozenset(word for part in parts for word in _written_out(part) if len(word) > 2)
