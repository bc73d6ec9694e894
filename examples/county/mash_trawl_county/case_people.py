"""The people of a family as a referrer writes them into a case: who is known, how well, and under which names."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from mash_trawl_county.names import WRITTEN
from mash_trawl_county.people import Family, Human

ROLES = {
    "mother": ["parent", "household"], "father": ["parent"], "partner": ["parent", "household"], "unborn": ["sibling"],
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePerson:
    """One person of a case. `part` is theirs in the family; `vague`: the referrer knows no full birth date."""

    id: str
    part: str
    human: Human
    entry: dict[str, Any]
    family: Family
    vague: bool = False

    def nature(self, child: CasePerson) -> str:
        """What this adult is to the child: `birth`, `adoptive`, `step`, or nothing."""
        if "adoption" in child.human.restrictions:
            return "adoptive" if self.part == "mother" else ""
        if self.part == "mother":
            return "birth"
        family = self.family
        if self.part == "partner":
            own = family.father is None or child.human.family == self.human.family != family.mother.family
            return "birth" if own and child.part == "child" else "step"
        return "" if family.partner and child.human.family == family.partner.family else "birth"


def people_of(family: Family, chance: random.Random) -> list[CasePerson]:
    """Up to four children, the mother, the men whom the referrer knows of, and a child who is expected."""
    born = [child for child in family.children if not child.due][:4]
    listed = [("child", child) for child in born] + [("mother", family.mother)]
    listed += [("father", family.father)] if family.father and chance.random() < 0.85 else []
    listed += [("partner", family.partner)] if family.partner and chance.random() < 0.7 else []
    listed += [("unborn", child) for child in family.children if child.due]
    made = []
    for number, (part, human) in enumerate(listed, start=1):
        vague = part in ("father", "partner") and chance.random() < 0.1
        roles = ["subject"] if number == 1 else ROLES.get(part, ["sibling"])
        entry = _entry(f"p{number}", roles, human, chance, vague)
        made.append(CasePerson(id=f"p{number}", part=part, human=human, entry=entry, family=family, vague=vague))
    return made


def _entry(ident: str, roles: list[str], human: Human, chance: random.Random, vague: bool) -> dict[str, Any]:
    """One person as the case file writes them. A vague one has a year and no more; an unborn one a due day."""
    entry: dict[str, Any] = {"id": ident, "roles": roles, "names": _names(human, chance)}
    if human.due:
        entry |= {"due": human.due.isoformat(), "names": []}
    else:
        entry["born"] = str(human.born.year) if vague else human.born.isoformat()
        entry["sex"] = {"F": "female", "M": "male"}[human.sex]
    if human.died:
        entry["died"] = human.died.isoformat()
    known = 0.7 if human.role == "child" else 0.25
    if not human.due and chance.random() < known:
        entry["identifiers"] = {"nhs_number": human.nhs} | ({"upn": human.upn} if human.upn else {})
    if human.home and not (vague and chance.random() < 0.5):
        home = human.home
        entry["addresses"] = [{"lines": [home.line], "postcode": home.postcode, "uprn": home.uprn}]
    if human.restrictions:
        entry["restrictions"] = list(human.restrictions)
    return entry


def _names(human: Human, chance: random.Random) -> list[dict[str, Any]]:
    """The name as the referrer says it, a former one where it is known, and what somebody is called."""
    given = human.given
    if chance.random() < 0.03 and WRITTEN.get(given):
        given = chance.choice(WRITTEN[given])
    names: list[dict[str, Any]] = [{"given": [given], "family": human.family}]
    if human.former and chance.random() < 0.6:
        names.append({"given": [given], "family": human.former, "use": "maiden" if human.role == "mother" else "old"})
    if human.former_given and chance.random() < 0.6:
        names.append({"given": [human.former_given], "family": human.family, "use": "old"})
    if human.aliases and chance.random() < 0.6:
        names.append({"given": [human.aliases[0]], "family": human.family, "use": "nickname"})
    return names
