"""The referral form as it is laid out: sheets, columns and the words that can be chosen.

The tool that makes the shipped workbook and the reader of a filled one both go by this page, so that they cannot
differ. A change here is a new `VERSION`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args

from mash_trawl.model import case as case_model
from mash_trawl.model import consent as consent_model
from mash_trawl.model import person as person_model

VERSION = "1"
HEADER_ROW = 4
"""Title, hint, and the hints of the columns stand above."""
ANSWER_COLUMN = 2
KNOWN = ("yes", "no", "unknown")
PEOPLE = tuple(f"p{number}" for number in range(1, 13))
CONSENTS = tuple(f"c{number}" for number in range(1, 7))
HOW = ("face_to_face", "telephone", "video", "in_writing")
SOURCES = ("school", "nursery", "health_visitor", "midwifery", "gp", "hospital", "police", "probation", "housing",
           "childrens_social_care", "adult_social_care", "early_help", "youth_offending", "charity", "family_member",
           "member_of_the_public", "court")  # fmt: skip
PROFILES = ("early_help", "children_in_need", "front_door")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing that the form asks: a column of a table, or a line of the sheet Referral.

    `key` names it in code. `words` are the codes of its drop-down (shown with spaces; `unknown` is always among them);
    `open` lets other words in too.
    """

    key: str
    title: str
    hint: str = ""
    words: tuple[str, ...] = ()
    open: bool = False
    width: int = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet. `lines` holds the asks of a sheet with one line each; otherwise they are columns."""

    title: str
    hint: str
    asks: tuple[Ask, ...]
    lines: bool = False
    rows: int = 12
    first: tuple[str, ...] = ()

    def ask(self, key: str) -> Ask:
        """The ask of this key."""
        return next(item for item in self.asks if item.key == key)


def shown(code: str) -> str:
    """A code as the form shows it: `alleged_source_of_harm` is `alleged source of harm`."""
    return code.replace("_", " ")


@cache
def tables() -> tuple[Table, ...]:
    """Every sheet to be filled, in order."""
    return (_referral(), _people(), _addresses(), _relationships(), _consent())


def titles() -> tuple[str, ...]:
    """The titles of all sheets of the form."""
    return ("Read me", *(table.title for table in tables()), "Lists")


def choices() -> dict[str, tuple[str, ...]]:
    """Each list of the sheet Lists: its heading and the words as shown; asks with the same words share one."""
    found: dict[tuple[str, ...], str] = {}
    for table in tables():
        for item in table.asks:
            if item.words:
                found.setdefault(item.words, f"{table.title}: {item.title}")
    return {heading: tuple(shown(word) for word in words) for words, heading in found.items()}


def _words(choice: object) -> tuple[str, ...]:
    """The words of a `Literal`, with `unknown` at the end."""
    words = tuple(str(word) for word in get_args(choice))
    return (*(word for word in words if word != "unknown"), "unknown")


@cache
def _profile() -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Of the national base: concerns, bases of parental responsibility, agencies with their titles."""
    from mash_trawl.config.profiles import load_profile

    base = load_profile("base")
    agencies = tuple((name, agency.title) for name, agency in base.agencies.items())
    return tuple(base.concerns), tuple(base.consent.pr_bases), agencies


def agencies() -> tuple[tuple[str, str], ...]:
    """Each agency that a consent can name: its id, and the title of its column."""
    return _profile()[2]


