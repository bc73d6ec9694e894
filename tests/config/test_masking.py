"""What is kept of hub.yaml shows which server is asked and never with which password."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mash_trawl.config.masking import masked
from mash_trawl.errors import Misconfigured


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("database: postgresql://hub:secret@db.example/hub", 'database: "postgresql://hub:***@db.example/hub"'),
        ("proxy: http://127.0.0.1:3128", "proxy: http://127.0.0.1:3128"),
        ("connect: {key: hunter2, url: 'https://a.example/v1?token=s'}",
         'connect: {key: "***", url: "https://a.example/v1?***"}'),
        ("connect: {key: file:../keys/police, other: env:POLICE}", None),
        ("connect:\n  dsn: |\n    Driver=X;\n    PWD=s\n  user: a, b # note",
         'connect:\n  dsn: "***"\n  user: "***" # note'),
        ("sources:\n  - {name: a, proxy: 'http://u:s@p:1', connect: [deep, {er: s}]}",
         'sources:\n  - {name: a, proxy: "http://u:***@p:1", connect: ["***", {er: "***"}]}'),
        ("# was postgresql://hub:secret@db/hub\nname: north", "# was postgresql://hub:***@db/hub\nname: north"),
        ("people:\n  - {id: r.cole, roles: [decider]}", None),
    ],
)  # fmt: skip
def test_only_what_could_be_secret_is_left_out(line: str, kept: str | None) -> None:
    assert masked(f"{line}\n") == f"{line if kept is None else kept}\n"


values = st.text(st.characters(min_codepoint=32, exclude_categories=["C", "Z"]), min_size=6, max_size=30)


@given(values, st.sampled_from([None, "'", '"', "|", ">"]))
@example("000://", None)
@example("://host/path", None)
def test_no_plain_value_survives_however_it_is_quoted(value: str, style: str | None) -> None:
    secret = f"canary{value}"
    text = yaml.safe_dump({"connect": {"a": secret, "b": "env:B"}}, default_style=style, allow_unicode=True)
    assert "canary" not in masked(text)
    assert yaml.safe_load(masked(text))["connect"]["b"] == "env:B"


def test_what_is_no_yaml_is_not_kept() -> None:
    with pytest.raises(Misconfigured, match="no") as wrong:
        masked("connect: {password: hunter2")
    assert "hunter2" not in str(wrong.value)
