"""What a case file says that the profile does not know: found before anything is asked, never a silent no."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from mash_trawl.errors import Problem
from mash_trawl.model.case import Case
from mash_trawl.model.consent import Categories
from mash_trawl.model.profile import Profile
from mash_trawl.model.threshold import threshold_problems


def problems(case: Case, profile: Profile) -> tuple[Problem, ...]:
    """Every agency, category, gateway and basis in the case that is not one of the profile's. Empty: all are known."""
    return tuple(_problems(case, profile))


def _problems(case: Case, profile: Profile) -> Iterator[Problem]:
    bases = profile.consent.pr_bases
    for number, consent in enumerate(case.consents):
        where = f"consents[{number}]"
        yield from _categories(profile, consent.categories, where)
        purposes = profile.consent.purposes
        if purposes and consent.purpose is not None and consent.purpose not in purposes:
            yield _unknown(f"{where}.purpose", "purpose", consent.purpose, list(purposes))
        if consent.pr_basis is not None and consent.pr_basis not in bases:
            yield _unknown(f"{where}.pr_basis", "basis of parental responsibility", consent.pr_basis, list(bases))
    for number, tie in enumerate(case.relationships):
        if tie.pr_basis is not None and tie.pr_basis not in bases:
            yield _unknown(
                f"relationships[{number}].pr_basis", "basis of parental responsibility", tie.pr_basis, list(bases)
            )
    for number, use in enumerate(case.gateways):
        where = f"gateways[{number}]"
        if use.id not in profile.gateways:
            yield _unknown(f"{where}.id", "gateway", use.id, list(profile.gateways))
        gateway = profile.gateways.get(use.id)
        if gateway and gateway.conditions and use.condition is not None and use.condition not in gateway.conditions:
            yield _unknown(f"{where}.condition", "condition", use.condition, list(gateway.conditions))
        yield from _categories(profile, use.categories or {}, where)
        for agency in use.addressee:
            if agency not in profile.agencies:
                yield _unknown(f"{where}.addressee", "agency", agency, list(profile.agencies))
    yield from threshold_problems(case, profile.document)
    colour = case.referral.rag
    if colour is not None and profile.rag and colour not in profile.rag:
        yield _unknown("referral.rag", "colour", colour, list(profile.rag))
    known = list(profile.concerns)
    for number, concern in enumerate(case.referral.concerns):
        if known and concern not in known:
            yield _unknown(f"referral.concerns[{number}]", "concern", concern, known)


def _categories(profile: Profile, categories: Categories, where: str) -> Iterator[Problem]:
    for agency, listed in categories.items():
        body = profile.agencies.get(agency)
        if body is None:
            yield _unknown(f"{where}.categories", "agency", agency, list(profile.agencies))
            continue
        for name in () if listed == "all" else listed:
            if name not in body.categories:
                yield _unknown(f"{where}.categories.{agency}", "category", name, list(body.categories))


def _unknown(where: str, what: str, given: str, known: list[str]) -> Problem:
    near = get_close_matches(given, known)
    do = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
    return Problem(where=where, what=f"the profile does not know this {what}.", do=do)
