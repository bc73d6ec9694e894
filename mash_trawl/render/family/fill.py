"""A template and the facts of one letter become pieces of text; what came from the facts stays apart from the words.

A value is never read for signs: it joins after the template was taken to pieces, so a name cannot become a heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mash_trawl.model.base import Private
from mash_trawl.model.profile import Profile
from mash_trawl.model.telling import Line, Telling
from mash_trawl.render.family.template import Block, Template
from mash_trawl.render.safe import visible

_SPLIT = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Run(Private):
    """Some words: the template's own, or a value. `foreign`: English that the template has no words for."""

    text: str
    value: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Piece(Private):
    """A heading, paragraph or item of the letter; `subs` are items under an item."""

    tag: str
    runs: tuple[Run, ...]
    subs: tuple[tuple[Run, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Letter(Private):
    """A filled letter. `how` says by which safe way it goes, in the letter's language; `to` is that address."""

    template: Template
    pieces: tuple[Piece, ...]
    how: str
    to: tuple[str, ...]
    number: str

    @property
    def title(self) -> str:
        """The words of its only `#`."""
        return next("".join(run.text for run in piece.runs) for piece in self.pieces if piece.tag == "h1")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Facts(Private):
    """What fills a template beside the telling: names by id, scalars, and how the letter reaches the person."""

    telling: Telling
    profile: Profile
    names: Mapping[str, str]
    scalars: Mapping[str, str]
    days: Mapping[str, date]
    contact_kind: str
    contact: str


def fill(template: Template, facts: Facts) -> Letter:
    """The letter. Every value is made visible; a list without entries takes its conditions with it."""
    lists = facts.telling.lists
    words = _Words(template, facts)
    pieces: list[Piece] = []
    for block in template.blocks:
        if block.only and bool(lists[block.only]) == block.absent:
            continue
        if block.of:
            pieces += [words.entry(block, line) for line in lists[block.of]]
        else:
            pieces.append(Piece(tag=block.tag, runs=tuple(words.runs(block.text, words.scalar))))
    return Letter(
        template=template, pieces=tuple(pieces), how=template.words[f"how.{facts.contact_kind}"],
        to=tuple(visible(line) for line in facts.contact.splitlines() if line.strip()), number=facts.scalars["number"],
    )  # fmt: skip


class _Words:
    """What placeholders stand for in one letter."""

    def __init__(self, template: Template, facts: Facts) -> None:
        self._template, self._facts, self._words = template, facts, template.words

    def runs(self, text: str, value: Callable[[str], Iterator[Run]]) -> Iterator[Run]:
        """Words and values in turn."""
        for at, part in enumerate(_SPLIT.split(text)):
            if at % 2:
                yield from value(part)
            elif part:
                yield Run(text=part)

    def scalar(self, name: str) -> Iterator[Run]:
        """A number, a day or a text of the letter."""
        if name in self._facts.telling.numbers:
            yield Run(text=str(self._facts.telling.numbers[name]))
        elif name in self._facts.days:
            yield Run(text=self.day(self._facts.days[name]))
        else:
            yield Run(text=visible(self._facts.scalars[name]), value=True)

    def entry(self, block: Block, line: Line) -> Piece:
        """One entry of a list, and what stands under it for each kind."""
        subs = tuple(self._filled(block.sub, line, kind) for kind in line.kinds) if block.sub else ()
        return Piece(tag="li", runs=self._filled(block.text, line), subs=subs)

    def _filled(self, text: str, line: Line, kind: str = "") -> tuple[Run, ...]:
        return tuple(self.runs(text, lambda name: self.field(name, line, kind)))

    def field(self, name: str, line: Line, kind: str = "") -> Iterator[Run]:
        """What an entry says."""
        match name:
            case "agency":
                yield self.titled(line.agency, self._facts.profile.agencies[line.agency].title)
            case "kind":
                known = self._facts.profile.category(kind)
                yield self.titled(kind, known.title if known else kind)
            case "about":
                yield from self.people(line.about)
            case "on":
                yield Run(text=self.day(line.on) if line.on else "-")
            case "choice" | "basis" | "stopped":
                yield Run(text=self._words[f"{name}.{line.code}"])
            case _:
                yield self.law(line.code)

    def titled(self, code: str, title: str) -> Run:
        """The template's words for a code; else the profile's own, which are English."""
        known = self._words.get(code)
        foreign = known is None and not self._template.language.startswith("en")
        return Run(text=visible(known or title), foreign=foreign)

    def law(self, code: str) -> Run:
        """A law in plain words; one that the template has no words for by a sentence that is true of each."""
        return Run(text=self._words.get(f"law.{code}", self._words["law.other"]))

    def people(self, about: Sequence[str]) -> Iterator[Run]:
        """`you, Amy and Tom`."""
        for at, one in enumerate(about):
            if at:
                yield Run(text=f" {self._words['and']} " if at == len(about) - 1 else ", ")
            mine = one == self._facts.telling.person
            yield Run(text=self._words["you"]) if mine else Run(text=visible(self._facts.names[one]), value=True)

    def day(self, day: date) -> str:
        """A day as this language writes it."""
        parts = {"day": str(day.day), "month": self._template.months[day.month - 1], "year": str(day.year)}
        return _SPLIT.sub(lambda found: parts[found[1]], self._template.date)
