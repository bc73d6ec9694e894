"""What a connector is: two questions, a few facts about itself, and one way to reach its system.

The base classes differ only in the session that `open(grant)` yields. Nothing heavy is imported before a session is
opened, so that `connectors list` and an approval cost next to nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, TypeVar

from mash_trawl.hookspecs import hookimpl
from mash_trawl.model.ages import Ages
from mash_trawl.model.duration import Duration
from mash_trawl.model.finding import Finding
from mash_trawl.model.grant import Grant
from mash_trawl.model.query import Candidate, FetchAsk, FindAsk, PersonQuery
from mash_trawl.sources.keep import Closable, Keep
from mash_trawl.transports.door import Door

API = 1
"""The connector contract that this engine serves."""

T = TypeVar("T", bound=Closable)
Opener = Callable[[Sequence[Grant]], Door]
"""The gate's side of `open`: grants in, a door out, or Refused."""


class Connector(ABC):
    """One agency system. Subclass one of the kinds below, state the five facts, write `find` and `fetch`.

    `offers` are full category ids (`housing.asb`); each of `search_keys` is a set of query fields that together are
    enough to ask by, best first. `lag`: the data stands that long behind. `ages`: whom the system holds; about
    somebody certainly younger or older it is never asked. An instance lives for one ask and keeps nothing.
    """

    name: ClassVar[str]
    agency: ClassVar[str]
    api: ClassVar[int] = API
    offers: ClassVar[frozenset[str]]
    search_keys: ClassVar[tuple[tuple[str, ...], ...]]
    batches: ClassVar[bool] = False
    lag: ClassVar[Duration | None] = None
    ages: ClassVar[Ages | None] = None
    kind: ClassVar[str] = ""

    def __init__(self, opener: Opener, keep: Keep | None = None) -> None:
        self._opener = opener
        self._keep = keep

    @abstractmethod
    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Whom do you hold that could be this person? Called once for each key in `search_keys` that can be filled."""

    @abstractmethod
    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """What do you hold on this record? Only `grant.categories`, each only in its `grant.period(category)`."""

    @abstractmethod
    def session(self, door: Door) -> AbstractContextManager[Any]:
        """Make a session of a door; the kinds below differ only here."""

    def find_many(self, asks: Sequence[FindAsk]) -> Iterator[tuple[str, Candidate]]:
        """Answer each query with `(query.id, candidate)`. Override, with `batches = True`, to ask for many at once."""
        for ask in asks:
            for candidate in self.find(ask.query, ask.grant):
                yield ask.query.id, candidate

    def fetch_many(self, asks: Sequence[FetchAsk]) -> Iterator[tuple[str, Finding]]:
        """Answer each record with `(ref, finding)`. Override, with `batches = True`, to ask for many at once."""
        for ask in asks:
            for finding in self.fetch(ask.ref, ask.grant):
                yield ask.ref, finding

    @classmethod
    def asks_each(cls, step: str) -> bool:
        """Is there a request for every ask of this step, or may one request answer many?"""
        return getattr(cls, f"{step}_many") is getattr(Connector, f"{step}_many")

    @classmethod
    def warm(cls, count: int) -> int:
        """Get ready to be asked on so many threads at once; returns how many workers are getting ready for it."""
        return 0

    def kept(self, make: Callable[[], T]) -> T | None:
        """What is kept of connections between the asks of one trawl; None outside the engine."""
        return None if self._keep is None else self._keep.of(make)

    @contextmanager
    def open(self, *grants: Grant) -> Iterator[Any]:
        """Reach the system, if the gate agrees to every grant; raises Refused or Unavailable before anything is sent.

        Let those errors pass: swallowing one changes nothing, because the gate remembers it.
        """
        with self.session(self._opener(grants)) as session:
            yield session

    @classmethod
    @hookimpl
    def mash_trawl_connectors(cls) -> Iterable[type[Connector]]:
        """A connector class is its own plugin."""
        return (cls,)


class SqlConnector(Connector):
    """Over a database that SQLAlchemy knows: `session.rows(sql, **params)`, every value bound, read only."""

    kind = "sql"

    def session(self, door: Door) -> AbstractContextManager[Any]:
        """A read-only SQL session."""
        from mash_trawl.transports.sql import Engines, open_session

        return open_session(door, self.kept(Engines))


class OdbcConnector(Connector):
    """Over an ODBC driver: the same `session.rows(sql, **params)`."""

    kind = "odbc"

    def session(self, door: Door) -> AbstractContextManager[Any]:
        """A read-only ODBC session."""
        from mash_trawl.transports.odbc import open_session

        return open_session(door)


class HttpConnector(Connector):
    """Over a REST interface: `session.pages(path, body=..., params=..., page="link|offset|cursor")`."""

    kind = "http"

    def session(self, door: Door) -> AbstractContextManager[Any]:
        """An HTTP session bound to one host."""
        from mash_trawl.transports.http import open_session
        from mash_trawl.transports.http_lines import Lines

        return open_session(door, self.kept(Lines))


class FhirConnector(Connector):
    """Over FHIR R4: `session.search("Encounter", patient=ref)`, by POST, all pages of the Bundle."""

    kind = "fhir"

    def session(self, door: Door) -> AbstractContextManager[Any]:
        """A FHIR session bound to one host."""
        from mash_trawl.transports.fhir import open_session
        from mash_trawl.transports.http_lines import Lines

        return open_session(door, self.kept(Lines))


class FilesConnector(Connector):
    """Over a drop folder of CSV or JSON files: `session.read(name)`."""

    kind = "files"

    def session(self, door: Door) -> AbstractContextManager[Any]:
        """A session over one folder."""
        from mash_trawl.transports.files import open_session

        return open_session(door)


class SftpConnector(Connector):
    """Over a drop folder on an SFTP server, whose key is known: `session.read(name)`, as with files."""

    kind = "sftp"

    def session(self, door: Door) -> AbstractContextManager[Any]:
        """A session over one folder of the server."""
        from mash_trawl.transports.sftp import open_session

        return open_session(door)
