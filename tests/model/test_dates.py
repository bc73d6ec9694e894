"""Partial dates: every form that is read, every form that is refused, and the rules that hold for all of them."""

from __future__ import annotations

import string
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mash_trawl.model.dates import PartialDate

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 30))
SINGLE = st.one_of(
    DAYS.map(date.isoformat),
    DAYS.map(lambda day: day.isoformat()[:7]),
    DAYS.map(lambda day: day.isoformat()[:4]),
    DAYS.map(lambda day: f"{day.year}-XX"),
    DAYS.map(lambda day: f"{day:%Y-%m}-XX"),
    DAYS.map(lambda day: f"{str(day.year)[:3]}X"),
    st.tuples(DAYS, st.integers(21, 24))
    .map(lambda pair: f"{pair[0].year}-{pair[1]}")
    .filter(lambda text: int(text[2:4]) + 1 != int(text[5:])),
)
MARKED = st.tuples(SINGLE, st.sampled_from(["", "~", "?", "%"])).map("".join)


def read(text: str) -> PartialDate:
    return PartialDate.parse(text)


def bounds(text: str) -> tuple[str, str]:
    value = read(text)
    return (str(value.earliest), str(value.latest))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014-05-17", "2014-05-17", "2014-05-17"),
        ("2012-02", "2012-02-01", "2012-02-29"),
        ("2013", "2013-01-01", "2013-12-31"),
        ("2012-21", "2012-03-01", "2012-05-31"),
        ("2012-22", "2012-06-01", "2012-08-31"),
        ("2012-23", "2012-09-01", "2012-11-30"),
        ("2011-24", "2011-12-01", "2012-02-29"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2012-XX", "2012-01-01", "2012-12-31"),
        ("2012-05-XX", "2012-05-01", "2012-05-31"),
        ("2012-02/2013", "2012-02-01", "2013-12-31"),
        ("2012/..", "2012-01-01", "None"),
        ("../2012", "None", "2012-12-31"),
        ("/2012", "None", "2012-12-31"),
        ("[2015,2017]", "2015-01-01", "2017-12-31"),
        ("[2015-03..2016]", "2015-03-01", "2016-12-31"),
        ("XXXX", "None", "None"),
        ("03/04/2012", "2012-04-03", "2012-04-03"),
        ("3.4.2012", "2012-04-03", "2012-04-03"),
        ("3-4-2012", "2012-04-03", "2012-04-03"),
        ("3 April 2012", "2012-04-03", "2012-04-03"),
        ("Tuesday 3rd of April, 2012", "2012-04-03", "2012-04-03"),
        ("April 2012", "2012-04-01", "2012-04-30"),
        ("Sept 2012", "2012-09-01", "2012-09-30"),
        ("04/2012", "2012-04-01", "2012-04-30"),
        ("Spring 2020", "2020-03-01", "2020-05-31"),
        ("winter 2011/12", "2011-12-01", "2012-02-29"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
        ("before 2012", "None", "2011-12-31"),
        ("before 3 May 2012", "None", "2012-05-02"),
        ("after May 2012", "2012-06-01", "None"),
        ("by 3/5/2012", "None", "2012-05-03"),
        ("since 2012", "2012-01-01", "None"),
        ("between 2010 and May 2012", "2010-01-01", "2012-05-31"),
        ("from 2010 to 2012", "2010-01-01", "2012-12-31"),
        ("2012 to present", "2012-01-01", "None"),
        ("2015 or 2016", "2015-01-01", "2016-12-31"),
        ("not known", "None", "None"),
    ],
)
def test_each_form_has_the_first_and_last_day_that_it_says(text: str, first: str, last: str) -> None:
    assert bounds(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "04/13/2012", "31/02/2012", "2012-02-30", "2013-02-29", "2012-13", "3/4/12", "3 April 12", "April 3, 2012",
        "April 3 2012", "2010-2012", "2010–2012", "2010/11", "2020-21", "2023-24", "", "?", "yesterday", "12", "0012",
        "20120403", "2012/2010", "/", "../..", "[2012]", "XXXX-05-17", "٢٠١٢", "2012-5-3", "Monday 3 April 2012",
        "2012-05-17T25:00", "about", "before unknown", "summer 2011/12", "winter 2011/15", "x" * 500,
        "[2012,]", "2012//2013", "between 2013 and 2012",
    ],
)  # fmt: skip
def test_what_two_people_would_read_in_two_ways_or_not_at_all_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a date") as caught:
        read(text)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("about May 2019", "2019-05~"), ("circa 2012", "2012~"), ("c. 2012", "2012~"), ("early 2012", "2012~"),
        ("late May 2012", "2012-05~"), ("mid-2012", "2012~"), ("2012 (approx)", "2012~"), ("possibly 2012", "2012?"),
        ("approximately 3 April 2012", "2012-04-03~"), ("2012-05%", "2012-05%"),
    ],
)  # fmt: skip
def test_doubt_is_kept(text: str, edtf: str) -> None:
    value = read(text)
    assert value.edtf == edtf
    assert (value.approximate or value.uncertain) and not value.exact
    assert value.original == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2014-05-17", "17 May 2014"), ("about May 2019", "about May 2019"), ("2015 or 2016", "2015 or 2016"),
        ("early 2012", "early 2012"), ("winter 2011/12", "winter 2011 to 2012"), ("since 2012", "from 2012"),
        ("2012/", "2012 to an unknown date"), ("/2012", "an unknown date to 2012"), ("201X", "the 2010s"),
        ("by 2012", "2012 or earlier"), ("after 2012", "2013 or later"), ("unknown", "date not known"),
        ("2012-05-XX", "May 2012 (day not known)"), ("2012%", "possibly about 2012"), ("19XX", "1900 to 1999"),
        ("between 2010 and 2012", "between 2010 and 2012"), ("2012-XX", "2012 (month not known)"),
        ("until May 2012", "until May 2012"),
    ],
)  # fmt: skip
def test_it_is_shown_in_plain_english(text: str, shown: str) -> None:
    assert read(text).show() == shown


