"""The single words of a mapping: formats of days, zones, and codes that must be ours."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

from mash_trawl.model.finding import Event, Fact, Involvement, Relationship, Residence
from mash_trawl.model.mapping import NO_RESTRICTION, RESTRICTIONS, Column
from mash_trawl.model.query import Candidate

_KINDS: dict[str, Any] = {
    "event": Event,
    "residence": Residence,
    "relationship": Relationship,
    "involvement": Involvement,
    "fact": Fact,
    "person": Candidate,
}
_DIRECTIVES = set("YmdbBHMSfjpI%zaA")
_TRIAL = datetime(2014, 5, 17, 9, 30)
_COARSE_FIRST = {"Y": 0, "m": 1, "j": 1, "d": 2, "H": 3, "M": 4, "S": 5, "f": 6}


def format_problem(form: str | None) -> str:
    """Why a day's format cannot be used; empty if it can."""
    if form is None:
        return ""
    said = re.findall(r"%(.)", form)
    if "y" in said:
        return "a year of two digits does not say its century (%y)"
    if not said or not set(said) <= _DIRECTIVES or "Y" not in said:
        return "this is not a format for days, such as %d/%m/%Y"
    try:
        datetime.strptime(_TRIAL.strftime(form), form)
    except ValueError:
        return "days written in this format cannot be read again"
    return ""


def sortable(form: str | None) -> bool:
    """True if days in this format stand in the order of time when sorted as text."""
    if form is None:
        return True
    order = [_COARSE_FIRST.get(sign, -1) for sign in re.findall(r"%(.)", form)]
    return -1 not in order and order == sorted(order) and order[:1] == [0]


def zone_problem(zone: str | None) -> str:
    """Why a zone cannot be used; empty if it can."""
    if zone is None:
        return ""
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        return "there is no such time zone; here it is Europe/London"
    return ""


def restriction_problem(spec: Column) -> str:
    """Why flags are turned into something that is no restriction; empty if it is."""
    allowed = (*RESTRICTIONS, NO_RESTRICTION)
    return "" if set(spec.map.values()) <= set(allowed) else f"restrictions must be one of {', '.join(allowed)}"


def literal_problem(kind: str, field: str, value: str | Column) -> str:
    """Why a constant, or what local codes are turned into, is no word of ours; empty if it is."""
    allowed = get_args(get_type_hints(_KINDS[kind])[field])
    given = {value} if isinstance(value, str) else set(value.map.values())
    if not allowed or not all(isinstance(word, str) for word in allowed) or given <= set(allowed):
        return ""
    return f"{field} must be one of {', '.join(allowed)}"
