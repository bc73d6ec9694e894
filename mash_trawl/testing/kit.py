"""Runs the checks, one after another or one alone, and says what they found."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.sources.kinds import Connector, FilesConnector
from mash_trawl.testing.bench import Bench, Options
from mash_trawl.testing.cast import Cast, Facts
from mash_trawl.testing.checks.shape import same_at_the_end
from mash_trawl.testing.checks.time import begun
from mash_trawl.testing.halves import shared_out
from mash_trawl.testing.seeds import Seed
from mash_trawl.testing.verdict import REGISTER, Check, Outcome, Result, Skip

_HOMES = ("shape", "people", "scope", "safety", "secrecy", "time", "faults", "paging", "days", "reading",
          "about")  # fmt: skip
OVER_FILES = "It is tested over a folder: how its server is reached and logged in to, only the real one shows."
IMPORTING = 23
"""The check that waits for a Python of its own, which is started before the first check."""
FIRST = (1, 2, 5)
"""Their asks are those that most checks look at."""
JOBS = ((20,), (6,), (13, 16), (3, 4), (9,), (22,), (7, 19), (8, 12, 14, 15, 17, 18), (11, 21, 24))
"""Which checks look at the same further asks, the longest first."""
LAST = (10, IMPORTING)
"""Whether the source is what it was is looked at when nothing more is asked; the other one waits for a program."""
REFERENCES = 3
AGAIN = Check(number=0, name="again", proves="The same ask brings the same in the end.", always=False,
              look=same_at_the_end)  # fmt: skip
"""Comes last of the shared ones, in whichever process is free; it is told under check 3."""
MOST_FINDINGS = 6
"""Sentences told of one check; more are counted."""


def checks() -> dict[int, Check]:
    """All checks by number."""
    for home in _HOMES:
        import_module(f"mash_trawl.testing.checks.{home}")
    return dict(sorted(REGISTER.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the kit found of one connector; `processor` are milliseconds of processor time.

    `remarks`: what was left out of a check because the author says so.
    """

    connector: str
    results: tuple[Result, ...]
    milliseconds: int
    processor: int = 0
    note: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def green(self) -> bool:
        """No check failed, and one at least was run: what nobody could test is not green."""
        return self.tested and not self.count("failed")

    @property
    def tested(self) -> bool:
        """Not every check was skipped, as where a driver is not installed."""
        return self.count("skipped") < len(self.results)

    def count(self, outcome: str) -> int:
        """How many checks ended so."""
        return sum(result.outcome == outcome for result in self.results)


def real_class(connector: type[Connector]) -> type[Connector]:
    """The class itself, where the one at hand stands for a mapping that is read later."""
    (real,) = connector.mash_trawl_connectors()
    return real


def over_files(real: type[Connector]) -> type[Connector]:
    """The same questions over a folder of this machine: what an SFTP server holds are files, read by the same rules."""
    told = {"kind": "files", "session": FilesConnector.session, "__module__": real.__module__, "__doc__": real.__doc__}
    made: type[Connector] = type(real.__name__, (real,), told)
    return made


def make_bench(
    connector: type[Connector], seed: Seed, cast: Cast | None, facts: Facts | None, options: Options
) -> Bench:
    """A bench that is started. Misconfigured when seed and connector do not fit, or nobody says who the child is."""
    real = real_class(connector)
    kind = getattr(real, "kind", "")
    if kind == "sftp" and "files" in seed.kinds:
        real, kind = over_files(real), "files"
    if kind not in seed.kinds:
        what = f"a seed for {' or '.join(sorted(seed.kinds))} does not serve a connector of kind {kind or '(none)'}."
        raise Misconfigured(Problem(where="the kit", what=what, do="Choose the seed that goes with the base class."))
    who = cast or seed.cast or Cast()
    if not who.child:
        what = "the cast does not say which record is the child's."
        raise Misconfigured(Problem(where="the kit", what=what, do="Write `-- cast: child=KEY` into the seed."))
    bench = Bench(real, seed, who, facts or seed.facts or Facts(), options, connector)
    bench.start()
    return bench


