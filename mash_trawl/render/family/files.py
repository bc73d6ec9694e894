"""Which template file a letter uses: the hub's own before the one that comes with the program."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.telling import TellingKind
from mash_trawl.render.family.template import Template, read_template

FOLDER = Path("templates") / "family"
"""Where a hub keeps its own."""
MOST = 200_000
"""Bytes; no letter is longer."""


def template_for(hub: Path, kind: TellingKind, language: str, *, easy: bool) -> Template:
    """The template `KIND-LANGUAGE[-easy].txt` of the hub, else of the program. Misconfigured when there is none.

    The error does not say which language: it may be what the case says of a person.
    """
    tail = "-easy.txt" if easy else ".txt"
    name = f"{kind}-{language}{tail}"
    own = hub / FOLDER / name
    ours = files("mash_trawl.render.family") / "templates" / name
    plain = language.replace("-", "").isalnum()
    if plain and own.is_file():
        found = read_file(own)
    elif plain and ours.is_file():
        found = read_template(ours.read_text("utf-8"), f"{name} (of the program)")
    else:
        what = f"there is no {'easy-read ' if easy else ''}template of a {kind} in this language."
        wanted = hub / FOLDER / f"{kind}-LANGUAGE{tail}"
        do = f"Have one made by a qualified translator as {wanted}, or name --language en and arrange an interpreter."
        raise Misconfigured(Problem(where="--language", what=what, do=do))
    if (found.kind, found.language, found.easy) != (kind, language, easy):
        what = "the head does not say what the file's name says (kind, language, easy-read)."
        raise Misconfigured(Problem(where=f"{name}:1", what=what, do="Mend the head, or rename the file."))
    return found


def language_of(hub: Path, said: str | None) -> str:
    """The code of the language in which somebody is spoken to; `en` where the case does not say.

    The hub's own templates may be named by code; Misconfigured for a language that none of them is in.
    """
    if not said or said.strip().casefold() in ("en", "english"):
        return "en"
    code = said.strip().casefold()
    known = {file.name.split("-")[1].removesuffix(".txt") for file in (hub / FOLDER).glob("*-*.txt")}
    if code in known:
        return code
    what = "the case says that this person is spoken to in another language than English."
    do = "Name a template's language with --language; with --language en, arrange an interpreter."
    raise Misconfigured(Problem(where="--language", what=what, do=do))


def read_file(path: Path) -> Template:
    """The template in a file; Misconfigured when it cannot be read."""
    try:
        data = path.read_bytes()
        if len(data) > MOST:
            raise Misconfigured(Problem(where=str(path), what="it is too long for a letter.", do="Shorten it."))
        text = data.decode("utf-8")
    except OSError as problem:
        what = f"it cannot be read ({problem.strerror})."
        raise Misconfigured(Problem(where=str(path), what=what, do="Look at its place and rights.")) from None
    except UnicodeDecodeError:
        raise Misconfigured(Problem(where=str(path), what="it is not UTF-8.", do="Save it as UTF-8.")) from None
    return read_template(text, str(path))
