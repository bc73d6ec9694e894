"""The genogram as SVG."""

from __future__ import annotations

from html import escape

from mash_trawl.model.family import Family


def genogram_svg(family: Family, audience: str = "full") -> str:
    """The drawing of a family as one SVG document."""
    lines = "".join(
        f'<text x="10" y="{20 + 20 * place}">{escape(person.name)}</text>' for place, person in enumerate(family.people)
    )
    height = 20 + 20 * len(family.people)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 {height}"><title>Family</title>{lines}</svg>'