def well_said(connector: object, seed: object, cast: object, facts: object) -> None:
    """What an author wrote into a contract is what it has to be. Raises Misconfigured."""
    wanted = (
        ("connector", connector, hasattr(connector, "mash_trawl_connectors"), "a connector's class, or `mapping(...)`"),
        ("source", seed, isinstance(seed, Seed), 'a seed, as `seeded_sql("seed.sql")`'),
        ("cast", cast, cast is None or isinstance(cast, Cast), "a `Cast(...)`"),
        ("facts", facts, facts is None or isinstance(facts, Facts), "`Facts(...)`"),
    )
    wrong = [
        Problem(where="the contract", what=f"its `{name}` is a {type(held).__name__}.", do=f"Write {what}.")
        for name, held, right, what in wanted
        if not right
    ]
    if wrong:
        raise Misconfigured(*wrong)


def run_check(bench: Bench, one: Check) -> Result:
    """One check. An error in it that is not the connector's is a failure too: nothing is green by accident."""
    began = time.perf_counter()
    reason = bench.options.skips.get(one.number, "")
    findings: list[str] = []
    if reason and one.always:
        findings, reason = [f"it may not be skipped: {one.proves}"], ""
    elif not reason:
        try:
            findings = list(dict.fromkeys(one.look(bench)))
        except Skip as skip:
            reason = str(skip)
        except (Exception, SystemExit) as error:  # the check stumbled over what the connector yields
            findings = [f"what it yields cannot even be looked at ({type(error).__name__}); see check 2."]
    took = round((time.perf_counter() - began) * 1000)
    if len(findings) > MOST_FINDINGS:
        findings = [*findings[:MOST_FINDINGS], f"and {len(findings) - MOST_FINDINGS} more of this kind."]
    outcome: Outcome = "failed" if findings else "skipped" if reason else "passed"
    return Result(
        number=one.number, name=one.name, outcome=outcome, findings=tuple(findings), reason=reason, milliseconds=took
    )


def run_kit(
    connector: type[Connector], seed: Seed, *, cast: Cast | None = None, facts: Facts | None = None,
    options: Options | None = None, only: Iterable[int] | None = None,
) -> Report:  # fmt: skip
    """All checks (or those in `only`) over one connector."""
    began, worked = time.perf_counter(), _worked()
    well_said(connector, seed, cast, facts)
    known = checks()
    wanted = [known[number] for number in (known if only is None else only)]
    if why := seed.missing():
        skipped = [Result(number=one.number, name=one.name, outcome="skipped", reason=why) for one in wanted]
        return Report(connector=real_class(connector).name, results=tuple(skipped), milliseconds=0)
    bench = make_bench(connector, seed, cast, facts, options or Options())
    try:
        if len(wanted) > 1 and known[IMPORTING] in wanted:
            with suppress(Skip):
                begun(bench)
        results = _results(bench, wanted)
    finally:
        bench.stop()
    took, work = (round(spent * 1000) for spent in (time.perf_counter() - began, _worked() - worked))
    note = OVER_FILES if bench.connector.kind != real_class(connector).kind else ""
    said = tuple(sorted(set(bench.remarks)))
    return Report(
        connector=bench.connector.name, results=results, milliseconds=took, processor=work, note=note, remarks=said
    )


def _results(bench: Bench, wanted: list[Check]) -> tuple[Result, ...]:
    """One check after another. All 24 are shared out, once what most of them look at was asked."""
    if len(wanted) < len(REGISTER):
        return tuple(run_check(bench, one) for one in wanted)
    done = [run_check(bench, REGISTER[number]) for number in FIRST]
    jobs = [*([REGISTER[number] for number in job] for job in JOBS), [AGAIN]]
    done += shared_out(bench, jobs, run_check)
    done += [run_check(bench, REGISTER[number]) for number in LAST]
    return _merged({result.number: result for result in done})


def _merged(done: dict[int, Result]) -> tuple[Result, ...]:
    """In their order. What was otherwise in the end is a finding of check 3, if that was not skipped."""
    again, first = done.pop(AGAIN.number), done[REFERENCES]
    if first.outcome != "skipped" and again.findings:
        done[REFERENCES] = replace(first, outcome="failed", findings=(*first.findings, *again.findings))
    return tuple(done[number] for number in sorted(done))


def _worked() -> float:
    """Seconds of processor time of this process, and of the programs that it has waited for."""
    return sum(os.times()[:4])
