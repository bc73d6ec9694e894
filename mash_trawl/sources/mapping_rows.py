"""Reading one row by a mapping as a person. A bad value spoils its row and nothing else."""

from __future__ import annotations

import re
from typing import Any, get_args

from mash_trawl.model.mapping import NO_RESTRICTION, RESTRICTIONS, Column, PersonMap
from mash_trawl.model.person import Name, Sex
from mash_trawl.model.query import Candidate
from mash_trawl.sources.mapping_cells import BadValue, day, text, word
from mash_trawl.sources.mapping_places import addresses

_SEXES = get_args(Sex)


def candidate(how: PersonMap, row: Any) -> Candidate:
    """The person whom a row describes."""
    ref, given, family = text(row, how.ref), text(row, how.given), text(row, how.family)
    if ref is None:
        raise BadValue
    parts = (*(given or "").split(), *(text(row, how.middle) or "").split())
    former = text(row, how.former_family)
    all_names = [Name(given=parts, family=family)] if parts or family else []
    if former and former != family:
        all_names.append(Name(given=parts, family=former, use="old"))
    held = {"nhs_number": text(row, how.nhs_number), "upn": text(row, how.upn)}
    sex = word(row, how.sex) or "unknown"
    if sex not in _SEXES:
        raise BadValue
    return Candidate(
        ref=ref,
        names=tuple(all_names),
        born=day(row, how.born),
        died=day(row, how.died),
        sex=sex,  # type: ignore[arg-type]  # it is one of _SEXES
        identifiers={name: "".join(value.split()) for name, value in held.items() if value},
        addresses=addresses(how.addresses, row),
        restrictions=_restrictions(row, how.restrictions),
    )


def _restrictions(row: Any, spec: str | Column | None) -> tuple[str, ...]:
    """Our words for the system's own flags; a flag that nobody can read spoils the row, rather than being ignored."""
    if spec is None:
        return ()
    column = spec if isinstance(spec, Column) else Column(from_=spec)
    flags = (flag.strip() for flag in re.split("[,;]", text(row, column.from_) or ""))
    said = {column.map.get(flag, "") if column.map else flag for flag in flags if flag}
    if not said <= {*RESTRICTIONS, NO_RESTRICTION}:
        raise BadValue
    return tuple(sorted(said - {NO_RESTRICTION}))
