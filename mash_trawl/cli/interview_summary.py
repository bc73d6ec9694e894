"""What was understood, in words, before somebody says `save`; and what a change changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mash_trawl.cli.interview_person import drafts_of
from mash_trawl.cli.interview_read import label
from mash_trawl.cli.interview_ties import tie_words
from mash_trawl.cli.interview_times import moment_words
from mash_trawl.config.write import plain_case
from mash_trawl.consent.times import begins
from mash_trawl.model.case import Case
from mash_trawl.model.profile import Profile

Draft = Mapping[str, Any]


def summary(draft: Draft, profile: Profile) -> Iterator[str]:
    """Everything that the case will say."""
    yield f"Case {draft['id']}, {profile.title}"
    yield from (f"  {line}" for line in referral_words(draft["referral"], profile))
    for person in draft["people"]:
        yield f"  {label(person)} ({', '.join(person['roles']).replace('_', ' ')})"
        yield from (f"      {line}" for line in person_words(person, profile))
    names = {person["id"]: label(person) for person in draft["people"]}
    for title, lines in (
        ("relationships", [tie_words(tie, names) for tie in draft["relationships"]]),
        ("agreements and refusals", [consent_words(consent, names, profile) for consent in draft["consents"]]),
        ("decisions to rely on a legal power", [power_words(use, names, profile) for use in draft["gateways"]]),
    ):
        yield f"  {title}: {'' if lines else 'none'}".rstrip()
        yield from (f"      {line}" for line in lines)


def referral_words(referral: Draft, profile: Profile) -> Iterator[str]:
    """Who referred, when, why, how urgent."""
    yield f"referred by: {referral['source']}"
    if told := referral.get("referrer"):
        yield f"referrer: {', '.join(told.values())}"
    yield f"arrived: {moment_words(referral['received_at'])}"
    concerns = [profile.concerns.get(code, code) for code in referral.get("concerns", ())]
    yield f"concern: {'; '.join(concerns) or 'not known'}"
    if profile.levels:
        level = profile.levels.get(str(referral.get("level")))
        yield f"level of need: {referral.get('level', 'not known')}{f' ({level.title})' if level else ''}"
    if profile.rag:
        colour = profile.rag.get(referral.get("rag", ""))
        yield f"priority: {colour.title if colour else 'not known'}"
    yield f"what happened: {referral.get('narrative', 'not known')}"


def person_words(person: Draft, profile: Profile) -> Iterator[str]:
    """Everything about one person but name and roles, and what is not known of it."""
    for name in person.get("names", ())[1:]:
        yield f"also known as: {name_words(name)} ({USES[name.get('use', 'usual')]})"
    if due := person.get("due"):
        yield f"not born; due {due.show()}"
    else:
        born = person.get("born")
        yield f"born: {born.show() if born else 'not known'}; sex: {person.get('sex', 'not known')}"
    for key, number in person.get("identifiers", {}).items():
        yield f"{NUMBERS.get(key, key.replace('_', ' '))}: {number}"
    for place in person.get("addresses", ()):
        yield f"address: {place_words(place)}"
    if not person.get("addresses") and "due" not in person:
        yield "address: not known"
    for code in person.get("restrictions", ()):
        yield f"restriction: {profile.restrictions[code].title if code in profile.restrictions else code}"
    for key in ("school", "language", "gender"):
        if key in person:
            yield f"{key}: {person[key]}"
    if died := person.get("died"):
        yield f"died: {died.show()}"


def name_words(name: Draft) -> str:
    """`Aisha Khan`."""
    return " ".join([*name.get("given", ()), name.get("family") or ""]).strip()


USES = {
    "usual": "in use", "old": "former name", "maiden": "before marriage", "nickname": "nickname",
    "official": "on official papers", "temp": "for a time", "anonymous": "not their own",
}  # fmt: skip
NUMBERS = {"nhs_number": "NHS number", "upn": "pupil number (UPN)", "former_upn": "former pupil number (UPN)",
           "uprn": "property number (UPRN)"}  # fmt: skip


def place_words(place: Draft) -> str:
    """`14 Mill Lane, Northborough, NB1 4QT, since March 2021`."""
    words = [*place.get("lines", ()), place.get("postcode"), f"UPRN {place['uprn']}" if place.get("uprn") else None,
             "no fixed address" if place.get("no_fixed_address") else None]  # fmt: skip
    words += [f"{word} {place[key].show()}" for key, word in (("from", "since"), ("to", "until")) if place.get(key)]
    return ", ".join(word for word in words if word) or "not stated"


def change_words(before: Case, after: Case, profile: Profile) -> Iterator[str]:
    """What was and what is now: the lines of the summary that differ, part by part."""
    old, new = (_parts(case, profile) for case in (before, after))
    yield ""
    for part in {**old, **new}:
        was, now = old.get(part, []), new.get(part, [])
        if was != now:
            yield f"  {part}"
            yield from (f"      was: {line}" for line in was if line not in now)
            yield from (f"      now: {line}" for line in now if line not in was)


def _parts(case: Case, profile: Profile) -> dict[str, list[str]]:
    """The summary's lines of the referral, of each person and of the relationships."""
    people = drafts_of(case)
    names = {person["id"]: label(person) for person in people}
    referral = plain_case(case.referral) | {"received_at": begins(case.referral.received_at)}
    found = {"The referral": list(referral_words(referral, profile))}
    for person in people:
        roles = ", ".join(person["roles"]).replace("_", " ")
        found[person["id"]] = [f"{label(person)} ({roles})", *person_words(person, profile)]
    found["Who is what to whom"] = [tie_words(tie, names) for tie in plain_case(case.relationships)]
    return found


