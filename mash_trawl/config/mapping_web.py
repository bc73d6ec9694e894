"""What only shows of a mapping over a web service when its parts are seen together.

Who is searched for goes into a body, never into an address: addresses stand in the logs of servers and proxies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from mash_trawl.config.mapping_columns import Place
from mash_trawl.config.problems import Found
from mash_trawl.config.tree import Path
from mash_trawl.model.json_path import names_of, parts_of
from mash_trawl.model.mapping import FetchStep, FindStep, MappingFile
from mash_trawl.model.mapping_web import SearchValue, search_keys

WEB = ("http", "fhir")
_PATH = re.compile(r"/?(?!\.)[A-Za-z0-9._~-]+(?:/(?:(?!\.)[A-Za-z0-9._~-]+|:[a-z_]+))*/?")
_FIELD = re.compile(r"[^.\s]+(?:\.[^.\s]+)*")
_PERIOD = {"at_least": ("since", "born_from"), "at_most": ("until", "born_to")}
_OWN = {
    "http": ("path", "body", "params", "fixed", "items", "pages"),
    "fhir": ("resource", "search", "fixed"),
}
_TABLES = ("table", "where", "sql")
_PERSONAL = ("nhs_number", "upn")
_ADDRESS = "an address stands in the logs of servers and proxies"
AnyStep = FindStep | FetchStep


def sent_keys(step: AnyStep) -> set[str]:
    """Every key whose value a step sends."""
    searched = (key for value in step.search.values() for _, key in search_keys(value))
    return {*step.body.values(), *step.params.values(), *searched, *_in_path(step)}


def barred_place(mapping: MappingFile, column: str) -> bool:
    """True if the place is one that may never be read, or stands inside one."""
    names = [name.lower() for name in names_of(column)]
    barred = [name.lower().split(".") for name in mapping.never]
    return any(names[: len(one)] == one for one in barred) or bool({*names} & {one[0] for one in barred if not one[1:]})


def web_problems(
    mapping: MappingFile, step: AnyStep, at: Path, allowed: Sequence[str], places: Sequence[Place]
) -> Iterator[Found]:
    """What is wrong with a step of kind `http` or `fhir`, or with one that is neither and says such things."""
    own = _OWN.get(mapping.kind, ())
    for name in dict.fromkeys(chain(*_OWN.values(), _TABLES if mapping.kind in WEB else ())):
        if name not in own and getattr(step, name) not in (None, {}, ()):
            yield Found(path=(*at, name), what=f"{name} does not go with the kind {mapping.kind}")
    if mapping.kind != "http" and mapping.pages is not None and at == ("find", 0):
        yield Found(path=("pages",), what=f"pages does not go with the kind {mapping.kind}")
    if mapping.kind not in WEB:
        return
    yield from _http(mapping, step, at) if mapping.kind == "http" else _fhir(step, at)
    yield from _keys(step, at, allowed)
    for place in places:
        if parts_of(place.column) is None:
            do = "Write name, name.part, name[0].part, name[use=official].part or, last, name[*]."
            yield Found(path=place.path, what="this is no place in an object", do=do)
        elif place.field == "json":
            do = "Name its parts: line1: address[0].line1."
            yield Found(path=place.path, what="an answer is JSON already", do=do)


def _http(mapping: MappingFile, step: AnyStep, at: Path) -> Iterator[Found]:
    if step.path is None:
        yield Found(path=at, what="a step must say what is asked (path)", do="For example path: people/search.")
    elif not _PATH.fullmatch(step.path):
        do = "Write it without host, query and dots: people/search, or people/:ref/visits."
        yield Found(path=(*at, "path"), what="this is no path under the service's address", do=do)
    if (step.pages or mapping.pages) is None:
        do = "Say pages: {by: whole}, cursor, offset or link; what is not said is not guessed."
        yield Found(path=at, what="nothing says how the list is paged", do=do)
    for name in (*step.body, *(step.fixed if step.body else ())):
        if not _FIELD.fullmatch(name):
            yield Found(path=(*at, "body" if name in step.body else "fixed", name), what="this is no name of a field")
    yield from _clashes(step, at)
    if isinstance(step, FindStep):
        if not step.body:
            yield Found(path=at, what="nothing is sent that says who is searched for (body)")
        for name in step.params:
            what = f"who is searched for may not stand in an address: {_ADDRESS}"
            yield Found(path=(*at, "params", name), what=what, do="Send it in the body.")
    elif _personal_ref(mapping):
        shown = [("path",)] if "ref" in _in_path(step) else []
        for inside in [*shown, *(("params", name) for name, key in step.params.items() if key == "ref")]:
            what = f"ref is a number of the person's own here, and {_ADDRESS}"
            yield Found(path=(*at, *inside), what=what, do="Send it in the body.")


def _clashes(step: AnyStep, at: Path) -> Iterator[Found]:
    """Names of a body of which one is another, or stands inside another."""
    names = [*step.body, *step.fixed]
    for name in names:
        if names.count(name) > 1 or any(other.startswith(f"{name}.") for other in names):
            part = "fixed" if name in step.fixed else "body"
            yield Found(path=(*at, part, name), what="this stands in the body twice")


def _personal_ref(mapping: MappingFile) -> bool:
    """True if the key of a record is a number that a person has everywhere."""
    people = [step.person for step in mapping.find if step.person is not None]
    return any(person.ref == getattr(person, name) for person in people for name in _PERSONAL)


def _fhir(step: AnyStep, at: Path) -> Iterator[Found]:
    if step.resource is None or not (step.resource.isascii() and step.resource.isalpha()):
        path = (*at, "resource") if step.resource is not None else at
        yield Found(path=path, what="a step must name a type of resource", do="For example resource: Patient.")
    if not step.search:
        yield Found(path=at, what="a step must say by what it searches (search)")
    for name, value in step.search.items():
        if name in step.fixed:
            yield Found(path=(*at, "fixed", name), what="this is searched by already")
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, SearchValue) and not _one_way(one):
                do = "Give at_least, or at_most, or system with value."
                yield Found(path=(*at, "search", name), what="this is no way to compare", do=do)
        for how, key in search_keys(value):
            if how in _PERIOD and key not in _PERIOD[how]:
                yield Found(path=(*at, "search", name), what=f"{how} needs {' or '.join(_PERIOD[how])}")


def _one_way(value: SearchValue) -> bool:
    days = [day for day in (value.at_least, value.at_most) if day is not None]
    token = value.system is not None and value.value is not None
    half = (value.system is None) != (value.value is None)
    return not half and len(days) + token == 1


def _keys(step: AnyStep, at: Path, allowed: Sequence[str]) -> Iterator[Found]:
    inside: Iterable[tuple[Path, str]] = (
        *((("body", name), key) for name, key in step.body.items()),
        *((("params", name), key) for name, key in step.params.items() if isinstance(step, FetchStep)),
        *((("path",), key) for key in _in_path(step)),
        *((("search", name), key) for name, value in step.search.items() for _, key in search_keys(value)),
    )
    for where, key in inside:
        if where == ("path",) and (key != "ref" or isinstance(step, FindStep)):
            yield Found(path=(*at, "path"), what="only :ref may stand in a path, and only in a fetch")
        elif key not in allowed:
            do = f"Here may stand: {', '.join(allowed)}."
            yield Found(path=(*at, *where), what="this is no key that the step has", do=do)


def _in_path(step: AnyStep) -> list[str]:
    return [part[1:] for part in (step.path or "").split("/") if part.startswith(":")]
