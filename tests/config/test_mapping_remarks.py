"""What a mapping says and may not mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mash_trawl.cli.doctor_mappings import _sql_server
from mash_trawl.config.mapping import load_mapping
from mash_trawl.config.mapping_remarks import named_like_columns, not_before_2025, remarks
from mash_trawl.model.hub import SourceSettings
from mash_trawl.model.mapping import MappingFile

MAPPING = """version: 1
name: asb
agency: housing
kind: sql
find:
  - by: [uprn]
    table: person
    where: {uprn: uprn}
    person: {ref: person_id}
fetch:
  - category: housing.asb
    STEP
    event: {ref: case_id, at: opened, kind: KIND, headline: summary}
"""
TABLE = "table: asb_case\n    where: {person_id: ref}"
SQL = 'sql: "select case_id, opened, summary, c.asb_type from asb_case c where person_id = :ref"'
JOINED = SQL.replace("summary,", "summary || ' ' || note as summary,")
Made = Callable[..., MappingFile]


@pytest.fixture
def mapping(tmp_path: Path) -> Made:
    """A mapping with this step and this constant."""

    def made(step: str, kind: str = "asb") -> MappingFile:
        (tmp_path / "m.yaml").write_text(MAPPING.replace("STEP", step).replace("KIND", kind), "utf-8")
        return load_mapping(tmp_path / "m.yaml")

    return made


@pytest.mark.parametrize(
    ("step", "kind"), [(SQL, "asb_type"), (SQL, "ASB_Type"), (TABLE, "person_id"), (TABLE, "opened")]
)
def test_a_constant_with_the_name_of_a_column_is_told_with_what_to_write(mapping: Made, step: str, kind: str) -> None:
    (remark,) = remarks(mapping(step, kind))
    assert remark.step == "fetch housing.asb" and f"`event: kind: {kind}` is a constant" in remark.what
    assert remark.do == f"For the column write `kind: {{from: {kind}}}`."


@pytest.mark.parametrize(
    ("step", "kind"),
    [(SQL, "asb"), (SQL, "asb_case"), (SQL, "person_id"), (TABLE, "asb"), (TABLE, "{from: opened}")],
)
def test_a_word_that_is_no_column_of_the_step_is_a_constant(mapping: Made, step: str, kind: str) -> None:
    assert list(remarks(mapping(step, kind))) == []


def test_a_column_that_only_the_catalogue_knows_is_found_by_it(mapping: Made) -> None:
    (step,) = mapping(TABLE, "outcome").fetch
    assert [item.step for item in named_like_columns(step, ("person_id", "outcome"))] == ["fetch housing.asb"]
    assert list(named_like_columns(step, ("person_id",))) == []


def test_joining_texts_with_bars_is_told_with_the_statements_name(mapping: Made) -> None:
    (remark,) = not_before_2025(mapping(JOINED))
    assert remark.step == "fetch housing.asb" and "concat(" in remark.do
    quoted = SQL.replace("summary,", "'a||b' as summary,")
    assert list(not_before_2025(mapping(quoted))) == list(not_before_2025(mapping(TABLE))) == []


@pytest.mark.parametrize(
    ("connect", "which"),
    [
        ({"url": "mssql://SQLREAD/LCS"}, True),
        ({"driver": "ODBC Driver 18 for SQL Server"}, True),
        ({"driver": "FreeTDS"}, True),
        ({"driver": "MariaDB Unicode"}, False),
        ({"url": "postgresql://x/y"}, False),
    ],
)
def test_a_sql_server_is_known_by_its_address_or_driver(connect: dict[str, str], which: bool) -> None:
    assert _sql_server(SourceSettings(name="x", agency="housing", connect=connect)) is which
