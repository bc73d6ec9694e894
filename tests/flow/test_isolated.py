"""The same county with every connector in a process of its own: nothing that anybody reads is different."""

from __future__ import annotations

from mash_trawl.model.base import to_plain

OURS = ("housing", "police", "health")


def said(answers):
    """What the answers say, without the times; and without the attempts, because each worker logs in for itself."""
    told = {}
    for answer in answers:
        plain = to_plain(answer)
        told[answer.source, answer.person] = {
            name: value for name, value in plain.items() if name not in ("asked_at", "milliseconds", "attempts")
        }
    return told


def test_our_own_connectors_answer_alike_on_threads_and_in_processes(place, county):
    case = place.case("children-in-need")
    with place.open() as hub:
        on_threads = hub.run(case).answers
    for name in OURS:
        place.edit(f"    connector: {name}\n", f"    connector: {name}\n    isolate: process\n")
    with place.open() as hub:
        assert [row.isolate for row in hub.registry.describe() if row.name in OURS] == ["process"] * 3
        assert hub.registry.warnings() == ()
        in_processes = hub.run(case, refresh=("all",)).answers
    assert {answer.status for answer in in_processes} >= {"found"}
    assert said(in_processes) == said(on_threads)
