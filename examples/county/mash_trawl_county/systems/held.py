"""What a system holds of a person: the county's own spelling mistakes, wrong days, old addresses and gaps applied."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from mash_trawl_county.people import Home, Human

Spelling = Mapping[tuple[str, str], Mapping[str, Any]]
"""(system, person id) to what this system holds otherwise.

`given`, `family`, `former` (text), `born` (date), `home` (Home), and `drop`: the fields it does not hold at all, of
`born middle former home nhs upn sex`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One person as one system holds them; empty or None where it holds nothing."""

    given: str
    family: str
    middle: str
    former: str
    born: date | None
    sex: str
    home: Home | None
    nhs: str
    upn: str


def held_as(person: Human, system: str, spelling: Spelling) -> Held:
    """The person in this system's spelling. A child who is not born yet has no day of birth anywhere."""
    own = spelling.get((system, person.id), {})
    drop = own.get("drop", ())

    def word(name: str) -> str:
        return "" if name in drop else str(own.get(name, getattr(person, name)))

    return Held(
        given=word("given"), family=word("family"), middle=word("middle"), former=word("former"),
        born=None if "born" in drop or person.due else own.get("born", person.born), sex=word("sex"),
        home=None if "home" in drop else own.get("home", person.home), nhs=word("nhs"), upn=word("upn"),
    )  # fmt: skip


def write_json(file: Path, value: list[Any] | Mapping[str, list[Any]]) -> None:
    """One JSON file of a system's data; the items of a list, at the top or one below it, stand one a line."""
    with file.open("w", encoding="utf-8") as out:
        if isinstance(value, list):
            _write_list(out, value)
            return
        out.write("{")
        for number, (key, rows) in enumerate(value.items()):
            out.write(f"{',' if number else ''}{json.dumps(key)}: ")
            _write_list(out, rows)
        out.write("}\n")


def _write_list(out: TextIO, rows: Iterable[Any]) -> None:
    out.write("[")
    out.writelines(f"{',' if number else ''}\n{json.dumps(row, ensure_ascii=False)}" for number, row in enumerate(rows))
    out.write("]\n")


def keep_secret(folder: Path, name: str) -> None:
    """The client secret of a server of this county; one that is there is kept."""
    secret = folder / f"{name}.secret"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(24), "utf-8")
        secret.chmod(0o600)
