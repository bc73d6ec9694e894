"""Synthetic families: nobody here exists. NHS numbers come from the 999 range, which is kept for tests.

The same seed gives the same county on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

TODAY = date(2026, 11, 2)
"""The county's own day: generated facts lie before it."""
GIRLS = ("Amelia", "Zahra", "Maja", "Hodan", "Chloe", "Priya", "Orla", "Ife", "Nell", "Mei", "Simran", "Daria")
BOYS = ("Callum", "Yusuf", "Kacper", "Liban", "Owen", "Arjun", "Fionn", "Tunde", "Rory", "Jun", "Harjit", "Danylo")
WOMEN = (
    "Samira",
    "Karen",
    "Agnieszka",
    "Ayaan",
    "Louise",
    "Meera",
    "Siobhan",
    "Bola",
    "Rachel",
    "Lan",
    "Jasleen",
    "Olena",
)
MEN = ("Imran", "Craig", "Piotr", "Abdi", "Gareth", "Sanjay", "Declan", "Femi", "Lee", "Wei", "Gurdeep", "Taras")
SURNAMES = (
    "Ashdown", "Malik", "Kowalska", "Warsame", "Pritchard", "Sharma", "Gallagher", "Adeyemi", "Holloway", "Chen",
    "Dhillon", "Shevchenko", "Marsh", "Quill", "Tansley", "Begum", "Osei", "Fenwick", "Rahman", "Lisle",
)  # fmt: skip
STREETS = ("Mill Lane", "Station Road", "Orchard Close", "Tanner Street", "Beacon Hill", "Quarry View", "Canal Walk")


@dataclass(kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class Home:
    """One address."""

    uprn: str
    line: str
    postcode: str


@dataclass(kw_only=True)
class Family:
    """A household with its children, and the people around it who live elsewhere."""

    id: str
    home: Home
    mother: Human
    children: list[Human] = field(default_factory=list)
    father: Human | None = None
    partner: Human | None = None
    others: list[Human] = field(default_factory=list)

    def everyone(self) -> Iterator[Human]:
        """Everyone in a fixed order."""
        yield self.mother
        yield from (person for person in (self.father, self.partner) if person)
        yield from self.children
        yield from self.others


class Maker:
    """Draws families one after another from one stream of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._numbers = self._test_numbers()
        self._homes = 0

    @staticmethod
    def _test_numbers() -> Iterator[str]:
        """The valid NHS numbers of the test range, in order (check digit by modulus 11)."""
        for stem in range(999_000_000, 1_000_000_000):
            check = 11 - sum(int(d) * w for d, w in zip(str(stem), range(10, 1, -1), strict=True)) % 11
            if check != 10:
                yield f"{stem}{0 if check == 11 else check}"

    def home(self) -> Home:
        """A new address; some sixty share a postcode sector."""
        self._homes += 1
        street = STREETS[self._homes % len(STREETS)]
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        unit = letters[self._homes // 20 % 20] + letters[self._homes % 20]
        return Home(
            uprn=f"{100_023_000_000 + self._homes * 37}",
            line=f"{self._homes % 180 + 1} {street}",
            postcode=f"NB{self._homes // 400 % 9 + 1} {self._homes // 60 % 9 + 1}{unit}",
        )

    def human(self, ident: str, role: str, family: str, youngest: int, oldest: int, home: Home, sex: str = "") -> Human:
        """A person whose age in years lies between the two bounds."""
        sex = sex or self.chance.choice("FM")
        child = role == "child"
        given = self.chance.choice((GIRLS if child else WOMEN) if sex == "F" else (BOYS if child else MEN))
        days = self.chance.randrange(youngest * 365 + 30, oldest * 365)
        return Human(
            id=ident, given=given, family=family, born=TODAY - timedelta(days=days), sex=sex,
            nhs=next(self._numbers), role=role, home=home,
        )  # fmt: skip

    def family(self, number: int) -> Family:
        """A family: one or two adults at home, one to four children, in a third of cases a father elsewhere."""
        name, home = self.chance.choice(SURNAMES), self.home()
        ident = f"F{number:04}"
        mother = self.human(f"{ident}-1", "mother", name, 24, 45, home, "F")
        if self.chance.random() < 0.3:
            mother.former = self.chance.choice(SURNAMES)
        made = Family(id=ident, home=home, mother=mother)
        at_home = self.chance.random() < 0.55
        if at_home or self.chance.random() < 0.6:
            place = home if at_home else self.home()
            made.father = self.human(f"{ident}-2", "father", name, 25, 50, place, "M")
        taken: set[str] = set()
        for n in range(self.chance.choice((1, 1, 2, 2, 2, 3, 4))):
            child = self.human(f"{ident}-{n + 4}", "child", name, 0, 16, home)
            if child.given not in taken:
                made.children.append(child)
                taken.add(child.given)
        return made


def county(seed: int, families: int) -> tuple[list[Family], Maker]:
    """The families of one county, and the stream of chance for what follows."""
    maker = Maker(seed)
    return [maker.family(number) for number in range(1, families + 1)], maker
