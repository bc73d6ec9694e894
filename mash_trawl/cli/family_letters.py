"""The work of `family notice` and `family sheet`: who may be told what, the letter, and the files; each step listed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.model.telling import HoldWhy

if TYPE_CHECKING:
    from datetime import datetime

    from mash_trawl.hub import Hub
    from mash_trawl.model.answer import Why
    from mash_trawl.model.case import Case
    from mash_trawl.model.hub import FamilyDesk
    from mash_trawl.model.person import Person
    from mash_trawl.model.telling import Hold, Telling, TellingKind
    from mash_trawl.render.family.fill import Letter
    from mash_trawl.render.family.template import Template
    from mash_trawl.store.notices import TellingRow

    Tell = Callable[[str, tuple[str, ...], frozenset[tuple[str, str]]], Telling]
    """Makes what is told to a person about them and these children, without what the children alone agreed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Which template, and the folder that the letters go to."""

    language: str | None
    easy: bool
    to: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A letter that was written, by its opaque number. `note` is what whoever hands it over must heed."""

    number: str
    person: str
    template: str
    language: str
    files: tuple[Path, Path]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A letter that was not written: why, and when somebody looks again."""

    number: str
    person: str
    whys: tuple[HoldWhy, ...]
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one command made and held."""

    case: str
    kind: TellingKind
    folder: Path
    made: tuple[Made, ...]
    held: tuple[Held, ...]

    def plain(self) -> dict[str, Any]:
        """The published JSON shape: no names, no contacts."""
        made = [
            {"number": one.number, "person": one.person, "template": one.template, "language": one.language,
             "files": [str(file) for file in one.files]}
            for one in self.made
        ]  # fmt: skip
        held = [
            {"number": one.number, "person": one.person, "why": list(one.whys), "review_on": one.review_on.isoformat()}
            for one in self.held
        ]
        return {"case": self.case, "kind": self.kind, "made": made, "held": held}


def make_notices(ctx: click.Context, case_text: str, people: Sequence[str], wording: Wording) -> Done:
    """A notice for each of these people, or for everybody of the family whom the decisions concern."""
    from mash_trawl.cli.family_product import last_sealed
    from mash_trawl.cli.left_behind import living_case
    from mash_trawl.cli.place import open_hub
    from mash_trawl.product.telling import notice

    hub = open_hub(ctx)
    hub.require("tell_family")
    desk = _Desk(hub, case := living_case(hub, case_text), "notice", wording)
    decisions, last = hub.plan(case).decisions, last_sealed(hub, case.id)

    def tell(person: str, children: tuple[str, ...], own: frozenset[tuple[str, str]]) -> Telling:
        noes = desk.noes(person, children, decisions.at)
        return notice(case, desk.profile, decisions, person, children, own, noes, last)

    return desk.letters([desk.addressee(one) for one in people] or desk.family(), tell)


def make_sheets(
    ctx: click.Context, record: str, people: Sequence[str], wording: Wording, reader: str | None, key: Path | None
) -> Done:
    """A disclosure sheet for each of these people. The product is opened only when somebody's may be written."""
    from mash_trawl.cli.family_product import Sealed
    from mash_trawl.cli.place import open_hub

    hub = open_hub(ctx)
    hub.require("read")
    hub.require("tell_family")
    sealed = Sealed(hub, record, reader, key)
    desk = _Desk(hub, sealed.case, "sheet", wording)

    def tell(person: str, children: tuple[str, ...], own: frozenset[tuple[str, str]]) -> Telling:
        said_no = partial(desk.noes, person, children)
        return sealed.sheet(desk.profile, person, children, own, said_no, desk.withdrawn(person))

    return desk.letters([desk.addressee(one) for one in people], tell)


