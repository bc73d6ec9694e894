"""Which days a finding covers, and whether any of them were granted."""

from __future__ import annotations

from mash_trawl.model.dates import PartialDate
from mash_trawl.model.finding import Event, Finding, Involvement, Relationship, Residence
from mash_trawl.model.grant import Period


def outside(finding: Finding, period: Period) -> bool:
    """True if it ended before the period, or began after it; what has no day is inside."""
    since, until = period
    first, last = _span(finding)
    if since is not None and last is not None and last.latest is not None and last.latest < since:
        return True
    return until is not None and first is not None and first.earliest is not None and first.earliest > until


def _span(finding: Finding) -> tuple[PartialDate | None, PartialDate | None]:
    if isinstance(finding, Event):
        return finding.when, finding.until or finding.when
    if isinstance(finding, Residence | Involvement):
        return finding.from_, finding.to
    if isinstance(finding, Relationship):
        return finding.since, finding.until
    return finding.when, finding.when
