"""Families as they are: blended, moved, renamed, sharing a home; and strangers who could be taken for them.

A family's chance comes from the seed and its own number, so that it is the same however many are drawn after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from mash_trawl_county.names import ORIGINS, draw, origin
from mash_trawl_county.people import TODAY, Family, Home, Human, Maker
from mash_trawl_county.ties import Stay, Tie

LIKE = (("Jayden", "Hayden"), ("Ella", "Ellie"), ("Taiwo", "Kehinde"), ("Hassan", "Hussain"), ("Amina", "Amna"))
"""Names of twins that are nearly one."""
YEAR = timedelta(days=365)


@dataclass(slots=True, kw_only=True)
class Household:
    """A family with its ties, its addresses over time, and the strangers planted beside it.

    `marks` say what is hard about it: `twins half_siblings moved renamed alias father_and_son lodgers grandmother
    adopted hidden unborn namesake_same_day namesake same_day died`.
    """

    family: Family
    ties: list[Tie] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    strangers: list[Human] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)


def household(maker: Maker, number: int) -> Household:
    """The family of this number, whole."""
    maker.begin(number)
    made = _core(maker, f"F{number:05}")
    _children(maker, made)
    for step in (_others, _names_changed, _one_name, _restricted, _unborn, _moves, _aliases, _strangers, _died):
        step(maker, made)
    return made


def _core(maker: Maker, ident: str) -> Household:
    """Mother, and the men: at home, elsewhere, unknown, or an earlier one elsewhere and a partner at home."""
    chance, home, comes = maker.chance, maker.home(), origin(maker.chance)
    names = ORIGINS[comes]
    name = draw(chance, names.families, names.skew)
    mother = maker.human(f"{ident}-1", "mother", name, 19, 46, home, "F", comes)
    made = Household(family=Family(id=ident, home=home, mother=mother, origin=comes, tenants=chance.random() < 0.45))
    kind = chance.choices(("couple", "apart", "alone", "blended"), (45, 27, 12, 16))[0]
    if kind in ("couple", "apart", "blended"):
        place = home if kind == "couple" else maker.home()
        theirs = name if kind == "couple" and chance.random() < 0.7 else draw(chance, names.families, names.skew)
        father = maker.human(f"{ident}-2", "father", theirs, 20, 52, place, "M", comes)
        made.family.father = father
        nature = "married" if kind == "couple" and theirs == name else "cohabiting" if kind == "couple" else "separated"
        made.ties.append(Tie(a=father.id, b=mother.id, kind="partner", nature=nature))
    if kind == "blended":
        other = origin(chance)
        new = draw(chance, ORIGINS[other].families, ORIGINS[other].skew)
        partner = maker.human(f"{ident}-3", "partner", new, 20, 50, home, "M", other)
        made.family.partner = partner
        made.ties.append(Tie(a=partner.id, b=mother.id, kind="partner", nature="cohabiting"))
        made.marks.add("half_siblings")
    return made


def _children(maker: Maker, made: Household) -> None:
    """One to five, never older than their mother allows; twins; children of two fathers in a blended family."""
    chance, family = maker.chance, made.family
    mother, father, partner = family.mother, family.father, family.partner
    oldest = max(1, min(17, (TODAY - mother.born).days // 365 - 17))
    wanted = chance.choice((1, 1, 2, 2, 2, 3, 3, 4, 5)) + (1 if partner else 0)
    taken: set[str] = set()
    for n in range(wanted):
        by = partner if partner and n == wanted - 1 else father
        name = by.family if by and chance.random() < 0.8 else mother.family
        youngest, bound = (0, max(1, oldest // 3)) if by is partner and partner else (0, oldest)
        child = maker.human(f"{family.id}-{n + 4}", "child", name, youngest, bound, family.home, "", family.origin)
        if child.given in taken:
            continue
        taken.add(child.given)
        family.children.append(child)
        made.ties.append(Tie(a=mother.id, b=child.id, kind="parent", nature="birth", since=child.born))
        if by:
            made.ties.append(Tie(a=by.id, b=child.id, kind="parent", nature="birth", since=child.born))
        if by is father and partner:
            made.ties.append(Tie(a=partner.id, b=child.id, kind="parent", nature="step"))
    if len(family.children) >= 2 and chance.random() < 0.06:
        _twin(maker, made)


def _twin(maker: Maker, made: Household) -> None:
    """The second child becomes the first one's twin, sometimes with nearly the same name."""
    one, other = made.family.children[:2]
    other.born, other.family, other.upn = one.born, one.family, maker.upn() if one.upn else ""
    made.marks.add("twins")
    if maker.chance.random() < 0.4:
        one.given, other.given = maker.chance.choice(LIKE)
        one.sex = other.sex = "F" if one.given in ("Ella", "Amina") else "M"


def _others(maker: Maker, made: Household) -> None:
    """A grandmother at home; another family in the same home."""
    chance, family = maker.chance, made.family
    if chance.random() < 0.07:
        gran = maker.human(f"{family.id}-g", "grandmother", family.mother.family, 62, 80, family.home, "F",
                           family.origin)  # fmt: skip
        family.others.append(gran)
        made.ties.append(Tie(a=gran.id, b=family.mother.id, kind="parent", nature="birth"))
        made.marks.add("grandmother")
    if chance.random() < 0.04:
        comes = origin(chance)
        name = draw(chance, ORIGINS[comes].families, ORIGINS[comes].skew)
        lodger = maker.human(f"{family.id}-l1", "lodger", name, 20, 38, family.home, "F", comes)
        child = maker.human(f"{family.id}-l2", "lodger's child", name, 1, 3, family.home, "", comes)
        family.others += [lodger, child]
        made.ties.append(Tie(a=lodger.id, b=child.id, kind="parent", nature="birth"))
        made.marks.add("lodgers")


