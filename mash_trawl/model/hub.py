"""The hub file: one installation, its people and its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mash_trawl.model.ages import Ages
from mash_trawl.model.answer import Coverage
from mash_trawl.model.base import DOCUMENT, Private
from mash_trawl.model.duration import Duration

DEFAULT_DEADLINE = Duration(seconds=20)
Statements = Literal["from_file", "signed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RootKeys:
    """Where the root key lives: never inside the hub's directory. `disk_images_kept` is how long backups of it live."""

    __pydantic_config__ = DOCUMENT
    paths: tuple[str, ...]
    kind: Literal["tpm", "dpapi", "pkcs11", "removable", "disk"] = "disk"
    disk_images_kept: Duration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A person who may act here: `id` is theirs for ever, `account` the operating-system account bound to them.

    Whoever has a `left` acts no more and is sealed nothing; what they signed before that day began still counts.
    """

    __pydantic_config__ = DOCUMENT
    id: str
    account: str | None = None
    roles: tuple[str, ...] = ()
    left: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """`names`: local names of roles. `may`: the roles that keep an act; it can only take away (model/roles.py)."""

    __pydantic_config__ = DOCUMENT
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    may: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouching:
    """A host program that may say who acts: its `host` name, its own account if bound to one, the most it may claim."""

    __pydantic_config__ = DOCUMENT
    host: str
    account: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A plugin that may be imported: distribution, entry point, and `sha256`, the digest of its files as approved.

    One that is not ours is imported only with its digest. `connectors list` shows what it is.
    """

    __pydantic_config__ = DOCUMENT
    distribution: str
    plugin: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """The one exception to checking certificates: SQL sources on a named network, approved, with reason and end."""

    __pydantic_config__ = DOCUMENT
    approved_by: str
    reason: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Which certificates count: the system's or a file's; `pin` is a SHA-256 fingerprint of the server's key."""

    __pydantic_config__ = DOCUMENT
    ca: str = "system"
    pin: str | None = None
    unverified: Unverified | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a source can bear. `deadline` covers find and fetch with all retries and pages of one trawl."""

    __pydantic_config__ = DOCUMENT
    deadline: Duration = DEFAULT_DEADLINE
    rows: int = 500
    parallel: int = 2
    per_second: int | None = None
    attempts: int = 3
    fresh_for: Duration | None = None
    quiet_hours: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ring when the source does not answer; where a source is a person, to whom a request goes."""

    __pydantic_config__ = DOCUMENT
    name: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A source whose files are sent: `receive` takes them in. `keep` is how long each is held."""

    __pydantic_config__ = DOCUMENT
    keep: Duration


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonForTests(Private):
    """Somebody who does not exist, whom a source holds so that it can be tested: `ref` is the source's key of them."""

    __pydantic_config__ = DOCUMENT
    ref: str
    given: str | None = None
    family: str | None = None
    born: date | None = None
    postcode: str | None = None
    uprn: str | None = None
    nhs_number: str | None = None
    upn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """One source: either an installed `connector` or a `mapping` file, and its settings.

    `connect` values are text or references to secrets (`env:NAME`, `file:PATH`), resolved only after a grant.
    `isolate` absent: a process for ODBC and for connectors that are not ours, a thread for the rest. `ages`: whom the
    system holds here, in place of what its connector says. `test_person`: whom `connectors test --live` asks about.
    """

    __pydantic_config__ = DOCUMENT
    name: str
    agency: str
    connector: str | None = None
    mapping: str | None = None
    connect: Mapping[str, str] = field(default_factory=dict, repr=False)
    categories: tuple[str, ...] | None = None
    isolate: Literal["thread", "process"] | None = None
    limits: Limits = Limits()
    coverage: Coverage | None = None
    contact: Contact | None = None
    tls: Tls | None = None
    proxy: str | None = field(default=None, repr=False)
    suspended: str | None = None
    ages: Ages | None = None
    received: Received | None = None
    test_person: PersonForTests | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyDesk:
    """Whom a family turns to: the team that answers, how, and who takes a complaint. Stands in every notice."""

    __pydantic_config__ = DOCUMENT
    team: str
    telephone: str
    complaints: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDesk:
    """Who answers questions about a request on paper, and where its return is sent. Stands on every request."""

    __pydantic_config__ = DOCUMENT
    team: str
    telephone: str
    send_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """`hub.yaml`. Relative paths start at the file."""

    __pydantic_config__ = DOCUMENT
    version: Literal[1]
    name: str
    profiles: tuple[str, ...]
    root_keys: RootKeys
    reader_keys: str
    signing_key: str
    database: str = field(default="sqlite:///hub.db", repr=False)
    statements: Statements = "signed"
    people: tuple[Enrolled, ...] = ()
    roles: Roles = Roles()
    vouches: tuple[Vouching, ...] | None = None
    agreements: tuple[str, ...] = ()
    approve: tuple[Approved, ...] = ()
    tls: Tls = Tls()
    proxy: str | None = field(default=None, repr=False)
    sources: tuple[SourceSettings, ...] = ()
    family: FamilyDesk | None = None
    returns: ReturnDesk | None = None

    def source(self, name: str) -> SourceSettings:
        """The settings of the source with this name; KeyError if there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        raise KeyError(name)
