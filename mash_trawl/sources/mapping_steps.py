"""From a mapping to plain steps: which columns, which conditions, in which order, with which values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mash_trawl.config.mapping_columns import Place, finding_columns, person_columns
from mash_trawl.model.mapping import (
    Bound,
    Column,
    Comparison,
    Condition,
    FetchStep,
    FindStep,
    MappingFile,
    PersonMap,
    Step,
)
from mash_trawl.model.name_ways import name_ways
from mash_trawl.model.query import PersonQuery
from mash_trawl.sources.mapping_web import web_step

_NAMES = ("given", "family", "former_names")


def find_steps(mapping: MappingFile, by: tuple[str, ...]) -> Iterator[tuple[PersonMap, Step]]:
    """The steps that search by exactly these facts, with how their rows describe a person."""
    for step in mapping.find:
        if step.by == by and step.person is not None:
            places = tuple(person_columns(step.person, ()))
            formats = _formats(places, {"born": ("born", "born_from", "born_to")})
            yield step.person, _plain(mapping, step, places, (step.person.ref,), formats)


def fetch_steps(mapping: MappingFile, categories: frozenset[str]) -> Iterator[tuple[FetchStep, Step]]:
    """The steps of these categories; a category that is not granted is not even asked for."""
    for step in mapping.fetch:
        if step.category in categories:
            people = tuple(person_columns(step.person, ()))
            places = (*(place for item in finding_columns(step, ()) for place in item), *people)
            formats = _formats(places, {"at": ("since", "until"), "from": ("since", "until")})
            order = dict.fromkeys((*(item.ref for item in step.findings), *(place.column for place in people[:1])))
            yield step, _plain(mapping, step, places, tuple(order), formats)


def named_steps(mapping: MappingFile) -> Iterator[tuple[str, Step, FetchStep | None]]:
    """Every step that a database is asked, with what an operator calls it; for a fetch, as it stands in the mapping."""
    for by in dict.fromkeys(item.by for item in mapping.find):
        for _, plain in find_steps(mapping, by):
            yield f"find by {', '.join(by)}", plain, None
    for step, plain in fetch_steps(mapping, frozenset(item.category for item in mapping.fetch)):
        yield f"fetch {step.category}", plain, step
    if mapping.as_of is not None and mapping.as_of.sql is not None:
        yield "as_of", Step(sql=mapping.as_of.sql), None


def files_of(mapping: MappingFile) -> dict[str, tuple[str, ...]]:
    """The files that a mapping of kind `files` reads, by their name in it, each with every column that is read."""
    finds = (step for by in dict.fromkeys(item.by for item in mapping.find) for _, step in find_steps(mapping, by))
    fetches = (step for _, step in fetch_steps(mapping, frozenset(item.category for item in mapping.fetch)))
    found: dict[str, set[str]] = {}
    for step in (*finds, *fetches):
        found.setdefault(step.table or "", set()).update((*step.columns, *(item.column for item in step.where)))
    return {name: tuple(sorted(columns)) for name, columns in found.items() if name}


def query_values(query: PersonQuery) -> dict[str, Bound]:
    """What a query binds: days as days, and each text in the usual ways of writing it.

    A system that keeps `KHAN` holds the same person as one that keeps `Khan`; to compare with one writing only would
    be to miss them and say "none found".
    """
    return {name: _ways(name, value) for name, value in query.fields.items()}


def _ways(name: str, value: str | date | None) -> Bound:
    if not isinstance(value, str):
        return value
    text = value.strip()
    ways: tuple[str, ...] = (text,)
    if name in _NAMES:
        ways = name_ways(text)
    elif name == "postcode":
        tight = "".join(text.upper().split())
        spaced = f"{tight[:-3]} {tight[-3:]}"
        ways = (spaced, tight, spaced.lower(), tight.lower())
    elif name == "nhs_number":
        tight = "".join(text.split())
        ways = (tight, f"{tight[:3]} {tight[3:6]} {tight[6:]}", f"{tight[:3]}-{tight[3:6]}-{tight[6:]}")
    elif name == "postcode_sector":
        tight = "".join(text.upper().split())
        spaced = f"{tight[:-1]} {tight[-1:]}"
        ways = (spaced, tight, spaced.lower(), tight.lower())
    elif name == "house_number":
        ways = (text, text.upper(), text.lower())
    elif name == "uprn":
        ways = (text, text.lstrip("0"), text.zfill(12))
    return tuple(dict.fromkeys(ways))


def _plain(
    mapping: MappingFile, step: FindStep | FetchStep, places: tuple[Place, ...], order: tuple[str, ...],
    formats: Mapping[str, str],
) -> Step:  # fmt: skip
    by = step.by if isinstance(step, FindStep) else ()
    if (web := web_step(mapping, step, formats)) is not None:
        return Step(web=web, by=by)
    if step.sql is not None:
        return Step(sql=step.sql, formats=formats, by=by)
    columns = tuple(dict.fromkeys(place.column for place in places))
    where = tuple(_condition(column, test, places) for column, test in step.where.items())
    return Step(table=step.table, columns=columns, where=where, order=order, by=by)


def _condition(column: str, test: str | Comparison, places: tuple[Place, ...]) -> Condition:
    form = next((_form(place) for place in places if place.column == column and _form(place)), None)
    if isinstance(test, str):
        return Condition(column=column, key=test, format=form)
    if test.at_least is not None:
        return Condition(column=column, key=test.at_least, how="at_least", format=form)
    if test.at_most is not None:
        return Condition(column=column, key=test.at_most, how="at_most", format=form)
    if test.sector is not None:
        return Condition(column=column, key=test.sector, how="sector", format=form)
    return Condition(column=column, key=test.soundex or "", how="soundex", format=form)


def _form(place: Place) -> str | None:
    return place.spec.format if isinstance(place.spec, Column) else None


def _formats(places: tuple[Place, ...], keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """For a raw statement: in which format a day is bound, by the format of the column that it is compared with."""
    found: dict[str, str] = {}
    for place in places:
        if form := _form(place):
            for key in keys.get(place.field, ()):
                found.setdefault(key, form)
    return found
