"""What changed since a file was approved: as a diff, and of hub.yaml without anything that could be secret."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from mash_trawl.config.approvals import Document
from mash_trawl.dossier.changes import files
from mash_trawl.errors import Refused
from mash_trawl.model.statement import Approval, Checked, Statement

HUB = """\
version: 1
name: north
profiles: [early_help]
database: postgresql+psycopg://hub:{password}@db.invalid/hub
root_keys: {{paths: [../keys/root.a]}}
reader_keys: ../keys/readers
signing_key: ../keys/hub.sign
people:
  - {{id: a.dpo, account: north\\adpo, roles: [data_protection_officer]}}
sources:
  - {{name: housing, agency: housing, connector: housing, connect: {{url: "https://{password}.invalid"}}, limits: {{rows: {rows}}}}}
"""  # noqa: E501


def _document(name: str, text: str) -> Document:
    return Document(name=name, sha256=hashlib.sha256(text.encode()).hexdigest(), text=text)


def _approved(file: str, sha256: str, by: str = "a.dpo", number: int = 1, approvers: tuple[str, ...] = ()) -> Checked:
    said = Approval(file=file, sha256=sha256, approvers=approvers)
    at = datetime(2026, 11, number, 9, tzinfo=UTC)
    return Checked(statement=Statement(id=f"s{number}", kind="approval", hub="north", by=by, at=at, said=said),
                   roles=frozenset({"data_protection_officer"}))  # fmt: skip


def _kept(*documents: Document) -> Callable[[Approval], bytes | None]:
    texts = {document.sha256: document.text.encode() for document in documents}
    return lambda approval: texts.get(approval.sha256)


def test_each_file_is_approved_changed_never_approved_or_no_longer_used() -> None:
    old, new, fresh = _document("a.yaml", "one: 1\n"), _document("a.yaml", "one: 2\n"), _document("b.yaml", "x: 1\n")
    same = _document("c.yaml", "y: 1\n")
    spoken = (_approved("a.yaml", old.sha256), _approved("c.yaml", same.sha256, number=2),
              _approved("gone.yaml", "0" * 64, number=3))  # fmt: skip
    found = files((new, fresh, same), spoken, _kept(old))
    assert [(one.file, one.state) for one in found] == [
        ("a.yaml", "changed"), ("b.yaml", "never_approved"), ("c.yaml", "approved"), ("gone.yaml", "no_longer_used"),
    ]  # fmt: skip
    assert found[0].diff.splitlines()[-2:] == ["-one: 1", "+one: 2"]
    assert found[2].approved_by == "a.dpo" and found[2].diff == ""


def test_the_diff_of_the_hub_file_says_what_changed_and_no_password() -> None:
    before = _document("hub.yaml", HUB.format(password="s3cret-old", rows=5))
    after = _document("hub.yaml", HUB.format(password="s3cret-new", rows=9))
    (found,) = files((after,), (_approved("hub.yaml", before.sha256),), _kept(before))
    assert "-sources[housing].limits.rows: 5" in found.diff and "+sources[housing].limits.rows: 9" in found.diff
    assert not any(word in found.diff for word in ("s3cret", "invalid", "adpo"))
    (found,) = files(
        (_document("hub.yaml", HUB.format(password="s3cret-new", rows=5)),), (_approved("hub.yaml", before.sha256),),
        _kept(before),
    )  # fmt: skip
    assert found.state == "changed"
    assert found.diff == "Only comments, order or values that are not printed here have changed."


def test_a_text_that_was_not_kept_is_said_to_be_missing_and_not_shown_as_unchanged() -> None:
    (found,) = files((_document("a.yaml", "one: 2\n"),), (_approved("a.yaml", "f" * 64),), lambda _: None)
    assert found.state == "changed" and "was not kept" in found.diff


def test_an_approval_by_somebody_whom_the_approved_hub_file_does_not_name_does_not_count() -> None:
    mine = _document("a.yaml", "one: 1\n")
    spoken = (_approved("hub.yaml", "a" * 64, approvers=("a.dpo",)),
              _approved("a.yaml", mine.sha256, by="b.intruder", number=2))  # fmt: skip
    (found, _) = files((mine,), spoken, lambda _: None)
    assert found.state == "never_approved"


def test_a_text_that_was_altered_is_said_to_be_and_shown_to_nobody() -> None:
    def altered(_: Approval) -> bytes | None:
        raise Refused("kept_text_altered", "it was changed in the database by hand")

    (found,) = files((_document("a.yaml", "one: 2\n"),), (_approved("a.yaml", "0" * 64),), altered)
    assert found.diff == "What it was cannot be shown: it was changed in the database by hand."
