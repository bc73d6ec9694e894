"""The three families of the demo cases, one per profile, made by hand so that they show what matters.

First: early help; consent for housing and police, none for health. Second: children in need, with a section 47
decision for two people; a new partner whom only housing knows; a name that police spell another way; a brother whose
police record has another year of birth. Third: the front door, nobody asked yet.
"""

from __future__ import annotations

from datetime import date

from mash_trawl_county.demo_records import relatives
from mash_trawl_county.people import Family, Home, Human, Maker


def _human(maker: Maker, ident: str, role: str, given: str, family: str, born: date, sex: str, home: Home) -> Human:
    made = maker.human(ident, role, family, 1, 2, home, sex)
    made.given, made.born = given, born
    return made


def early_help(maker: Maker) -> Family:
    """Mother and two boys; the younger misses nursery."""
    home = maker.home()
    mother = _human(maker, "D1-1", "mother", "Louise", "Tansley", date(1993, 8, 21), "F", home)
    made = Family(id="D1", home=home, mother=mother)
    made.children = [
        _human(maker, "D1-4", "child", "Owen", "Tansley", date(2017, 2, 9), "M", home),
        _human(maker, "D1-5", "child", "Rory", "Tansley", date(2022, 6, 30), "M", home),
    ]
    return made


def children_in_need(maker: Maker) -> Family:
    """Two children of a first marriage, a baby of the new partner, the father and an elder half brother elsewhere."""
    home, elsewhere = maker.home(), maker.home()
    mother = _human(maker, "D2-1", "mother", "Samira", "Malik", date(1988, 11, 2), "F", home)
    mother.former = "Rahman"
    father = _human(maker, "D2-2", "father", "Imran", "Malik", date(1985, 3, 14), "M", elsewhere)
    partner = _human(maker, "D2-3", "partner", "Craig", "Fenwick", date(1990, 7, 25), "M", home)
    made = Family(id="D2", home=home, mother=mother, father=father, partner=partner)
    made.children = [
        _human(maker, "D2-4", "child", "Aisha", "Malik", date(2014, 5, 17), "F", home),
        _human(maker, "D2-5", "child", "Yusuf", "Malik", date(2018, 9, 3), "M", home),
        _human(maker, "D2-6", "child", "Ivy", "Fenwick", date(2026, 1, 28), "F", home),
    ]
    made.others = relatives(mother)
    return made


def front_door(maker: Maker) -> Family:
    """A mother and a teenager; nothing has been agreed and nothing decided."""
    home = maker.home()
    mother = _human(maker, "D3-1", "mother", "Siobhan", "Gallagher", date(1984, 12, 11), "F", home)
    made = Family(id="D3", home=home, mother=mother)
    made.children = [_human(maker, "D3-4", "child", "Orla", "Gallagher", date(2011, 10, 6), "F", home)]
    return made


def demo_families(maker: Maker) -> list[Family]:
    """The three, in the order of their cases."""
    return [early_help(maker), children_in_need(maker), front_door(maker)]


def decoys(maker: Maker, family: Family) -> list[Human]:
    """People who must never be taken for this family: same name, same birth date, same street."""
    mother, child = family.mother, family.children[0]
    other = maker.home()
    namesake = _human(maker, "X1-1", "other", mother.given, mother.family, date(1979, 4, 30), "F", other)
    birthday = _human(maker, "X1-2", "other", "Hodan", "Warsame", child.born, "F", maker.home())
    cousin = _human(maker, "X1-3", "other", "Zahra", child.family, child.born, "F", other)
    return [namesake, birthday, cousin]