def _referral() -> Table:
    concerns = (*_profile()[0], "unknown")
    day = "Day first, for example 03/11/2026."
    time = "24 hours, for example 09:05."
    return Table(
        title="Referral",
        hint="Why you are asking for help. Answer in column B. Leave empty, or choose unknown, what you do not know.",
        lines=True,
        asks=(
            Ask(key="version", title="Form version", hint="Please do not change this."),
            Ask(key="id", title="Case reference", hint="MASH office. Leave empty for a new case. Never a name."),
            Ask(key="profile", title="Kind of referral", hint="MASH office. Leave empty if you are not sure.",
                words=(*PROFILES, "unknown"), open=True),
            Ask(key="source", title="Who is referring", hint="Your organisation. Choose, or write your own words.",
                words=(*SOURCES, "unknown"), open=True),
            Ask(key="referrer_name", title="Your name", hint="Whom we go back to with questions and the outcome."),
            Ask(key="referrer_telephone", title="Your telephone", hint="A number on which we reach you today."),
            Ask(key="referrer_email", title="Your e-mail", hint="Use a secure address."),
            Ask(key="received_day", title="Date of referral", hint=f"Needed. {day}"),
            Ask(key="received_time", title="Time of referral", hint=f"Needed: the clock starts here. {time}"),
            Ask(key="opened_day", title="Date opened", hint=f"MASH office. {day}"),
            Ask(key="opened_time", title="Time opened", hint=f"MASH office. {time}"),
            *(Ask(key=f"concern_{at}", title=f"Concern {at}", hint="What you are worried about.", words=concerns,
                  open=True) for at in range(1, 6)),
            Ask(key="level", title="Level of need", hint="From your area's threshold document.",
                words=("1", "2", "3", "4", "unknown"), open=True),
            Ask(key="rag", title="Priority", hint="MASH office: set at screening.",
                words=_words(case_model.Rag)),
            Ask(key="narrative", title="What happened", hint="What was seen or said, when, by whom."),
        ),
    )  # fmt: skip


def _names(at: int) -> Iterator[Ask]:
    also = "An alias, a maiden name, a nickname." if at == 1 else "One more."
    yield Ask(key=f"other_given_{at}", title=f"Other given names {at}", hint=also)
    yield Ask(key=f"other_family_{at}", title=f"Other family name {at}", hint=also)
    yield Ask(key=f"other_use_{at}", title=f"Kind of other name {at}", hint="old: a name used before.",
              words=_words(person_model.NameUse))  # fmt: skip


def _people() -> Table:
    roles = _words(person_model.Role)
    others = tuple(word for word in get_args(person_model.Restriction) if word != "hidden_address")
    return Table(
        title="People",
        hint="One row for each person: the child first, then everybody in the family or the home. An unborn child is a "
        "person too: leave the name empty and write the due date. Dates may be about May 2019, 2014, or 17/05/2014.",
        first=PEOPLE,
        asks=(
            Ask(key="id", title="Person", hint="Used on the other sheets instead of the name.", words=PEOPLE, open=True,
                width=9),
            *(Ask(key=f"role_{at}", title=f"Role {at}", hint="subject: the child or adult that this is about.",
                  words=roles) for at in (1, 2, 3)),
            Ask(key="given", title="Given names", hint="Mary Ann: two names. Mary Ann, Jo: a comma parts them."),
            Ask(key="family", title="Family name", hint="As it is used now."),
            *_names(1),
            *_names(2),
            Ask(key="born", title="Date of birth", hint="17/05/2014, May 2019, about 1988, unknown."),
            Ask(key="due", title="Due date (unborn)", hint="Only for an unborn child."),
            Ask(key="died", title="Date of death", hint="Only if the person has died."),
            Ask(key="sex", title="Sex", hint="As registered.", words=_words(person_model.Sex), width=11),
            Ask(key="gender", title="Gender", hint="In the person's own words, if they told you."),
            Ask(key="nhs_number", title="NHS number", hint="Ten digits."),
            Ask(key="upn", title="UPN", hint="Unique pupil number: a letter and twelve digits."),
            Ask(key="school", title="School", hint="Where the child is taught."),
            Ask(key="language", title="Language", hint="What to speak with them."),
            Ask(key="hidden", title="Keep address hidden?", hint="yes if anybody is in danger. unknown: we hide it.",
                words=KNOWN),
            *(Ask(key=f"restriction_{at}", title=f"Other restriction {at}", hint="Something to be handled with care.",
                  words=(*others, "unknown")) for at in (1, 2)),
        ),
    )  # fmt: skip


