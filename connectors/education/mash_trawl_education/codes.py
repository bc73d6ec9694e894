"""The service's codes in words.

Statutory lists: the Department for Education's common basic data set (reason and kind of an exclusion, provision and
type of special educational need, kind of enrolment). Wording is ours and shorter; a code that is not listed keeps its
own letters. Reviewed 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Mapping

EXCLUSIONS: Mapping[str, str] = {"SUSP": "Suspended", "PERM": "Permanently excluded", "LNCH": "Lunchtime suspension"}

REASONS: Mapping[str, str] = {
    "PP": "physical assault against a pupil", "PA": "physical assault against an adult",
    "VP": "verbal abuse or threats against a pupil", "VA": "verbal abuse or threats against an adult",
    "OW": "use or threat of a weapon or prohibited item", "BU": "bullying", "RA": "racist abuse",
    "LG": "abuse about sexual orientation or gender identity", "DS": "abuse about disability",
    "SM": "sexual misconduct", "DA": "drugs or alcohol", "DM": "damage", "TH": "theft",
    "MT": "misuse of social media or technology", "DB": "persistent or general disruptive behaviour",
    "PH": "breach of protective measures for public health",
}  # fmt: skip

PROVISIONS: Mapping[str, str] = {"K": "SEN support", "E": "Education, health and care plan"}
NO_PROVISION = frozenset({"N", ""})
"""Codes that say there is none; a code that nobody knows keeps its own letters."""

NEEDS: Mapping[str, str] = {
    "SPLD": "specific learning difficulty", "MLD": "moderate learning difficulty", "SLD": "severe learning difficulty",
    "PMLD": "profound and multiple learning difficulty", "SEMH": "social, emotional and mental health",
    "SLCN": "speech, language and communication", "HI": "hearing impairment", "VI": "vision impairment",
    "MSI": "multi-sensory impairment", "PD": "physical disability", "ASD": "autistic spectrum disorder",
    "DS": "Down syndrome", "OTH": "other", "NSA": "not yet assessed",
}  # fmt: skip

ON_ROLL = frozenset({"C", "M", "S", "P", "G", "F", "O", ""})
"""Kinds of an enrolment at a school or provider: current, main, subsidiary, previous, guest, FE college, other."""

OUT_OF_SCHOOL: Mapping[str, str] = {"CME": "Missing education", "EHE": "Electively home educated"}
"""Kinds of an enrolment that are none: a child of compulsory school age whose education is not at a school."""

RESTRICTIONS: Mapping[str, str] = {
    "ADDRESS_WITHHELD": "hidden_address", "ADOPTED": "adoption", "STAFF": "staff_interest",
    "PROTECTED": "witness_protection",
}  # fmt: skip


def words(codes: Mapping[str, str], code: object) -> str:
    """The code in words with the code itself behind; an unknown code alone; "" for none."""
    held = str(code or "").strip()
    known = codes.get(held.upper())
    return f"{known} ({held})" if known else held
