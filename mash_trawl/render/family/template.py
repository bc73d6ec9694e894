"""A letter's template: a head, the text with its placeholders, and words; read strictly, told by file and line.

The file is made by a translator, not by a programmer, so it has few signs and no power: `{{ name }}`, `[if list]` ...
`[end]`, `- each list: ...`. Nothing in it can reach anything but the facts that its kind of letter has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.telling import LISTS, NUMBERS, TellingKind

SCALARS: Final[Mapping[TellingKind, frozenset[str]]] = {
    "notice": frozenset({"name", "today", "number", "partnership", "team", "telephone", "complaints"}),
    "sheet": frozenset({"name", "today", "number", "partnership", "team", "telephone", "complaints", "sealed_on"}),
}
"""What a placeholder outside a list can stand for, beside the numbers."""
MUST: Final[Mapping[TellingKind, frozenset[str]]] = {
    "notice": frozenset({"name", "number", "team", "telephone", "complaints", "kept_days"}),
    "sheet": frozenset({"name", "number", "team", "telephone", "complaints", "readers", "copies"}),
}
"""Without these (and without every list) a letter would keep something back that a family must be told."""
NEEDED_WORDS = (
    "you", "and", "number", "how", "law.other", "how.letter", "how.email", "how.telephone", "how.text",
    "how.in_person", "how.through_worker",
)  # fmt: skip
SAID_WORDS = (
    "choice.consent_not_sought", "choice.consent_not_given", "choice.consent_withdrawn", "choice.consent_expired",
    "basis.law", "basis.agreement", "basis.earlier",
)  # fmt: skip
SHEET_WORDS = ("stopped.consent_withdrawn", "stopped.no_longer")
_HEAD = ("notice", "kind", "language", "dir", "easy-read", "date", "months")
_PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_IF = re.compile(r"\[if (not )?([a-z_]+)\]")
_EACH = re.compile(r"- each ([a-z_]+): (.+)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_VERSION = re.compile(r"[a-z][a-z-]*-[0-9]+(\.[0-9]+)*")
Part = Sequence[tuple[int, str]]
"""Lines with their numbers."""
Wrong = Callable[[int, str], None]
"""Notes a fault: the line, and what is wrong there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of text. `tag` is h1, h2, p, li or each; `of` its list, `sub` what is said once for each kind in it.

    `only`: list or flag that must hold something (`absent`: must hold nothing) for the block to be there.
    """

    tag: str
    text: str
    line: int
    of: str = ""
    sub: str = ""
    only: str = ""
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template that was read: `version` is what a consent's `explained.notice` names; `rtl`: right to left."""

    version: str
    kind: TellingKind
    language: str
    rtl: bool
    easy: bool
    date: str
    months: tuple[str, ...]
    blocks: tuple[Block, ...]
    words: Mapping[str, str] = field(default_factory=dict)


def read_template(text: str, where: str) -> Template:
    """The template in this text. Misconfigured with every fault, each as `where:line`."""
    faults: list[tuple[int, str]] = []

    def wrong(line: int, what: str) -> None:
        faults.append((line, what))

    parts = _parts(text)
    made = None
    if len(parts) != 3:
        wrong(1, "a template has three parts, head, text and words, with a line `---` between them.")
    else:
        made = _template(parts, wrong)
    if made is None or faults:
        do = "Compare it with the template that comes with the program; see docs/for-families.md."
        raise Misconfigured(*(Problem(where=f"{where}:{line}", what=what, do=do) for line, what in faults))
    return made


def _template(parts: Sequence[Part], wrong: Wrong) -> Template | None:
    head = _head(parts[0], wrong)
    words = _words(parts[2], wrong)
    kind = head.get("kind")
    if kind not in ("notice", "sheet") or any(not head.get(key) for key in _HEAD):
        return None
    blocks = tuple(_blocks(parts[1], wrong))
    _check(kind, blocks, words, wrong)
    return Template(
        version=head["notice"], kind=kind, language=head["language"], rtl=head["dir"] == "rtl",
        easy=head["easy-read"] == "yes", date=head["date"],
        months=tuple(month.strip() for month in head["months"].split(",")), blocks=blocks, words=words,
    )  # fmt: skip


def _parts(text: str) -> list[Part]:
    parts: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.strip() == "---":
            parts.append([])
        else:
            parts[-1].append((number, line.rstrip()))
    return list(parts)


def _head(part: Part, wrong: Wrong) -> dict[str, Any]:
    head: dict[str, Any] = {}
    for number, line in part:
        key, colon, value = (piece.strip() for piece in line.partition(":"))
        if not line.strip():
            continue
        if not colon or key not in _HEAD:
            wrong(number, f"the head holds only {', '.join(_HEAD)}.")
        elif key in head:
            wrong(number, f"`{key}` stands here twice.")
        elif fault := _head_fault(key, value):
            wrong(number, fault)
        else:
            head[key] = value
    if missing := [key for key in _HEAD if key not in head]:
        wrong(part[0][0] if part else 1, f"the head lacks: {', '.join(missing)}.")
    return head


