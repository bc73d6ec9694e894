"""Values that cannot all be true, side by side. The tool shows them and never chooses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations

from mash_trawl.model.dates import PartialDate
from mash_trawl.model.family import Family
from mash_trawl.model.rows import Contradiction, Held
from mash_trawl.model.shown import Origin
from mash_trawl.product.gather import Gathered
from mash_trawl.product.held import View, collect
from mash_trawl.product.plain import code_words, list_words
from mash_trawl.product.who import Who

_ONE_VALUE = {"gp_practice", "school", "ethnicity", "language", "first_language"}
_ALIASES = {"date_of_birth": "born", "dob": "born", "date_of_death": "died"}
_LABELS = {
    "born": "dates of birth", "died": "dates of death", "sex": "entries for sex", "nhs_number": "NHS numbers",
    "upn": "unique pupil numbers", "gp_practice": "GP practices", "school": "schools",
}  # fmt: skip
Claim = tuple[str, PartialDate | None, Origin]


def contradictions(
    who: Who, seen: Mapping[str, Sequence[View]], gathered: Gathered, family: Family
) -> tuple[Contradiction, ...]:
    """Per person: birth and death dates, sex, numbers, single-valued facts, homes at once; then ties and matches."""
    found: list[Contradiction] = []
    claims = _claims(seen, gathered)
    for ident in who.order:
        for field in sorted(claims[ident]):
            if _differ(claims[ident][field]):
                found.append(_contradiction(who, ident, field, claims[ident][field]))
        found.extend(_two_homes(who, ident, family))
    found.extend(_parents(who, family))
    found.extend(_couples(who, family))
    found.extend(_one_record_two_people(who))
    return tuple(found)


def _claims(seen: Mapping[str, Sequence[View]], gathered: Gathered) -> dict[str, dict[str, list[Claim]]]:
    claims: dict[str, dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for ident, described in seen.items():
        for view in described:
            for field, day in (("born", view.born), ("died", view.died)):
                if day is not None:
                    claims[ident][field].append((day.show(), day, view.says(field, day.edtf)))
            if view.sex != "unknown":
                claims[ident]["sex"].append((view.sex, None, view.says("sex", view.sex)))
            for system, value in view.identifiers.items():
                claims[ident][system].append((_number(value), None, view.says(system, "".join(str(value).split()))))
    for fact, record in gathered.facts:
        field = _ALIASES.get(fact.name, fact.name)
        if len(record.people) != 1:
            continue
        known = set(claims[record.people[0]]) | _ONE_VALUE | {"born", "died", "sex", "nhs_number", "upn"}
        if field in known:
            claims[record.people[0]][field].append(_fact_claim(field, fact.value, record.origin))
    return claims


def _fact_claim(field: str, value: str, origin: Origin) -> Claim:
    if field in ("born", "died"):
        try:
            day = PartialDate.parse(value)
        except ValueError:
            return value, None, origin
        return day.show(), day, origin
    return (_number(value) if field in ("nhs_number", "upn") else value.strip()), None, origin


def _number(value: str) -> str:
    digits = "".join(str(value).split())
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 and digits.isdigit() else digits


def _differ(claims: Iterable[Claim]) -> bool:
    return any(_clash(one, other) for one, other in combinations(claims, 2))


def _clash(one: Claim, other: Claim) -> bool:
    """Two exact or partial days clash if they cannot be the same day; an approximate one only beyond its own year."""
    if one[1] is None or other[1] is None:
        return one[0].casefold() != other[0].casefold()
    first, second = _span(one[1]), _span(other[1])
    return first[0] > second[1] or second[0] > first[1]


def _span(day: PartialDate) -> tuple[date, date]:
    start, end = day.earliest or date.min, day.latest or date.max
    if day.approximate or day.uncertain:
        start = start.replace(year=max(start.year - 1, 1), day=1)
        end = end.replace(year=min(end.year + 1, 9999), day=28)
    return start, end


def _contradiction(who: Who, ident: str, field: str, claims: Iterable[Claim]) -> Contradiction:
    values = collect((Held(value=value), origin) for value, _, origin in claims)
    label = _LABELS.get(field, f"values for {code_words(field)}")
    sentence = f"{who.name[ident]}: {len(values)} different {label} are recorded."
    return Contradiction(people=(ident,), field=field, sentence=sentence, values=values)


def _two_homes(who: Who, ident: str, family: Family) -> Iterable[Contradiction]:
    stays = [(home, member) for home in family.households for member in home.members if member.person == ident]
    if len({home.letter for home, _ in stays}) < 2:
        return
    values = collect(
        (Held(value=home.address, since=member.since, until=member.until), origin)
        for home, member in stays
        for origin in member.origins
    )
    sentence = f"{who.name[ident]}: more than one address at once is recorded. Shared care is possible."
    yield Contradiction(people=(ident,), field="address", sentence=sentence, values=values)


def _parents(who: Who, family: Family) -> Iterable[Contradiction]:
    disputed = {link.child: None for link in family.children if link.disputed}
    for child in disputed:
        links = [link for link in family.children if link.child == child and link.disputed]
        claims = {(claim.parent, claim.nature): claim for link in links for claim in link.claims}
        values = tuple(
            Held(value=who.name[claim.parent], kind=claim.nature, origins=claim.origins) for claim in claims.values()
        )
        names = list_words(dict.fromkeys(who.name[parent] for parent, _ in claims))
        sentence = f"{who.name[child]}: the accounts of the parents cannot all be true ({names})."
        yield Contradiction(people=(child,), field="parents", sentence=sentence, values=values)


def _couples(who: Who, family: Family) -> Iterable[Contradiction]:
    for union in family.unions:
        open_ended = {spell.status: spell for spell in union.spells if spell.until is None}
        if len(open_ended) > 1:
            names = list_words(who.name[ident] for ident in union.partners)
            values = tuple(Held(value=code_words(spell.status), since=spell.since, origins=spell.origins)
                           for spell in open_ended.values())  # fmt: skip
            sentence = f"{names}: their relationship is recorded in more than one way."
            yield Contradiction(people=union.partners, field="relationship", sentence=sentence, values=values)


def _one_record_two_people(who: Who) -> Iterable[Contradiction]:
    for (source, ref), ids in sorted(who.owner.items()):
        if len(ids) > 1:
            names = list_words(who.name[ident] for ident in ids)
            values = tuple(Held(value=who.name[ident]) for ident in ids)
            sentence = f"One record ({source} {ref}) was matched to more than one person: {names}."
            yield Contradiction(people=ids, field="match", sentence=sentence, values=values)
