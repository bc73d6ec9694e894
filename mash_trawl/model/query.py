"""The two questions to a source, and the candidates that answer the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mash_trawl.model.base import Private
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.grant import Grant
from mash_trawl.model.person import Address, Name, Sex

QUERY_FIELDS = (
    "given", "family", "former_names", "family_soundex", "given_soundex", "born", "born_from", "born_to", "sex",
    "postcode", "uprn", "nhs_number", "upn", "house_number", "postcode_sector",
)  # fmt: skip
"""The one vocabulary for query keys, bound parameters, mappings and connectors."""
SHOWN_FIELDS = ("given", "family", "former_names", "born", "sex", "postcode", "nhs_number", "upn")
"""What a sheet to a person may show of somebody, so that they know who is meant."""
PLACE_FIELDS = frozenset({"uprn", "postcode", "house_number", "postcode_sector"})
"""Those that say where somebody is or was. A query by them alone is about a place and whoever is there."""
MOST_AT_A_PLACE = 50
"""So many people of a place are taken from a source; in a hostel or a block of flats there are more."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonQuery(Private):
    """Whom do you hold that could be this person? Only the fields named in `by` are filled.

    `id` is opaque and unique in a trawl; `person` is the case's person id, for the engine's own book-keeping.
    `house_number` is written `12A` or `12-14`; `postcode_sector` is all but the last two letters, written `NB1 4`.
    """

    id: str
    person: str
    by: tuple[str, ...]
    given: str | None = None
    family: str | None = None
    former_names: str | None = None
    family_soundex: str | None = None
    given_soundex: str | None = None
    born: date | None = None
    born_from: date | None = None
    born_to: date | None = None
    sex: str | None = None
    postcode: str | None = None
    uprn: str | None = None
    nhs_number: str | None = None
    upn: str | None = None
    house_number: str | None = None
    postcode_sector: str | None = None

    @property
    def place_only(self) -> bool:
        """True when it asks who is or was at a place, whatever they are called."""
        return bool(self.by) and PLACE_FIELDS.issuperset(self.by)

    @property
    def fields(self) -> dict[str, Any]:
        """The filled fields, by name, ready to be bound."""
        return {name: getattr(self, name) for name in self.by}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Candidate(Private):
    """A person whom a source holds. `ref` is the source's own key for them."""

    ref: str
    names: tuple[Name, ...] = ()
    born: PartialDate | None = None
    died: PartialDate | None = None
    sex: Sex = "unknown"
    identifiers: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[Address, ...] = ()
    restrictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """One query as it was run: by which key, how many candidates, whether the list was cut off."""

    by: tuple[str, ...]
    candidates: int
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FindAsk(Private):
    """One query with the grant that allows it. In its plain form the grant is its id: authority never travels."""

    query: PersonQuery
    grant: Grant


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FetchAsk(Private):
    """One record to fetch, by the source's own key, with the grant that allows it."""

    ref: str
    grant: Grant
