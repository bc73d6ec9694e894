"""Who is who in a seed: the child that is asked about, and the people who must not be taken for them.

Everybody here is invented: NHS numbers are of the 999 range, telephone numbers of 01632 960xxx.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.query import QUERY_FIELDS

_NUMBERS = ("nhs_number", "upn")
_PLACE = ("uprn", "postcode", "house_number", "postcode_sector")
_GIVEN, _FAMILY = ("given", "given_soundex"), ("family", "family_soundex", "former_names")
_BORN = ("born", "born_from", "born_to")
DIFFERS: Mapping[str, frozenset[str]] = {
    "twin": frozenset((*_GIVEN, *_NUMBERS)),
    "same_surname": frozenset((*_BORN, *_NUMBERS, *_PLACE)),
    "same_birthday": frozenset((*_FAMILY, *_GIVEN, *_NUMBERS, *_PLACE)),
    "sibling": frozenset((*_GIVEN, *_BORN, *_NUMBERS)),
    "merged": frozenset(),
}
"""In which query fields each of the cast is another than the child. A search by one of these may not bring them."""
ROLES = ("child", *DIFFERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the child, as a query holds it. What your system does not know is None."""

    given: str | None = "Aisha"
    family: str | None = "Khan"
    former_names: str | None = None
    born: date | None = date(2014, 5, 17)
    sex: str | None = None
    postcode: str | None = "NB14QT"
    uprn: str | None = "100023336956"
    house_number: str | None = "14"
    nhs_number: str | None = "9990000018"
    upn: str | None = "A999000000018"

    @property
    def query(self) -> dict[str, Any]:
        """Every query field that these facts fill."""
        held: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        held |= {"born_from": self.born, "born_to": self.born}
        held["given_soundex"] = soundex(self.given) if self.given else None
        held["family_soundex"] = soundex(self.family) if self.family else None
        held["postcode_sector"] = f"{self.postcode[:-3]} {self.postcode[-3]}" if self.postcode else None
        return {name: value for name, value in held.items() if value is not None}

    @property
    def canaries(self) -> tuple[str, ...]:
        """Texts that may stand nowhere but in what the connector yields: in the ways in which systems write them."""
        born = self.born
        days = [born.strftime(form) for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d.%m.%Y")] if born else []
        number = self.nhs_number or ""
        spaced = f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""
        post = f"{self.postcode[:-3]} {self.postcode[-3:]}" if self.postcode else ""
        held = (self.given, self.family, number, spaced, self.upn, self.uprn, self.postcode, post, *days)
        return tuple(text for text in held if text and len(text) > 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The system's own key of each person. None: your seed has nobody of that kind, and the kit says so.

    `twin`: born on the same day, same surname and address. `same_surname`: another birthday and address.
    `same_birthday`: another name and address. `sibling`: same surname and address, another birthday. `merged`: an old
    record of the child's own.
    """

    child: str = "K1"
    twin: str | None = "K2"
    same_surname: str | None = "K3"
    same_birthday: str | None = "K4"
    sibling: str | None = "K5"
    merged: str | None = None

    def roles(self) -> dict[str, str]:
        """Key to role, of all who are in the seed."""
        return {ref: role for role in ROLES if (ref := getattr(self, role)) is not None}


def soundex(text: str) -> str:
    """American Soundex of a name, as query keys hold it."""
    codes = {letter: code for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1)
             for letter in letters}  # fmt: skip
    letters = re.sub("[^a-z]", "", text.lower())
    if not letters:
        return ""
    kept, last = letters[0].upper(), codes.get(letters[0])
    for letter in letters[1:]:
        code = codes.get(letter)
        if code and code != last:
            kept += str(code)
        last = last if letter in "hw" else code
    return (kept + "000")[:4]


_LINE = re.compile(r"^\s*(?:--|#|//)\s*(cast|facts):\s*(.+)$", re.MULTILINE)
_PAIR = re.compile(r"(\w+)=(\"[^\"]*\"|\S+)")


def told_in(text: str) -> tuple[Cast | None, Facts | None]:
    """What a seed's own remarks say: `-- cast: child=T2 twin=T3` and `-- facts: family=Khan born=2014-05-17`.

    A role or fact that such a line does not name is none. Raises Misconfigured for a word that is neither.
    """
    cast: Cast | None = None
    facts: Facts | None = None
    for kind, rest in _LINE.findall(text):
        pairs: dict[str, Any] = {name: value.strip('"') for name, value in _PAIR.findall(rest)}
        try:
            if kind == "cast":
                cast = replace(cast or Cast(child="", **dict.fromkeys(DIFFERS)), **pairs)
            else:
                if "born" in pairs:
                    pairs["born"] = date.fromisoformat(pairs["born"])
                facts = replace(facts or nothing_known(), **pairs)
        except (TypeError, ValueError):
            known = ", ".join(ROLES if kind == "cast" else sorted({*QUERY_FIELDS} & set(Facts.__slots__)))
            problem = Problem(where="the seed", what=f"its line `{kind}:` cannot be read.", do=f"Names are: {known}.")
            raise Misconfigured(problem) from None
    return cast, facts


def nothing_known() -> Facts:
    """Facts that are all None."""
    return Facts(**dict.fromkeys(Facts.__slots__))
