"""The questions about who is what to whom, and who has parental responsibility."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mash_trawl.cli.interview import Script
from mash_trawl.cli.interview_person import Person, is_child
from mash_trawl.cli.interview_read import keep, known, label, pick
from mash_trawl.model.profile import Profile

Tie = dict[str, Any]

_KINDS = {
    "parent": "{0} is the parent of {1}",
    "partner": "{0} is or was the partner of {1}",
    "sibling": "{0} is the brother or sister of {1}",
    "grandparent": "{0} is the grandparent of {1}",
    "carer": "{0} looks after {1} (foster carer, kinship carer, guardian, or the council under an order)",
    "child": "{0} is the child of {1}",
    "other": "Related or acquainted in another way",
}
NATURES = {
    "parent": {
        "birth": "By birth", "adoptive": "By adoption", "step": "Step-parent", "foster": "Foster parent",
        "special_guardianship": "Special guardian",
    },
    "partner": {
        "married": "Married", "civil_partnership": "In a civil partnership", "cohabiting": "Living together",
        "separated": "Separated", "divorced": "Divorced",
    },
    "sibling": {
        "birth": "By the same parents", "half": "Half: one parent in common", "step": "Step", "adoptive": "By adoption",
        "foster": "Foster",
    },
    "carer": {
        "foster": "Foster carer", "kinship": "Kinship carer", "special_guardianship": "Special guardian",
    },
}  # fmt: skip
_ADULT = {"parent", "carer", "household", "alleged_source_of_harm"}


def ask_ties(profile: Profile, people: Sequence[Person], ties: list[Tie], new: str = "") -> Script[None]:
    """Pair by pair where it matters; `new`: only the pairs of this person, who has joined the case."""
    for one, other in _pairs(people):
        if not new or new in (one["id"], other["id"]):
            yield from ask_tie(profile, one, other, ties)


def _pairs(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """Everybody with whom the case is about; grown-ups with the other children; grown-ups with each other."""
    for at, first in enumerate(people):
        for second in people[at + 1 :]:
            roles = [set(first["roles"]), set(second["roles"])]
            grown = [bool(mine & _ADULT) for mine in roles]
            if any("subject" in mine for mine in roles) or all(grown):
                yield (second, first) if is_child(first) else (first, second)
            elif any(grown) and any("sibling" in mine for mine in roles):
                yield (first, second) if grown[0] else (second, first)


def ask_tie(profile: Profile, one: Person, other: Person, ties: list[Tie]) -> Script[None]:
    """What `one` is to `other`; nothing is recorded where it is not known."""
    names = (label(one), label(other))
    words = {kind: text.format(*names) for kind, text in _KINDS.items()}
    why = "It is drawn in the family's picture. Only a parent or carer can agree for a child."
    kind = yield pick(f"What is {names[0]} to {names[1]}?", why, words, otherwise="not related, or not known")
    if kind is None:
        return
    if kind == "child":
        one, other, kind = other, one, "parent"
    tie: Tie = {"from": one["id"], "to": other["id"], "kind": kind}
    ties.append(tie)
    if kind in NATURES:
        ask = "In which way?"
        keep(tie, "nature", (yield pick(ask, "By birth, adoption, marriage and so on.", NATURES[kind])))
    if kind in ("parent", "carer") and "due" not in other:
        yield from responsibility(profile, one, other, tie)


def responsibility(profile: Profile, one: Person, child: Person, tie: Tie) -> Script[None]:
    """Whether they have it, and where it comes from."""
    why = ("Only somebody with parental responsibility can agree for a child under 16. A mother has it by birth, "
           "a father if he is married to her or on the birth certificate. Not known beats a guess.")  # fmt: skip
    ask = f"Does {label(one)} have parental responsibility for {label(child)}?"
    answer = yield known(ask, why)
    keep(tie, "parental_responsibility", answer)
    offered = fitting(profile, one, tie)
    if answer == "yes" and offered:
        why = "Where the responsibility comes from, as seen in a document or stated by the family."
        keep(tie, "pr_basis", (yield pick("Where does it come from?", why, offered)))


def tie_words(tie: Tie, names: Mapping[str, str]) -> str:
    """`p2 Samira is the parent of p1 Aisha (By birth; parental responsibility: yes)`."""
    kind, nature = tie["kind"], tie.get("nature")
    words = _KINDS[kind].format(names[tie["from"]], names[tie["to"]])
    words = f"{names[tie['from']]} knows or is related to {names[tie['to']]}" if kind == "other" else words
    more = [NATURES.get(kind, {}).get(nature, nature.replace("_", " ")) if nature else ""]
    if kind in ("parent", "carer"):
        more.append(f"parental responsibility: {tie.get('parental_responsibility', 'not known')}")
    told = "; ".join(word for word in more if word)
    return f"{words} ({told})" if told else words


def fitting(profile: Profile, giver: Person, tie: Tie) -> dict[str, str]:
    """The bases of parental responsibility that fit the tie and the person."""
    nature = tie.get("nature", "unknown")
    return {
        code: basis.title
        for code, basis in profile.consent.pr_bases.items()
        if basis.gives
        and (not basis.kinds or tie["kind"] in basis.kinds)
        and (not basis.natures or nature in basis.natures)
        and giver.get("sex", "unknown") != (basis.not_sex or None)
        and (not basis.roles or set(basis.roles) & set(giver["roles"]))
    }
