"""Reading the words of a statement: what it binds, names and does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.model.sql_words import binds, names, not_read_only, reads_everything, tokens


@given(st.text())
def test_the_pieces_of_any_text_are_the_text(sql: str) -> None:
    assert "".join(token.text for token in tokens(sql)) == sql


def test_only_a_name_outside_texts_comments_and_casts_is_bound() -> None:
    sql = "select ':a', \":b\", x::date, y /* :c */ from t -- :d\nwhere z = :ref and w = :since or :ref is null"
    assert binds(sql) == ("ref", "since")


def test_names_are_read_through_each_kind_of_quotation_mark() -> None:
    assert {"plain", 'do"uble', "back", "square"} <= names(
        'select Plain, "Do""uble", `back`, [square], \'text\' from t'
    )
    assert "text" not in names("select 'text'")


@pytest.mark.parametrize("sql", [
    "select 1", "SELECT 1;", "with x as (select 1) select * from x", " -- note\n select 1", "/* a;b */ select ';' as a",
    "select replace(a, 'drop', ''), \"update\" from t",
])  # fmt: skip
def test_one_plain_question_passes(sql: str) -> None:
    assert not_read_only(sql) is None


@pytest.mark.parametrize("sql", [
    "", ";", "insert into t values (1)", "select 1; select 2", "select 1 drop table t", "select * into x from t",
    "with d as (delete from t returning 1) select 1", "exec sp_x", "select 1 /* unclosed", "select $$x$$", "select ?",
    "select 'unclosed", "explain select 1", "select x for update", "select 1 grant all to x", "(select 1)",
])  # fmt: skip
def test_everything_else_is_refused(sql: str) -> None:
    assert not_read_only(sql)


@pytest.mark.parametrize(
    "sql", ["select * from t", "select t.* from t", "select a, * from t", "select distinct *from t"]
)
def test_reading_everything_is_seen(sql: str) -> None:
    assert reads_everything(sql)


@pytest.mark.parametrize(
    "sql", ["select count(*) from t", "select a * b from t", "select '*' from t", "select 2*(3) as n"]
)
def test_a_product_or_a_count_is_not_everything(sql: str) -> None:
    assert not reads_everything(sql)
