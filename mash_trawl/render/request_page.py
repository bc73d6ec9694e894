"""An information request as one self-contained page to fill in offline: one style, one small script, nothing loaded.

The page's own policy names both by their hash and forbids everything else, also sending. The script reads the fields
and lets the browser save them as one file; no text of a case is ever part of it.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from markupsafe import Markup

from mash_trawl.config import return_sheets as sheets
from mash_trawl.model.request import Request
from mash_trawl.render.pages import environment, style_of
from mash_trawl.render.request_words import HOW, MARKING, PAGE, TITLE, head

_FILLED = ("said", "involved", "since", "last", "worker", "contact", "note")
_EXISTENCE = ("said", "note")
_BLOCKS = 2


def request_page(request: Request, content: bytes, signature: bytes) -> str:
    """The page. `content` is what was signed; the file that it saves holds it again."""
    templates = environment()
    script = templates.get_template("request.js").render()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    people = [
        {"meant": person, "lines": [_line(line, request) for line in request.lines if line.person == person.id]}
        for person in request.people
    ]
    return templates.get_template("request.html").render(
        title=TITLE, marking=MARKING, head=head(request), how=(*PAGE, *HOW), request=request, form=str(sheets.FORM),
        sealed=base64.b64encode(content).decode(), signature=base64.b64encode(signature).decode(),
        who=sheets.who(), identity=sheets.people().ask("identity"), people=people, records=sheets.records(),
        lines=[str(line.number) for line in request.lines if line.mode == "content"], blocks=_BLOCKS,
        script=Markup(script), script_hash=f"sha256-{digest}",  # noqa: S704 - our own file, no text of a case
        **style_of(templates, "request.css"),
    )  # fmt: skip


def _line(line: Any, request: Request) -> dict[str, Any]:
    asks = _FILLED if line.mode == "content" else _EXISTENCE
    table = sheets.answers()
    return {
        **sheets.printed_line(line, request), "words": sheets.words_of(line), "asks": [table.ask(key) for key in asks],
    }  # fmt: skip
