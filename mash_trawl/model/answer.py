"""What came back for one (source, person): exactly one of eleven statuses, with a why code and coverage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mash_trawl.model.base import Private
from mash_trawl.model.by_person import ByPerson
from mash_trawl.model.coverage import Coverage as Coverage
from mash_trawl.model.finding import Finding
from mash_trawl.model.match import Match
from mash_trawl.model.query import Searched


class Status(StrEnum):
    """The eleven statuses. "Nothing known" and "could not ask" never look alike."""

    FOUND = "found"
    NONE_FOUND = "none_found"
    NOT_PERMITTED = "not_permitted"
    CONSENT_MISSING = "consent_missing"
    REFUSED_BY_CUSTODIAN = "refused_by_custodian"
    AMBIGUOUS_IDENTITY = "ambiguous_identity"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    PARTIAL = "partial"
    PENDING_PERSON = "pending_person"
    NOT_CONNECTED = "not_connected"


class Why(StrEnum):
    """The stable code beside a status. Several codes may go with one status, never the other way round."""

    # found
    MATCHED = "matched"
    KNOWN_NOTHING_IN_SCOPE = "known_nothing_in_scope"
    KNOWN_EXISTENCE_ONLY = "known_existence_only"
    # none_found
    SEARCHED_ALL_KEYS = "searched_all_keys"
    # not_permitted
    NO_RULE = "no_rule"
    FORBIDDEN_BY_RULE = "forbidden_by_rule"
    GATEWAY_NOT_MET = "gateway_not_met"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_SIGNED = "not_signed"
    NOT_COUNTERSIGNED = "not_countersigned"
    NO_AGREEMENT = "no_agreement"
    POLICY_NOT_APPROVED = "policy_not_approved"
    PERMIT_EXPIRED = "permit_expired"
    PERMIT_WITHDRAWN = "permit_withdrawn"
    # consent_missing
    CONSENT_NOT_SOUGHT = "consent_not_sought"
    CONSENT_NOT_COUNTED = "consent_not_counted"
    CONSENT_NOT_GIVEN = "consent_not_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_EXPIRED = "consent_expired"
    # refused_by_custodian
    CUSTODIAN_SAID_NO = "custodian_said_no"
    # ambiguous_identity
    NO_USABLE_KEY = "no_usable_key"
    POSSIBLE_MATCHES = "possible_matches"
    # timed_out
    DEADLINE = "deadline"
    STOPPED = "stopped"
    # unreachable
    NAME_NOT_RESOLVED = "name_not_resolved"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_LOST = "connection_lost"
    TLS_FAILED = "tls_failed"
    LOGIN_FAILED = "login_failed"
    SERVER_ERROR = "server_error"
    TOO_MANY_REQUESTS = "too_many_requests"
    CONNECTOR_CRASHED = "connector_crashed"
    UNREADABLE_ANSWER = "unreadable_answer"
    REDIRECTED = "redirected"
    BREAKER_OPEN = "breaker_open"
    # partial
    NO_END_PROOF = "no_end_proof"
    ROW_BUDGET = "row_budget"
    ROWS_QUARANTINED = "rows_quarantined"
    SEARCH_TRUNCATED = "search_truncated"
    TOO_OLD = "too_old"
    # pending_person
    REVIEW_UNANSWERED = "review_unanswered"
    RETURN_OWED = "return_owed"
    # not_connected
    NOT_INSTALLED = "not_installed"
    NOT_APPROVED = "not_approved"
    SUSPENDED = "suspended"
    DRIVER_MISSING = "driver_missing"
    SECRET_MISSING = "secret_missing"  # noqa: S105 - a reason, not a secret
    SETTINGS_REFUSED = "settings_refused"
    NOTHING_RECEIVED = "nothing_received"


_WHYS: dict[Status, tuple[Why, ...]] = {
    Status.FOUND: (Why.MATCHED, Why.KNOWN_NOTHING_IN_SCOPE, Why.KNOWN_EXISTENCE_ONLY),
    Status.NONE_FOUND: (Why.SEARCHED_ALL_KEYS,),
    Status.NOT_PERMITTED: (
        Why.NO_RULE, Why.FORBIDDEN_BY_RULE, Why.GATEWAY_NOT_MET, Why.OUT_OF_SCOPE, Why.NOT_SIGNED,
        Why.NOT_COUNTERSIGNED, Why.NO_AGREEMENT, Why.POLICY_NOT_APPROVED, Why.PERMIT_EXPIRED, Why.PERMIT_WITHDRAWN,
    ),
    Status.CONSENT_MISSING: (
        Why.CONSENT_NOT_SOUGHT, Why.CONSENT_NOT_COUNTED, Why.CONSENT_NOT_GIVEN, Why.CONSENT_WITHDRAWN,
        Why.CONSENT_EXPIRED,
    ),
    Status.REFUSED_BY_CUSTODIAN: (Why.CUSTODIAN_SAID_NO,),
    Status.AMBIGUOUS_IDENTITY: (Why.NO_USABLE_KEY, Why.POSSIBLE_MATCHES),
    Status.TIMED_OUT: (Why.DEADLINE, Why.STOPPED),
    Status.UNREACHABLE: (
        Why.NAME_NOT_RESOLVED, Why.CONNECTION_REFUSED, Why.CONNECTION_LOST, Why.TLS_FAILED, Why.LOGIN_FAILED,
        Why.SERVER_ERROR, Why.TOO_MANY_REQUESTS, Why.CONNECTOR_CRASHED, Why.UNREADABLE_ANSWER, Why.REDIRECTED,
        Why.BREAKER_OPEN,
    ),
    Status.PARTIAL: (
        Why.NO_END_PROOF, Why.ROW_BUDGET, Why.ROWS_QUARANTINED, Why.SEARCH_TRUNCATED, Why.TOO_OLD,
    ),
    Status.PENDING_PERSON: (Why.REVIEW_UNANSWERED, Why.RETURN_OWED),
    Status.NOT_CONNECTED: (
        Why.NOT_INSTALLED, Why.NOT_APPROVED, Why.SUSPENDED, Why.DRIVER_MISSING, Why.SECRET_MISSING,
        Why.SETTINGS_REFUSED, Why.NOTHING_RECEIVED,
    ),
}  # fmt: skip
STATUS_OF: dict[Why, Status] = {why: status for status, whys in _WHYS.items() for why in whys}
"""The one status that each why code goes with."""
SAID_FIRST = (
    Why.CONSENT_WITHDRAWN, Why.CONSENT_NOT_GIVEN, Why.CONSENT_EXPIRED, Why.CONSENT_NOT_COUNTED, Why.NOT_SIGNED,
    Why.CONSENT_NOT_SOUGHT,
)  # fmt: skip
"""Of one (source, person): what somebody said, then what was given and does not count, before that nobody asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A category that was not asked for, by which rule and why."""

    category: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer(Private):
    """Everything about one (source, person). A plain value: it survives JSON.

    `attempts` and `milliseconds` go to the run summary and the ledger, never into the product.
    `matches` are those accepted (auto, confirmed); `possible` counts candidates to review, whose content is never
    fetched.
    `dropped` counts rows about somebody else; `quarantined` rows that could not be read.
    `not_searched` are keys of the source that were not or not fully used; `not_offered` usual ways of searching that it
    has no key for, one key each as it would be asked. Of the former, `not_given` are those that only something fills
    which must not leave the hub, `not_valid` those for which the only number known cannot be right.
    `refs` are the records that were recognised as this person's, whatever came of fetching them; None when the search
    itself did not end.
    `carried_from`: findings were carried over from this version of the product, asked for at `carried_at`; beside a
    status that is no answer, all of them were.
    `asked_before`: beside a refusal, the categories that an earlier version had asked for.
    `waiting` are the records that a named person has to decide: no product holds them, only the sealed working copy.
    `rejected` counts those that a named person said are somebody else's.
    `by_person`: the source is a person; its findings count beside any status, and `about` names people of the case.
    """

    source: str
    agency: str
    person: str
    status: Status
    why: Why
    findings: tuple[Finding, ...] = ()
    matches: tuple[Match, ...] = ()
    possible: int = 0
    withheld: tuple[Withheld, ...] = ()
    coverage: Coverage | None = None
    searched: tuple[Searched, ...] = ()
    not_searched: tuple[tuple[str, ...], ...] = ()
    not_offered: tuple[tuple[str, ...], ...] = ()
    quarantined: int = 0
    dropped: int = 0
    connector: str = ""
    asked_at: datetime | None = None
    attempts: int = 0
    milliseconds: int = 0
    refs: tuple[str, ...] | None = None
    carried_from: int | None = None
    carried_at: datetime | None = None
    asked_before: tuple[str, ...] = ()
    waiting: tuple[Match, ...] = ()
    rejected: int = 0
    not_given: tuple[tuple[str, ...], ...] = ()
    not_valid: tuple[tuple[str, ...], ...] = ()
    by_person: ByPerson | None = None

    @property
    def found(self) -> int:
        """How many findings came back."""
        return len(self.findings)
