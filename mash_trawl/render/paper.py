"""A document to print and sign: title, facts, parts with tables. One page, one style block, no script, nothing loaded.

What it says is a value (`Paper`), so that a sheet for the case file and the dossier are laid out by the same hand. The
page's own policy names its one style by its hash and forbids everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from mash_trawl.model.base import Private
from mash_trawl.render.pages import environment, style_of
from mash_trawl.render.view import Group


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Cell(Private):
    """What stands in one cell: its `text`, a `code` (a rule, a hash) below it, and a `tag` in front of it.

    The tag has its word and its shape, so nothing is told by colour alone.
    """

    text: str = ""
    code: str = ""
    tag: Group | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Grid(Private):
    """A table with headers; the first cell of a row is its heading. `empty` says in words that there are no rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "None."
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Part(Private):
    """One part of the page: `anchor` is its id; `notes` stand on top, `listed` is numbered, `pre` shown as it is."""

    anchor: str
    title: str
    notes: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    listed: tuple[str, ...] = ()
    pre: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Paper(Private):
    """The whole document. `signed_by` are the offices that sign it; `foot` are its last lines."""

    marking: str
    kind: str
    heading: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    notices: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    binds: tuple[str, str] | None = None
    foot: tuple[str, ...] = ()


def cells(*texts: str) -> tuple[Cell, ...]:
    """A row of plain text."""
    return tuple(Cell(text=text) for text in texts)


def print_paper(paper: Paper) -> str:
    """The document as HTML. The same paper gives the same bytes; hostile text is escaped and made visible."""
    templates = environment()
    style = style_of(templates, "page.css", "paper.css")
    return templates.get_template("paper.html").render(paper=paper, **style)
