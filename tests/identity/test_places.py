"""Two addresses: the same home, the same postcode, the same sector, or neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl.identity.places import ADDRESS_LEVELS, MOST_ADDRESSES, compare_addresses, place_of, postcode
from mash_trawl.identity.streets import LONGEST, read_lines
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address


def at(*lines: str, code: str | None = "NB1 4QT", uprn: str | None = None, **more: object) -> Address:
    return Address(lines=lines, postcode=code, uprn=uprn, **more)


def level(one: Address, other: Address) -> str:
    return compare_addresses([one], [other]).name


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("14 Mill Lane", "14 MILL LN."),
        ("14 Mill Lane", "14, Mill Lane"),
        ("Flat 3, 14 Mill Lane", "14 Mill Lane, Flat 3"),
        ("Flat 3, 14 Mill Lane", "Apt. 3 14 Mill Ln"),
        ("Flat 3, 14 Mill Lane", "3/14 Mill Lane"),
        ("14/3 Mill Lane", "3/14 Mill Lane"),
        ("Flat 3/2, 14 Mill Lane", "3/2 14 Mill Lane"),
        ("12A High Street", "Flat A, 12 High St"),
        ("12-14 High Street", "12 - 14 High St"),
        ("Flat 3, Albion House", "3 Albion Hse"),
        ("Rose Cottage, Mill Lane", "Rose Cottage"),
        ("First Floor Flat, 9 Park Road East", "1st floor flat 9 Park Rd E"),
        ("2 St. John's Rd", "2 Saint Johns Road"),
        ("14 St Mary's St", "14 Saint Marys Street"),
        ("9 Elm Gdns, Northtown", "9 Elm Gardens Northtown"),
    ],
)
def test_one_door_written_in_two_ways_is_one_home(here, there):
    assert level(at(here), at(there)) == level(at(there), at(here)) == "home"


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Flat 3, 14 Mill Lane", "Flat 4, 14 Mill Lane"),
        ("Flat 3, 14 Mill Lane", "14 Mill Lane"),
        ("12A High Street", "12B High Street"),
        ("12 High Street", "12-14 High Street"),
        ("Room 6, Hope Hostel", "Room 7, Hope Hostel"),
        ("Ground floor, 3 Elm Grove", "Top flat, 3 Elm Grove"),
        ("9 Park Road East", "9 Park Road West"),
        ("c/o Smith, 14 Mill Lane", "14 Mill Lane"),
        ("Mill Lane", "Mill Lane"),
        ("Rose Cottage", "Ivy Cottage"),
    ],
)
def test_another_flat_of_the_building_is_not_the_same_home(here, there):
    assert level(at(here), at(there)) == level(at(there), at(here)) == "postcode"


def test_a_property_number_goes_before_all_words():
    assert (
        level(at("14 Mill Lane", uprn="100"), at("The Old Forge", code="ZZ99 3VZ", uprn="000 0000 0000100")) == "home"
    )
    assert level(at("14 Mill Lane", uprn="100"), at("14 Mill Lane", uprn="101")) == "postcode"
    assert level(at(code=None, uprn="0"), at(code=None, uprn="00")) == "not compared"


@pytest.mark.parametrize("words", ["NFA", "No fixed abode", "of no fixed address", "N.F.A.", "Unknown", "Homeless"])
def test_no_place_to_live_at_is_not_compared(words):
    assert level(at(words), at(words)) == "not compared"
    assert place_of(at("14 Mill Lane", no_fixed_address=True)) is None


@pytest.mark.parametrize("code", ["ZZ99 3VZ", "zz993wz", "ZZ99 9ZZ", "N/A", "unknown", "0000", "", None])
def test_a_stopgap_postcode_agrees_with_nothing(code):
    assert postcode(code) == ""
    assert level(at(code=code), at(code=code)) == "not compared"


def test_every_town_has_a_high_street():
    assert level(at("2 High Street", "Northtown", code=None), at("2 High St, Northtown")) == "home"
    assert level(at("2 High Street", code=None), at("2 High St, Northtown")) == "postcode"
    assert level(at("2 High Street", "Southtown", code=None), at("2 High St, Northtown")) == "sector"


def test_a_postcode_in_the_lines_counts():
    assert level(at("14 Mill Lane", "NB1 4QT", code=None), at("14 Mill Lane")) == "home"


def test_sector_and_no_more():
    assert level(at("14 Mill Lane"), at("2 Elm Road", code="NB1 4AA")) == "sector"
    assert level(at("14 Mill Lane"), at("14 Mill Lane", code="NB2 4QT")) == "different"


def test_past_addresses_count_on_both_sides():
    assert compare_addresses([at("1 A Road", code="NB9 9AA"), at("14 Mill Lane")], [at("14 Mill Lane")]).name == "home"


def test_of_very_many_addresses_those_lived_in_last_are_compared():
    past = [at(f"{n} Elm Road", code="NB9 9AA", to=PartialDate.parse(f"{1950 + n}")) for n in range(1, 60)]
    assert compare_addresses(past, [past[-1]]).name == "home"
    assert compare_addresses(past, [past[0]]).name == "postcode"
    assert compare_addresses([*past, at("14 Mill Lane")], [at("14 Mill Lane")]).name == "home"
    assert len({compare_addresses(turned, [past[-MOST_ADDRESSES]]).name for turned in (past, past[::-1])}) == 1


LINES = st.lists(
    st.sampled_from(["Flat 3", "3/2", "12A", "14 Mill Lane", "Rose Cottage", "High St", "c/o Smith", "NFA", "NB1 4QT"])
    | st.text(max_size=30),
    max_size=3,
)
ADDRESSES = st.builds(
    Address,
    lines=LINES.map(tuple),
    postcode=st.sampled_from([None, "", "NB1 4QT", "nb14qt", "NB1 4AA", "ZZ99 3VZ", "??"]),
    uprn=st.sampled_from([None, "", "0", "100", "0100", "101", "x"]),
)
BEST_FIRST = (*ADDRESS_LEVELS, "not compared")


@given(st.lists(ADDRESSES, max_size=4), st.lists(ADDRESSES, max_size=4))
def test_it_is_no_matter_which_side_an_address_stands_on(here, there):
    one, other = compare_addresses(here, there), compare_addresses(there, here)
    assert (one.name, one.here, one.there) == (other.name, other.there, other.here)


@given(st.lists(ADDRESSES, max_size=4), st.lists(ADDRESSES, max_size=4), ADDRESSES)
def test_one_address_more_never_makes_it_worse(here, there, more):
    before, after = compare_addresses(here, there).name, compare_addresses([*here, more], there).name
    assert BEST_FIRST.index(after) <= BEST_FIRST.index(before)


@pytest.mark.parametrize("text", ["flat ", "1/", "1-", "1", "st ", "\u202e", "\u0301", "first floor "])
def test_hostile_lines_are_read_up_to_a_length(text):
    door = read_lines((text * 500, text * 500))
    assert len(door.flat + door.building + door.street + door.number) <= 2 * LONGEST
