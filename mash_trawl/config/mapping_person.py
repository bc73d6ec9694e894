"""A mapping of the kind `person`: what a person is asked, and by what they know who is meant."""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.config.problems import Found, nearest
from mash_trawl.model.mapping import MappingFile
from mash_trawl.model.query import SHOWN_FIELDS

LONGEST_QUESTION = 400
_STEPS = ("find", "fetch", "as_of", "pages", "never")


def person_problems(mapping: MappingFile) -> Iterator[Found]:
    """Everything that is wrong with a mapping of this kind."""
    for part in _STEPS:
        if getattr(mapping, part):
            what = f"a person is asked in words, and has no {part}"
            yield Found(path=(part,), what=what, do="Use asks and shows.")
    if not mapping.asks:
        yield Found(path=("asks",), what="nothing is ever asked", do="Give at least one category.")
    for number, ask in enumerate(mapping.asks):
        at = ("asks", number)
        if not ask.category.startswith(f"{mapping.agency}."):
            yield Found(path=(*at, "category"), what=f"a category must begin with the agency: {mapping.agency}.")
        if ask.category in [other.category for other in mapping.asks[:number]]:
            yield Found(path=(*at, "category"), what="this category stands here twice")
        if len(ask.question) > LONGEST_QUESTION:
            yield Found(path=(*at, "question"), what=f"a question has at most {LONGEST_QUESTION} characters")
    for number, key in enumerate(mapping.shows):
        if key not in SHOWN_FIELDS:
            what = "this is nothing that a sheet shows of a person"
            yield Found(path=("shows", number), what=what, do=nearest(key, SHOWN_FIELDS))


def other_problems(mapping: MappingFile) -> Iterator[Found]:
    """A mapping of any other kind asks by steps."""
    for part in ("asks", "shows"):
        if getattr(mapping, part):
            yield Found(path=(part,), what=f"{part} belongs to the kind person")
