"""The service's codes in words. A code that is not listed keeps its own letters.

Orders: Sentencing Act 2020. Categories and levels of MAPPA: Criminal Justice Act 2003 ss.325-327B and the MAPPA
guidance of the Ministry of Justice. Wording is ours. Written from these and not compared with the guidance of the
current year by a second person. Reviewed 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

SEXES: Mapping[str, Literal["female", "male"]] = {"F": "female", "FEMALE": "female", "M": "male", "MALE": "male"}

SENTENCES: Mapping[str, str] = {
    "CO": "community order", "SSO": "suspended sentence order", "LIC": "released on licence",
    "PSS": "post-sentence supervision", "YRO": "youth rehabilitation order, transferred to adult services",
}  # fmt: skip

ROSH: Mapping[str, str] = {"L": "low", "M": "medium", "H": "high", "V": "very high", "VERY_HIGH": "very high"}

MAPPA_CATEGORIES: Mapping[str, str] = {
    "1": "category 1, subject to sexual offender notification", "2": "category 2, violent and other sexual offenders",
    "3": "category 3, other dangerous offenders", "4": "category 4, terrorism or terrorist risk",
}  # fmt: skip

MAPPA_LEVELS: Mapping[str, str] = {
    "1": "level 1, ordinary management", "2": "level 2, several agencies", "3": "level 3, senior management",
}  # fmt: skip


def words(codes: Mapping[str, str], code: object) -> str:
    """The code in words with the code itself behind; an unknown code alone; "" for none."""
    held = str(code or "").strip()
    known = codes.get(held.upper())
    return f"{known} ({held})" if known else held