def changed_places(before: Case, after: Case) -> list[str]:
    """Where the case says something else than before: `referral.level`, `people.p1.born`, `relationships`."""
    found = [f"referral.{key}" for key in _differ(plain_case(before.referral), plain_case(after.referral))]
    for one, other in zip(before.people, after.people, strict=True):
        found += [f"people.{one.id}.{key}" for key in _differ(plain_case(one), plain_case(other))]
    return [*found, *(["relationships"] if before.relationships != after.relationships else [])]


def _differ(one: Draft, other: Draft) -> list[str]:
    return [key for key in {**one, **other} if one.get(key) != other.get(key)]


def _matters(categories: Mapping[str, Any] | None, profile: Profile) -> str:
    """Agencies, and what of each where it is not everything."""
    told = []
    for name, parts in (categories or {}).items():
        agency = profile.agencies[name]
        titles = "" if parts == "all" else ", ".join(agency.categories[part].title for part in parts)
        told.append(f"{agency.title} ({titles})" if titles else agency.title)
    return "; ".join(told)


def consent_words(consent: Draft, names: Mapping[str, str], profile: Profile) -> str:
    """Who agreed or refused, for whom, to what, when, until when."""
    verb = "refused" if consent.get("kind") == "refusal" else "agreed"
    covers = " and ".join(names[ident] for ident in consent["covers"])
    until = f", until {moment_words(consent['expires_at'])}" if consent.get("expires_at") else ""
    return (f"{names[consent['given_by']]} {verb} for {covers}: {_matters(consent['categories'], profile)}; "
            f"{moment_words(consent['given_at'])}{until}")  # fmt: skip


def power_words(use: Draft, names: Mapping[str, str], profile: Profile) -> str:
    """Which power, who decided, when, about whom, on what grounds."""
    covers = " and ".join(names[ident] for ident in use["covers"])
    matters = f"; {_matters(use['categories'], profile)}" if use.get("categories") else ""
    return (f"{use['id']}: decided by {use['decided_by']}, {moment_words(use['decided_at'])}, about {covers}{matters}; "
            f"grounds: {use['grounds']}")  # fmt: skip
