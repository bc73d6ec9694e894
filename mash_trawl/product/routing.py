"""Which specialist team the profile would have look at a case, and why. A suggestion from two lists, nothing more.

The concerns and the level were written down by people; the profile says which of them lead to which team. Nothing is
weighed or scored here, nobody is told, and nothing is decided: a person routes the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from mash_trawl.model.case import Case
from mash_trawl.model.moments import local
from mash_trawl.model.product import Product
from mash_trawl.model.profile import Profile
from mash_trawl.model.shown import day_words
from mash_trawl.model.ways import CitedClause, MeetingShown, Route, RouteSuggested, ThresholdShown, Ways
from mash_trawl.product.plain import code_words, list_words

GATHERS_ONLY = "This profile gathers; nobody decides here."


def routes(case: Case, profile: Profile) -> tuple[RouteSuggested, ...]:
    """The teams to which the profile leads a case of these concerns and this level, in the profile's order.

    A team with concerns needs one of them, a team with levels needs the case's; a level that nobody has set yet is said
    to be missing where the concern fits.
    """
    found = ((name, route, _why(case, profile, route)) for name, route in profile.routing.items())
    return tuple(RouteSuggested(team=name, title=route.title, why=why) for name, route, why in found if why)


def _why(case: Case, profile: Profile, route: Route) -> str:
    """Which concern or level leads to the team; empty where none does."""
    level = case.referral.level
    shared = [name for name in case.referral.concerns if name in route.concerns]
    if not (route.concerns or route.levels) or (route.concerns and not shared):
        return ""
    concerns = [profile.concerns.get(name, code_words(name)) for name in shared]
    parts = [f"concern: {list_words(concerns)}"] if concerns else []
    if route.levels and level is None:
        wanted = " or ".join(map(str, route.levels))
        return f"{'; '.join(parts)}; if the level is set to {wanted}: it is not set yet" if parts else ""
    if route.levels and level not in route.levels:
        return ""
    if route.levels:
        parts.append(f"level {level}{_titled(profile, level)}")
    return "; ".join(parts)


def _titled(profile: Profile, level: int | None) -> str:
    known = profile.levels.get(str(level))
    return f" ({known.title})" if known else ""


def who_routes(profile: Profile) -> str:
    """Under the suggestions: whose decision it is."""
    deciders = [code_words(role) for role in profile.deciders] if profile.decides else []
    who = f"the {' or '.join(deciders)} routes" if deciders else "a person routes"
    return f"Suggested by the profile; {who}."


def level_title(case: Case, profile: Profile) -> str:
    """The level's title in the area's own words; empty where it is not set or the profile does not know it."""
    known = profile.levels.get(str(case.referral.level))
    return known.title if known else ""


def threshold(case: Case, profile: Profile) -> ThresholdShown | None:
    """What the case cites of the threshold document, in its words: for the level, then for each power."""
    document = profile.document
    cited = case.referral.threshold
    if document is None:
        return None
    mine = cited.clauses if cited and cited.document == document.name else ()
    wanted = [(number, "level") for number in mine]
    wanted += [(number, use.id) for use in case.gateways for number in use.clauses]
    words = {number: (level, text) for level, number, text in document.clauses()}
    clauses = tuple(
        CitedClause(
            number=number, cited_for=what, level=words[number][0],
            level_title=document.levels[words[number][0]].title, text=words[number][1],
        )
        for number, what in dict.fromkeys(wanted) if number in words
    )  # fmt: skip
    if not clauses:
        return None
    return ThresholdShown(
        document=document.name, title=document.title, partnership=document.partnership,
        agreed_on=document.agreed_on.isoformat(), review_on=document.review_on.isoformat(), clauses=clauses,
    )  # fmt: skip


def meetings(profile: Profile) -> Iterator[MeetingShown]:
    """The profile's meetings, and who comes: the agencies by their titles."""
    for name, meeting in profile.meetings.items():
        who = tuple(profile.agencies[agency].title for agency in meeting.who if agency in profile.agencies)
        yield MeetingShown(meeting=name, title=meeting.title, when=meeting.when, who=who)


def ways(case: Case, profile: Profile, now: datetime) -> Ways:
    """All of it for one case: to be shown by `plan`, `status` and the product."""
    suggested = routes(case, profile)
    return Ways(
        notes=tuple(_first(profile, now)),
        threshold=threshold(case, profile),
        routes=suggested,
        who_routes=who_routes(profile) if suggested else "",
        meetings=tuple(meetings(profile)),
    )


def _first(profile: Profile, now: datetime) -> Iterator[str]:
    """What a reader must know first: that nobody decides here, and that the levels are read from an old document."""
    if not profile.decides:
        yield GATHERS_ONLY
    document = profile.document
    if document and document.review_on <= local(now).date():
        due = day_words(document.review_on.isoformat())
        yield f"The threshold document {document.name} was to be reviewed by {due}."


def of_profile(case: Case, profile: Profile, now: datetime) -> tuple[Ways, str, str]:
    """All that a product shows of the profile itself: what `with_ways` lays over it."""
    return ways(case, profile, now), level_title(case, profile), keyworker_words(case, profile)


def with_ways(product: Product, case: Case, profile: Profile, now: datetime) -> Product:
    """The product with what the profile makes of the case, the level's title and the keyworker."""
    found, title, keyworker = of_profile(case, profile, now)
    return replace(
        product,
        case=replace(product.case, level_title=title, keyworker=keyworker),
        notes=(*found.notes, *product.notes),
        threshold=found.threshold,
        routes=found.routes,
        who_routes=found.who_routes,
        meetings=found.meetings,
    )


def keyworker_words(case: Case, profile: Profile) -> str:
    """Who the keyworker is, for whom and since when; empty where none is recorded."""
    worker = case.keyworker
    if worker is None:
        return ""
    body = profile.agencies.get(worker.agency or "")
    parts = [worker.name, worker.role or "", body.title if body else code_words(worker.agency or "")]
    since = day_words(worker.appointed_at.astimezone(UTC).isoformat())
    return f"{', '.join(part for part in parts if part)}, appointed on {since}"
