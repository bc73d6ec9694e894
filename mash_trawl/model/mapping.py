"""A mapping: one agency system described in YAML, without code. The shape only; address and limits are the hub's.

`MappingFile` is the document as it is written; `Step` is what a transport compiles and runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from mash_trawl.model.ages import Ages
from mash_trawl.model.base import DOCUMENT
from mash_trawl.model.duration import Duration
from mash_trawl.model.mapping_columns import AddressMap as AddressMap
from mash_trawl.model.mapping_columns import Column as Column
from mash_trawl.model.mapping_person import Question
from mash_trawl.model.mapping_web import PagesMap, Searched, WebStep
from mash_trawl.model.person import Restriction

MappingKind = Literal["sql", "odbc", "http", "fhir", "files", "sftp", "person"]
RESTRICTIONS = (*get_args(Restriction), "restricted")
"""What a flag on a person may mean; `restricted` is any other that a person has to look at first."""
NO_RESTRICTION = "none"
"""What a flag that restricts nothing is turned into."""
FETCH_KEYS = ("ref", "since", "until")
"""What a fetch statement may bind, beside nothing else: the record's key and the period that was granted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A comparison other than "equals"; exactly one of the four, each naming a query key."""

    __pydantic_config__ = DOCUMENT
    at_least: str | None = None
    at_most: str | None = None
    soundex: str | None = None
    sector: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMap:
    """Which columns describe a person. `ref` is the system's own key of them.

    `restrictions` holds the system's own flags, or our words for them, parted by `,` or `;`.
    """

    __pydantic_config__ = DOCUMENT
    ref: str
    given: str | None = None
    middle: str | None = None
    family: str | None = None
    former_family: str | None = None
    born: str | Column | None = None
    died: str | Column | None = None
    sex: str | Column | None = None
    nhs_number: str | None = None
    upn: str | None = None
    addresses: AddressMap | None = None
    restrictions: str | Column | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingMap:
    """What the five findings share. `about` names columns that hold people's keys; without it, the one asked for."""

    __pydantic_config__ = DOCUMENT
    ref: str
    about: str | tuple[str, ...] | None = None
    recorded_on: str | Column | None = None
    recorded_by: str | Column | None = None
    basis: str | Column | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMap(FindingMap):
    """Something that happened. `kind`, `significance` and `polarity` as plain text are constants."""

    __pydantic_config__ = DOCUMENT
    at: str | Column
    headline: str | Column
    until: str | Column | None = None
    kind: str | Column | None = None
    text: str | Column | None = None
    outcome: str | Column | None = None
    significance: str | Column | None = None
    polarity: str | Column | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceMap(FindingMap):
    """Everybody in `about` lived there for this spell."""

    __pydantic_config__ = DOCUMENT
    address: AddressMap
    from_: str | Column | None = None
    to: str | Column | None = None
    tenure: str | Column | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationshipMap(FindingMap):
    """`from` is the `kind` of `to`. `kind`, `nature` and `parental_responsibility` as plain text are constants."""

    __pydantic_config__ = DOCUMENT
    from_: str | Column
    to: str | Column
    kind: str | Column
    nature: str | Column | None = None
    parental_responsibility: str | Column | None = None
    since: str | Column | None = None
    until: str | Column | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvolvementMap(FindingMap):
    """A service works, or worked, with someone. `service`, `status` and `role` as plain text are constants."""

    __pydantic_config__ = DOCUMENT
    service: str | Column
    status: str | Column | None = None
    from_: str | Column | None = None
    to: str | Column | None = None
    last_contact: str | Column | None = None
    practitioner: str | Column | None = None
    role: str | Column | None = None
    contact: str | Column | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactMap(FindingMap):
    """A single value. `name` as plain text is a constant."""

    __pydantic_config__ = DOCUMENT
    name: str | Column
    value: str | Column
    at: str | Column | None = None


AnyFindingMap = EventMap | ResidenceMap | RelationshipMap | InvolvementMap | FactMap
CONSTANTS = frozenset({
    "kind", "significance", "polarity", "basis", "nature", "parental_responsibility", "service", "status", "role",
    "name",
})  # fmt: skip
"""Fields of findings whose plain text is a constant; everywhere else plain text names a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindStep:
    """One way to look for a person: a table with conditions, a statement, or a question to a web service.

    A step without `person` describes people as the step before it does.
    """

    __pydantic_config__ = DOCUMENT
    by: tuple[str, ...]
    person: PersonMap | None = None
    table: str | None = None
    where: Mapping[str, str | Comparison] = field(default_factory=dict)
    sql: str | None = None
    path: str | None = None
    body: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    items: str | None = None
    pages: PagesMap | None = None
    resource: str | None = None
    search: Mapping[str, Searched] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchStep:
    """What is held in one category. Rows with the same `ref` are one record; `person` names its people, row by row.

    `prefix` stands before the keys in place of the category's last word: for several tables in one category, each with
    numbers of its own.
    """

    __pydantic_config__ = DOCUMENT
    category: str
    table: str | None = None
    where: Mapping[str, str | Comparison] = field(default_factory=dict)
    sql: str | None = None
    path: str | None = None
    body: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    items: str | None = None
    pages: PagesMap | None = None
    resource: str | None = None
    search: Mapping[str, Searched] = field(default_factory=dict)
    event: EventMap | None = None
    residence: ResidenceMap | None = None
    relationship: RelationshipMap | None = None
    involvement: InvolvementMap | None = None
    fact: FactMap | None = None
    person: PersonMap | None = None
    prefix: str | None = None

    @property
    def findings(self) -> tuple[AnyFindingMap, ...]:
        """The findings that each row fills, in a fixed order."""
        every = (self.event, self.residence, self.relationship, self.involvement, self.fact)
        return tuple(item for item in every if item is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The moment at which the data stood: a constant lag, a statement with one value, or the file's own time."""

    __pydantic_config__ = DOCUMENT
    lag: Duration | None = None
    sql: str | None = None
    file: Literal["modified"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFile:
    """A whole mapping. `never` lists columns that may not be read at all; `pages` is for steps that say nothing.

    `ages` are those whom the system holds: nobody who is certainly younger or older is asked about.
    Of the kind `person` there are no steps: `asks` are the questions on the sheet, `shows` what on it says who is
    meant.
    """

    __pydantic_config__ = DOCUMENT
    version: Literal[1]
    name: str
    agency: str
    kind: MappingKind
    find: tuple[FindStep, ...] = ()
    fetch: tuple[FetchStep, ...] = ()
    as_of: AsOf | None = None
    pages: PagesMap | None = None
    never: tuple[str, ...] = ()
    ages: Ages | None = None
    asks: tuple[Question, ...] = ()
    shows: tuple[str, ...] = ()


Bound = str | date | tuple[str, ...] | None
"""What is bound: text, a day, several ways of writing one text (any of them counts), or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`column` compared with the value of `key`; a day is written in `format` when the column holds text.

    A period's open end (`at_least`, `at_most` with no value) is no condition; any other missing value matches nothing.
    """

    column: str
    key: str
    how: Literal["equals", "at_least", "at_most", "soundex", "sector"] = "equals"
    format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A plain step, ready to be compiled: a table with columns and conditions, or `sql` whose days have `formats`.

    `order` makes the sequence of rows the same each time.
    """

    table: str | None = None
    columns: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    order: tuple[str, ...] = ()
    sql: str | None = None
    formats: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    web: WebStep | None = None