def _names_changed(maker: Maker, made: Household) -> None:
    """A maiden name; a given or family name changed by deed poll."""
    chance, family = maker.chance, made.family
    names = ORIGINS[family.origin]
    married = bool(family.father and family.father.home == family.home and family.father.family == family.mother.family)
    if chance.random() < (0.75 if married else 0.12):
        family.mother.former = draw(chance, names.families, names.skew)
    for person in (*family.children, family.mother):
        if chance.random() < 0.012:
            person.former_given = draw(chance, names.girls if person.sex == "F" else names.boys, names.skew)
        elif chance.random() < 0.015 and not person.former:
            person.former = draw(chance, names.families, names.skew)
        if person.former_given == person.given:
            person.former_given = ""
        if person.former == person.family:
            person.former = ""
        if person.former or person.former_given:
            made.marks.add("renamed")


def _one_name(maker: Maker, made: Household) -> None:
    """A son who bears his father's whole name, in one home."""
    father = made.family.father
    sons = [child for child in made.family.children if child.sex == "M" and father and child.family == father.family]
    if father and sons and maker.chance.random() < 0.06:
        sons[0].given = father.given
        made.marks.add("father_and_son")


def _restricted(maker: Maker, made: Household) -> None:
    """A hidden address for mother and children; an adopted child, whose record under the birth name stands apart."""
    chance, family = maker.chance, made.family
    if chance.random() < 0.02:
        for person in (family.mother, *family.children):
            person.restrictions = ("hidden_address",)
        made.marks.add("hidden")
    if family.children and chance.random() < 0.015:
        child = family.children[-1]
        child.restrictions = (*child.restrictions, "adoption")
        birth = maker.human(f"{family.id}-b", "birth record", draw(chance, ORIGINS["english"].families, 1.7), 1, 2,
                            maker.home(), child.sex)  # fmt: skip
        birth.born, birth.restrictions = child.born, ("adoption",)
        made.strangers.append(birth)
        made.marks.add("adopted")


def _unborn(maker: Maker, made: Household) -> None:
    """A child who is expected."""
    chance, family = maker.chance, made.family
    if chance.random() < 0.03:
        child = maker.human(f"{family.id}-u", "unborn", family.mother.family, 1, 2, family.home, "F", family.origin)
        child.given, child.sex, child.upn = "", "", ""
        child.born = child.due = TODAY + timedelta(days=chance.randrange(20, 180))
        family.children.append(child)
        made.ties.append(Tie(a=family.mother.id, b=child.id, kind="parent", nature="birth"))
        made.marks.add("unborn")


def _moves(maker: Maker, made: Household) -> None:
    """Where everybody lived: a third of the families moved once to three times, together."""
    chance, family = maker.chance, made.family
    here = [person for person in family.everyone() if person.home == family.home and not person.due]
    homes: list[tuple[Home, date, date | None]] = []
    since = TODAY - timedelta(days=chance.randrange(60, 12 * 365))
    homes.append((family.home, since, None))
    for _ in range(chance.choices((0, 1, 2, 3), (65, 22, 9, 4))[0]):
        before = since - timedelta(days=chance.randrange(200, 5 * 365))
        homes.append((maker.home(), before, since))
        since = before
        made.marks.add("moved")
    for person in here:
        for home, start, end in homes:
            if end is None or end > person.born:
                made.stays.append(Stay(person=person.id, home=home, since=max(start, person.born), until=end))
    for person in family.everyone():
        if person not in here and person.home and not person.due:
            made.stays.append(Stay(person=person.id, home=person.home, since=max(since, person.born)))


def _aliases(maker: Maker, made: Household) -> None:
    """A name somebody is called by that is no form of their own."""
    for person in made.family.everyone():
        if not person.due and maker.chance.random() < 0.02:
            names = ORIGINS[made.family.origin]
            alias = draw(maker.chance, names.girls if person.sex == "F" else names.boys, names.skew)
            if alias != person.given:
                person.aliases = (alias,)
                made.marks.add("alias")


def _strangers(maker: Maker, made: Household) -> None:
    """Strangers with the same name and birth date, the same name, or the same family name and birth date."""
    chance, family = maker.chance, made.family
    born = [person for person in family.everyone() if not person.due]
    for n, (mark, rate) in enumerate((("namesake_same_day", 0.05), ("namesake", 0.05), ("same_day", 0.04))):
        if chance.random() >= rate:
            continue
        like = chance.choice(born)
        other = maker.human(f"{family.id}-x{n}", "stranger", like.family, 1, 45, maker.home(), like.sex, family.origin)
        if mark != "same_day":
            other.given = like.given
        if mark != "namesake":
            other.born = like.born
            other.upn = maker.upn() if like.upn else ""
        made.strangers.append(other)
        made.marks.add(mark)


def _died(maker: Maker, made: Household) -> None:
    """A father who has died since."""
    father = made.family.father
    if father and father.home != made.family.home and maker.chance.random() < 0.03:
        father.died = TODAY - timedelta(days=maker.chance.randrange(40, 4 * 365))
        made.marks.add("died")


def households(maker: Maker, families: int) -> Iterator[Household]:
    """The families 1 to `families`, one after another."""
    for number in range(1, families + 1):
        yield household(maker, number)
