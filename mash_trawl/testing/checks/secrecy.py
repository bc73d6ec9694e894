"""Check 13: what may stand nowhere stands nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.checks.safety import usual
from mash_trawl.testing.checks.together import groups
from mash_trawl.testing.seeds import SECRET
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import check

_BAD_DAY = "31/02/2014 kit"


@check(13, "no canary", "Name, number, birthday, address and secret stand in no log, print, error, repr or file.",
       always=True)  # fmt: skip
def no_canary(bench: Bench) -> Iterator[str]:
    """The facts of the child and an invented secret are the canaries; also when something goes wrong."""
    canaries = bench.canaries
    for where, run in (*usual(bench), *_wrong(bench)):
        yield from _leaks(bench, where, run, canaries)
    yield from _spoiled(bench, canaries)


def _leaks(bench: Bench, where: str, run: Run, canaries: tuple[str, ...]) -> Iterator[str]:
    for place, text in (*run.said.texts(), *_error(run), *(("a repr", shown) for shown in run.probe.shown)):
        yield from (f"{where} put {_kind(bench, word)} into {place}." for word in canaries if word in text)
    for asked in run.seen.asked:
        open_ = asked.open
        yield from (
            f"{where} put {_kind(bench, word)} into a statement or address: bind it, or send it in the body."
            for word in canaries
            if word in open_
        )
    yield from _files(bench, where, run, canaries)


def _wrong(bench: Bench) -> Iterator[tuple[str, Run]]:
    """Asks in which something goes wrong: that is when values come out."""
    key = next(iter(bench.queries()), None)
    for fault in bench.seed.faults:
        yield f"fetch, at a source where {fault},", bench.once_with("fetch", Twist(fault=fault))
        if key is not None:
            yield f"find, at a source where {fault},", bench.once_with("find", Twist(fault=fault), key)


def _spoiled(bench: Bench, canaries: tuple[str, ...]) -> Iterator[str]:
    """Each column with something in it that cannot be read."""
    texts: dict[str, str] = {}
    for column, values in bench.once("fetch").seen.columns().items():
        if any(isinstance(value, str) and any(letter.isdigit() for letter in value) for value in values):
            texts[column] = next((word for word in bench.facts.canaries if word in map(str, values)), _BAD_DAY) + "?"
    for group in groups(bench, texts):
        if len(group.columns) > 1:
            run = group.ask({column: texts[column] for column in group.columns})
            if group.heard(run) and not any(_leaks(bench, "fetch", run, canaries)):
                continue
        for column in group.columns:
            run = bench.once_with("fetch", Twist(values={column: texts[column]}), None, group.places)
            yield from _leaks(bench, f"fetch, with a `{column}` that cannot be read,", run, canaries)


def _error(run: Run) -> Iterator[tuple[str, str]]:
    """The text of an exception, of what caused it, and of what it came out of."""
    for number, text in enumerate(run.probe.error.texts if run.probe.error else ()):
        yield ("an exception behind the one that was raised" if number else "the text of an exception"), text


def _kind(bench: Bench, word: str) -> str:
    """What leaked, without repeating it."""
    facts = bench.facts
    names = {SECRET: "the secret", facts.given: "a given name", facts.family: "a surname", facts.upn: "a pupil number",
             facts.uprn: "a property number"}  # fmt: skip
    if word in names:
        return names[word]
    if facts.nhs_number and "".join(word.split()) == facts.nhs_number:
        return "an NHS number"
    return "a postcode" if facts.postcode and "".join(word.split()) == facts.postcode else "a birthday"


def _files(bench: Bench, where: str, run: Run, canaries: tuple[str, ...]) -> Iterator[str]:
    for name in run.seen.files:
        path = Path(name)
        beside = bench.folder in path.parents
        said = f"{where} wrote or changed a file{' beside the seed' if beside else ''}"
        try:
            text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        except OSError:
            text = ""
        held = next((word for word in canaries if word in text or word in name), "")
        if held:
            yield f"{said}, with {_kind(bench, held)} in it."
        else:
            yield f"{said}: a connector keeps nothing on disk."
