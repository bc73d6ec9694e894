"""Check 24: there is a page that says what the connector asks for, and it says all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mash_trawl.testing.bench import Bench
from mash_trawl.testing.checks.shape import OPEN
from mash_trawl.testing.describe import page, project_of
from mash_trawl.testing.verdict import check

SECTIONS = ("what it asks for", "install")


@check(24, "page", "Its page can be made from the class, and its README says what it asks for and how to set it up.")
def described(bench: Bench) -> Iterator[str]:
    """What a data protection officer reads before it is approved."""
    kind = bench.connector
    doc = (kind.__doc__ or "").strip()
    if len(doc.split()) < 2:
        yield "it has no docstring: one sentence says what it brings and from which system."
    if OPEN.search(doc):
        yield "its docstring still says FILL_IN: what it brings, from which system."
    made = page(kind)
    for name in (*kind.offers, *(field for key in kind.search_keys for field in key)):
        if f"`{name}`" not in made:
            yield f"its page does not name {name}."
    project = project_of(bench.declared)
    if project is None:
        return
    readme = project / "README.md"
    if not readme.is_file():
        yield f"its distribution {project.name} has no README.md."
        return
    yield from _readme(bench, readme)


def _readme(bench: Bench, readme: Path) -> Iterator[str]:
    text = readme.read_text(encoding="utf-8")
    if OPEN.search(text):
        yield "its README.md still says FILL_IN."
    heads = [line.lstrip("#").strip().lower() for line in text.splitlines() if line.startswith("#")]
    for section in SECTIONS:
        if not any(head.startswith(section) for head in heads):
            yield f"its README.md has no section `{section.capitalize()}`."
    for offer in sorted(bench.connector.offers):
        if offer not in text and f"`{offer.partition('.')[2]}`" not in text:
            yield f"its README.md does not name {offer}."
    if "connect:" not in text:
        yield "its README.md shows no `connect:` settings for hub.yaml."