@pytest.mark.parametrize("text", ["2012-06-30T23:30Z", "2012-06-30T23:30:00+01:00", "2012-06-30 00:10:00.123"])
def test_of_a_moment_the_day_is_kept_as_it_is_written(text: str) -> None:
    assert read(text).edtf == "2012-06-30"
    assert read(text).original == text


def test_the_original_stands_in_brackets_and_comes_back() -> None:
    value = PartialDate.of(date(2012, 4, 3), "03/04/12 (est.)")
    assert value.to_text() == "2012-04-03 (03/04/12 (est.))"
    assert read(value.to_text()) == value


def test_a_spring_that_looks_like_a_school_year_is_written_with_its_words() -> None:
    assert read("Spring 2020").to_text() == "2020-21 (Spring 2020)"
    assert read("2020-21 (Spring 2020)").precision == "season"
    assert read("2012-21").to_text() == "2012-21"


@given(DAYS)
def test_figures_are_never_read_month_first(day: date) -> None:
    for mark in "/.-":
        value = read(f"{day.day:02}{mark}{day.month:02}{mark}{day.year}")
        assert (value.earliest, value.latest) == (day, day)
    if day.day > 12:
        with pytest.raises(ValueError, match="must be a date"):
            read(f"{day.month}/{day.day}/{day.year}")


@given(
    MARKED, MARKED, st.sampled_from(["{0}", "{0}/{1}", "[{0},{1}]", "[{0}..{1}]", "{0}/..", "../{1}", "/{1}", "{0}/"])
)
def test_earliest_is_never_after_latest_and_the_text_comes_back(first: str, second: str, form: str) -> None:
    try:
        value = read(form.format(first, second))
    except ValueError:
        assume("0" in form and "1" in form)  # only a span can end before it begins
        ends = [read(first), read(second)]
        assert ends[1].latest < ends[0].earliest  # type: ignore[operator]
        return
    if value.earliest and value.latest:
        assert value.earliest <= value.latest
    assert read(value.to_text()) == value
    assert read(value.edtf).edtf == value.edtf


@given(DAYS, st.text(min_size=1, max_size=60).filter(lambda text: text == text.strip()))
@example(date(2012, 4, 3), "a) (b")
def test_any_original_survives_being_written_and_read(day: date, original: str) -> None:
    value = PartialDate.of(day, original)
    assume(
        "approx" not in original.lower() and original.lower().rstrip(".") not in {"est", "about", "circa", "roughly"}
    )
    assert read(value.to_text()) == value


@given(st.text(alphabet=string.digits + "XxT/-.[]~?% :" + "aprilspbetwnod", max_size=40))
def test_any_text_is_a_date_or_a_plain_refusal(text: str) -> None:
    try:
        value = read(text)
    except ValueError as error:
        assert str(error) == "must be a date"
    else:
        assert read(value.to_text()) == value
        assert value.show()


def test_the_earliest_possible_day_comes_first_and_the_undated_last() -> None:
    texts = ["unknown", "2012-05-17", "2012-05", "before 2012", "2012", "2013-01-01"]
    order = [value.original for value in sorted(map(read, texts), key=lambda value: value.sort_key)]
    assert order == ["before 2012", "2012", "2012-05", "2012-05-17", "2013-01-01", "unknown"]


@given(DAYS, st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_two_spans_overlap_when_they_share_a_day(day: date, length: int, gap: int, other: int) -> None:
    first = read(f"{day}/{day + timedelta(days=length)}")
    start = day + timedelta(days=gap)
    second = read(f"{start}/{start + timedelta(days=other)}")
    assert first.overlaps(second) == second.overlaps(first) == (gap <= length)


def test_what_has_no_date_could_be_any_day() -> None:
    assert read("unknown").overlaps(read("2012"))
    assert not read("before 2012").overlaps(read("since 2012"))


def test_a_date_has_no_repr_of_its_content() -> None:
    assert "2014" not in repr(read("2014-05-17"))
