"""One cell: codes told in words, columns that hold JSON, addresses whose object has keys of its own."""

from __future__ import annotations

import pytest

from mash_trawl.model.mapping import AddressMap, Column
from mash_trawl.sources.mapping_cells import BadValue, word
from mash_trawl.sources.mapping_places import addresses

WORDS = {"N1": "abuse or neglect", "NFA_FLAG": "no further action", "3B": "domestic abuse: parent"}
PARTS = {"line1": ("FLAT", "HOUSE", "STREET"), "line2": ("TOWN",), "uprn": ("UPRN",)}


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("N1", "abuse or neglect (N1)"),
        ("N99", "N99"),
        ("", None),
        (None, None),
        ('["3B", "99Z"]', "domestic abuse: parent (3B); 99Z"),
        ('{"NFA_FLAG": "Y", "NEW_FLAG": "1", "OLD_FLAG": "N", "EMPTY": ""}', "no further action (NFA_FLAG); NEW_FLAG"),
        ('{"NFA_FLAG": "N", "COMMENTS": "Mother rang back."}', "COMMENTS: Mother rang back."),
        ('{"NFA_FLAG": "N"}', None),
        ("[]", None),
        ('{"COMMENTS": "She said "no" twice"}', '{"COMMENTS": "She said "no" twice"}'),
        ('[{"odd": 1}]', '{"odd": 1}'),
    ],
)
def test_a_code_is_told_in_words_and_never_lost(held, said):
    assert word({"code": held}, Column(from_="code", words=WORDS)) == said


def place(held, **beside):
    row = {"held": held, **beside}
    names = {name: name for name in beside}
    return addresses(AddressMap(json="held", parts=PARTS, **names), row)


def test_an_object_with_keys_of_its_own_makes_an_address():
    held = '{"FLAT": "2", "HOUSE": "14", "STREET": "Mill Lane", "TOWN": "North Borough", "UPRN": "100023336956"}'
    (home,) = place(held, postcode="NB1 4QT")
    assert (home.lines, home.postcode, home.uprn) == (("2 14 Mill Lane", "North Borough"), "NB1 4QT", "100023336956")


def test_an_address_that_is_no_json_stands_on_one_line():
    (home,) = place("14, Mill Lane, North Borough", postcode="NB1 4QT")
    assert (home.lines, home.postcode) == (("14, Mill Lane, North Borough",), "NB1 4QT")


def test_a_postcode_alone_is_an_address_and_nothing_is_none():
    assert [home.postcode for home in place("{}", postcode="NB1 4QT")] == ["NB1 4QT"]
    assert place('{"FLAT": ""}', postcode=None) == ()


def test_an_object_that_breaks_off_spoils_its_row():
    with pytest.raises(BadValue):
        place('{"FLAT": "2", ', postcode="NB1 4QT")
