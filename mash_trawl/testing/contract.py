"""The class that an author subclasses in a pytest file: one test for each check."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from mash_trawl.model.query import Candidate
from mash_trawl.sources.kinds import Connector
from mash_trawl.testing.bench import Bench, Options, Run
from mash_trawl.testing.cast import Cast, Facts
from mash_trawl.testing.checks.shape import same_at_the_end
from mash_trawl.testing.kit import REFERENCES, checks, make_bench, run_check, well_said
from mash_trawl.testing.seeds import Seed
from mash_trawl.testing.seeds_sql import beside


class ConnectorContract:
    """Say `connector` and `source`; pytest runs the 24 checks. No credentials, no network but this machine's own.

    `cast` and `facts`, where the seed does not say them: who is who, what is known of the child. `skips`: the number of
    a check to the reason why it does not apply. `search_paths`: paths to which a POST only searches. `not_codes` and
    `not_dates`: a column or JSON key to the reason why it is neither a code nor a date, though it looks so.
    `shared_tables`: a table to the reason why it is read for a category though another one stands in it.
    """

    connector: ClassVar[type[Connector]]
    source: ClassVar[Seed]
    cast: ClassVar[Cast | None] = None
    facts: ClassVar[Facts | None] = None
    skips: ClassVar[Mapping[int, str]] = {}
    search_paths: ClassVar[tuple[str, ...]] = ()
    not_codes: ClassVar[Mapping[str, str]] = {}
    not_dates: ClassVar[Mapping[str, str]] = {}
    shared_tables: ClassVar[Mapping[str, str]] = {}
    _bench: ClassVar[Bench | None] = None

    @classmethod
    def options(cls) -> Options:
        """What the checks are told beside connector and seed."""
        return Options(skips=cls.skips, search_paths=cls.search_paths, not_codes=cls.not_codes, not_dates=cls.not_dates,
                       shared_tables=cls.shared_tables)  # fmt: skip

    @classmethod
    def bench(cls) -> Bench:
        """The bench of this class, built at its first check."""
        if cls._bench is None:
            well_said(cls.connector, cls.source, cls.cast, cls.facts)
            if why := cls.source.missing():
                _skip(why)
            cls._bench = make_bench(cls.connector, cls.source, cls.cast, cls.facts, cls.options())
        return cls._bench

    @classmethod
    def find(cls, **fields: Any) -> list[Candidate]:
        """For an author's own tests: whom it finds by these query fields, through the engine's own gate."""
        run = cls.bench().find(cls.bench().query(tuple(fields), **fields))
        assert run.failure is None, run.failure  # noqa: S101 - it is a test's own question
        return [item for item in run.items if isinstance(item, Candidate)]

    @classmethod
    def fetch(cls, ref: str, *categories: str, **window: Any) -> Run:
        """For an author's own tests: what it holds on a record; `since`, `until` or `periods` narrow the grant."""
        run = cls.bench().fetch(ref, categories or None, **window)
        assert run.failure is None, run.failure  # noqa: S101 - it is a test's own question
        return run

    @classmethod
    def teardown_class(cls) -> None:
        """Ask once more after the last check, then take the bench down (pytest calls this)."""
        bench, cls._bench = cls._bench, None
        if bench is None:
            return
        try:
            found = () if REFERENCES in bench.options.skips else tuple(same_at_the_end(bench))
        finally:
            bench.stop()
        assert not found, f"check {REFERENCES}: {' '.join(found)}"  # noqa: S101 - pytest tells it


def _skip(reason: str) -> None:
    import pytest

    pytest.skip(reason)


def _test(number: int) -> Callable[..., None]:
    def test(self: ConnectorContract, record_property: Callable[[str, object], None]) -> None:
        __tracebackhide__ = True
        one, bench = checks()[number], self.bench()
        result = run_check(bench, one)
        while bench.remarks:
            record_property("mash_trawl_note", bench.remarks.pop())
        if result.outcome == "skipped":
            _skip(f"check {number} ({one.name}) does not apply: {result.reason}")
        if result.findings:
            listed = "\n".join(f"  - {finding}" for finding in result.findings)
            raise AssertionError(f"check {number}, {one.name}: {one.proves}\n{listed}")

    test.mash_trawl_check = number  # type: ignore[attr-defined]  # the plugin looks for it
    return test


for _number, _one in checks().items():
    _made: Any = _test(_number)
    _made.__name__ = f"test_{_number:02d}_{_one.name.replace(' ', '_').replace('-', '_')}"
    _made.__doc__ = _one.proves
    setattr(ConnectorContract, _made.__name__, _made)


def mapping(file: str) -> type[Connector]:
    """The connector of a YAML mapping beside the test."""
    from mash_trawl.sources.mapping import mapping_class

    return mapping_class(beside(file, sys._getframe(1).f_globals))
