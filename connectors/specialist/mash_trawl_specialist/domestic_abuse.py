"""The MARAC list: one row for each case, with a victim, a perpetrator and their children in it.

No system keeps these people, so nobody has a key: a person's key is the case and their part in it. Somebody heard twice
is two records, and each is matched for itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.api import Candidate, Event, Fact, FilesConnector, Finding, Grant, PersonQuery, uk_date
from mash_trawl_specialist.marac_rows import COLUMNS, PERPETRATOR, VICTIM, fits, heard, people

LIST = "marac-*.[cx]*"
"""The newest `.csv` or `.xlsx` counts."""
CATEGORY = "domestic_abuse_service.risk_conference"


class DomesticAbuse(FilesConnector):
    """Cases heard at the risk assessment conference, with the score and everybody's part."""

    name, agency, api = "domestic_abuse", "domestic_abuse_service", 1
    offers = frozenset({CATEGORY})
    search_keys = (("family", "given"), ("family", "born"), ("given", "born"), ("born", "postcode"))

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """Everybody with a part in a case who agrees with every field of the key."""
        with self.open(grant) as session:
            for row in session.read(LIST, *COLUMNS):
                if row["marac_ref"].strip():
                    yield from (one for one in people(row) if fits(one, query))
                else:
                    session.tally.quarantined += 1

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """The case in which somebody has that part; how to reach a victim safely only with the victim's own record."""
        if CATEGORY not in grant.categories:
            return
        case, _, part = ref.partition("/")
        since, until = grant.period(CATEGORY)
        with self.open(grant) as session:
            for row in session.read(LIST, *COLUMNS):
                there = {one.ref: one for one in people(row)}
                if row["marac_ref"].strip() != case or ref not in there:
                    continue
                when = uk_date(row["meeting_date"])
                if (since and when.latest and when.latest < since) or (
                    until and when.earliest and when.earliest > until
                ):
                    continue
                yield _meeting(row, there)
                if part == VICTIM and row["safe_contact"].strip():
                    yield Fact(
                        ref=f"safe_contact:{case}", about=(ref,), category=CATEGORY, name="safe_contact",
                        value=row["safe_contact"].strip(), when=when, basis="reported",
                    )  # fmt: skip


def _meeting(row: dict[str, str], there: dict[str, Candidate]) -> Event:
    """The case as it was heard. Nobody's address is in it: the record is read for the perpetrator as well."""
    case = row["marac_ref"].strip()
    parts = {part: there[f"{case}/{part}"].names[0] for part in (VICTIM, PERPETRATOR) if f"{case}/{part}" in there}
    said = [f"{part}: {' '.join((*name.given, name.family or ''))}".strip() for part, name in parts.items()]
    return Event(
        ref=f"marac:{case}", about=tuple(there), category=CATEGORY,
        mentions=tuple(_without_address(one) for one in there.values()), when=uk_date(row["meeting_date"]),
        kind="marac", headline="Heard at the risk conference (MARAC)",
        text=". ".join(part for part in (heard(row), row["summary"].strip(), f"({'; '.join(said)})") if part),
        outcome=row["actions"].strip(), polarity="concern", basis="reported",
    )  # fmt: skip


def _without_address(one: Candidate) -> Candidate:
    return Candidate(ref=one.ref, names=one.names, born=one.born, restrictions=one.restrictions)
