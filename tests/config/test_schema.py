"""The published schemas: valid, equal to their files, and of one mind with what we read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mash_trawl.config import schema as schemas
from mash_trawl.config.case import load_case
from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.config.profiles import load_profile
from mash_trawl.errors import Misconfigured
from mash_trawl.model.base import to_plain

FOLDER = Path(__file__).resolve().parents[2] / "profiles" / "schema"


@pytest.mark.parametrize("name", schemas.NAMES)
def test_each_schema_is_valid_and_stands_in_its_file(name: str) -> None:
    made = schemas.schema(name)
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$id"] == f"https://mash-trawl.example/schema/{name}.v1.json"
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    published = (FOLDER / f"{name}.v1.json").read_text(encoding="utf-8")
    assert published == schemas.text(name), f"run: python -m mash_trawl.config.schema {FOLDER.name}"


def test_what_we_read_is_valid_under_the_schema(write: Any, case_text: str, hub_text: str) -> None:
    for name, value in (
        ("case", load_case(write(case_text))),
        ("hub", load_hub_file(write(hub_text, "hub.yaml"))),
        ("profile", replace(load_profile("children_in_need"), document=None)),
    ):
        jsonschema.Draft202012Validator(schemas.schema(name)).validate(to_plain(value))


def test_a_schema_refuses_unknown_keys_and_words(write: Any, case_text: str) -> None:
    plain = to_plain(load_case(write(case_text)))
    check = jsonschema.Draft202012Validator(schemas.schema("case"))
    assert not list(check.iter_errors(plain))
    for change in ({"extra": 1}, {"version": 2}, {"opened_at": 5}):
        assert list(check.iter_errors(plain | change))


def test_defaults_are_written_as_files_write_them() -> None:
    limits = schemas.schema("hub")["$defs"]["Limits"]["properties"]
    assert limits["deadline"]["default"] == "20s"


def test_an_unknown_schema_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(Misconfigured, match=r"Did you mean `product`\?"):
        schemas.schema("prodct")


def test_the_writer_writes_them_all(tmp_path: Path) -> None:
    schemas.write_all(tmp_path / "schema")
    written = sorted(path.name for path in (tmp_path / "schema").iterdir())
    assert written == sorted(f"{name}.v1.json" for name in schemas.NAMES)
    assert all(json.loads((tmp_path / "schema" / name).read_text(encoding="utf-8")) for name in written)
