"""Every name that a connector author imports, on one page.

    from mash_trawl.api import Candidate, Event, Grant, PersonQuery, SqlConnector, name, uk_date

Connectors import from here; nothing else is promised to stay.
Importing this page loads no database, network, validation or cryptography library.
"""

from __future__ import annotations

import sys
from datetime import date

from mash_trawl.errors import Malformed, Unavailable
from mash_trawl.model.ages import Ages
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.duration import Duration
from mash_trawl.model.finding import Event, Fact, Finding, Involvement, Relationship, Residence
from mash_trawl.model.grant import Grant
from mash_trawl.model.name_ways import lower_ways, name_ways
from mash_trawl.model.person import Address, Name, NameUse
from mash_trawl.model.query import Candidate, FetchAsk, FindAsk, PersonQuery
from mash_trawl.sources.deferred import deferred
from mash_trawl.sources.kinds import (
    Connector,
    FhirConnector,
    FilesConnector,
    HttpConnector,
    OdbcConnector,
    SftpConnector,
    SqlConnector,
)
from mash_trawl.transports.envelope import Envelope

__all__ = [
    "Address",
    "Ages",
    "Candidate",
    "Connector",
    "Duration",
    "Envelope",
    "Event",
    "Fact",
    "FetchAsk",
    "FhirConnector",
    "FilesConnector",
    "FindAsk",
    "Finding",
    "Grant",
    "HttpConnector",
    "Involvement",
    "Malformed",
    "Name",
    "OdbcConnector",
    "PartialDate",
    "PersonQuery",
    "Relationship",
    "Residence",
    "SftpConnector",
    "SqlConnector",
    "Unavailable",
    "address",
    "iso_date",
    "lower_ways",
    "mapping_connector",
    "name",
    "name_ways",
    "uk_date",
]

_WORDS_KEPT = 150
"""Characters kept of a date that cannot be read."""


def mapping_connector(file: str) -> type[Connector]:
    """A connector class made of the YAML mapping `file`, which lies beside the module that calls this.

    The file is read when the class is first looked at, so importing the module stays cheap. A mistake in it is
    Misconfigured then, with every problem and its line.
    """
    return deferred(sys._getframe(1).f_globals, file)


def name(given: str | None, family: str | None, *, middle: str | None = None, use: NameUse = "usual") -> Name:
    """A name of text columns; blanks are absent, spelling is kept as it is."""
    parts = (given or "").split() + (middle or "").split()
    return Name(given=tuple(parts), family=(family or "").strip() or None, use=use)


def address(
    *lines: str | None,
    postcode: str | None = None,
    uprn: str | None = None,
    from_: PartialDate | None = None,
    to: PartialDate | None = None,
) -> Address:
    """An address of text columns; blank lines are left out."""
    kept = tuple(line.strip() for line in lines if line and line.strip())
    return Address(
        lines=kept, postcode=(postcode or "").strip() or None, uprn=(uprn or "").strip() or None, from_=from_, to=to
    )


def uk_date(value: str | date | None) -> PartialDate:
    """A day-first date such as `17/05/2014`, or a partial one; what cannot be read is unknown, with its own words."""
    return PartialDate.of(value) if isinstance(value, date) else _read(value, "")


def iso_date(value: str | date | None) -> PartialDate:
    """An ISO date or the day of an ISO instant (`2014-05-17T09:30`); what cannot be read is unknown."""
    return PartialDate.of(value) if isinstance(value, date) else _read(value, "T")


def _read(value: str | None, cut: str) -> PartialDate:
    text = (value or "").strip()
    try:
        return PartialDate.parse(text.split(cut)[0] if cut else text)
    except ValueError:
        return PartialDate(original=text[:_WORDS_KEPT] or "XXXX", edtf="XXXX", precision="unknown")
