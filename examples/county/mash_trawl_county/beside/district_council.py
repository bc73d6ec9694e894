"""The district council's nightly copy: who pays council tax for the homes that are let, and whose rent is helped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl_county.beside.extract import uk
from mash_trawl_county.beside.tables import tables
from mash_trawl_county.people import Human, chance_of
from mash_trawl_county.systems.held import held_as
from mash_trawl_county.traces import Trace, whom

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAME = "district_council"
APPROVE = "{distribution: mash-trawl-district-council, plugin: district_council}"
SOURCE = """
  - name: district_council
    agency: district_council
    connector: district_council
    connect: {url: file:../county/district_council.url}
    coverage: {from: 2009-04, area: South District}
    contact: {name: Revenues and benefits, telephone: "01632 960009"}"""
SCHEMA = """
create table party(party_ref text primary key, forenames text, surname text, previous_surname text, dob text, sex text,
  uprn text, addr1 text, addr2 text, postcode text, disclosure_flag text, ni_number text);
create table ct_account(account_ref text primary key, uprn text, addr1 text, postcode text, arrears_amount text);
create table ct_liable(account_ref text, party_ref text, liable_from text, liable_to text);
create table hb_claim(claim_ref text primary key, uprn text, addr1 text, postcode text, income_weekly text);
create table hb_household(claim_ref text, party_ref text, relationship text, member_from text, member_to text);
create table asb_case(case_ref text primary key, party_ref text, party_role text, case_type text, opened text,
  closed text, summary text, outcome text);
"""
SINCE, TOLD = date(2019, 4, 1), date(2026, 1, 1)
"""When people began to pay, and when they last told of a child."""


def ref(person: Human) -> str:
    """The council's key of a person."""
    return f"P-{person.id}"


def records(built: Built) -> Sequence[Trace]:
    """Council tax in the mother's name for every family that rents; for one in two a claim with the children."""
    made: list[Trace] = []
    for family in built.families:
        if not family.tenants or family.mother.home != family.home:
            continue
        payer = ((family.mother.id, "liable"),)
        made.append(
            Trace(system=NAME, category="council_tax", ref=f"80{family.id}", on=SINCE, people=payer, kind="", words="")
        )
        if chance_of(NAME, family.id).random() < 0.5:
            home = tuple(
                (child.id, "child") for child in family.children if child.home == family.home and child.born < TOLD
            )
            made.append(
                Trace(system=NAME, category="benefits", ref=f"HB{family.id}", on=SINCE, people=(*payer, *home), kind="",
                      words="")
            )  # fmt: skip
    return made


def _without_birthday(ident: str) -> bool:
    """One in four who pays; of the demo families (`D...`) all are known, since their page shows other things."""
    return not ident.startswith("D") and chance_of(NAME, ident).random() < 0.25


def write(folder: Path, built: Built) -> None:
    """A new `district_council.db`; revenues know no birthday of some."""
    people, told = built.people(), records(built)
    with tables(folder, NAME, SCHEMA) as made:
        for ident in sorted(whom(told)):
            own, unknown = held_as(people[ident], NAME, built.spelling), _without_birthday(ident)
            made.put("party", {
                "party_ref": ref(people[ident]), "forenames": own.given, "surname": own.family.upper(),
                "previous_surname": own.former, "dob": "" if unknown else uk(own.born), "sex": own.sex or "U",
                "uprn": own.home.uprn if own.home else "", "addr1": own.home.line if own.home else "",
                "postcode": own.home.postcode if own.home else "", "disclosure_flag": "N",
            })  # fmt: skip
        for trace in told:
            account, member, key, began = (
                ("ct_account", "ct_liable", "account_ref", "liable_from") if trace.category == "council_tax"
                else ("hb_claim", "hb_household", "claim_ref", "member_from")
            )  # fmt: skip
            home = people[trace.people[0][0]].home
            if home is not None:
                made.put(account, {key: trace.ref, "uprn": home.uprn, "addr1": home.line, "postcode": home.postcode})
            for ident, part in trace.people:
                start = max(trace.on, people[ident].born).isoformat()
                made.put(member, {key: trace.ref, "party_ref": ref(people[ident]), "relationship": part, began: start})
