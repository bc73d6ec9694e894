"""A connector without code: a YAML mapping becomes a class whose two questions are the mapping's steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from mash_trawl.model.finding import Finding
from mash_trawl.model.grant import Grant
from mash_trawl.model.mapping import Bound, FetchStep, MappingFile, PersonMap, Step
from mash_trawl.model.query import Candidate, PersonQuery
from mash_trawl.sources.kinds import Connector, FilesConnector, OdbcConnector, SftpConnector, SqlConnector
from mash_trawl.sources.mapping_cells import BadValue
from mash_trawl.sources.mapping_records import records
from mash_trawl.sources.mapping_rows import candidate
from mash_trawl.sources.mapping_steps import fetch_steps, find_steps, query_values
from mash_trawl.sources.mapping_web import MappedFhir, MappedHttp
from mash_trawl.sources.person import KIND, person_class

_KINDS: Mapping[str, type] = {
    "sql": SqlConnector,
    "odbc": OdbcConnector,
    "http": MappedHttp,
    "fhir": MappedFhir,
    "files": FilesConnector,
    "sftp": SftpConnector,
}

_FIRST_DAY, _LAST_DAY = date(1800, 1, 1), date(9999, 12, 31)
"""An open end of a period in a statement: days that every database can hold."""


def mapping_class(path: str | Path) -> type[Connector]:
    """The connector class that a mapping file describes. Raises Misconfigured with every problem and its line."""
    from mash_trawl.config.mapping import load_mapping

    return class_of(load_mapping(path))


def class_of(mapping: MappingFile) -> type[Connector]:
    """The connector class for a mapping that has been read."""
    if mapping.kind == KIND:
        return person_class(mapping)
    body = {
        "__doc__": f"The mapping {mapping.name}.",
        "name": mapping.name,
        "agency": mapping.agency,
        "offers": frozenset(step.category for step in mapping.fetch),
        "search_keys": tuple(dict.fromkeys(step.by for step in mapping.find)),
        "mapping": mapping,
        "lag": mapping.as_of.lag if mapping.as_of else None,
        "ages": mapping.ages,
    }
    made: type[Connector] = type("Mapped", (_Mapped, _KINDS[mapping.kind]), body)
    return made


class _Mapped(Connector):
    """The two questions, asked by the steps of `mapping`."""

    mapping: MappingFile
    _ready: ClassVar[tuple[MappingFile, tuple[tuple[FetchStep, Step], ...]]]

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Run every step for the query's key; the engine puts rows with one `ref` together."""
        values = query_values(query)
        with self.open(grant) as session:
            for person, step in find_steps(self.mapping, query.by):
                if not session.answers(step):
                    session.tally.skipped.append(query.by)
                    continue
                yield from _people(session, step, values, person)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """Run the steps of the granted categories, and no other, each within its category's period."""
        with self.open(grant) as session:
            self._as_of(session)
            for step, plain in self._steps():
                if step.category not in grant.categories:
                    continue
                since, until = grant.period(step.category)
                if plain.sql is not None:  # in a statement, "no end" would compare as unknown and bring nothing back
                    since, until = since or _FIRST_DAY, until or _LAST_DAY
                values: dict[str, Bound] = {"ref": ref, "since": since, "until": until}
                yield from records(step, session.select(plain, values), ref, grant, session.tally)

    @classmethod
    def _steps(cls) -> tuple[tuple[FetchStep, Step], ...]:
        """Every step of the mapping, made ready once for the class."""
        if "_ready" not in cls.__dict__ or cls._ready[0] is not cls.mapping:
            every = frozenset(item.category for item in cls.mapping.fetch)
            cls._ready = cls.mapping, tuple(fetch_steps(cls.mapping, every))
        return cls._ready[1]

    def _as_of(self, session: Any) -> None:
        """Say when the data stood, if the system can say it; a constant lag is the engine's to subtract."""
        said = self.mapping.as_of
        if said is not None and said.sql is not None:
            for row in session.select(Step(sql=said.sql, columns=("as_of",)), {}):
                value = row.first
                session.tally.as_of = value.isoformat() if isinstance(value, date) else str(value)


def _people(session: Any, step: Step, values: Mapping[str, Bound], how: PersonMap) -> Iterator[Candidate]:
    """Each row as a person; a row with a bad value is counted and left out, and the answer says so."""
    for row in session.select(step, values):
        try:
            yield candidate(how, row)
        except BadValue:
            session.tally.quarantined += 1
