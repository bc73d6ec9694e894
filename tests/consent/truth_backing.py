"""Reads the words of `truth_table.yaml` for what stands behind a case: signatures, answers, agreements, the hub."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mash_trawl.model.agreement import Agreement, Signatory
from mash_trawl.model.answer import Why
from mash_trawl.model.backing import Backing
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.statement import (
    Checked,
    Countersignature,
    Emergency,
    Reply,
    Statement,
    Withdrawal,
    person_mark,
)

PROFILES = ("early_help", "children_in_need", "front_door")
FIRST = datetime(2026, 11, 3, 11, 15, tzinfo=UTC)
"""When the first statement of a row is signed; each further one a minute later."""


class Behind:
    """What a row states of the hub and of who said what."""

    def __init__(self):
        self.staff, self.signed_only, self.runner, self.said = {}, False, "", []
        self.agreements, self.closed, self.unapproved = None, {}, ()

    def backing(self, case):
        """What stands behind this case."""
        spoken, due, emergency = [], {}, ""
        for number, (kind, by, build, options) in enumerate(self.said):
            said = build(case, emergency)
            ident = f"s{number + 1}"
            at = options.get("at", FIRST + timedelta(minutes=number))
            if kind == "emergency":
                emergency, due[ident] = ident, options["until"]
            statement = Statement(
                id=ident, kind=kind, hub="north", by=by, at=at, said=said, case=case.id,
                people=_marks(case, said, options),
            )  # fmt: skip
            spoken.append(Checked(statement=statement, roles=frozenset(self.staff.get(by, ()))))
        spoken.sort(key=lambda one: one.statement.at)
        return Backing(
            signed_only=self.signed_only, runner=self.runner, spoken=tuple(spoken), countersign_by=due,
            agreements=self.agreements, closed=self.closed, unapproved=self.unapproved,
        )  # fmt: skip


def _marks(case, said, options):
    """Who everybody covered was when it was signed; `was` gives somebody another date of birth then."""
    powers = getattr(said, "powers", ())
    covered = {getattr(said, "given_by", ""), *getattr(said, "covers", ())}
    covered |= {name for one in powers for name in one.covers}
    if isinstance(said, Reply):
        covered = {said.person}
    people = {one.id: one for one in case.people if one.id in covered}
    if "was" in options:
        who, born = options["was"]
        people[who] = replace(people[who], born=PartialDate.parse(born))
    return {name: person_mark(one) for name, one in people.items()}


def moment(text):
    """A moment with a zone."""
    return datetime.fromisoformat(text)


def signed(facts, ident, by, who, born):
    """`signed c1 by WHO`: the agreement with this id, as the case file states it."""
    facts.behind.said.append(
        ("consent", by, lambda case, _: next(one for one in case.consents if one.id == ident), _was(who, born))
    )


def signed_power(facts, number, by, who, born):
    """`signed power 1 by WHO`: the first decision of the row."""
    facts.behind.said.append(("gateway", by, lambda case, _: case.gateways[int(number) - 1], _was(who, born)))


def _was(who, born):
    return {"was": (who, born)} if who else {}


def withdrawal(facts, ident, giver, whom, what, by, at):
    """`withdrawal of c1 (by WHO for WHOM to WHAT) by WHO at T`; without the bracket it names the record alone."""
    said = Withdrawal(consent=ident, at=moment(at))
    if giver:
        said = replace(said, given_by=giver, covers=tuple(whom.split("+")), categories=dict.fromkeys([what], "all"))
    facts.behind.said.append(("withdrawal", by, lambda case, _: said, {}))


def answer(facts, word, person, category, rule, basis, by, at, until):
    """`answer yes about PERSON CATEGORY to RULE of BASIS by WHO at T until T`."""
    said = Reply(person=person, category=category, rule=rule, yes=word == "yes", reason="Synthetic.", basis=basis,
                 until=moment(until) if until else None)  # fmt: skip
    facts.behind.said.append(("reply", by, lambda case, _: said, {"at": moment(at)} if at else {}))


def emergency(facts, number, by, until):
    """`emergency on 1 by WHO until T`; without a number it rests on every decision of the row."""

    def build(case, _):
        powers = case.gateways if number is None else (case.gateways[int(number) - 1],)
        return Emergency(reason="Synthetic.", powers=powers)

    facts.behind.said.append(("emergency", by, build, {"until": moment(until)}))


def countersigned(facts, word, by):
    """`countersigned yes by WHO`: the emergency of the row."""
    facts.behind.said.append((
        "countersignature", by,
        lambda case, ident: Countersignature(emergency=ident, agrees=word == "yes", reason="Synthetic."), {},
    ))  # fmt: skip


def agreement(facts, parties, named, more):
    """`agreement with PARTIES of CATEGORIES (from D, to D, for PROFILES, unsigned PARTIES, signed D)`."""
    given = dict(option.split(" ", 1) for option in (more or "").split(", ") if option)
    found = parties.split("+")
    categories = dict.fromkeys(found, "all")
    for full in (named or "").split("+") if named else ():
        agency, _, category = full.partition(".")
        categories[agency] = (category,) if categories[agency] == "all" else (*categories[agency], category)
    on = date.fromisoformat(given.get("signed", "2025-12-01"))
    without = given.get("unsigned", "").split("+")
    held = facts.behind.agreements or ()
    facts.behind.agreements = (*held, Agreement(
        version=1, id=f"north-{len(held) + 1}", edition="1", title="Synthetic agreement", parties=tuple(found),
        purposes=tuple(given["for"].split("+")) if "for" in given else PROFILES, categories=categories,
        from_=date.fromisoformat(given.get("from", "2026-01-01")), to=date.fromisoformat(given.get("to", "2027-01-01")),
        signatories=tuple(Signatory(party=name, role="director", on=on) for name in found if name not in without),
    ))  # fmt: skip


def _set(name, value):
    return lambda facts, *_: setattr(facts.behind, name, value)


SHAPES = (
    (r"staff (\S+) (\S+)", lambda facts, who, roles: facts.behind.staff.update({who: roles.split("+")})),
    (r"hub signed", _set("signed_only", True)),
    (r"runner (\S+)", lambda facts, who: setattr(facts.behind, "runner", who)),
    (r"signed (c\d+) by (\S+)(?: \((\w+) was (\S+)\))?", signed),
    (r"signed power (\d+) by (\S+)(?: \((\w+) was (\S+)\))?", signed_power),
    (r"withdrawal of (c\d+)(?: \(by (\w+) for (\S+) to (\w+)\))? by (\S+) at (\S+)", withdrawal),
    (r"answer (yes|no) about (\w+) (\S+) to (\S+?)(?: of (\w+))? by (\S+)(?: at (\S+))?(?: until (\S+))?", answer),
    (r"emergency(?: on (\d+))? by (\S+) until (\S+)", emergency),
    (r"countersigned (yes|no) by (\S+)", countersigned),
    (r"no agreement", _set("agreements", ())),
    (r"agreement with (\S+?)(?: of (\S+))?(?: \((.+)\))?", agreement),
    (r"closed (\w+) (\w+)", lambda facts, name, why: facts.behind.closed.update({name: Why(why)})),
    (r"unapproved (\S+)", lambda facts, files: setattr(facts.behind, "unapproved", tuple(files.split("+")))),
)
