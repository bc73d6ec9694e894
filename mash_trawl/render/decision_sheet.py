"""The sheets for the case file: what may be asked and what not, and the whole way to one decision.

A family's choice stands apart from refusals by rule and reads the same for everybody; it is counted with neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mash_trawl.model.answer import Status, Why
from mash_trawl.model.base import Private
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.derivation import MARK_WORDS, STEP_WORDS, Derivation
from mash_trawl.model.profile import Profile
from mash_trawl.model.shown import instant_words
from mash_trawl.model.unlocks import category_titles, name_people, with_people, without_names
from mash_trawl.render.grouping import count
from mash_trawl.render.paper import Cell, Grid, Paper, Part, cells, print_paper
from mash_trawl.render.view import GROUPS, OUTCOMES, Group

_CHOICE = {
    Why.CONSENT_NOT_SOUGHT.value: "Not asked: consent not sought",
    Why.CONSENT_NOT_GIVEN.value: "Not asked: consent not given",
    Why.CONSENT_WITHDRAWN.value: "Not asked: consent withdrawn",
    Why.CONSENT_EXPIRED.value: "Not asked: consent has ended",
    Why.CONSENT_NOT_COUNTED.value: "Not asked: no consent that counts",
}
_NO_WORD = (Why.CONSENT_NOT_SOUGHT.value, Why.CONSENT_NOT_COUNTED.value)
"""Nobody's choice: beside a stated power that stays shut, an agreement would only be another way."""
_SHUT = {
    "summary_only": "the power opens a health summary only",
    "health": "the power opens no health records",
    "health_not_named": "the decision does not name it",
    "health_reason": "no reason for health is recorded",
    "no_condition": "why nobody's consent is relied on is not recorded",
    "unsigned_decision": "the decision under the power is not signed",
}
"""What keeps a stated power shut, by the end of its rule."""
_POWERS = ("gateway.", "statements.unsigned_decision", "statements.own_decision", "statements.decider_role")
_WANTS_A_WORD = "agreement_not_sought"
"""A power that waits for somebody to be asked: there it is a choice that nobody has made yet."""
_CLOSED = (Why.SUSPENDED.value, Why.NOT_APPROVED.value, Why.NOT_INSTALLED.value)
_ORDER = ("may", "wait", "choice", "no", "closed")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sheet(Private):
    """What a sheet says of itself: who made it and when, what the hub counts, who signed what, and its documents.

    `signed`: record, what was said, who signed it, when, whether it counts. `policy`: document, version or digest.
    """

    made_by: str
    at: str
    statements: str
    signed: tuple[tuple[str, str, str, str], ...] = ()
    policy: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()


def plan_sheet(
    decisions: Decisions, case: Case, profile: Profile, names: Mapping[str, str], sheet: Sheet, marking: str
) -> str:
    """Persons by sources, then person by person: decision, rule, reason, what would unlock it."""
    people = [
        Part(anchor=f"person-{number}", title=f"{names.get(person.id, person.id)} ({person.id})",
             notes=(f"In this case: {', '.join(role.replace('_', ' ') for role in person.roles)}.",),
             grids=(_about(decisions, person.id, profile, names),))
        for number, person in enumerate(case.people, start=1)
    ]  # fmt: skip
    overview = Part(anchor="overview", title="Everybody, and every source", notes=_counted(decisions),
                    grids=(_matrix(decisions, case, profile, names),))  # fmt: skip
    return print_paper(
        Paper(
            marking=marking,
            kind="What may be asked, and why",
            heading=f"Case {decisions.case}",
            lead="Every decision for this case at this moment, its rule, its reason, and what would change it.",
            facts=_facts(case, profile, sheet),
            notices=sheet.notices,
            parts=(overview, *people, _who_signed(sheet, names)),
            foot=_foot(sheet),
        )
    )