class _Desk:
    """One command's letters about one case."""

    def __init__(self, hub: Hub, case: Case, kind: TellingKind, wording: Wording) -> None:
        from mash_trawl.consent import effective

        self._hub, self._kind, self._wording = hub, kind, wording
        self.profile, self._now = hub.profile_of(case), hub.clock()
        self._case = effective(case, hub.backing(case), self.profile)
        self._family = _family_desk(hub)

    def addressee(self, ident: str) -> Person:
        """The person, if a letter may be for them at all."""
        from mash_trawl.consent.told import told_in_person
        from mash_trawl.product.telling import addressee

        person = addressee(self._case, ident)
        if not told_in_person(self._case, self.profile, self._now, person):
            who = "whoever holds parental responsibility is told for them"
            raise Refused(
                "too_young", f"{ident} is too young for a letter of their own, or their age is not known", who
            )
        return person

    def family(self) -> list[Person]:
        """Everybody of the family who is old enough and alive; professionals are not told by letter."""
        found = []
        for person in self._case.people:
            try:
                found.append(self.addressee(person.id))
            except Refused:
                continue
        if not found:
            what = "there is nobody in the case to whom a letter could be written."
            raise Misconfigured(Problem(where="CASE", what=what, do="Add the parents, or when they were born."))
        return found

    def noes(self, person: str, children: tuple[str, ...], at: datetime) -> Mapping[tuple[str, str], Why]:
        """What this person themselves did not agree to at that moment, about them and these children."""
        from mash_trawl.consent.told import own_noes

        return own_noes(self._case, self.profile, at, person, children)

    def withdrawn(self, person: str) -> Mapping[str, date]:
        """The agreements that this person gave and took back, and on which day."""
        from mash_trawl.product.sharing_before import taken_back

        return taken_back(self._case, person)

    def letters(self, people: Sequence[Person], tell: Tell) -> Done:
        """One letter each, or why it is held. Every template is read before the first is written."""
        from mash_trawl.consent.told import children_spoken_for, own_words_only
        from mash_trawl.product.telling import hold

        templates = [self._template(person) for person in people]
        made, held = [], []
        for person, template in zip(people, templates, strict=True):
            children = children_spoken_for(self._case, self.profile, self._now, person.id)
            if (why := hold(self._case, self.profile, person, children, self._now)) is not None:
                held.append(self._hold(person, why))
                continue
            telling = tell(person.id, children, own_words_only(self._case, children))
            made.append(self._write(person, telling, template))
        return Done(case=self._case.id, kind=self._kind, folder=self._wording.to, made=tuple(made), held=tuple(held))

    def _template(self, person: Person) -> Template:
        from mash_trawl.render.family.files import language_of, template_for

        language = self._wording.language or language_of(self._hub.folder, person.language)
        return template_for(self._hub.folder, self._kind, language, easy=self._wording.easy)

    def _hold(self, person: Person, why: Hold) -> Held:
        from mash_trawl.store.notices import TellingRow

        held = Held(number=secrets.token_hex(8), person=person.id, whys=why.whys, review_on=why.review_on)
        row = TellingRow(
            number=held.number, case_id=self._case.id, person=person.id, kind=self._kind, state="held",
            whys=",".join(why.whys), review_on=why.review_on.isoformat(), at=_stamp(self._now),
            actor=self._hub.actor.id,
        )  # fmt: skip
        self._note("notice.held", row, {"why": list(why.whys), "review_on": why.review_on.isoformat()})
        return held

    def _write(self, person: Person, telling: Telling, template: Template) -> Made:
        """The two files, listed before they hold anything; a file that cannot be written leaves none behind."""
        from mash_trawl.cli.family_files import new_files, write_files
        from mash_trawl.product.telling import safe_contact
        from mash_trawl.render.family.page import page, text
        from mash_trawl.store.notices import TellingRow

        number = secrets.token_hex(8)
        letter = self._letter(person, telling, template, number)
        files = new_files(self._wording.to, number)
        row = TellingRow(
            number=number, case_id=self._case.id, person=person.id, kind=self._kind, state="made",
            template=template.version, language=_language(template), at=_stamp(self._now), actor=self._hub.actor.id,
        )  # fmt: skip
        with write_files(files, (page(letter), text(letter))):
            self._note("notice.made", row, {"template": template.version})
        contact = safe_contact(person)
        note = (contact.note or "") if contact else ""
        return Made(
            number=number, person=person.id, template=template.version, language=row.language, files=files, note=note
        )  # fmt: skip

    def _letter(self, person: Person, telling: Telling, template: Template, number: str) -> Letter:
        from mash_trawl.model.moments import local
        from mash_trawl.product.plain import person_name
        from mash_trawl.product.telling import safe_contact
        from mash_trawl.render.family.fill import Facts, fill

        contact = safe_contact(person)
        if contact is None:
            raise Refused("no_safe_contact", "no contact is marked safe")
        desk = self._family
        days = {"today": local(self._now).date()}
        if telling.sealed_at:
            days["sealed_on"] = local(telling.sealed_at).date()
        scalars = {
            "name": person_name(person), "number": _in_fours(number), "team": desk.team, "telephone": desk.telephone,
            "complaints": desk.complaints, "partnership": self.profile.partnership or desk.team,
        }  # fmt: skip
        names = {one.id: _given(one) for one in self._case.people if one.id in telling.children}
        return fill(template, Facts(
            telling=telling, profile=self.profile, names=names, scalars=scalars, days=days,
            contact_kind=contact.kind, contact=contact.value,
        ))  # fmt: skip

    def _note(self, kind: str, row: TellingRow, more: dict[str, Any]) -> None:
        """The row and the ledger's entry, in one transaction; the language is the person's, so in the private part."""
        from mash_trawl.audit.entry import Entry
        from mash_trawl.store import notices

        about = {"number": row.number, "letter": row.kind} | more
        with self._hub.store.begin() as connection:
            notices.add(connection, row)
            who = {"case": row.case_id, "person": row.person} | ({"language": row.language} if row.language else {})
            entry = Entry(kind, self._hub.actor.id, about, who)
            self._hub.ledger.write_in(connection, entry)


def _family_desk(hub: Hub) -> FamilyDesk:
    """Whom a family may turn to. A letter that does not say is not written."""
    if hub.settings.family is None:
        what = "it does not say whom a family may turn to."
        do = "Add `family: {team: ..., telephone: ..., complaints: ...}`."
        raise Misconfigured(Problem(where="hub.yaml: family", what=what, do=do))
    return hub.settings.family


def _given(person: Person) -> str:
    """A child's given names, as a family says them; else the full name."""
    from mash_trawl.product.plain import person_name

    usual = sorted((name for name in person.names if name.given), key=lambda name: name.use != "usual")
    return " ".join(usual[0].given) if usual else person_name(person)


def _in_fours(number: str) -> str:
    """The number as somebody can read it out."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _language(template: Template) -> str:
    return f"{template.language}-easy" if template.easy else template.language


def _stamp(moment: datetime) -> str:
    from datetime import UTC

    return moment.astimezone(UTC).isoformat(timespec="seconds")
