"""The legend: only the signs that this drawing uses, then the ties that are not drawn as lines, then the notes."""

from __future__ import annotations

from collections.abc import Iterable

from mash_trawl.model.family import Family, FamilyPerson, LinkKind, UnionStatus
from mash_trawl.model.shown import day_words
from mash_trawl.render.draw import DASH, MARGIN, Drawing, shape
from mash_trawl.render.metrics import text_width, wrap
from mash_trawl.render.place import HALF
from mash_trawl.render.safe import visible, xml
from mash_trawl.render.words import STATUS, tie_words

_LINKS = {
    "birth": "child by birth, or nature not stated",
    "not_stated": "child by birth, or nature not stated",
    "adopted": "adopted",
    "fostered": "fostered",
    "step": "step-child",
    "special_guardianship": "special guardianship",
    "kinship": "kinship care",
}
_SIZE, _ROW, _SAMPLE = 12, 26, 40


def legend(family: Family, drawing: Drawing) -> tuple[list[str], int]:
    """The parts of the legend and the height they need, placed under the drawing."""
    width = drawing.width
    parts = [f'<g class="legend" font-size="{_SIZE}">']
    x, y = MARGIN, drawing.height + 20
    parts.append(f'<text x="{x}" y="{y}" font-weight="bold">What the signs mean</text>')
    y += 24
    for sample, words in dict.fromkeys(_signs(family)):
        need = _SAMPLE + text_width(words, _SIZE) + 24
        if x > MARGIN and x + need > width - MARGIN:
            x, y = MARGIN, y + _ROW
        moved = f'<g transform="translate({x} {y})">{sample}</g>'
        parts.append(f'{moved}<text x="{x + _SAMPLE}" y="{y + 4}">{xml(words)}</text>')
        x += need
    y += _ROW
    for line in _statements(family, drawing):
        for piece in wrap(visible(line), _SIZE, width - 2 * MARGIN):
            parts.append(f'<text class="note" x="{MARGIN}" y="{y}" unicode-bidi="isolate">{xml(piece)}</text>')
            y += 18
    parts.append("</g>")
    return parts, y - drawing.height + MARGIN - 8


def _statements(family: Family, drawing: Drawing) -> Iterable[str]:
    name = {person.id: person.name for person in family.people}
    for tie in family.ties:
        yield "Also stated: " + tie_words(tie.kind, tie.nature, name[tie.from_], name[tie.to])
    yield from drawing.relaxed
    yield from family.notes


def _signs(family: Family) -> Iterable[tuple[str, str]]:
    yield from _people(family)
    for union in family.unions:
        if len(union.partners) == 2:
            yield _couple(union.spells[-1].status if union.spells else "partners")
            ended = {spell.status for spell in union.spells if spell.until is None}
            if ended & {"separated", "divorced"}:
                yield (
                    '<path d="M8 8 L18 -8" stroke="#0b0c0c" stroke-width="2"/>',
                    "one stroke: separated; two: divorced",
                )
    for link in family.children:
        yield _drop(link.kind), _LINKS[link.kind]
        if link.disputed:
            yield '<text x="8" y="5" font-weight="bold">?</text>', "disputed: every version is drawn"
    if any(item.kind == "born_same_day" for item in family.derived):
        yield '<path d="M0 0 L26 0" stroke="#0b0c0c" stroke-width="4"/>', "born on the same day (derived)"
    if family.households:
        box = '<rect y="-9" width="26" height="18" rx="5" fill="none" stroke="#1d70b8" stroke-dasharray="3 3"/>'
        yield box, f"same letter: one home, as at {day_words(family.as_at)}"


def _couple(status: UnionStatus) -> tuple[str, str]:
    dash = DASH.get(status, "")
    words = STATUS[status] if dash else "married or partners, now or once"
    return (
        f'<path d="M0 0 L28 0" stroke="#0b0c0c" stroke-width="2" stroke-dasharray="{dash or "none"}"/>',
        f"couple: {words}",
    )


def _drop(kind: LinkKind) -> str:
    dash = DASH.get(kind, "none")
    return f'<path d="M14 -11 L14 11" stroke="#0b0c0c" stroke-width="2" stroke-dasharray="{dash}"/>'


def _people(family: Family) -> Iterable[tuple[str, str]]:
    born = [person for person in family.people if person.life != "unborn"]
    sexes = {person.sex for person in born}
    if "male" in sexes:
        yield _small(FamilyPerson(id="", name="", sex="male")), "male"
    if "female" in sexes:
        yield _small(FamilyPerson(id="", name="", sex="female")), "female"
    if sexes & {"other", "unknown"}:
        yield _small(FamilyPerson(id="", name="")), "other, or not known"
    if len(born) < len(family.people):
        yield _small(FamilyPerson(id="", name="", life="unborn")), "unborn"
    if any(person.life == "deceased" for person in born):
        yield _small(FamilyPerson(id="", name="", sex="female", life="deceased")), "cross: has died"
    if any(person.index for person in family.people):
        yield _small(FamilyPerson(id="", name="", sex="female", index=True)), "double outline: subject of this case"
    if any(person.found_by for person in family.people):
        yield (
            _small(FamilyPerson(id="", name="", sex="female", found_by="-")),
            "broken outline: mentioned only",
        )


def _small(person: FamilyPerson) -> str:
    return f'<g transform="scale(0.55)">{shape(person, HALF + 4, 0)}</g>'