def explain_sheet(
    found: Collection[Derivation], case: Case, profile: Profile, names: Mapping[str, str], sheet: Sheet,
    marking: str,
) -> str:  # fmt: skip
    """The whole way to each decision about one person and one source, step by step."""
    first = next(iter(found)).decision
    who = names.get(first.person, first.person)
    agency = category_titles(first.agency, first.category, profile)[0]
    parts = [
        Part(anchor=f"category-{number}", title=category_titles(first.agency, item.decision.category, profile)[1],
             grids=(_steps(item, names),))
        for number, item in enumerate(found, start=1)
    ]  # fmt: skip
    return print_paper(
        Paper(
            marking=marking,
            kind="How a decision came about",
            heading=f"Case {case.id}",
            lead=f"May {agency} ({first.source}) be asked about {who} ({first.person})? Every rule, in order.",
            facts=_facts(case, profile, sheet),
            notices=sheet.notices,
            parts=(*parts, _who_signed(sheet, names)),
            foot=_foot(sheet),
        )
    )


def decision_tag(item: Decision) -> tuple[str, Group, str]:
    """Kind, shape and words of one decision. A power's no is the rule's; what the family said stays theirs."""
    if item.outcome is Outcome.PERMIT:
        only = item.mode == "existence"
        words = "May be asked, only whether they are known" if only else "May be asked"
        return "may", OUTCOMES["PERMIT"], words
    if item.outcome is Outcome.REVIEW:
        return "wait", OUTCOMES["REVIEW"], "Waits for a person's decision"
    end = item.rule.rpartition(".")[2]
    if item.why in _NO_WORD and item.rule.startswith(_POWERS) and end != _WANTS_A_WORD:
        says = _SHUT.get(end, "the power relied on does not open it")
        return "no", GROUPS[Status.NOT_PERMITTED], f"Not permitted: {says}"
    if item.why in _CHOICE:
        return "choice", GROUPS[Status.CONSENT_MISSING], _CHOICE[item.why]
    if item.why in _CLOSED:
        return "closed", GROUPS[Status.NOT_CONNECTED], f"Not asked: {item.why.replace('_', ' ')}"
    return "no", GROUPS[Status.NOT_PERMITTED], "Not permitted"


def _facts(case: Case, profile: Profile, sheet: Sheet) -> tuple[tuple[str, str], ...]:
    level = "Not set" if case.referral.level is None else f"Level {case.referral.level}"
    return (
        ("Planned", instant_words(sheet.at)),
        ("By", sheet.made_by),
        ("Profile", f"{profile.title}, version {profile.version}"),
        ("Level", level),
        ("Statements", sheet.statements),
    )


def _counted(decisions: Decisions) -> tuple[str, ...]:
    """A question is one source about one person. A family's choice is told by itself."""
    kinds = [_best(decisions.about(*pair))[0] for pair in decisions.pairs]
    told = [f"{count(kinds.count('may'), 'question')} may be asked"]
    for kind, words in (("wait", "for a person's decision"), ("no", "not permitted"), ("closed", "not connected")):
        if kinds.count(kind):
            told.append(f"{kinds.count(kind)} {'waiting ' if kind == 'wait' else ''}{words}")
    lines = [f"A question is one source about one person. {'; '.join(told)}."]
    if kinds.count("choice"):
        asks = "is" if kinds.count("choice") == 1 else "are"
        lines.append(f"{count(kinds.count('choice'), 'question')} {asks} not asked by the family's choice, or because "
                     "nobody asked them yet. That is no failure of anybody.")  # fmt: skip
    return tuple(lines)


def _best(items: Sequence[Decision]) -> tuple[str, Group, str]:
    """What stands for a source and a person in one cell: a yes to anything first, then what waits, then the choice."""
    return min((decision_tag(item) for item in items), key=lambda tag: _ORDER.index(tag[0]))


