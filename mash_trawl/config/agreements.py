"""Information-sharing agreements: read as strictly as everything else, and held against the profile they serve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from mash_trawl.config.files import read_tree
from mash_trawl.config.look import Spot
from mash_trawl.config.problems import Found, nearest
from mash_trawl.config.read import validate
from mash_trawl.config.tree import Tree
from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.agreement import Agreement

if TYPE_CHECKING:
    from mash_trawl.model.hub import HubFile
    from mash_trawl.model.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An agreement and the file that it stands in: `name` as hub.yaml writes it, `tree` for file and line."""

    name: str
    agreement: Agreement
    tree: Tree


def read_agreements(settings: HubFile, folder: FilePath) -> tuple[Paper, ...]:
    """Every agreement that hub.yaml names, in its order, with its file. Raises Misconfigured with every problem.

    A file that lies in the folder and is not named does not count. Whether agencies and categories are known is for
    `agreement_problems`, because a profile says it.
    """
    papers: list[Paper] = []
    problems: list[Problem] = []
    for name in settings.agreements:
        try:
            papers.append(read_agreement(folder / name, name))
        except Misconfigured as wrong:
            problems += wrong.problems
    problems += _twice(papers)
    if problems:
        raise Misconfigured(*problems)
    return tuple(papers)


def read_agreement(path: FilePath, name: str = "") -> Paper:
    """One file. Raises Misconfigured with every problem in it."""
    tree = read_tree(path)
    return Paper(name=name or path.name, agreement=validate(Agreement, tree, check_agreement(tree)), tree=tree)


def check_agreement(tree: Tree) -> list[Found]:
    """Every problem between parts of one agreement."""
    paper = Spot(tree.data)
    parties = [spot.text for spot in paper.each("parties")]
    return list(
        chain(
            _listed(paper, "parties", "agency", "Name the agencies that share."),
            _listed(paper, "purposes", "profile", "Name the profiles that it serves."),
            _times(paper),
            _members(paper, parties),
        )
    )


def agreement_problems(agreement: Agreement, profile: Profile, tree: Tree | None = None) -> tuple[Problem, ...]:
    """What the agreement names and the profile does not know: agencies, and categories of them.

    Only for a profile among its purposes; for any other there is nothing to say. `tree` gives file and line.
    """
    if profile.id not in agreement.purposes:
        return ()
    spots = Spot(tree.data) if tree else Spot(None)
    problems = []
    for index, party in enumerate(agreement.parties):
        if party not in profile.agencies:
            what = f"the profile {profile.id} knows no agency of this name."
            path = (*spots["parties"].path, index)
            problems.append(_problem(agreement, tree, path, what, nearest(party, profile.agencies)))
    for agency, wanted in agreement.categories.items():
        known = profile.agencies[agency].categories if agency in profile.agencies else {}
        for index, category in enumerate(() if wanted == "all" else wanted):
            if known and category not in known:
                what = f"the profile {profile.id} knows no category of this name at {agency}."
                path = ("categories", agency, index)
                problems.append(_problem(agreement, tree, path, what, nearest(category, known)))
    return tuple(problems)


def _problem(agreement: Agreement, tree: Tree | None, path: tuple[str | int, ...], what: str, do: str) -> Problem:
    where = tree.where(path) if tree else f"agreement {agreement.id}: {path[0]}"
    return Problem(where=where, what=what, do=do)


def _twice(papers: list[Paper]) -> Iterator[Problem]:
    """Two files with one id: a decision could not say which of them it rests on."""
    first: dict[str, str] = {}
    for paper in papers:
        other = first.setdefault(paper.agreement.id, paper.name)
        if other != paper.name:
            what = f"the agreement in {other} has this id too."
            yield Problem(where=paper.tree.where(("id",)), what=what, do="Give each agreement an id of its own.")


def _listed(paper: Spot, key: str, what: str, do: str) -> Iterator[Found]:
    """A list that must hold something, and nothing twice."""
    if paper[key].value == []:
        yield Found(path=paper[key].path, what=f"no {what} is named", do=do)
    seen: set[str] = set()
    for spot in paper.each(key):
        if spot.text in seen:
            yield Found(path=spot.path, what=f"this {what} is named twice", do="Keep one.")
        seen.add(spot.text or "")


def _times(paper: Spot) -> Iterator[Found]:
    """It must end after it begins, and nobody can sign what is over."""
    start, end = paper["from"].date, paper["to"].date
    if start and end and start.exact and end.exact and start.earliest and end.earliest:
        if end.earliest <= start.earliest:
            do = "`to` is the first day on which it no longer holds."
            yield Found(path=paper["to"].path, what="the agreement ends before it begins", do=do)
        for signed in paper.each("signatories"):
            day = signed["on"].date
            if day and day.exact and day.earliest and day.earliest >= end.earliest:
                do = "Mend the day, or make a new edition with a new end."
                yield Found(path=signed["on"].path, what="this was signed when the agreement was over", do=do)


def _members(paper: Spot, parties: list[str | None]) -> Iterator[Found]:
    """Whoever signs, or whose records it is about, is a party."""
    seen: set[str] = set()
    for signed in paper.each("signatories"):
        party = signed["party"]
        if party.text is not None and party.text not in parties:
            do = nearest(party.text, [item for item in parties if item])
            yield Found(path=party.path, what="who signs here is no party of the agreement", do=do)
        if party.text in seen:
            yield Found(path=party.path, what="this party has signed above", do="Keep the first signature.")
        seen.add(party.text or "")
    for agency, spot in paper.entries("categories"):
        if agency not in parties:
            do = nearest(agency, [item for item in parties if item])
            yield Found(path=spot.path, what="this agency is no party of the agreement", do=do, key=True)
        if spot.value == []:
            yield Found(path=spot.path, what="no category is named", do="Write `all`, or leave the agency out.")
