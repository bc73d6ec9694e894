"""The system's codes in words. Orders, disposals and AssetPlus ratings are local lists; a place sets them to its own.

Kinds of order: Sentencing Act 2020; youth cautions: Crime and Disorder Act 1998 ss.66ZA-66ZB and s.66A; seriousness:
the Youth Justice Board's scale of 1 to 8. Wording is ours; a code that is not listed keeps its own letters. Reviewed
2026-11-22.
"""

from __future__ import annotations

from collections.abc import Mapping

WORK: Mapping[str, str] = {
    "RO": "Referral order", "YRO": "Youth rehabilitation order", "YROISS": "Youth rehabilitation order with intensive "
    "supervision and surveillance", "DTO": "Detention and training order", "REP": "Reparation order",
    "S250": "Detention under s.250 Sentencing Act 2020", "YC": "Youth caution", "YCC": "Youth conditional caution",
    "CR": "Community resolution", "DYJ": "Diversion before charge", "PREV": "Prevention work",
    "TURN": "Turnaround programme", "BAIL": "Bail supervision and support",
}  # fmt: skip

OUTCOMES: Mapping[str, str] = {
    "CONV": "convicted", "ADM": "admitted, dealt with out of court", "NFA": "no further action",
    "WDN": "withdrawn or acquitted", "PEND": "not decided yet",
}  # fmt: skip

RATINGS: Mapping[str, str] = {"L": "low", "M": "medium", "H": "high", "VH": "very high"}

RESTRICTIONS: Mapping[str, str] = {
    "HIDDEN": "hidden_address", "ADOPTED": "adoption", "PROTECTED": "witness_protection", "STAFF": "staff_interest",
}  # fmt: skip


def words(codes: Mapping[str, str], code: object) -> str:
    """The code in words with the code itself behind; an unknown code alone; "" for none."""
    held = str(code or "").strip()
    known = codes.get(held.upper())
    return f"{known} ({held})" if known else held


def plain(codes: Mapping[str, str], code: object) -> str:
    """The code in words; an unknown code as it stands."""
    held = str(code or "").strip()
    return codes.get(held.upper(), held)