def _matrix(decisions: Decisions, case: Case, profile: Profile, names: Mapping[str, str]) -> Grid:
    sources = list(dict.fromkeys((item.source, item.agency) for item in decisions))
    rows = []
    for source, agency in sources:
        row = [Cell(text=_source(source, agency, profile))]
        for person in case.people:
            items = decisions.about(source, person.id)
            if not items:
                row.append(Cell(text="nothing offered"))
                continue
            kind, group, words = _best(items)
            same = sum(decision_tag(item)[0] == kind for item in items)
            row.append(Cell(tag=group, words=words, text=f"{same}\u00a0of\u00a0{len(items)}"))
        rows.append(tuple(row))
    return Grid(
        caption="The most that any category of a source has, and how many of its categories; the rest stands below",
        columns=("Source", *(names.get(person.id, person.id) for person in case.people)),
        rows=tuple(rows), empty="this hub has no source.",
    )  # fmt: skip


def _source(source: str, agency: str, profile: Profile) -> str:
    body = profile.agencies.get(agency)
    title = body.title if body else agency
    return title if source == agency else f"{title} ({source})"


def _about(decisions: Decisions, person: str, profile: Profile, names: Mapping[str, str]) -> Grid:
    items = [item for item in decisions if item.person == person]
    return Grid(
        caption=f"Every source about {names.get(person, person)}",
        columns=("Source and what of it", "Decision", "Why", "What would change it"),
        rows=tuple(_row(group, profile, names) for group in _alike(items, profile)), empty="this hub has no source.",
    )  # fmt: skip


def _alike(items: Iterable[Decision], profile: Profile) -> list[list[Decision]]:
    """Decisions of one source that say the same are one row."""
    groups: dict[tuple[str, ...], list[Decision]] = {}
    for item in items:
        said = tuple(without_names(text, item, profile) for text in (item.reason, item.unlock))
        groups.setdefault((item.source, *decision_tag(item)[::2], item.rule, *said), []).append(item)
    return list(groups.values())


def _row(items: Sequence[Decision], profile: Profile, names: Mapping[str, str]) -> tuple[Cell, ...]:
    first = items[0]
    said = (with_people(without_names(text, first, profile), items) for text in (first.reason, first.unlock))
    reason, unlock = (name_people(text, names) for text in said)
    titles = ", ".join(category_titles(item.agency, item.category, profile)[1] for item in items)
    _, group, words = decision_tag(first)
    return (
        Cell(text=f"{_source(first.source, first.agency, profile)}: {titles}"),
        Cell(tag=group, words=words),
        Cell(text=reason, code=first.rule),
        Cell(text="" if first.outcome is Outcome.PERMIT else unlock),
    )


def _steps(found: Derivation, names: Mapping[str, str]) -> Grid:
    _, group, words = decision_tag(found.decision)
    rows = [
        (Cell(text=STEP_WORDS[step.step].capitalize()), Cell(text=name_people(step.says, names)),
         Cell(text=MARK_WORDS[step.mark]))
        for step in found.steps
        if step.step != "case"
    ]  # fmt: skip
    last = (Cell(text="Outcome"), Cell(tag=group, words=words, code=found.decision.rule), Cell())
    return Grid(caption=f"The steps in order. Outcome: {words}", columns=("Step", "What it says", "And so"),
                rows=(*rows, last))  # fmt: skip


def _who_signed(sheet: Sheet, names: Mapping[str, str]) -> Part:
    rows = tuple(cells(record, name_people(said, names), by, at) for record, said, by, at in sheet.signed)
    grid = Grid(caption="What the decisions can rest on", columns=("Record", "What it says", "Signed by", "When"),
                rows=rows, empty="no consent, refusal or decision under a legal power is recorded.")  # fmt: skip
    return Part(anchor="signed", title="Who said and signed what", grids=(grid,))


def _foot(sheet: Sheet) -> tuple[str, ...]:
    return (
        *(f"{what}: {digest}" for what, digest in sheet.policy),
        f"Made by {sheet.made_by} {instant_words(sheet.at)}. Nothing was sent to anybody.",
        "This sheet is a plain copy with personal data. Destroying the case does not reach it: keep it with the case "
        "file, and delete it when that is deleted.",
    )
