"""Lanes: one answer for every pair, whatever the sources do."""

from __future__ import annotations


def test_a_source_that_knows_everybody_is_found_with_rows_asked_and_closed(world, in_memory):
    world.sources = {"memory": in_memory}
    answers = world.answers()
    assert [(a.person, a.status, a.why, a.found) for a in answers] == [
        ("p1", "found", "matched", 1),
        ("p2", "found", "matched", 1),
    ]
    asked = world.rows("source.asked")
    assert sorted((row["step"], row["people"][0]) for row in asked) == [
        ("fetch", "p1"),
        ("fetch", "p2"),
        ("find", "p1"),
        ("find", "p2"),
    ]
    assert len(world.rows("source.answered")) == 4
