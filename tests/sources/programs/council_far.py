"""A connector that is not ours, well-behaved; tests add a subclass below that is not."""

import ctypes  # noqa: F401 - for the code below
import os
import sys  # noqa: F401 - the same
import time  # noqa: F401 - the same
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from mash_trawl.api import (
    Candidate,
    Connector,
    Event,
    Malformed,  # noqa: F401 - the same
    PartialDate,
    Unavailable,  # noqa: F401 - the same
    address,
    name,
)

HERE = Path(__file__).parent


class Far(Connector):
    """Knows everybody, and one event of each."""

    name, agency = "far", "housing"
    offers = frozenset({"housing.asb", "housing.tenancy"})
    search_keys = (("given", "family", "born"),)

    @contextmanager
    def session(self, door):
        yield door

    def find(self, query, grant):
        with self.open(grant) as door:
            door.request()
            own = {"nhs_number": "943 476 5919"} if query.person == "p1" else {}
            given, born = ("Synthetica", date(2014, 5, 17)) if own else ("Fictia", date(1988, 11, 2))
            yield Candidate(
                ref=f"r-{query.person}",
                names=(name(given, "Testfall"),),
                born=PartialDate.of(born),
                identifiers=own,
                addresses=(address("1 Example Row", postcode="NB1 4QT"),),
            )

    def fetch(self, ref, grant):
        with self.open(grant) as door:
            door.request()
            yield from self.told(door, ref, grant)

    def told(self, door, ref, grant):
        yield event(ref)


def event(ref, **changes):
    """An ordinary event."""
    given = {"ref": f"e-{ref}", "about": (ref,), "category": "housing.asb", "headline": "Noise reported"}
    return Event(**({"when": PartialDate.of(date(2025, 3, 4))} | given | changes))


(HERE / "pid").write_text(str(os.getpid()))