def _head_fault(key: str, value: str) -> str:
    """Why this cannot stand in the head; empty if it can."""
    match key:
        case "notice" if not _VERSION.fullmatch(value):
            return "`notice` is a name and a version, such as family-notice-1.0."
        case "kind" if value not in LISTS:
            return "`kind` is notice or sheet."
        case "language" if not _LANGUAGE.fullmatch(value):
            return "`language` is a code such as en, cy or ur."
        case "dir" if value not in ("ltr", "rtl"):
            return "`dir` is ltr (left to right) or rtl."
        case "easy-read" if value not in ("yes", "no"):
            return "`easy-read` is yes or no."
        case "months" if len([month for month in value.split(",") if month.strip()]) != 12:
            return "`months` are twelve names with commas between."
        case "date" if set(_PLACE.findall(value)) != {"day", "month", "year"}:
            return "`date` holds {{ day }}, {{ month }} and {{ year }}."
    return ""


def _words(part: Part, wrong: Wrong) -> dict[str, str]:
    words: dict[str, str] = {}
    for number, line in part:
        key, sign, value = (piece.strip() for piece in line.partition("="))
        if not line.strip():
            continue
        if not sign or not value:
            wrong(number, "a word is written as `code = words`.")
        elif key in words:
            wrong(number, f"the word `{key}` stands here twice.")
        words[key] = value
    return words


def _blocks(part: Part, wrong: Wrong) -> Iterator[Block]:
    """The text in pieces: headings, list items and paragraphs, each with the condition that it stands under."""
    only, absent, opened = "", False, 0
    held: list[tuple[int, str]] = []

    def flush() -> Iterator[Block]:
        if held:
            said = " ".join(line.strip() for _, line in held)
            yield Block(tag="p", text=said, line=held[0][0], only=only, absent=absent)
            held.clear()

    lines = list(part)
    for at, (number, line) in enumerate(lines):
        if line.startswith("  - "):
            continue
        if line and not line.startswith(("#", "[", "- ")):
            held.append((number, line))
            continue
        yield from flush()
        if line.startswith("["):
            test = _IF.fullmatch(line)
            if (line != "[end]" and not test) or bool(test) == bool(opened):
                wrong(number, "conditions are `[if list]` or `[if not list]`, then `[end]`, never one inside another.")
            only, absent, opened = (test[2], bool(test[1]), number) if test else ("", False, 0)
        elif line:
            below = lines[at + 1][1] if at + 1 < len(lines) else ""
            sub = below[4:] if below.startswith("  - ") else ""
            yield _block(line, number, sub, only, absent)
    yield from flush()
    if opened:
        wrong(opened, "this `[if ...]` has no `[end]`.")


def _block(line: str, number: int, sub: str, only: str, absent: bool) -> Block:
    each = _EACH.fullmatch(line)
    if each:
        return Block(tag="each", of=each[1], text=each[2], sub=sub, line=number, only=only, absent=absent)
    mark, _, text = line.partition(" ")
    tag = {"#": "h1", "##": "h2", "-": "li"}.get(mark, "")
    return Block(tag=tag, text=text.strip(), line=number, only=only, absent=absent)


def _check(kind: TellingKind, blocks: Sequence[Block], words: Mapping[str, str], wrong: Wrong) -> None:
    """Nothing that this kind of letter does not have, and everything that it must say."""
    lists, scalars = LISTS[kind], SCALARS[kind] | NUMBERS[kind]
    for block in blocks:
        fields = lists.get(block.of, frozenset()) - {"kind"} if block.of else scalars
        if block.of and block.of not in lists:
            wrong(block.line, f"there is no list `{block.of}`; a {kind} has {', '.join(lists)}.")
        elif not block.tag or not block.text:
            wrong(block.line, "a heading is `# ...` or `## ...`, an item `- ...`.")
        else:
            _placeholders(block.text, fields, block.line, wrong)
            _placeholders(block.sub, fields | (lists.get(block.of, frozenset()) & {"kind"}), block.line + 1, wrong)
        if block.only and block.only not in lists:
            wrong(block.line, f"there is no list `{block.only}` to stand under; a {kind} has {', '.join(lists)}.")
    first = blocks[0].line if blocks else 1
    said = {name for block in blocks if not block.of for name in _PLACE.findall(block.text)}
    if missing := sorted(MUST[kind] - said):
        wrong(first, f"these must be said and are not: {', '.join(f'{{{{ {name} }}}}' for name in missing)}.")
    if missing := [name for name in lists if name not in {block.of for block in blocks}]:
        wrong(first, f"these lists must be there and are not: {', '.join(missing)}.")
    if [block.tag for block in blocks].count("h1") != 1:
        wrong(first, "there is exactly one `# ...`: the letter's title.")
    needed = (*NEEDED_WORDS, *SAID_WORDS, *(SHEET_WORDS if kind == "sheet" else ()))
    if missing := [word for word in needed if word not in words]:
        wrong(first, f"the words lack: {', '.join(missing)}.")


def _placeholders(text: str, known: frozenset[str], line: int, wrong: Wrong) -> None:
    for name in _PLACE.findall(text):
        if name not in known:
            wrong(line, f"there is no `{{{{ {name} }}}}` here; known are {', '.join(sorted(known)) or 'none'}.")
    if re.search(r"\{\{|\}\}|\{%|%\}", _PLACE.sub("", text)):
        wrong(line, "a placeholder is written `{{ name }}`, and nothing else stands in such braces.")


def without_places(text: str) -> str:
    """The text with a short word where a placeholder stands, to judge how hard the template's own words are."""
    return _PLACE.sub("it", text)
