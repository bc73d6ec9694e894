"""Where a case stands, as tables and sentences: the day's list of what to chase, and whom to ring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mash_trawl.model.emergency import EmergencyNow
from mash_trawl.model.moments import day_words, moment_words
from mash_trawl.model.standing import AskAgain, Lapsing, PairStanding, Standing, Unlock, Version, Waiting
from mash_trawl.model.unlocks import name_people
from mash_trawl.render.grouping import and_words, count, opens_words, who_words
from mash_trawl.render.steps import PLAIN_STEPS, Steps
from mash_trawl.render.tables import Table
from mash_trawl.render.ways import ways_tables

_STATES = {
    "not_asked": "not asked yet",
    "not_looked_up": "not looked up",
    "owed": "answer owed",
    "to_confirm": "possible matches to confirm",
    "facts_needed": "too little known to search",
    "to_decide": "waits for a decision",
    "said_no": "the agency said no",
}
_ORDER = ("owed", "to_confirm", "facts_needed", "to_decide", "said_no", "not_asked", "not_looked_up")
_INSTEAD = {"not_asked": "a run asks it, see below", "to_decide": "see below", "not_looked_up": "leave out --no-open"}
_SILENT = ("timed_out", "unreachable", "not_connected")
_KEY = ("wrong_key", "key_missing")
_OWED = {
    "timed_out": "no answer in time",
    "unreachable": "could not be reached",
    "partial": "answered only in part",
    "pending_person": "a return is awaited",
    "not_connected": "not linked to this hub",
}
_SAID = "whose a record is was said: it counts from the next run on"
_AGAIN = {
    "new": "never asked",
    "changed": "the person's facts have changed",
    "identified": "somebody said whose a record is",
    "newly_permitted": "permitted since the last version",
    "failed": "no full answer last time",
    "stale": "the answer has gone stale",
    "on_purpose": "asked again on purpose",
}


def standing_tables(standing: Standing, names: Mapping[str, str], steps: Steps = PLAIN_STEPS) -> list[Table]:
    """All of it in the order in which somebody acts: the clock, what is owed, what waits for a person, what ends soon.

    `names` are the case file's own, by person id; an id without one stands for itself.
    """
    return [
        _head(standing, steps),
        *(ways_tables(standing.ways) if standing.ways else ()),
        _owed(standing, names, steps),
        *_waiting(standing.waiting, names, steps),
        *_lapsing(standing.lapsing, standing),
        *_unlocks(standing.unlocks, names, steps),
        _again(standing, names, steps),
    ]


def clock_lines(standing: Standing) -> tuple[str, ...]:
    """The clock in one line, and what makes it uncertain."""
    clock = standing.clock
    colour = f"{clock.title}: " if clock.title and clock.due else ""
    received = moment_words(clock.received_at, standing.at)
    return (f"Received {received}. {colour}{clock.words.rstrip('.')}.", *clock.notes)


def _head(standing: Standing, steps: Steps) -> Table:
    """Case, clock, the newest version and who has read it."""
    first = f"Case {standing.case} under the profile {standing.profile}, {moment_words(standing.at, standing.at)}."
    version = _version(standing.version, standing, steps)
    zone = "All times are UK time."
    urgent = [line for one in standing.emergencies for line in _emergency(one, standing, steps)]
    notes = (*urgent, f"{first} {zone}", *clock_lines(standing), *version, _questions(standing))
    return Table(title="", notes=notes)


def _emergency(one: EmergencyNow, standing: Standing, steps: Steps) -> Iterator[str]:
    """Its mark; for one that somebody has yet to look at, when and by which command."""
    start = f"EMERGENCY: {one.by} asked before a decider could say yes ({moment_words(one.at, standing.at)})."
    by = f" by {moment_words(one.until, standing.at)}" if one.until else ""
    said = {
        "waiting": f"A decider must countersign it{by}: {steps.say('decide', '--countersign', '--reason', 'TEXT')}.",
        "countersigned": "It was countersigned.",
        "declined": "It was declined: nothing more is asked for this case.",
        "over": f"It was not countersigned{by}: nothing more is asked until it is, by {steps.say('decide')}.",
    }
    yield f"{start} {said[one.state]}"


def _questions(standing: Standing) -> str:
    """How many there are of each kind; what was not looked up is never counted as not answered."""
    number = {state: sum(pair.state == state for pair in standing.pairs) for state in ("answered", "closed")}
    asked = sum(pair.state == "not_looked_up" for pair in standing.pairs)
    open_ = len(standing.open_pairs)
    if standing.looked_up:
        return f"{count(number['answered'], 'question')} answered, {open_} open, {number['closed']} not permitted."
    waits = f"{open_ - asked} for a person's decision, " if open_ > asked else ""
    may = f"{count(asked, 'question')} may be asked; what came was not looked up."
    return f"{may} {waits}{number['closed']} not permitted."


def _version(version: Version | None, standing: Standing, steps: Steps) -> Iterator[str]:
    if version is None:
        yield f"No product was sealed yet. To make one: {steps.say('run')}."
        return
    yield from version_lines(version, standing.at)
    if standing.to_weigh:
        yield (
            f"Relevance to decide: {count(standing.to_weigh, 'record')} came, and nobody has said which matter. "
            "A practitioner weighs them before they are shared; there is no command for it yet."
        )
    if not standing.looked_up:
        because = f" ({standing.shut.rstrip('.')})" if standing.shut else ""
        yield f"It was not opened{because}, so what came of the questions is not said here."
    if standing.shut:
        yield _let_in(standing, steps)


def version_lines(version: Version, now: datetime) -> Iterator[str]:
    """Which version is the newest, when it was sealed, and who has opened it."""
    read = and_words(f"{one.reader} ({moment_words(one.at, now)})" for one in version.read_by)
    sealed = moment_words(version.sealed_at, now)
    yield f"Newest product: version {version.version}, sealed {sealed}; read by {read or 'nobody yet'}."


def _owed(standing: Standing, names: Mapping[str, str], steps: Steps) -> Table:
    """One row for each source and state: forty people of one source are one telephone call."""
    groups: dict[tuple[str, str, str], list[PairStanding]] = {}
    said = {(one.source, one.person) for one in standing.again if one.why == "identified"}
    for pair in standing.pairs:
        if pair.state in _STATES:
            known = pair.state == "to_confirm" and (pair.source, pair.person) in said
            detail = _SAID if known else _detail(pair, standing.at)
            groups.setdefault((pair.state, pair.source, detail), []).append(pair)
    ordered = sorted(groups.items(), key=lambda group: _ORDER.index(group[0][0]))
    possible = any(pair.possible for pairs in groups.values() for pair in pairs)
    rows = tuple(_owed_row(state, detail, pairs, standing, names) for (state, _, detail), pairs in ordered)
    return Table(
        title="To chase",
        columns=("Source", "About", "State", "Since", "Whom to ring"),
        rows=rows,
        notes=(f"To say whose the possible matches are: {steps.say('review')}.",) if possible else (),
        empty=_nothing(standing, "Nothing is owed: every permitted question is answered."),
    )


def _nothing(standing: Standing, otherwise: str) -> str:
    """No question that may be asked is not the same as no question that is open."""
    return otherwise if any(pair.state != "closed" for pair in standing.pairs) else "No question may be asked yet."


def due_words(due: datetime, now: datetime) -> str:
    """`, due today at 13:05`; `, was due yesterday at 13:05`."""
    return f", {'was' if due < now else 'is'} due {moment_words(due, now)}"


def _detail(pair: PairStanding, now: datetime) -> str:
    owed = _OWED.get(pair.status or "", "") if pair.state == "owed" else ""
    return f"{owed}{due_words(pair.due, now)}" if owed and pair.due else owed


def _owed_row(
    state: str, detail: str, pairs: Sequence[PairStanding], standing: Standing, names: Mapping[str, str]
) -> tuple[str, ...]:
    first = pairs[0]
    words = f"{_STATES[state]}: {detail}" if detail else _STATES[state]
    if possible := sum(pair.possible for pair in pairs):
        matches = f"{count(possible, 'possible match', 'possible matches')} to confirm"
        before = ", from before" if first.status in _SILENT else ""
        words = f"{words}; {matches}{before}"
        if state == "to_confirm":
            words = f"{matches}; {detail}" if detail else matches
    about = and_words(names.get(pair.person, pair.person) for pair in pairs)
    instead = "see above" if state == "not_looked_up" and standing.shut else _INSTEAD.get(state)
    return (_source(first), about, words, _since(pairs, standing), instead or _ring(first))


def _since(pairs: Sequence[PairStanding], standing: Standing) -> str:
    """When it was asked last; and from when what it said before is, where that still stands."""
    asked = [pair.since for pair in pairs if pair.since]
    before = [pair.earlier for pair in pairs if pair.earlier]
    parts = [f"asked {moment_words(min(asked), standing.at)}"] if asked else []
    parts += [f"its earlier answer ({moment_words(min(before), standing.at)}) still stands"] if before else []
    return "; ".join(parts)


def _let_in(standing: Standing, steps: Steps) -> str:
    """What somebody can do for whom the product stays shut."""
    if standing.shut_why in _KEY:
        return f"Open it with your own key: {steps.say('status')}."
    ask = f"Ask a reader to run {steps.say('status')}"
    if standing.shut_why == "role_missing":
        return f"{ask}."
    grant = replace(steps, case=standing.case).say("readers grant", steps.reader)
    return f"{ask}, or for {grant}."


def _source(pair: PairStanding) -> str:
    return pair.agency_name if pair.source == pair.agency else f"{pair.agency_name} ({pair.source})"


def _ring(pair: PairStanding) -> str:
    """The contact in the hub file; that none is there is said, not left blank."""
    parts = [part for part in (pair.ring.name, pair.ring.telephone) if part] if pair.ring else []
    return ", ".join(parts) or "no contact in hub.yaml"


def _waiting(waiting: Sequence[Waiting], names: Mapping[str, str], steps: Steps) -> Iterator[Table]:
    rows = tuple(
        (
            opens_words(item.asks, names),
            name_people(item.reason, names),
            " or ".join(role.replace("_", " ") for role in item.roles) or "as it says beside",
            name_people(item.unlock, names),
            steps.ways(item.commands),
        )
        for item in waiting
    )
    if rows:
        columns = ("What waits", "Why it waits", "Who decides", "What would settle it", "With")
        notes = steps.written_by(command for item in waiting for command in item.commands)
        yield Table(title="Waits for a person's decision", columns=columns, rows=rows, notes=notes, sentences=True)


def _lapsing(lapsing: Iterable[Lapsing], standing: Standing) -> Iterator[Table]:
    kinds = {"consent": "Consent", "power": "Legal power", "review": "Review of the legal power"}
    rows = []
    for item in lapsing:
        soon, gone = ("is due", "was due") if item.kind == "review" else ("ends", "ended")
        words = day_words if item.kind == "review" else moment_words
        when = f"{gone if item.over else soon} {words(item.at, standing.at)}"
        opens = f"closes {count(len(item.pairs), 'question')}" if item.pairs else ""
        rows.append((f"{kinds[item.kind]} {item.basis}", when, opens))
    if rows:
        yield Table(title="Ends soon", columns=("What", "When", "Then"), rows=tuple(rows))


def _unlocks(unlocks: Sequence[Unlock], names: Mapping[str, str], steps: Steps) -> Iterator[Table]:
    rows = tuple(
        (name_people(item.what, names), opens_words(item.opens, names), steps.ways(item.commands)) for item in unlocks
    )
    title = "Not permitted, and what would unlock it"
    notes = steps.written_by(command for item in unlocks for command in item.commands)
    if rows:
        columns = ("What to do", "It would open", "With")
        yield Table(title=title, columns=columns, rows=rows, notes=notes, sentences=True)


def _again(standing: Standing, names: Mapping[str, str], steps: Steps) -> Table:
    """What a run would ask now, and the command for it."""
    groups: dict[str, list[AskAgain]] = {}
    for item in standing.again:
        groups.setdefault(item.why, []).append(item)
    rows = tuple(
        (_AGAIN[why], who_words(((item.source, item.person) for item in items), names)) for why, items in groups.items()
    )
    empty = _nothing(standing, "Nothing: what is not answered waits for a person.")
    if not standing.looked_up:
        empty = "Not known: the newest product was not opened."
    notes = (f"To ask: {steps.say('run')}.",) if rows else ()
    return Table(title="A run would ask now", columns=("Why", "Whom"), rows=rows, notes=notes, empty=empty)
