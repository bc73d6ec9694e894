"""The product as plain text for a terminal. Nothing in it moves the cursor, changes colours or turns the reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mash_trawl.model.product import Product
from mash_trawl.model.rows import ChronologyRow, Contradiction, DisputeShown
from mash_trawl.model.shown import Origin, When, instant_words
from mash_trawl.render.disputes import GONE, Disputed, in_words
from mash_trawl.render.safe import visible
from mash_trawl.render.view import empty_note, gap_groups
from mash_trawl.render.words import family_words, sources


def text(product: Product) -> str:
    """The whole content in the order of the page: answers and refusals first. Ends without a newline."""
    lines: list[str] = [
        product.marking,
        f"Case {product.case.id}, trawl of {instant_words(product.at)}, audience: {product.audience}",
        *(f"Rests on: {line}" for line in product.basis),
        *(f"Note: {note}" for note in product.notes),
        *_ways(product),
    ]
    for title, body in _parts(product):
        lines += ["", title, "-" * len(title), *body]
    return "\n".join(visible(line, keep="\t") for line in lines)


def _ways(product: Product) -> Iterable[str]:
    """Level and clauses, keyworker, the teams that the profile suggests, and who meets about it."""
    if product.case.level_title:
        yield f"Level {product.case.level}: {product.case.level_title}"
    if product.threshold:
        for clause in product.threshold.clauses:
            what = "the level" if clause.cited_for == "level" else clause.cited_for
            yield f"Cited for {what}: {product.threshold.document}, clause {clause.number}: {clause.text}"
    if product.case.keyworker:
        yield f"Keyworker: {product.case.keyworker}"
    yield from (f"Specialist team: {route.title} ({route.why}). {product.who_routes}" for route in product.routes)
    for meeting in product.meetings:
        yield f"{meeting.title}{f' ({meeting.when})' if meeting.when else ''}: {', '.join(meeting.who)}"


def _parts(product: Product) -> Iterable[tuple[str, Sequence[str]]]:
    empty = empty_note(product)
    name = {person.id: person.name for person in product.people}
    answers = [line for item in product.answers for line in (item.sentence, *item.each)] or ["No agency was asked."]
    yield (
        "Answers and refusals",
        [*answers, *(item.sentence for item in product.possible)]
        + ([f"{product.restricted_services}."] if product.restricted_services else []),
    )
    gaps = [f"{kind}: {line}" for kind, lines in gap_groups(product) for line in lines]
    yield "Gaps", gaps or ["No gap is known."]
    disputed = Disputed(product)
    family = [
        line for said in family_words(product.family) for line in _claim(said.text, said.origins, disputed, items=False)
    ]
    yield "Family in words", family or ["No family member is named in this case."]
    events = [line for row in product.chronology for line in _event(row, name, disputed)]
    yield "Chronology", events or [f"No agency sent an event. {empty}"]
    services = [
        line
        for row in product.involvements
        for line in _claim(
            f"{row.service} ({_words(row.status)}), {_span(row.since, row.until)}: {_who(row.people, name)}",
            [row.origin], disputed,
        )
    ]  # fmt: skip
    yield "Services involved", services or [f"No agency named a service. {empty}"]
    values = [line for item in product.contradictions for line in (item.sentence, *_values(item, disputed))]
    yield "Contradictions", values or ["No two agencies contradict each other in what they sent."]
    yield "Disputes", [_listed(one) for one in disputed.here] or ["Nobody disputes anything that is shown here."]
    if disputed.gone:
        yield f"{GONE}: {len(disputed.gone)}", [_listed(one) for one in disputed.gone]
    yield from _behind(product, name, empty, disputed)


def _behind(
    product: Product, name: dict[str, str], empty: str, disputed: Disputed
) -> Iterable[tuple[str, Sequence[str]]]:
    """What stands behind the story: facts, ties as stated, decisions, found people, what was not used."""
    yield "Facts and addresses", _facts(product, name, disputed) or [f"No agency sent a fact or an address. {empty}"]
    ties = [
        line
        for row in product.relationships
        for line in _claim(
            f"{_who(row.from_, name)}: {row.kind} of {_who(row.to, name)}, {_span(row.since, row.until)}",
            [row.origin], disputed,
        )
    ]  # fmt: skip
    yield "Relationships as stated", ties or [f"No agency stated a relationship. {empty}"]
    decisions = [
        f"{item.outcome}: {name.get(item.person, item.person)}, {item.category} ({item.rule}). {item.reason}"
        for item in product.decisions
    ]
    yield "Decisions", decisions or ["No decision was recorded."]
    hints = [f"{person.name} ({person.id}): {hint}" for person in product.people for hint in person.hints]
    found = [
        f"{person.name} ({person.id}): not in the case, shown as found" for person in product.people if person.found
    ]
    yield "People found by agencies", [*found, *hints] or ["No agency mentioned anybody who is not in the case."]
    left = [
        f"{item.source}, {name.get(item.person, item.person)}: {item.count} ({item.why})" for item in product.left_out
    ]
    left += [
        f"{item.source}, {name.get(item.person, item.person)}: {item.dropped} (not asked for, or about somebody else)"
        for item in product.answers
        if item.dropped
    ]
    yield "Sent, but not used", left or ["Nothing."]


def _event(row: ChronologyRow, name: dict[str, str], disputed: Disputed) -> Iterable[str]:
    until = f" to {row.until.shown}" if row.until and row.until.shown != row.when.shown else ""
    group = f" [same day {row.group}]" if row.group else ""
    yield f"{row.when.shown}{until}: {row.headline}{group}"
    yield from (f"  {line}" for line in row.text.splitlines())
    if row.outcome:
        yield f"  Outcome: {row.outcome}"
    yield f"  {_who(row.people, name)}. Source: {_named(row.origin)}"
    yield from _beside([row.origin], disputed)


def _facts(product: Product, name: dict[str, str], disputed: Disputed) -> list[str]:
    said = [(f"{_who(row.people, name)}: {_words(row.name)} {row.value}", row.origin) for row in product.facts]
    said += [
        (f"{_who(row.people, name)}: {row.address}, {_span(row.since, row.until)}", row.origin)
        for row in product.residences
    ]
    return [line for words, origin in said for line in _claim(words, [origin], disputed)]


def _values(item: Contradiction, disputed: Disputed) -> Iterable[str]:
    for held in item.values:
        yield from _claim(f"  {held.value}", held.origins, disputed, indent="    ")


def _claim(
    line: str, origins: Sequence[Origin], disputed: Disputed, *, items: bool = True, indent: str = "  "
) -> Iterable[str]:
    """A claim with whom it rests on, the ids by which it can be disputed, and what is said against it."""
    named = "; ".join(dict.fromkeys(map(_named, origins))) if items else sources(origins)
    yield f"{line} [{named}]" if named else line
    yield from _beside(origins, disputed, indent)


def _named(origin: Origin) -> str:
    return sources([origin]) + (f", item {origin.item}" if origin.item else "")


def _beside(origins: Iterable[Origin], disputed: Disputed, indent: str = "  ") -> Iterable[str]:
    return (f"{indent}! {in_words(one)}" for one in disputed.beside(origins))


def _listed(one: DisputeShown) -> str:
    return f"Item {one.row or one.item}: {in_words(one)}"


def _who(ids: Iterable[str], name: dict[str, str]) -> str:
    return ", ".join(name.get(ident, ident) for ident in ids) or "nobody named"


def _span(since: When | None, until: When | None) -> str:
    start, end = (day.shown if day else "" for day in (since, until))
    if start == end and start:
        return start
    return f"{start} to {end}" if start and end else f"from {start}" if start else f"until {end}" if end else "no dates"


def _words(code: str) -> str:
    return code.replace("_", " ")
