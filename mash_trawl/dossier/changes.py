"""What the hub runs with, against what was approved last: file by file, as a unified diff.

hub.yaml may hold a password. Its diff is therefore one of what it says, with every value that could be secret left out.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mash_trawl.config.approvals import HUB_FILE, Document, approved_now
from mash_trawl.config.read import read_value
from mash_trawl.config.yamltext import parse_yaml
from mash_trawl.errors import Misconfigured, Refused
from mash_trawl.model.base import to_plain
from mash_trawl.model.dossier import FileFacts
from mash_trawl.model.hub import HubFile
from mash_trawl.model.statement import Approval, Checked

KeptText = Callable[[Approval], bytes | None]
"""Approval to what its file said then, if that was kept; Refused when it was altered since."""
_SECRET = ("database", "proxy", "account")
"""Fields of hub.yaml whose values are never printed."""


def files(documents: Sequence[Document], spoken: Sequence[Checked], kept: KeptText) -> tuple[FileFacts, ...]:
    """Every file of today, then those that were approved once and are not used any more."""
    standing = approved_now(tuple(spoken))
    last = {name: one for one in spoken for name, said in standing.items() if one.statement.said is said}
    now = [_file(document, last.get(document.name), kept) for document in documents]
    known = {document.name for document in documents}
    gone = [_gone(name, one) for name, one in last.items() if name not in known]
    return (*now, *gone)


def _file(document: Document, last: Checked | None, kept: KeptText) -> FileFacts:
    if last is None or not isinstance(last.statement.said, Approval):
        return FileFacts(file=document.name, sha256=document.sha256, state="never_approved")
    said = last.statement.said
    same = said.sha256 == document.sha256
    return FileFacts(
        file=document.name, sha256=document.sha256, state="approved" if same else "changed",
        approved_by=last.statement.by, approved_at=last.statement.at, approved_sha256=said.sha256,
        diff="" if same else _diff(document, said, kept),
    )  # fmt: skip


def _gone(name: str, last: Checked) -> FileFacts:
    said = last.statement.said
    sha256 = said.sha256 if isinstance(said, Approval) else ""
    return FileFacts(
        file=name, sha256="", state="no_longer_used", approved_by=last.statement.by, approved_at=last.statement.at,
        approved_sha256=sha256,
    )  # fmt: skip


def _diff(document: Document, approved: Approval, kept: KeptText) -> str:
    """The unified diff; a sentence where the approved text was not kept."""
    try:
        content = kept(approved)
    except Refused as refusal:
        return f"What it was cannot be shown: {refusal}."
    if content is None:
        return f"The text with the SHA-256 {approved.sha256} was not kept; compare it by hand."
    before, after = content.decode("utf-8", "replace"), document.text
    if document.name == HUB_FILE:
        before, after = _told(before), _told(after)
    lines = list(difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"{document.name} (approved)", f"{document.name} (now)", lineterm=""
    ))  # fmt: skip
    return "\n".join(lines) or "Only comments, order or values that are not printed here have changed."


def _told(text: str) -> str:
    """What a hub file says, one fact a line, without what could be secret."""
    try:
        settings = read_value(HubFile, parse_yaml(text, HUB_FILE).data, HUB_FILE)
    except Misconfigured:
        return "This hub file can no longer be read by this program."
    return "\n".join(_lines(to_plain(settings), ""))


def _lines(value: Any, path: str) -> Iterator[str]:
    name = path.rpartition(".")[2]
    if path.endswith(_SECRET) or ".connect." in path:
        yield f"{path}: (not printed)"
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _lines(value[key], f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            label = item.get("name") or item.get("id") or str(at) if isinstance(item, dict) else ""
            yield from _lines(item, f"{path}[{label}]" if label else path)
    else:
        yield f"{name and path}: {json.dumps(value, ensure_ascii=False)}"
