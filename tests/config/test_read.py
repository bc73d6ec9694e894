"""Values in and out: the inverse of the plain form, each kind of scalar in one writing, and no value in any error."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.config.case import load_case
from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.config.read import read_document, read_value
from mash_trawl.config.tree import from_plain, walk
from mash_trawl.errors import Misconfigured
from mash_trawl.model.answer import Answer, Coverage, Status, Why
from mash_trawl.model.base import DOCUMENT, Known, to_plain
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.duration import Duration
from mash_trawl.model.finding import Event, Fact, Involvement, Relationship, Residence
from mash_trawl.model.person import Address, Name
from mash_trawl.model.query import Candidate, PersonQuery

WHEN = PartialDate.parse("about May 2019")
FINDINGS = (
    Event(ref="1", about=("k1",), category="housing.asb", when=WHEN, headline="Noise", cites=("2",)),
    Involvement(ref="2", about=("k1",), category="housing.asb", service="Tenancy support", from_=WHEN),
    Residence(ref="3", about=(), category="housing.tenancy", address=Address(lines=("1 Low Road",), from_=WHEN)),
    Relationship(ref="4", about=("k1",), category="housing.tenancy", from_="k1", to="k2", kind="partner", since=WHEN),
    Fact(ref="5", about=("k1",), category="housing.tenancy", name="gp_practice", value="North", restricted=True),
)
ANSWER = Answer(
    source="housing", agency="housing", person="p1", status=Status.FOUND, why=Why.MATCHED, findings=FINDINGS,
    coverage=Coverage(from_="2009-04"), not_searched=(("nhs_number",),), asked_at=datetime(2026, 11, 3, tzinfo=UTC),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One field of each kind."""

    __pydantic_config__ = DOCUMENT
    text: str = ""
    whole: int = 0
    flag: bool = False
    fact: Known = "unknown"
    day: date | None = None
    at: datetime | None = None
    long: Duration | None = None
    size: Literal[1, 2] = 1
    either: Literal["all"] | tuple[str, ...] = ()
    groups: dict[str, tuple[int, ...]] | None = None


def test_an_answer_with_every_kind_of_finding_comes_back_from_its_plain_form() -> None:
    again = read_value(Answer, to_plain(ANSWER))
    assert again == ANSWER
    assert [type(item) for item in again.findings] == [type(item) for item in FINDINGS]


def test_lists_that_are_empty_and_needed_may_be_missing_in_plain_data_only(write: Any, complaints: Any) -> None:
    assert read_value(Residence, to_plain(FINDINGS[2])).about == ()
    assert (
        "`about` is missing here" in complaints(read_document, Residence, write("ref: x\ncategory: y\naddress: {}"))[0]
    )


@pytest.mark.parametrize("value", [*FINDINGS, Name(given=("A",)), Candidate(ref="1", born=WHEN, names=(Name(),))])
def test_every_value_is_what_it_was(value: Any) -> None:
    assert read_value(type(value), to_plain(value)) == value


def test_a_query_comes_back_with_its_days() -> None:
    query = PersonQuery(id="q1", person="p1", by=("born",), born=date(2014, 5, 17))
    assert read_value(PersonQuery, to_plain(query)) == query


def test_a_finding_is_told_apart_by_its_type_alone(complaints: Any) -> None:
    plain = to_plain(ANSWER)
    plain["findings"][0]["type"] = "evnt"
    plain["findings"][1]["sevice"] = "x"
    del plain["findings"][2]["type"]
    found = complaints(read_value, Answer, plain)
    assert found[0].startswith("value: findings[0].type `type` must be") and "Did you mean `event`?" in found[0]
    assert found[1].startswith("value: findings[1].* this key is not known here. Did you mean `service`?")
    assert found[2].startswith("value: findings[2].type") and len(found) == 3


