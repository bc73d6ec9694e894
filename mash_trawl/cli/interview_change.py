"""The questions of a case that is there already: each with what it says now. Enter keeps it, `unknown` takes it away.

Agreements and decisions are not changed here: what somebody said or decided is added to or withdrawn, never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from mash_trawl.cli.interview import Question, Script
from mash_trawl.cli.interview_person import (
    BORN,
    USES,
    Person,
    ask_role,
    born_question,
    drafts_of,
    due_question,
    further,
    further_questions,
    is_child,
    may_be_at_school,
    name_of,
    number_questions,
    other_names,
    restriction_question,
    school_question,
    sex_question,
)  # fmt: skip
from mash_trawl.cli.interview_place import ask_places, part_questions
from mash_trawl.cli.interview_read import given_names, keep, known, label, pick, whether
from mash_trawl.cli.interview_referral import REFERRER, Desk, reasons, source
from mash_trawl.cli.interview_summary import NUMBERS, name_words, place_words
from mash_trawl.cli.interview_ties import NATURES, Tie, ask_tie, fitting, tie_words
from mash_trawl.config.write import plain_case
from mash_trawl.model.case import Case
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.profile import Profile

_KEPT: Any = object()
_GONE: Any = object()
_STAYS = {"empty": "stays", "otherwise": "it stays"}


def ask_change(desk: Desk, profile: Profile, case: Case, ident: str = "") -> Script[dict[str, Any]]:
    """The referral, people and relationships of the case as they are now; `ident`: one person and their relations."""
    people, ties = drafts_of(case), [dict(tie) for tie in plain_case(case.relationships)]
    referral = plain_case(case.referral)
    chosen = ident or (yield _part(people))
    while chosen is not None:
        if chosen == "referral":
            yield from referral_again(profile, referral)
        elif chosen == "relationships":
            yield from ties_again(profile, people, ties)
        else:
            person = next(item for item in people if item["id"] == chosen)
            yield from person_again(profile, person, people, desk.today)
            yield from ties_again(profile, people, ties, only=chosen)
        chosen = None if ident else (yield _part(people, "Is there anything else to change?"))
    return {"referral": referral, "people": people, "relationships": ties}


def _part(people: Sequence[Person], ask: str = "What do you want to change?") -> Question:
    words = {"referral": "The referral", **{item["id"]: label(item) for item in people},
             "relationships": "Who is what to whom"}  # fmt: skip
    return pick(ask, "Every question shows what the case says now. Enter keeps it.", words, otherwise="nothing more")


def again(into: dict[str, Any], key: str, question: Question, gone: str = "") -> Script[None]:
    """One question with its present answer: an empty line keeps it; `unknown` takes it away after asking."""
    present = into.get(key)
    if present in (None, (), [], {}, "", "unknown"):
        keep(into, key, (yield question))
        return
    told = _words(question, present)
    kept = replace(question, empty=_KEPT, otherwise=f"stays: {told}", unknown=_GONE, unsure="", needed=False)
    answer = yield kept
    if answer is _GONE:
        why = "What nobody knows any more is taken out of the case, and is not searched by."
        if (yield whether(gone or f"Really not known any more? ({told})", why)) != "yes":
            return
        answer = question.empty
    if answer in (None, ()):
        del into[key]
    elif answer is not _KEPT:
        into[key] = answer


def _words(question: Question, present: Any) -> str:
    """What the case says now; also what this profile would not offer."""
    if question.choices:
        words = {choice.code: choice.words for choice in question.choices}
        codes = (present,) if isinstance(present, str) else present
        return ", ".join(words.get(code, code.replace("_", " ")) for code in codes)
    show: Callable[[], str] | None = getattr(present, "show", None)
    if show is not None:
        return show()
    return ", ".join(map(str, present)) if isinstance(present, list | tuple) else str(present)


def referral_again(profile: Profile, referral: dict[str, Any]) -> Script[None]:
    """Who referred, whom to go back to, and the reasons."""
    yield from again(referral, "source", source())
    referrer = dict(referral.get("referrer", {}))
    for key, ask, why in REFERRER:
        yield from again(referrer, key, Question(ask=ask, why=why))
    referral.pop("referrer", None)
    keep(referral, "referrer", referrer or None)
    for key, question in reasons(profile).items():
        if key == "level" and "level" in referral:
            referral["level"] = str(referral["level"])
        yield from again(referral, key, question)
        if key == "level" and "level" in referral:
            referral["level"] = int(referral["level"])


def person_again(profile: Profile, person: Person, people: Sequence[Person], today: date) -> Script[None]:
    """Everything about one person."""
    yield from again(person, "roles", ask_role(profile, person["id"]))
    yield from _names_again(person)
    yield from _born_again(person, today)
    if "due" not in person:
        yield from again(person, "sex", sex_question())
        yield from _numbers_again(person, today)
        yield from _places_again(person, [item for item in people if item is not person], today)
        if "school" in person or (is_child(person) and may_be_at_school(person, today)):
            yield from again(person, "school", school_question())
    if profile.restrictions:
        gone = "Really no restriction any more? What was hidden is shown from then on."
        yield from again(person, "restrictions", restriction_question(profile), gone)
    for key, question in further_questions(person, today).items():
        if key in person:
            yield from again(person, key, question)
    if "due" not in person:
        yield from further(person, today)


def _names_again(person: Person) -> Script[None]:
    """The name in use; what becomes of it when it is another; then the other names."""
    first, *others = [dict(name) for name in person.get("names", ())] or [{}]
    before = dict(first)
    yield from again(first, "given", Question(ask="Given names?", why="First and middle names.", read=given_names))
    yield from again(first, "family", Question(ask="Family name?", why="As it is spelled."))
    former: list[dict[str, Any]] = []
    if before and first != before:
        words = {"old": "A former name", "maiden": "A name before marriage", "nickname": "A nickname",
                 "wrong": "A mistake: it goes"}  # fmt: skip
        why = "Agencies often know somebody by an earlier name; a slip of the pen finds other people."
        use = yield pick(f"What was the name before: {name_words(before)}?", why, words, empty="old",
                         otherwise="a former name, still searched by")  # fmt: skip
        former = [] if use == "wrong" else name_of(before.get("given"), before.get("family"), use)
    kept = []
    for name in others:
        words = {"stays": "It stays", "gone": "Take it away: it was a mistake"}
        ask = f"Also known as: {name_words(name)} ({USES.get(name.get('use', 'usual'), 'another name')})"
        if (yield pick(ask, "Names are searched by.", words, **_STAYS)) == "stays":
            kept.append(name)
    person["names"] = tuple(name for name in (first, *kept, *former) if name)
    if "due" not in person:
        yield from other_names(person, first.get("given"), first.get("family"))


def _born_again(person: Person, today: date) -> Script[None]:
    """A birth date, or a due date; or the birth of a child who was not born."""
    if "due" not in person and "born" not in person and is_child(person):
        why = "An unborn child has a due date instead of a date of birth, and only the mother can agree for it."
        if (yield known("Is the child born?", why, empty="yes", otherwise="yes", unsure=BORN)) == "no":
            person["due"] = yield due_question(today)
            return
    if "due" in person:
        why = "From the birth on, everybody with parental responsibility can agree for the child, and agencies know it."
        if (yield known("Is the child born now?", why, empty="no", otherwise="no, not yet")) != "yes":
            yield from again(person, "due", due_question(today))
            return
        del person["due"]
    yield from again(person, "born", born_question(today))


def _numbers_again(person: Person, today: date) -> Script[None]:
    found, asked = dict(person.get("identifiers", {})), number_questions(person, today)
    for key, question in asked.items():
        yield from again(found, key, question)
    for key in [key for key in found if key not in asked]:
        words = {"stays": "It stays", "gone": "Take it away"}
        ask = f"{NUMBERS.get(key, key.replace('_', ' '))}: {found[key]}"
        if (yield pick(ask, "Agencies search by it.", words, **_STAYS)) == "gone":
            del found[key]
    person.pop("identifiers", None)
    keep(person, "identifiers", found or None)


def _places_again(person: Person, others: Sequence[Person], today: date) -> Script[None]:
    """Each address: it stays, was left, is corrected or was never theirs; then new ones, which stand first."""
    kept = []
    for present in person.get("addresses", ()):
        place = dict(present)
        words = {"stays": "It stays", "left": "They have left it", "correct": "Correct it",
                 "gone": "Take it away: they never lived there"}  # fmt: skip
        if place.get("to"):
            del words["left"]
        why = "An earlier address is worth keeping: agencies may still hold somebody under it."
        what = yield pick(f"Address: {place_words(place)}", why, words, **_STAYS)
        if what == "left":
            until = PartialDate.parse(f"[..{today.isoformat()}]")
            place["to"] = yield replace(part_questions(place, today)["to"], empty=until, otherwise=until.show())
        elif what == "correct":
            for key, question in part_questions(place, today).items():
                if key != "to" or "to" in place:
                    yield from again(place, key, question)
        if what != "gone" and place:
            kept.append(place)
    new: Person = {"id": person["id"]}
    why = "Where they live now, or lived before."
    if not kept or (yield whether("Is there another address?", why)) == "yes":
        yield from ask_places(new, others, today)
    person["addresses"] = [*new.get("addresses", ()), *kept]


def ties_again(profile: Profile, people: Sequence[Person], ties: list[Tie], only: str = "") -> Script[None]:
    """Each relationship (`only`: those of one person): it stays, is corrected or goes; then new ones."""
    by_id = {item["id"]: item for item in people}
    names = {ident: label(item) for ident, item in by_id.items()}
    for tie in [tie for tie in ties if not only or only in (tie["from"], tie["to"])]:
        words = {"stays": "It stays", "correct": "Correct how, or parental responsibility",
                 "gone": "Take it away (another can be added)"}  # fmt: skip
        why = "It is drawn in the family's picture. Only a parent or carer can agree for a child."
        what = yield pick(tie_words(tie, names), why, words, **_STAYS)
        if what == "gone":
            ties.remove(tie)
        elif what == "correct":
            yield from _tie_again(profile, by_id[tie["from"]], by_id[tie["to"]], tie)
    why = "Between two people of the case."
    while len(people) > 1 and (yield whether("Is there a relationship to add?", why)) == "yes":
        one = only or (yield pick("Between whom? The first:", why, names, otherwise="nobody"))
        rest = {ident: words for ident, words in names.items() if ident != one}
        other = (yield pick("And the second:", why, rest, otherwise="nobody")) if one else None
        if other:
            yield from ask_tie(profile, by_id[one], by_id[other], ties)


def _tie_again(profile: Profile, one: Person, child: Person, tie: Tie) -> Script[None]:
    """In which way, and parental responsibility with where it comes from."""
    if natures := NATURES.get(tie["kind"]):
        yield from again(tie, "nature", pick("In which way?", "By birth, adoption and so on.", natures))
    if tie["kind"] not in ("parent", "carer") or "due" in child:
        return
    why = "Only somebody with parental responsibility can agree for a child under 16. Not known beats a guess."
    ask = f"Does {label(one)} have parental responsibility for {label(child)}?"
    yield from again(tie, "parental_responsibility", known(ask, why))
    offered = fitting(profile, one, tie)
    if tie.get("parental_responsibility") != "yes" or tie.get("pr_basis") not in (None, *offered):
        tie.pop("pr_basis", None)
    if tie.get("parental_responsibility") == "yes" and offered:
        why = "Where the responsibility comes from, as seen in a document or stated by the family."
        yield from again(tie, "pr_basis", pick("Where does it come from?", why, offered))
