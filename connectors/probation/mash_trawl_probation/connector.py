"""The probation connector: one search by POST, then a page for each granted category by the person's own key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from mash_trawl.api import Ages, Candidate, Envelope, Finding, Grant, HttpConnector, PersonQuery
from mash_trawl_probation.records import Span, conditions, mappa, officer, person, sentence, serious_harm

FIELDS = {"family": "last_name", "given": "first_name", "born": "date_of_birth", "former_names": "last_name",
          "postcode": "postcode"}  # fmt: skip
"""Our words for the service's. It compares `last_name` with aliases as well."""
LIST = Envelope(items="data", total="pagination.totalCount")
ONE = Envelope(items=".")
"""What is held once only: the whole answer is the one object, and its `data` is null where there is none."""
MOST = "100"
"""People or sentences on one page. A longer list is told as cut, never as whole."""

Reader = Callable[[dict[str, Any], str], Iterable[Span]]
FETCH: Mapping[str, tuple[tuple[str, Envelope, Reader], ...]] = {
    "probation.orders": (
        ("sentences", LIST, sentence),
        ("licences/conditions", ONE, conditions),
        ("person-responsible-officer", ONE, officer),
    ),
    "probation.risk": (("risks/serious-harm", ONE, serious_harm), ("risks/mappadetail", ONE, mappa)),
}
"""By category: what is asked for beneath the person, how it is listed, how it is read."""


class Probation(HttpConnector):
    """Orders with the officer, licence conditions, risk of serious harm, and MAPPA."""

    name, agency, api = "probation", "probation", 1
    offers = frozenset(FETCH)
    ages = Ages(from_=18)
    search_keys = (("family", "born"), ("former_names", "born"), ("given", "born"), ("born", "postcode"),
                   ("family", "given", "postcode"))  # fmt: skip

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """People on probation who agree with every field of the key."""
        wanted = {FIELDS[field]: _text(value) for field, value in query.fields.items()} | {"perPage": MOST}
        with self.open(grant) as session:
            found = session.pages("v1/persons/search", body=wanted, page="link", envelope=LIST)
            yield from session.read(found, person)

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """The granted categories of one person, each within its period."""
        granted = sorted(grant.categories & self.offers)
        if not granted:
            return
        with self.open(grant) as session:
            for category in granted:
                period = grant.period(category)
                for path, names, read in FETCH[category]:
                    params = {"perPage": MOST} if names is LIST else None
                    items = session.pages(f"v1/persons/{quote(ref, safe='')}/{path}", params=params, page="link",
                                          envelope=names)  # fmt: skip
                    for spans in session.read(items, lambda item, read=read: tuple(read(item, ref))):
                        yield from (span.finding for span in spans if span.touches(*period))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