@pytest.mark.parametrize(
    ("field", "good"),
    [
        ("whole", {"7": 7, "012": 12, "-3": -3, 7: 7}),
        ("flag", {"yes": True, "no": False, "true": True, "false": False, True: True}),
        ("fact", {"yes": "yes", "unknown": "unknown", "true": "yes", False: "no"}),
        ("day", {"2026-11-10": date(2026, 11, 10), "10/11/2026": date(2026, 11, 10)}),
        ("at", {"2026-11-03T09:20Z": datetime(2026, 11, 3, 9, 20, tzinfo=UTC)}),
        ("long", {"2h": Duration(seconds=7200)}),
        ("size", {"2": 2, 1: 1}),
        ("either", {"all": "all"}),
        ("text", {"NO": "NO", "012": "012"}),
    ],
)
def test_each_kind_is_read_from_its_one_writing(field: str, good: dict[Any, Any]) -> None:
    for given_value, expected in good.items():
        value = getattr(read_value(Sample, {field: given_value}), field)
        assert value == expected and type(value) is type(expected)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("whole", ["1_000", "1.0", "1e3", " 7", "٣", "x", True, [], "9" * 40, ""]),
        ("flag", ["Yes", "NO", "on", "1", 1, "y", "t", ""]),
        ("fact", ["maybe", "Yes", 1]),
        ("day", ["2026-11", "2026-02-30", "1762164300", "2026-11-10T00:00:00Z", 5, "about 2026-11-10"]),
        ("at", ["2026-11-03", "2026-11-03T09:20", "1762164300", 1762164300, "2026-11-03T25:00Z", "now"]),
        ("long", ["20", 20, "1.5h", ""]),
        ("size", ["3", 3, True, "one"]),
        ("either", ["some", {"a": "b"}, 3]),
        ("text", [1, True, ["x"], {"a": "b"}]),
        ("groups", [{"a": ["x"]}, {"a": "1"}, ["a"]]),
    ],
)
def test_no_other_writing_is_taken_for_it(field: str, bad: list[Any]) -> None:
    for given_value in bad:
        with pytest.raises(Misconfigured) as caught:
            read_value(Sample, {field: given_value})
        assert caught.value.problems[0].where.startswith(f"value: {field}")


def test_a_clock_time_without_offset_is_refused_also_as_an_object() -> None:
    with pytest.raises(Misconfigured, match="the time has no offset from UTC"):
        read_value(Sample, {"at": datetime(2026, 11, 3)})


def test_a_null_is_a_missing_key_everywhere() -> None:
    assert read_value(Sample, {"flag": None, "groups": None, "fact": None}) == Sample()


@pytest.mark.parametrize("data", [None, "x", 5, [], True])
def test_something_else_than_a_group_is_refused(data: Any) -> None:
    with pytest.raises(Misconfigured):
        read_value(Sample, data)


def test_the_walk_gives_every_part_in_reading_order() -> None:
    paths = [path for path, _ in walk({"a": [1, {"b": 2}], "c": 3})]
    assert paths == [(), ("a",), ("a", 0), ("a", 1), ("a", 1, "b"), ("c",)]
    assert from_plain({"a": 1}, "value").where(("a",)) == "value: *"


CANARY = "Zq7canaryZq7"
TWISTS = st.sampled_from(["value", "key", "list", "inside", "tag", "quoted", "duplicate"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(twist=TWISTS, choice=st.integers(0, 10_000), hub=st.booleans())
def test_no_error_ever_holds_a_value_of_the_file(
    twist: str, choice: int, hub: bool, case_text: str, hub_text: str, write: Any
) -> None:
    text = hub_text if hub else case_text
    if twist in ("tag", "quoted", "duplicate"):
        places = [at for at, sign in enumerate(text) if sign in " \n{[,:"]
        at = places[choice % len(places)] + 1
        text = text[:at] + {"tag": f"!{CANARY} ", "quoted": f'"{CANARY}', "duplicate": f"{CANARY}: "}[twist] + text[at:]
    else:
        data = yaml.safe_load(text.replace(": yes}", ": 'yes'}").replace(": no\n", ": 'no'\n"))
        text = yaml.safe_dump(_planted(data, twist, choice), allow_unicode=True)
    try:
        (load_hub_file if hub else load_case)(write(text, "planted.yaml"))
    except Misconfigured as error:
        assert CANARY not in str(error) + repr(error) + "".join(map(str, error.problems))
        assert error.__context__ is None and error.__cause__ is None


@settings(max_examples=150, deadline=None)
@given(twist=st.sampled_from(["value", "key", "list", "inside"]), choice=st.integers(0, 10_000))
def test_no_error_about_plain_data_holds_a_value(twist: str, choice: int) -> None:
    try:
        read_value(Answer, _planted(to_plain(ANSWER), twist, choice))
    except Misconfigured as error:
        assert CANARY not in str(error)


def test_the_canary_would_be_seen() -> None:
    with pytest.raises(Misconfigured, match=CANARY):
        read_value(Sample, {"whole": "x"}, where=CANARY)


def _planted(data: Any, twist: str, choice: int) -> Any:
    """A copy with the canary in place of one part, as a key beside it, or around it."""
    data = copy.deepcopy(data)
    spots = [path for path, _ in walk(data) if path]
    path = spots[choice % len(spots)]
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    old = inner[path[-1]]
    if twist == "key" and isinstance(inner, dict):
        inner[CANARY] = old
    else:
        inner[path[-1]] = {"list": [CANARY, old], "inside": {CANARY: old}}.get(twist, CANARY)
    return data
