"""What people said on paper becomes answers: one for every (source, person) of a source that is a person.

A question without an answer stays owed; nothing is read from an empty cell. What was said counts for as long as it may
be asked for, and what was said last about a category is what counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mash_trawl.model.answer import STATUS_OF, Answer, Coverage, Why
from mash_trawl.model.base import Private, to_plain
from mash_trawl.model.by_person import ByPerson, Note, OfCategory
from mash_trawl.model.decision import Decision, Decisions
from mash_trawl.model.request import Practitioner, Returned, Stated
from mash_trawl.sources.again import Ask, Delta, Memory, Pair
from mash_trawl.sources.person import KIND
from mash_trawl.sources.refusals import permitted, withheld
from mash_trawl.sources.registry import Registry, Source


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Written(Private):
    """A request that was written, as the ledger has it: categories asked for, by person. `due` None: no target.

    `marks` say who these people were then.
    """

    id: str
    source: str
    at: datetime
    by: str
    due: datetime | None = None
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sha256: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OnPaper(Private):
    """All that is known of a case's requests and returns, oldest first, and when the case's clock wants them."""

    due: datetime | None = None
    written: tuple[Written, ...] = ()
    returned: tuple[Returned, ...] = ()


def asked_on_paper(source: Source) -> bool:
    """Whether a source is a person who may be asked now; one that is suspended is a source that is not connected."""
    return source.connector is not None and source.connector.kind == KIND and source.why is None


def told_by_people(
    decisions: Decisions, delta: Delta, memory: Memory | None, registry: Registry, paper: OnPaper
) -> tuple[Delta, tuple[Answer, ...]]:
    """The answers of the pairs that only a person can answer, and the delta with those of them that are news."""
    answers = tuple(
        answer_of(decisions.about(*pair), registry.source(pair[0]), paper, decisions.at) for pair in delta.people
    )
    news = []
    for answer in answers:
        kept = memory.of((answer.source, answer.person)) if memory else None
        if kept is None or to_plain(kept.answer) != to_plain(answer):
            why = "new" if kept is None or kept.answer.by_person is None else "changed"
            news.append(Ask(source=answer.source, person=answer.person, why=why))  # type: ignore[arg-type]  # two of the reasons
    return replace(delta, asks=(*delta.asks, *news)), answers


def still_permitted(returned: Iterable[Returned], decisions: Decisions) -> tuple[Returned, ...]:
    """The returns without what may no longer be asked for: the next version holds no word of it."""
    left = []
    for one in returned:
        stated = tuple(
            said for said in one.stated if said.category in _wanted(decisions.about(one.source, said.person))
        )
        people = {pair[1] for pair in decisions.pairs if pair[0] == one.source and _wanted(decisions.about(*pair))}
        known, not_sure = (tuple(who for who in group if who in people) for group in (one.known, one.not_sure))
        if stated or not_sure:
            left.append(replace(one, stated=stated, known=known, not_sure=not_sure))
    return tuple(left)


def _wanted(about: Sequence[Decision]) -> frozenset[str]:
    return permitted(about, "content") | permitted(about, "existence")


def answer_of(about: Sequence[Decision], source: Source, paper: OnPaper, now: datetime) -> Answer:
    """The one answer about one person, of everything that was said on paper so far."""
    name, person = about[0].source, about[0].person
    content, wanted = permitted(about, "content"), _wanted(about)
    asked = [one for one in paper.written if one.source == name and person in one.asked]
    returns = [one for one in paper.returned if one.source == name and _speaks_of(one, person)]
    said = _last_words(returns, person, wanted, content)
    by = replace(_by(said, wanted, asked, returns, paper.due), each=tuple(_each(said, wanted, returns, content)))
    unsure = bool(returns) and person in returns[-1].not_sure
    coverage = next((one.coverage for one in reversed(returns) if one.coverage), None)
    stated = _whole(coverage, source)
    why = _why(by, said, content, unsure=unsure, known=any(person in one.known for one in returns))
    if why in (Why.MATCHED, Why.KNOWN_NOTHING_IN_SCOPE, Why.SEARCHED_ALL_KEYS) and _too_old(coverage, source, now):
        why = Why.TOO_OLD
    findings = tuple(finding for one in said.values() if one.category in content for finding in one.findings)
    return Answer(
        source=name, agency=about[0].agency, person=person, status=STATUS_OF[why], why=why, findings=findings,
        withheld=withheld(about, content), coverage=stated, connector=source.version,
        asked_at=asked[-1].at if asked else None, by_person=by,
        asked_before=tuple(sorted({item for one in asked for item in one.asked[person]})),
    )  # fmt: skip


def _speaks_of(one: Returned, person: str) -> bool:
    return person in one.not_sure or any(said.person == person for said in one.stated)


def _last_words(
    returns: Iterable[Returned], person: str, wanted: Collection[str], content: Collection[str]
) -> dict[str, Stated]:
    """The last statement to each category; that somebody is known does not say what is held."""
    last: dict[str, Stated] = {}
    for one in returns:
        for said in one.stated:
            if (
                said.person == person
                and said.category in wanted
                and not (said.said == "known" and said.category in content)
            ):
                last[said.category] = said
    return dict(sorted(last.items()))


def _by(
    said: Mapping[str, Stated], wanted: Collection[str], asked: Sequence[Written], returns: Sequence[Returned],
    due: datetime | None,
) -> ByPerson:  # fmt: skip
    def those(word: str) -> tuple[str, ...]:
        return tuple(category for category, one in said.items() if one.said == word)

    newest = returns[-1] if returns else None
    return ByPerson(
        due=due,
        request=asked[-1].id if asked else "",
        requested_at=asked[-1].at if asked else None,
        returned_at=newest.at if newest else None,
        late_words=newest.late_words if newest else "",
        practitioner=_name(newest.by) if newest else "",
        owed=tuple(sorted({*wanted} - {*said} | {*those("not_searched")})),
        refused=those("refused"),
        not_searched=those("not_searched"),
        nothing=those("nothing_held"),
        notes=tuple(Note(category=category, text=one.note) for category, one in said.items() if one.note),
    )


def _each(
    said: Mapping[str, Stated], wanted: Iterable[str], returns: Sequence[Returned], content: Collection[str]
) -> Iterator[OfCategory]:
    """Each category by itself: the last word on it, and the return that it stands in."""
    for category in sorted(wanted):
        one = said.get(category)
        of = next((item for item in reversed(returns) if any(word is one for word in item.stated)), None)
        if one is None or of is None:
            yield OfCategory(category=category)
            continue
        yield OfCategory(
            category=category, said=one.said, found=len(one.findings) if category in content else 0,
            coverage=of.coverage, returned_at=of.at, practitioner=_name(of.by),
        )  # fmt: skip


def _name(by: Practitioner) -> str:
    reach = " or ".join(part for part in (by.telephone, by.email) if part)
    return f"{by.name} ({by.role}){f', {reach}' if reach else ''}"


def _why(by: ByPerson, said: Mapping[str, Stated], content: Collection[str], *, unsure: bool, known: bool) -> Why:
    """What is owed goes first: somebody has to ring. Then as for any source."""
    if unsure:
        return Why.NO_USABLE_KEY
    if by.owed:
        return Why.RETURN_OWED
    if by.refused:
        return Why.CUSTODIAN_SAID_NO
    if any(one.findings for one in said.values()):
        return Why.MATCHED
    if any(one.said == "known" for one in said.values()) and not content:
        return Why.KNOWN_EXISTENCE_ONLY
    return Why.KNOWN_NOTHING_IN_SCOPE if known else Why.SEARCHED_ALL_KEYS


def _whole(said: Coverage | None, source: Source) -> Coverage | None:
    """What the return says of its coverage; where it says nothing, what the hub file says."""
    stated = source.settings.coverage if source.settings else None
    if said is None or stated is None:
        return said or stated
    return Coverage(
        from_=said.from_ or stated.from_, to=said.to or stated.to, area=said.area or stated.area,
        as_of=said.as_of or stated.as_of,
    )  # fmt: skip


def _too_old(said: Coverage | None, source: Source, now: datetime) -> bool:
    limit = source.settings.limits.fresh_for if source.settings else None
    if limit is None or said is None or said.as_of is None:
        return False
    stood = datetime.fromisoformat(said.as_of).replace(tzinfo=now.tzinfo)
    return now - stood > timedelta(seconds=limit.seconds)


def pairs_owed(written: Iterable[Written], said: Iterable[tuple[str, str, str]]) -> dict[Pair, tuple[str, ...]]:
    """Of what was asked for on paper, the categories that nobody has answered yet, by (source, person).

    `said` are (source, person, category) that were answered by a search, a refusal or records.
    """
    done = set(said)
    owed: dict[Pair, dict[str, None]] = {}
    for one in written:
        for person, categories in one.asked.items():
            left = [name for name in categories if (one.source, person, name) not in done]
            owed.setdefault((one.source, person), {}).update(dict.fromkeys(left))
    return {pair: tuple(categories) for pair, categories in owed.items() if categories}
