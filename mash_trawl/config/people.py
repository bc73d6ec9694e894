"""Adding a person to hub.yaml as text, so that comments and order stay as the council wrote them."""

from __future__ import annotations

import json
import re

from mash_trawl.model.hub import Enrolled

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@\\ -]*")
_BLOCK = re.compile(r"people:[ \t]*(#.*)?")
_FLOW = re.compile(r"people:[ \t]*\[.*\][ \t]*(#[^\]]*)?")


def person_line(person: Enrolled) -> str:
    """The person as one item of `people:` in hub.yaml."""
    parts = [f"id: {_scalar(person.id)}"]
    if person.account is not None:
        parts.append(f"account: {_scalar(person.account)}")
    parts.append(f"roles: [{', '.join(map(_scalar, person.roles))}]")
    if person.left is not None:
        parts.append(f"left: {person.left.isoformat()}")
    return f"{{{', '.join(parts)}}}"


def with_person(text: str, person: Enrolled) -> str | None:
    """The hub file with the person added; None where `people:` is not written in one of the two ways known here.

    Known are a list with a dash before each person, and one line with square brackets. The caller reads the outcome
    back and compares: text that looks right is not trusted to be right.
    """
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if _FLOW.fullmatch(line.rstrip("\r\n")):
            return "".join([*lines[:at], _in_brackets(line, person), *lines[at + 1 :]])
        if _BLOCK.fullmatch(line.rstrip("\r\n")):
            return _after_last(lines, at, person)
    return None


def _in_brackets(line: str, person: Enrolled) -> str:
    end = line.rindex("]")
    comma = "" if line[:end].rstrip().endswith("[") else ", "
    return f"{line[:end]}{comma}{person_line(person)}{line[end:]}"


def _after_last(lines: list[str], start: int, person: Enrolled) -> str | None:
    """Put the person after the last line of the list; None when its first line does not start with a dash."""
    held = []
    for at in range(start + 1, len(lines)):
        bare = lines[at].strip()
        if bare and not bare.startswith("#"):
            if lines[at][0] not in " -":
                break
            held.append(at)
    if not held or not lines[held[0]].lstrip().startswith("-"):
        return None
    first, last = lines[held[0]], lines[held[-1]]
    indent = first[: len(first) - len(first.lstrip())]
    end = "\r\n" if last.endswith("\r\n") else "\n"
    new = [last.rstrip("\r\n") + end, f"{indent}- {person_line(person)}{end}"]
    return "".join([*lines[: held[-1]], *new, *lines[held[-1] + 1 :]])


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text == text.strip() else json.dumps(text, ensure_ascii=False)
