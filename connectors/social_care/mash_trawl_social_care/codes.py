"""The system's codes in words, and in the words that all agencies share.

Statutory lists: the Department for Education's children looked-after return (SSDA903: legal status, placement) and its
children in need census (source of referral, primary need, factors, category of plan). Wording is ours and shorter. A
code that is not listed keeps its own letters, except a relationship: there a guess would draw a wrong family.
Reviewed 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Kind = Literal["parent", "partner", "sibling", "grandparent", "carer", "other"]

RELATIONS: Mapping[str, tuple[Kind, str]] = {
    "MOT": ("parent", "birth"), "FAT": ("parent", "birth"), "PAR": ("parent", "unknown"),
    "STP": ("parent", "step"), "ADP": ("parent", "adoptive"), "FOS": ("parent", "foster"),
    "SGO": ("parent", "special_guardianship"), "KIN": ("carer", "kinship"), "CAR": ("carer", "unknown"),
    "GPA": ("grandparent", "unknown"),
    "SIB": ("sibling", "unknown"), "FSI": ("sibling", "birth"), "HSI": ("sibling", "half"), "SSI": ("sibling", "step"),
    "PTN": ("partner", "cohabiting"), "SPO": ("partner", "married"), "CIV": ("partner", "civil_partnership"),
    "XPT": ("partner", "separated"), "DIV": ("partner", "divorced"), "OTH": ("other", "unknown"),
}  # fmt: skip
"""What the first person is to the second: (kind, nature)."""

SEXES: Mapping[str, Literal["female", "male", "other"]] = {"F": "female", "M": "male", "I": "other"}

NAME_USES: Mapping[str, Literal["maiden", "old", "nickname"]] = {
    "MAIDEN": "maiden",
    "FORMER": "old",
    "AKA": "nickname",
    "NICK": "nickname",
}
"""Only a name of these kinds; another given name in everyday use would read as two people under one key."""

RESTRICTIONS: Mapping[str, str] = {
    "HIDE": "hidden_address", "ADOPT": "adoption", "PROT": "witness_protection", "GRC": "gender_history",
    "STAFF": "staff_interest",
}  # fmt: skip
"""Flags on a person, in our words. One that is not listed (a locked record) is `restricted`: a person looks first."""

LEGAL_STATUSES: Mapping[str, str] = {
    "C1": "interim care order", "C2": "full care order", "D1": "freeing order", "E1": "placement order",
    "V2": "accommodated under s.20", "V3": "short breaks, episodes recorded", "V4": "short breaks, agreement recorded",
    "L1": "police protection, accommodated by the council", "L2": "emergency protection order",
    "L3": "child assessment order, accommodated by the council",
    "J1": "remanded to the council or to youth detention accommodation",
    "J2": "accommodated under the Police and Criminal Evidence Act 1984",
    "J3": "youth rehabilitation order with residence or intensive fostering",
}  # fmt: skip

PLACEMENTS: Mapping[str, str] = {
    "A3": "placed for adoption with the foster carer, consent given", "A4": "placed for adoption, consent given",
    "A5": "placed for adoption with the foster carer under a placement order",
    "A6": "placed for adoption under a placement order",
    "H5": "semi-independent accommodation", "K1": "secure children's home", "K2": "children's home",
    "P1": "with parents or others with parental responsibility", "P2": "independent living",
    "P3": "residential employment", "R1": "residential care home", "R2": "health establishment",
    "R3": "family centre or mother and baby unit", "R5": "young offender institution", "S1": "residential school",
    "T0": "temporary placement", "T1": "temporary, in hospital", "T2": "temporary, on holiday",
    "T3": "temporary, carer on holiday", "T4": "temporary, seven days or less",
    "U1": "relative or friend, long-term foster placement", "U2": "relative or friend, fostering for adoption",
    "U3": "relative or friend, foster placement", "U4": "long-term foster placement",
    "U5": "foster carer who is an approved adopter", "U6": "foster placement", "Z1": "other placement",
}  # fmt: skip

REFERRERS: Mapping[str, str] = {
    "1A": "family member, relative or carer", "1B": "acquaintance", "1C": "the person themselves",
    "1D": "other individual", "2A": "school", "2B": "education service", "3A": "GP", "3B": "health visitor",
    "3C": "school nurse", "3D": "other primary health service", "3E": "emergency department",
    "3F": "other health service", "4": "housing", "5A": "council social care", "5B": "other service of the council",
    "5C": "another council", "6": "police", "7": "other legal agency", "8": "other", "9": "anonymous",
    "10": "not known",
}  # fmt: skip

NEEDS: Mapping[str, str] = {
    "N1": "abuse or neglect", "N2": "child's disability or illness", "N3": "parent's disability or illness",
    "N4": "family in acute stress", "N5": "family dysfunction", "N6": "socially unacceptable behaviour",
    "N7": "low income", "N8": "absent parenting", "N9": "not a child in need", "N0": "not stated",
}  # fmt: skip

PLAN_CATEGORIES: Mapping[str, str] = {
    "NEG": "neglect", "PHY": "physical abuse", "SAB": "sexual abuse", "EMO": "emotional abuse", "MUL": "multiple",
}  # fmt: skip

FACTORS: Mapping[str, str] = {
    "1A": "alcohol misuse: child", "1B": "alcohol misuse: parent or carer", "1C": "alcohol misuse: other",
    "2A": "drug misuse: child", "2B": "drug misuse: parent or carer", "2C": "drug misuse: other",
    "3A": "domestic violence: child", "3B": "domestic violence: parent or carer", "3C": "domestic violence: other",
    "4A": "mental health: child", "4B": "mental health: parent or carer", "4C": "mental health: other",
    "5A": "learning disability: child", "5B": "learning disability: parent or carer",
    "5C": "learning disability: other", "6A": "physical disability or illness: child",
    "6B": "physical disability or illness: parent or carer", "6C": "physical disability or illness: other",
    "7A": "young carer", "9A": "unaccompanied asylum-seeking child", "10A": "going missing",
    "11A": "child sexual exploitation", "12A": "trafficking", "13A": "gangs", "14A": "socially unacceptable behaviour",
    "15A": "self-harm", "16A": "neglect", "17A": "emotional abuse", "18B": "physical abuse by a child",
    "18C": "physical abuse by an adult", "19B": "sexual abuse by a child", "19C": "sexual abuse by an adult",
    "22A": "female genital mutilation", "23A": "abuse linked to faith or belief", "24A": "child criminal exploitation",
}  # fmt: skip


def words(codes: Mapping[str, str], code: object) -> str:
    """The code in words with the code itself behind, so that nothing is lost; an unknown code alone; "" for none."""
    held = str(code or "").strip()
    known = codes.get(held.upper())
    return f"{known} ({held})" if known else held
