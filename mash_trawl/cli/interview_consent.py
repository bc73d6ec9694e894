"""The questions about agreements and refusals: who, for whom, to which agencies, how, when, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mash_trawl.cli.interview import Question, Script
from mash_trawl.cli.interview_person import Person, adult
from mash_trawl.cli.interview_read import keep, known, label, pick, pick_several, whether
from mash_trawl.cli.interview_referral import Desk
from mash_trawl.cli.interview_ties import Tie, fitting
from mash_trawl.cli.interview_times import moment
from mash_trawl.consent.times import reached
from mash_trawl.model.profile import Profile

_HOW = {
    "face_to_face": "Face to face", "telephone": "By telephone", "in_writing": "In writing", "online": "Online",
}  # fmt: skip
_LIMITS = {
    "care_order": "A care order", "interim_care_order": "An interim care order", "court_order": "Another court order",
    "special_guardianship": "A special guardianship",
}  # fmt: skip
_CAPACITIES = {
    "parental_responsibility": "As somebody with parental responsibility",
    "attorney_or_deputy": "As attorney or deputy of an adult who cannot decide",
}


def _how_to(desk: Desk, draft: Mapping[str, Any]) -> str:
    add = f"{desk.begins} case consent add {draft.get('id', 'CASE')}"
    return f"`back` returns to that question; or add it when it is known: `{add}`."


def ask_consents(desk: Desk, profile: Profile, draft: dict[str, Any]) -> Script[tuple[str, ...]]:
    """Every agreement and every refusal. One whose time is not known is not kept: it could not count.

    Gives back what was not kept and why, which is also said at once.
    """
    givers = {item["id"]: label(item) for item in draft["people"] if "due" not in item and "died" not in item}
    consents: list[dict[str, Any]] = []
    draft["consents"] = consents
    ask = "Has anybody agreed to the asking, or refused?"
    why = f"{profile.consent.ask_at or 'Agreement is sought before the asking'}. A refusal is recorded too."
    lost: list[str] = []
    before: tuple[str, ...] = ()
    while givers and (yield whether(ask, why, before=before)) == "yes":
        consent: dict[str, Any] = {"id": f"c{len(consents) + 1}"}
        lacking = yield from _consent(desk, profile, draft, consent, givers)
        before = (f"  Not recorded: {lacking}. {_how_to(desk, draft)}",) if lacking else ()
        if lacking:
            lost.append(f"An agreement or refusal was not recorded: {lacking}. {_how_to(desk, draft)}")
        else:
            consents.append(consent)
        ask = "Has anybody else agreed or refused, or the same person about something else?"
    return tuple(lost)


def _consent(desk: Desk, profile: Profile, draft: dict[str, Any], consent: dict[str, Any],
             givers: Mapping[str, str]) -> Script[str]:  # fmt: skip
    """One record; what it lacks and cannot count without, or nothing."""
    why = "The person who spoke. Nobody can agree for another adult."
    giver = yield pick("Who agreed or refused?", why, givers, otherwise="not known; then nothing is recorded")
    if giver is None:
        return "nobody said who agreed or refused"
    consent["given_by"] = giver
    why = "A refusal counts: a later refusal ends an earlier agreement."
    kinds = {"agreement": "Agreed", "refusal": "Refused"}
    kind = yield pick("Did they agree or refuse?", why, kinds, otherwise="not known; then nothing is recorded")
    if kind is None:
        return "nobody said whether it was a yes or a no"
    keep(consent, "kind", kind if kind == "refusal" else None)
    why = "Choose everybody for whom they spoke, themselves included. Nobody else is covered."
    words = {item["id"]: label(item) for item in draft["people"]}
    people = {item["id"]: item for item in draft["people"]}
    consent["covers"] = yield pick_several(
        "For whom did they speak?", why, words, empty=(giver,), otherwise="themselves",
        check=lambda covers: _cannot_cover(covers, giver, people, desk),
    )  # fmt: skip
    yield from _capacity(desk, profile, draft, consent, people)
    consent["categories"] = yield from _matters(profile, kind)
    if not consent["categories"]:
        return "no agency was chosen that it is about"
    return (yield from _when(desk, profile, consent))


def _cannot_cover(covers: Sequence[str], giver: str, people: Mapping[str, Person], desk: Desk) -> str:
    """One adult cannot agree for another, unless as attorney or deputy, and then for that adult alone."""
    others = [people[ident] for ident in covers if ident != giver]
    grown = [item for item in others if adult(item, desk.today)]
    if grown and (len(grown) < len(others) or giver in covers):
        return "Nobody can agree for another adult. Record each adult's own answer; children may stand together."
    return ""


def _capacity(desk: Desk, profile: Profile, draft: dict[str, Any], consent: dict[str, Any],
              people: Mapping[str, Person]) -> Script[None]:  # fmt: skip
    """In which capacity they spoke: mostly plain from whom they spoke for, and then not asked."""
    giver = people[consent["given_by"]]
    others = [people[ident] for ident in consent["covers"] if ident != giver["id"]]
    if not others:
        young = not reached(giver.get("born"), profile.consent.presumed_from, desk.today)
        consent["capacity"] = "gillick" if young and giver.get("born") else "self"
        if consent["capacity"] == "gillick":
            why = f"Under {profile.consent.presumed_from} somebody must have assessed that they can decide (Gillick)."
            ask = "Who assessed that this young person can decide? (post, not a name)"
            keep(consent, "gillick_assessed_by", (yield Question(ask=ask, why=why)))
        return
    if any(adult(item, desk.today) for item in others):
        consent["capacity"] = "attorney_or_deputy"
        why = "The reference of the registered power of attorney or of the deputy's order that was seen."
        keep(consent, "authority_ref", (yield Question(ask="Which document was seen?", why=why)))
        return
    own = giver["id"] in consent["covers"]
    consent["capacity"] = "self_and_parental_responsibility" if own else "parental_responsibility"
    yield from _basis(profile, draft["relationships"], consent, giver, others)


def _basis(profile: Profile, ties: Sequence[Tie], consent: dict[str, Any], giver: Person,
           others: Sequence[Person]) -> Script[None]:  # fmt: skip
    """Where the responsibility comes from, unless a tie says it already; and what limits it."""
    children = {item["id"] for item in others}
    mine = [tie for tie in ties if tie["from"] == giver["id"] and tie["to"] in children]
    if not any("pr_basis" in tie for tie in mine):
        offered = {code: title for tie in mine for code, title in fitting(profile, giver, tie).items()}
        if offered:
            why = "It counts only together with the relationship that you recorded before."
            ask = "Where does their parental responsibility come from?"
            keep(consent, "pr_basis", (yield pick(ask, why, offered)))
    why = "An order about the child sends a parent's yes to a named person first."
    limit = yield pick("Does an order limit what they can decide for the child?", why, _LIMITS, otherwise="none known")
    keep(consent, "limited_by", limit)


def _matters(profile: Profile, kind: str) -> Script[dict[str, Any]]:
    """Agencies, then what of each. An agency that is not chosen is not covered; nothing is widened by an empty line."""
    words = {"everything": "Every agency", **{name: agency.title for name, agency in profile.agencies.items()}}
    verb = "agree to be asked" if kind == "agreement" else "refuse to have asked"
    why = "Only what they were told about counts. Sensitive services are chosen one by one and are never in `every`."
    chosen = yield pick_several(f"Which agencies did they {verb}?", why, words,
                                otherwise="none; then nothing is recorded")  # fmt: skip
    names = tuple(profile.agencies) if "everything" in chosen else chosen
    found: dict[str, Any] = {}
    for name in names:
        agency = profile.agencies[name]
        if not any(category.specific for category in agency.categories.values()):
            found[name] = "all"
            continue
        titles = {"all": "Everything but what is marked by name", **{
            code: f"{item.title}{' (by name)' if item.specific else ''}" for code, item in agency.categories.items()
        }}  # fmt: skip
        parts = yield pick_several(f"What of {agency.title}?", why, titles, otherwise="nothing of it")
        if listed := _listed(parts, {code: item.specific for code, item in agency.categories.items()}):
            found[name] = listed
    return found


def _listed(parts: Sequence[str], specific: Mapping[str, bool]) -> Any:
    """`all`, or the categories: `all` together with one by name becomes the whole list of them."""
    if tuple(parts) == ("all",):
        return "all"
    if "all" in parts:
        return tuple(code for code, named in specific.items() if not named or code in parts)
    return tuple(parts)


def _when(desk: Desk, profile: Profile, consent: dict[str, Any]) -> Script[str]:
    """Time, manner, explanation, end; what is lacking, or nothing."""
    why = "The day and the time: today 10:05, 3/11/2026 10:05. Without a time the end of that day is taken, to be safe."
    given = yield Question(ask="When was this said?", why=why, otherwise="not known; then nothing is recorded",
                           **moment(desk.clock, late=True))  # fmt: skip
    if given is None:
        return "nobody said when it was given, and before a known moment it cannot count"
    consent["given_at"] = given
    keep(consent, "how", (yield pick("How?", "It may be asked later how it was obtained.", _HOW)))
    if consent.get("kind") != "refusal":
        yield from _explained(consent)
    life = profile.consent.life
    otherwise = f"{life.to_text()} after it was given" if life else "as long as the case runs"
    why = "The agreement does not count from that moment on."

    def after(value: Any) -> str:
        return "" if value > given else "This is before it was given."

    ends = yield Question(ask="Until when does it hold?", why=why, otherwise=otherwise, check=after,
                          **moment(desk.clock, late=False, ahead=True))  # fmt: skip
    keep(consent, "expires_at", ends)
    return ""


def _explained(consent: dict[str, Any]) -> Script[None]:
    why = "The name or number of the privacy notice or script."
    notice = yield Question(ask="Which notice or script was explained?", why=why)
    if notice is None:
        return
    explained: dict[str, Any] = {"notice": notice}
    consent["explained"] = explained
    why = "What was spoken, if not English."
    keep(explained, "language", (yield Question(ask="In which language?", why=why, otherwise="English")))
    if "language" in explained:
        keep(explained, "interpreter", (yield known("Was there an interpreter?", "Who interpreted can matter later.")))
    why = "The post of who made sure that it was understood: social worker, for example."
    keep(explained, "understood_confirmed_by", (yield Question(ask="Who confirmed that it was understood?", why=why)))
