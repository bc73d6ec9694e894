"""How a hub's agreements stand on a day: lapsed or about to, not signed, and what no agreement takes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from mash_trawl.config.agreements import Paper, agreement_problems
from mash_trawl.config.remarks import Remark, Severity
from mash_trawl.config.tree import Path
from mash_trawl.model.profile import Profile

HUB_LINE = "hub.yaml: agreements"
_NAME_ONE = "Name one under `agreements:` in hub.yaml, with the agencies that signed it (docs/agreements.md)."


def standing(papers: Sequence[Paper], profiles: Sequence[Profile], today: date) -> Iterator[Remark]:
    """Everything about the agreements themselves. `today` is the day in Europe/London.

    An end is told so long before as the most careful of the profiles warns.
    """
    if not papers:
        what = "this hub names no information-sharing agreement, so nothing is asked."
        yield Remark(severity="warning", code="agreement.none", where=HUB_LINE, what=what, do=_NAME_ONE)
    warned = timedelta(seconds=max((item.warn_before.seconds for item in profiles), default=0))
    for paper in papers:
        yield from _dates(paper, today, warned)
        yield from _signatures(paper, today)
        yield from _names(paper, profiles)


def uncovered(
    papers: Sequence[Paper], profile: Profile, agencies: Iterable[str], today: date
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each agency with its categories that no agreement in force takes in for this profile."""
    named = [paper.agreement for paper in papers]
    for agency in agencies:
        known = profile.agencies[agency].categories if agency in profile.agencies else {}
        left = tuple(name for name in known if not any(one.covers(agency, name, profile.id, today) for one in named))
        if left:
            yield agency, left


def _dates(paper: Paper, today: date, warned: timedelta) -> Iterator[Remark]:
    agreement = paper.agreement
    if agreement.to <= today:
        what = f"the agreement {agreement.id} lapsed on {agreement.to}: nothing is asked on it."
        yield _remark(paper, "warning", "agreement.lapsed", ("to",), what, "Make a new edition and have it signed.")
        return
    if agreement.from_ > today:
        what = f"the agreement {agreement.id} begins on {agreement.from_}: until then nothing is asked on it."
        yield _remark(paper, "warning", "agreement.not_begun", ("from",), what, "Wait, or keep the edition before it.")
    if agreement.to - today <= warned:
        what = f"the agreement {agreement.id} lapses on {agreement.to}."
        yield _remark(paper, "warning", "agreement.lapsing", ("to",), what, "Have the next edition signed before.")
    if agreement.review_on and agreement.review_on <= today:
        what = f"the agreement {agreement.id} was to be reviewed on {agreement.review_on}."
        yield _remark(paper, "note", "agreement.review", ("review_on",), what, "Review it, then set the next day.")


def _signatures(paper: Paper, today: date) -> Iterator[Remark]:
    for place, party in enumerate(paper.agreement.parties):
        if not paper.agreement.signed_by(party, today):
            what = f"{party} has not signed the agreement {paper.agreement.id}: it is not asked on it."
            do = "Add its signature under `signatories:` once it has signed."
            yield _remark(paper, "warning", "agreement.unsigned", ("parties", place), what, do)


def _names(paper: Paper, profiles: Sequence[Profile]) -> Iterator[Remark]:
    """What the agreement names and this hub does not know: a slip of the pen means that nothing is asked."""
    for profile in profiles:
        for problem in agreement_problems(paper.agreement, profile, paper.tree):
            yield Remark(
                severity="warning", code="agreement.unknown", where=problem.where, what=problem.what, do=problem.do
            )
    listed = {profile.id for profile in profiles}
    for place, purpose in enumerate(paper.agreement.purposes):
        if purpose not in listed:
            what = f"the agreement {paper.agreement.id} serves {purpose}, which this hub does not list."
            do = "Nothing, if another hub works by it; else mend the name."
            yield _remark(paper, "note", "agreement.purpose", ("purposes", place), what, do)


def _remark(paper: Paper, severity: Severity, code: str, path: Path, what: str, do: str) -> Remark:
    return Remark(severity=severity, code=code, where=paper.tree.where(path), what=what, do=do)
