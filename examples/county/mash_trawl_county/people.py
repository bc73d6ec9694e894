"""Synthetic families: nobody here exists. NHS numbers come from the 999 range, which is kept for tests.

The same seed gives the same county on every machine.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from mash_trawl_county.names import ORIGINS, draw

TODAY = date(2026, 11, 2)
"""The county's own day: generated facts lie before it."""
STREETS = tuple(
    f"{word} {way}"
    for way in ("Road", "Street", "Lane", "Close", "Avenue", "Grove")
    for word in (
        "Mill", "Station", "Orchard", "Tanner", "Beacon", "Quarry", "Canal", "Chapel", "Victoria", "Park", "Church",
        "High", "Albert", "Alma", "Windsor", "Manor", "School", "Bridge", "Forge", "Weaver", "Linden", "Heron",
    )
)  # fmt: skip


def chance_of(system: str, ident: str) -> random.Random:
    """Chance that hangs on a system and the id of a family or person alone: nothing drawn elsewhere changes it."""
    return random.Random(f"{system}/{ident}")


@dataclass(kw_only=True, slots=True)
class Human:
    """One synthetic person. `former` is an earlier family name; `nhs` is a number of the test range.

    `aliases` are other given names in use; `former_given` is a given name before a deed poll. An unborn child has a
    `due` day, and `born` is the same day: no system holds it as a birth. `restrictions` are words of a case file
    (`hidden_address`, `adopted`, ...).
    """

    id: str
    given: str
    family: str
    born: date
    sex: str
    nhs: str
    role: str
    middle: str = ""
    former: str = ""
    home: Home | None = None
    aliases: tuple[str, ...] = ()
    former_given: str = ""
    upn: str = ""
    restrictions: tuple[str, ...] = ()
    died: date | None = None
    due: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """One address."""

    uprn: str
    line: str
    postcode: str


@dataclass(kw_only=True, slots=True)
class Family:
    """A household with its children, and the people around it who live elsewhere.

    `others` share the home or the story; `tenants` says that the home is the housing department's.
    """

    id: str
    home: Home
    mother: Human
    children: list[Human] = field(default_factory=list)
    father: Human | None = None
    partner: Human | None = None
    others: list[Human] = field(default_factory=list)
    origin: str = "english"
    tenants: bool = True

    def everyone(self) -> Iterator[Human]:
        """Everyone in a fixed order."""
        yield self.mother
        yield from (person for person in (self.father, self.partner) if person)
        yield from self.children
        yield from self.others


class Maker:
    """Draws people and homes one after another: chance from the seed, numbers and addresses in order."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self._numbers = self._test_numbers()
        self._upns = itertools.count(1)
        self._homes = 0

    @staticmethod
    def _test_numbers() -> Iterator[str]:
        """The valid NHS numbers of the test range, in order (check digit by modulus 11)."""
        for stem in range(999_000_000, 1_000_000_000):
            check = 11 - sum(int(d) * w for d, w in zip(str(stem), range(10, 1, -1), strict=True)) % 11
            if check != 10:
                yield f"{stem}{0 if check == 11 else check}"

    def begin(self, number: int) -> None:
        """Start the chance of one family afresh, so that a family is the same however many others are drawn."""
        self.chance = random.Random(f"{self.seed}/{number}")

    def upn(self) -> str:
        """A unique pupil number: check letter, local authority 812, then thirteen figures in all."""
        digits = f"812120{next(self._upns):06d}"
        total = sum(int(figure) * weight for weight, figure in enumerate(digits, start=2))
        return "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23] + digits

    def home(self) -> Home:
        """A new address somewhere in the county: six share a postcode, some two hundred and forty its sector."""
        self._homes += 1
        block, place = divmod(self._homes, 5000)
        number = block * 5000 + place * 2741 % 5000  # neighbours in the drawing are no neighbours
        street, house = divmod(number, 60)
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        unit = letters[number // 120 % 20] + letters[number // 6 % 20]
        return Home(
            uprn=f"{100_023_000_000 + number * 37}",
            line=f"{house + 1} {STREETS[street % len(STREETS)]}",
            postcode=f"NB{number // 2160 % 90 + 1} {number // 240 % 9 + 1}{unit}",
        )

    def human(
        self, ident: str, role: str, family: str, youngest: int, oldest: int, home: Home, sex: str = "",
        origin: str = "english",
    ) -> Human:  # fmt: skip
        """A person whose age in years lies between the two bounds, with a given name of this origin."""
        sex = sex or self.chance.choice("FM")
        names = ORIGINS[origin]
        given = draw(self.chance, names.girls if sex == "F" else names.boys, names.skew)
        days = self.chance.randrange(youngest * 365 + 30, oldest * 365)
        born = TODAY - timedelta(days=days)
        return Human(
            id=ident, given=given, family=family, born=born, sex=sex, nhs=next(self._numbers), role=role, home=home,
            upn=self.upn() if 4 <= days // 365 <= 17 else "",
        )  # fmt: skip
