"""Reading a mapping: the document, then what only shows when its parts are seen together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath

from mash_trawl.config.mapping_columns import Place, finding_columns, parts_problems, person_columns
from mash_trawl.config.mapping_person import other_problems, person_problems
from mash_trawl.config.mapping_web import WEB, barred_place, sent_keys, web_problems
from mash_trawl.config.mapping_words import format_problem, literal_problem, restriction_problem, sortable, zone_problem
from mash_trawl.config.problems import Found, nearest, report
from mash_trawl.config.read import read_tree, validate
from mash_trawl.config.tree import Path
from mash_trawl.model.mapping import FETCH_KEYS, Column, Comparison, FetchStep, FindStep, MappingFile
from mash_trawl.model.query import QUERY_FIELDS
from mash_trawl.model.sql_words import binds, names, not_read_only, reads_everything

_FILES = ("files", "sftp")
_PERIOD = {"at_least": ("since", "born_from"), "at_most": ("until", "born_to")}


def load_mapping(path: str | FilePath) -> MappingFile:
    """The mapping in a file. Raises Misconfigured with every problem at file:line:column."""
    return read_mapping(path)[0]


def read_mapping(path: str | FilePath) -> tuple[MappingFile, str]:
    """The same, with the digest of the very bytes that were read."""
    tree = read_tree(path)
    mapping = _with_people(validate(MappingFile, tree))
    report(problems(mapping), tree)
    return mapping, tree.sha256


def _with_people(mapping: MappingFile) -> MappingFile:
    """Each step with its own `person`, taken from the step before where it has none."""
    steps: list[FindStep] = []
    for step in mapping.find:
        before = steps[-1].person if steps else None
        steps.append(replace(step, person=step.person or before))
    return replace(mapping, find=tuple(steps))


def problems(mapping: MappingFile) -> Iterator[Found]:
    """Everything that is wrong with a mapping whose parts are each well formed."""
    if mapping.kind == "person":
        yield from person_problems(mapping)
        return
    yield from other_problems(mapping)
    if not mapping.find:
        yield Found(path=("find",), what="there is no way to find anybody", do="Give at least one step.")
    if not mapping.fetch:
        yield Found(path=("fetch",), what="nothing is ever fetched", do="Give at least one step.")
    for number, find in enumerate(mapping.find):
        at: Path = ("find", number)
        yield from _find(find, at)
        yield from _step(mapping, find, at, list(person_columns(find.person, (*at, "person"))))
    for number, fetch in enumerate(mapping.fetch):
        at = ("fetch", number)
        yield from _fetch(mapping, fetch, at)
        places = [place for item in finding_columns(fetch, at) for place in item]
        places += person_columns(fetch.person, (*at, "person"))
        yield from _step(mapping, fetch, at, places)
    yield from _as_of(mapping)


def _find(step: FindStep, at: Path) -> Iterator[Found]:
    if step.person is None:
        yield Found(path=at, what="the first step must say how a person is described (person)")
    if not step.by:
        yield Found(path=(*at, "by"), what="a step must say by which facts it searches")
    for number, key in enumerate(step.by):
        if key not in QUERY_FIELDS:
            do = nearest(key, QUERY_FIELDS)
            yield Found(path=(*at, "by", number), what="there is no such query key", do=do)
        elif key in step.by[:number]:
            yield Found(path=(*at, "by", number), what="this key stands here twice")
    used = {*_keys(step.where), *binds(step.sql or ""), *sent_keys(step)}
    for number, key in enumerate(step.by):
        if key in QUERY_FIELDS and key not in used:
            what = f"{key} is asked for and never used"
            yield Found(path=(*at, "by", number), what=what, do="Compare a column with it, or leave it out.")


def _fetch(mapping: MappingFile, step: FetchStep, at: Path) -> Iterator[Found]:
    if not step.category.startswith(f"{mapping.agency}."):
        what = f"a category must begin with the agency: {mapping.agency}."
        yield Found(path=(*at, "category"), what=what)
    if not step.findings:
        what = "the step fills no finding"
        yield Found(path=at, what=what, do="Add event, residence, relationship, involvement or fact.")
    if "ref" not in {*_keys(step.where), *binds(step.sql or ""), *sent_keys(step)}:
        what = "the step is not bound to one record"
        yield Found(path=at, what=what, do="Use ref, the key that find gave.")
    for item in step.findings:
        kind = type(item).__name__.removesuffix("Map").lower()
        for name in ("kind", "significance", "polarity", "basis", "nature", "parental_responsibility", "status"):
            value = getattr(item, name, None)
            if value is not None and (what := literal_problem(kind, name, value)):
                yield Found(path=(*at, kind, name), what=what)


def _step(mapping: MappingFile, step: FindStep | FetchStep, at: Path, places: list[Place]) -> Iterator[Found]:
    allowed = step.by if isinstance(step, FindStep) else FETCH_KEYS
    yield from web_problems(mapping, step, at, allowed, places)
    if mapping.kind in WEB:
        yield from _columns(mapping, step, at, places)
        return
    if (step.table is None) == (step.sql is None):
        yield Found(path=at, what="a step has either a table or sql", do="Give exactly one of the two.")
    if step.sql is not None and step.where:
        yield Found(path=(*at, "where"), what="where belongs to a table", do="Write the condition in the statement.")
    if step.sql is not None:
        yield from _statement(mapping, step.sql, (*at, "sql"), allowed)
        returned = names(step.sql)
        for place in places:
            if place.column.lower() not in returned:
                yield Found(path=place.path, what=f"the statement does not name the column {place.column}")
    yield from _where(step, at, allowed, places)
    yield from parts_problems(step, at)
    yield from _columns(mapping, step, at, places)


def _columns(mapping: MappingFile, step: FindStep | FetchStep, at: Path, places: list[Place]) -> Iterator[Found]:
    barred = _barred(mapping)
    for place in places:
        if place.column.lower() in barred or (mapping.kind in WEB and barred_place(mapping, place.column)):
            yield Found(path=place.path, what=f"the column {place.column} may never be read")
        if isinstance(place.spec, Column):
            if place.spec.map and place.spec.words:
                what = "map turns codes into ours, words only tells them"
                yield Found(path=place.path, what=what, do="Give one of the two.")
            if what := format_problem(place.spec.format) or zone_problem(place.spec.zone):
                yield Found(path=place.path, what=what)
            if what := literal_problem("person", place.field, place.spec) if place.field == "sex" else "":
                yield Found(path=place.path, what=what)
            if what := restriction_problem(place.spec) if place.field == "restrictions" else "":
                yield Found(path=place.path, what=what)
    for column in step.where:
        if column.lower() in barred:
            yield Found(path=(*at, "where", column), what=f"the column {column} may never be read")


def _where(step: FindStep | FetchStep, at: Path, allowed: tuple[str, ...], places: list[Place]) -> Iterator[Found]:
    formats = {place.column: place.spec.format for place in places if isinstance(place.spec, Column)}
    for column, test in step.where.items():
        path = (*at, "where", column)
        key, how = compared(test)
        if key is None:
            what = "a comparison is one of at_least, at_most, soundex, sector"
            yield Found(path=path, what=what, do="Give exactly one of them.")
            continue
        if key not in allowed:
            do = f"Here may stand: {', '.join(allowed)}."
            yield Found(path=path, what="this is no key that the step has", do=do)
        elif how in _PERIOD and key not in _PERIOD[how]:
            yield Found(path=path, what=f"{how} needs {' or '.join(_PERIOD[how])}")
        elif how == "soundex" and not key.endswith("_soundex"):
            yield Found(path=path, what="soundex needs family_soundex or given_soundex")
        elif how == "sector" and key != "postcode_sector":
            yield Found(path=path, what="sector needs postcode_sector")
        if how in _PERIOD and not sortable(formats.get(column)):
            what = "days written like this do not sort as text, so a period cannot be compared"
            yield Found(path=path, what=what, do="Leave the comparison out: the engine keeps the period too.")


def _statement(mapping: MappingFile, sql: str, path: Path, allowed: tuple[str, ...]) -> Iterator[Found]:
    if what := not_read_only(sql):
        yield Found(path=path, what=what, do="Values are bound as :name; nothing else can be filled in.")
    if reads_everything(sql):
        yield Found(path=path, what="select * is not allowed", do="Name each column, so that one can see what is read.")
    for name in sorted(_barred(mapping) & names(sql)):
        yield Found(path=path, what=f"the column {name} may never be read")
    for key in binds(sql):
        if key not in allowed:
            do = f"Here may stand: {', '.join(allowed) or 'none'}."
            yield Found(path=path, what=f":{key} is not a key that the step has", do=do)


def _as_of(mapping: MappingFile) -> Iterator[Found]:
    said = mapping.as_of
    if mapping.kind in _FILES:
        steps = [(("find", number), one.sql) for number, one in enumerate(mapping.find)]
        steps += [(("fetch", number), one.sql) for number, one in enumerate(mapping.fetch)]
        for at, sql in steps:
            if sql is not None:
                yield Found(path=(*at, "sql"), what="a file has no statements", do="Use table and where.")
    if said is None:
        return
    if sum(part is not None for part in (said.lag, said.sql, said.file)) != 1:
        yield Found(path=("as_of",), what="as_of is one of lag, sql, file", do="Give exactly one of them.")
    if said.sql is not None and mapping.kind in WEB:
        yield Found(path=("as_of", "sql"), what="a web service has no statements", do="Give a lag, or leave it out.")
    elif said.sql is not None:
        yield from _statement(mapping, said.sql, ("as_of", "sql"), ())
    if (said.file is not None) != (mapping.kind in _FILES) and said.lag is None:
        yield Found(path=("as_of",), what=f"this as_of does not go with the kind {mapping.kind}")


def compared(test: str | Comparison) -> tuple[str | None, str]:
    """The query key of a comparison and how it is compared; no key if it is not exactly one comparison."""
    if isinstance(test, str):
        return test, "equals"
    known = ("at_least", "at_most", "soundex", "sector")
    given = [(getattr(test, how), how) for how in known if getattr(test, how) is not None]
    return given[0] if len(given) == 1 else (None, "")


def _keys(where: Mapping[str, str | Comparison]) -> list[str]:
    return [key for key, _ in map(compared, where.values()) if key]


def _barred(mapping: MappingFile) -> frozenset[str]:
    return frozenset(name.lower().rpartition(".")[2] for name in mapping.never)
