"""How a bound value is written where the place's own type is not known: in a raw statement, in a file."""

from __future__ import annotations

import re
from datetime import date

from mash_trawl.model.mapping import Bound


def written(value: Bound, form: str | None) -> str | None:
    """A day in the column's own format, else in ISO form; of several ways of writing, the first."""
    if isinstance(value, tuple):
        return value[0]
    if isinstance(value, date):
        return value.strftime(form) if form else value.isoformat()
    return value


def plain_sector(way: str) -> bool:
    """Can this be a postcode sector? Nothing that means something to a comparison by pattern (`%`, `_`, `[`) can."""
    return re.fullmatch(r"[A-Za-z0-9 ]{3,6}", way) is not None
