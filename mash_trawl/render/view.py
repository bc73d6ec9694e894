"""What the page shows, prepared: outcome groups with word and shape, tiles, counts, sentences for empty parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mash_trawl.model.answer import Status
from mash_trawl.model.product import AgencyOutcome, Gap, Product
from mash_trawl.model.shown import Origin, day_words, instant_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A kind of outcome: its word, its class, and a shape that differs without colour."""

    words: str
    css: str
    shape: str
    hollow: bool = False


_DISC = "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z"
_SQUARE = "M2 2h12v12h-12z"
_DIAMOND = "M8 1l7 7l-7 7l-7-7z"
_TRIANGLE = "M8 2l7 12h-14z"
GROUPS: dict[Status, Group] = {
    Status.NOT_PERMITTED: Group(words="Not permitted", css="refused", shape=_SQUARE, hollow=True),
    Status.REFUSED_BY_CUSTODIAN: Group(words="Refused by the agency", css="refused", shape=_SQUARE),
    Status.CONSENT_MISSING: Group(words="Consent missing", css="choice", shape=_DIAMOND, hollow=True),
    Status.UNREACHABLE: Group(words="Not reached", css="failed", shape=_TRIANGLE),
    Status.TIMED_OUT: Group(words="No answer in time", css="failed", shape=_TRIANGLE, hollow=True),
    Status.NOT_CONNECTED: Group(words="Not connected", css="failed", shape="M3 3l10 10M13 3l-10 10", hollow=True),
    Status.AMBIGUOUS_IDENTITY: Group(words="Identity unclear", css="failed", shape=_DIAMOND),
    Status.PENDING_PERSON: Group(words="Waiting for a person", css="choice", shape="M4 3v10M12 3v10", hollow=True),
    Status.PARTIAL: Group(words="Answered in part", css="failed", shape="M8 2a6 6 0 0 0 0 12z"),
    Status.FOUND: Group(words="Found", css="found", shape=_DISC),
    Status.NONE_FOUND: Group(words="Holds nothing", css="none", shape=_DISC, hollow=True),
}
"""In the order of the page: refusals first, then what could not be asked, then answers."""
OUTCOMES = {
    "PERMIT": Group(words="Permit", css="found", shape=_DISC),
    "DENY": Group(words="Deny", css="refused", shape=_SQUARE, hollow=True),
    "REVIEW": Group(words="Review", css="choice", shape="M4 3v10M12 3v10", hollow=True),
}
_GAPS = {
    "not_answered": "No answer",
    "not_complete": "Answered in part",
    "not_searched": "Searched without a fact",
    "not_covered": "Periods that an agency does not hold",
    "no_record": "Long periods without a dated record",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tile:
    """One source: everybody it was or was not asked about. Its colour is that of its first row."""

    agency: str
    agency_name: str
    source: str
    group: Group
    rows: tuple[tuple[AgencyOutcome, Group, str], ...]


def tiles(answers: Iterable[AgencyOutcome]) -> tuple[Tile, ...]:
    """One tile for each source, those with refusals first, then what could not be asked, then answers."""
    order = {status: place for place, status in enumerate(GROUPS)}
    by_source: dict[str, list[AgencyOutcome]] = {}
    for item in answers:
        by_source.setdefault(item.source, []).append(item)
    ranked = sorted(by_source.values(), key=lambda items: min(order[item.status] for item in items))
    return tuple(
        Tile(
            agency=items[0].agency,
            agency_name=items[0].agency_name,
            source=items[0].source,
            group=GROUPS[min((item.status for item in items), key=order.__getitem__)],
            rows=tuple((item, GROUPS[item.status], _label(item)) for item in items),
        )
        for items in ranked
    )


def _label(item: AgencyOutcome) -> str:
    words = GROUPS[item.status].words
    return f"{words}: {item.found}" if item.status in (Status.FOUND, Status.PARTIAL) else words


def tally(answers: Iterable[AgencyOutcome]) -> tuple[tuple[Group, int], ...]:
    """How many answers of each kind, in the page's order; kinds that did not occur are left out."""
    counts = Counter(item.status for item in answers)
    return tuple((group, counts[status]) for status, group in GROUPS.items() if counts[status])


def gap_groups(product: Product) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Gaps as lines by kind, the most serious first. Silences stand in one line for each agency and person."""
    name = {person.id: person.name for person in product.people}
    groups = []
    for kind, words in _GAPS.items():
        gaps = [gap for gap in product.gaps if gap.kind == kind]
        lines = tuple(_silences(gaps, name)) if kind == "no_record" else tuple(gap.sentence for gap in gaps)
        if lines:
            groups.append((words, lines))
    return tuple(groups)


def _silences(gaps: Iterable[Gap], name: Mapping[str, str]) -> Iterable[str]:
    pairs: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        pairs.setdefault((gap.source, gap.person), []).append(gap)
    for (_, person), silences in pairs.items():
        if len(silences) == 1:
            yield silences[0].sentence
            continue
        spans = "; ".join(f"{day_words(gap.from_ or '')} to {day_words(gap.to or '')}" for gap in silences)
        yield (
            f"{silences[0].agency_name}: covers these periods, but no dated record about "
            f"{name.get(person, person)} falls in them: {spans}."
        )


def empty_note(product: Product) -> str:
    """Why a part may be empty: because nothing is held, or because not everybody answered."""
    answered = {Status.FOUND, Status.NONE_FOUND}
    missing = {item.agency_name for item in product.answers if item.status not in answered}
    missing |= {gap.agency_name for gap in product.gaps if gap.kind == "not_answered"}
    if missing:
        return f"This is not complete: see the answers and gaps of {', '.join(sorted(missing))}."
    if not product.answers:
        return "No agency was asked."
    if any(gap.kind == "not_searched" for gap in product.gaps):
        return "Every agency that may be asked answered, but not every way of searching was open: see the gaps."
    return "Every agency that may be asked answered in full."


def contents(product: Product) -> tuple[tuple[str, str, int | None], ...]:
    """The links at the top: anchor, label, count."""
    return (
        ("answers", "Answers and refusals", len(product.answers)),
        ("gaps", "Gaps", len(product.gaps)),
        ("family", "Family genogram", None),
        ("chronology", "Chronology", len(product.chronology)),
        ("involvements", "Services involved", len(product.involvements)),
        ("contradictions", "Contradictions", len(product.contradictions)),
        ("disputes", "Disputes", len(product.disputes)),
        ("facts", "Facts and addresses", len(product.facts) + len(product.residences)),
        ("decisions", "Decisions", len(product.decisions)),
        ("people", "People", len(product.people)),
        ("searches", "How people were looked for", None),
        ("manifest", "Manifest", None),
    )


def places(product: Product) -> dict[str, str]:
    """Where on the page each claim stands: an event's own row, else the part; the first where there are several."""
    found: dict[str, str] = {}

    def stands(anchor: str, origins: Iterable[Origin]) -> None:
        for origin in origins:
            if origin.item:
                found.setdefault(origin.item, anchor)

    for row in product.chronology:
        stands(row.id, [row.origin])
    stands("involvements", (row.origin for row in product.involvements))
    stands("facts", (row.origin for row in product.facts))
    stands("facts", (row.origin for row in product.residences))
    stands("facts", (row.origin for row in product.relationships))
    stands("contradictions", (one for item in product.contradictions for held in item.values for one in held.origins))
    for person in product.people:
        for held in (*person.names, *person.identifiers, *person.addresses):
            stands("people", held.origins)
    return found


def group_sizes(product: Product) -> dict[str, int]:
    """How many agencies gave an account, for each group of same-day rows."""
    agencies: dict[str, set[str]] = {}
    for row in product.chronology:
        if row.group:
            agencies.setdefault(row.group, set()).add(row.origin.agency)
    return {group: len(names) for group, names in agencies.items()}


def flat(manifest: Mapping[str, object], prefix: str = "") -> tuple[tuple[str, str], ...]:
    """The manifest as lines: nested keys joined by blanks, lists by commas."""
    lines: list[tuple[str, str]] = []
    for key, value in manifest.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            lines.extend(flat(value, f"{name} "))
        elif isinstance(value, list | tuple) and all(isinstance(item, str | int) for item in value):
            lines.append((name, ", ".join(str(item) for item in value) or "none"))
        elif isinstance(value, list | tuple):
            for number, item in enumerate(value, 1):
                lines.extend(flat(item if isinstance(item, Mapping) else {"": str(item)}, f"{name} {number} "))
        else:
            text = "none" if value is None or value == "" else str(value)
            lines.append((name, instant_words(text) if text[10:11] == "T" and text.endswith("+00:00") else text))
    return tuple(lines)
