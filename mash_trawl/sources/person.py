"""The source that is a person: a desk, a practice, a school without a system that can be asked.

Its connector is never asked by a lane. Consent, grants and the gate are those of every source; the question goes out as
a file, and the answer is `pending_person` until somebody's return says more (sources/returned.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.finding import Finding
from mash_trawl.model.grant import Grant
from mash_trawl.model.mapping import MappingFile
from mash_trawl.model.query import Candidate, PersonQuery
from mash_trawl.sources.kinds import Connector
from mash_trawl.transports.door import Door

KIND = "person"
USUAL = ("given", "family", "former_names", "born")
"""What a sheet shows of somebody where the mapping says nothing else."""


class PersonConnector(Connector):
    """A person who is asked on paper. `questions` are by category; `shows` is what says who is meant."""

    kind = KIND
    questions: ClassVar[dict[str, str]]
    shows: ClassVar[tuple[str, ...]] = USUAL

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Nobody can search a person."""
        raise Unavailable(Why.RETURN_OWED)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """Nobody can search a person."""
        raise Unavailable(Why.RETURN_OWED)

    def session(self, door: Door) -> AbstractContextManager[Any]:
        """There is no system behind it."""
        raise Unavailable(Why.RETURN_OWED)


def person_class(mapping: MappingFile) -> type[Connector]:
    """The class for a mapping of the kind `person`."""
    body = {
        "__doc__": f"The person behind {mapping.name}.",
        "name": mapping.name,
        "agency": mapping.agency,
        "offers": frozenset(ask.category for ask in mapping.asks),
        "search_keys": (),
        "questions": {ask.category: ask.question for ask in mapping.asks},
        "shows": mapping.shows or USUAL,
        "ages": mapping.ages,
    }
    made: type[Connector] = type("Person", (PersonConnector,), body)
    return made