def _addresses() -> Table:
    return Table(
        title="Addresses",
        hint="One row for each place where somebody lives or lived. Two people at one place: two rows.",
        rows=24,
        asks=(
            Ask(key="person", title="Person", hint="From the sheet People.", words=PEOPLE, open=True, width=9),
            *(Ask(key=f"line_{at}", title=f"Address line {at}", hint="House and street first.", width=24)
              for at in (1, 2, 3)),
            Ask(key="postcode", title="Postcode", hint="NB1 4QT"),
            Ask(key="uprn", title="UPRN", hint="Unique property reference number, if you have it."),
            Ask(key="from", title="Lives there from", hint="03/2021, about 2019, unknown."),
            Ask(key="to", title="Lived there until", hint="Empty if they still live there."),
            Ask(key="no_fixed_address", title="No fixed address?", hint="yes: sleeps here and there.", words=KNOWN),
        ),
    )  # fmt: skip


def _relationships() -> Table:
    bases = (*_profile()[1], "unknown")
    return Table(
        title="Relationships",
        hint="One row for each tie, read from left to right: p2 is the parent of p1.",
        rows=24,
        asks=(
            Ask(key="from", title="Person", hint="From the sheet People.", words=PEOPLE, open=True, width=9),
            Ask(key="kind", title="is the", hint="parent of, partner of ...", words=_words(case_model.TieKind)),
            Ask(key="to", title="of", hint="From the sheet People.", words=PEOPLE, open=True, width=9),
            Ask(key="nature", title="How", hint="birth, step, married ...", words=_words(case_model.Nature)),
            Ask(key="parental_responsibility", title="Has parental responsibility?",
                hint="The right to decide for the child.", words=KNOWN, width=22),
            Ask(key="pr_basis", title="Where that comes from", hint="Only if you know.", words=bases, open=True,
                width=26),
        ),
    )  # fmt: skip


def _consent() -> Table:
    return Table(
        title="Consent",
        hint="One row for each answer that somebody gave asked to agree. A no counts as much as a yes: write both.",
        first=CONSENTS,
        rows=6,
        asks=(
            Ask(key="id", title="Answer", hint="c1, c2 ...", words=CONSENTS, open=True, width=9),
            Ask(key="given_by", title="Who answered", hint="From the sheet People.", words=PEOPLE, open=True),
            Ask(key="covers", title="About whom", hint="Themselves and their children: p2, p1."),
            Ask(key="kind", title="Agreed or refused", hint="unknown: nothing is taken as agreed.",
                words=("agreement", "refusal", "unknown")),
            Ask(key="capacity", title="In what capacity", hint="self: for themselves.",
                words=_words(consent_model.Capacity), width=34),
            *(Ask(key=f"agency_{name}", title=title, hint="all, or kinds: gp summary, camhs. Empty: not asked.",
                  words=("all", "unknown"), open=True) for name, title in agencies()),
            Ask(key="given_day", title="Date of the answer", hint="Needed. 03/11/2026"),
            Ask(key="given_time", title="Time of the answer", hint="Needed. 10:05"),
            Ask(key="how", title="How it was given", hint="face to face ...", words=(*HOW, "unknown"), open=True),
            Ask(key="notice", title="Notice explained", hint="Which privacy notice you went through."),
            Ask(key="language", title="In which language", hint="English if empty."),
            Ask(key="interpreter", title="Interpreter?", hint="Was there one?", words=KNOWN),
            Ask(key="understood", title="Understanding confirmed by", hint="Your role, or a name.", width=22),
            Ask(key="pr_basis", title="Responsibility comes from", hint="If they answered for a child.",
                words=(*_profile()[1], "unknown"), open=True, width=26),
            Ask(key="limited_by", title="Limited by an order?", hint="Needed for a child. none: no order.",
                words=_words(consent_model.LimitedBy)),
            Ask(key="gillick", title="Competence assessed by", hint="For a young person of 12 to 15.", width=22),
            Ask(key="authority", title="Power of attorney seen", hint="Its reference.", width=22),
            Ask(key="expires", title="Ends on", hint="The first day on which it no longer counts."),
            Ask(key="withdrawn_day", title="Taken back on", hint="If they changed their mind."),
            Ask(key="withdrawn_time", title="Taken back at", hint="Empty: from the start of that day."),
        ),
    )  # fmt: skip


def by_title(title: str, all_of: Sequence[Table] | None = None) -> Table:
    """The table of this title."""
    return next(table for table in (all_of or tables()) if table.title == title)
