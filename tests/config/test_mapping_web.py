"""What a mapping over a web service may not say: every mistake at load, with its line, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

HTTP = """version: 1
name: police
agency: police
kind: http
pages: {by: cursor, items: data.people, next_cursor: page.next}
find:
  - by: [family, born]
    path: people/search
    body: {name.surname: family, dob: born}
    fixed: {scope: all}
    person: {ref: id, nhs_number: nhs, given: name.given, family: name.family, born: {from: dob, format: "%d/%m/%Y"}}
fetch:
  - category: police.incidents
    path: people/:ref/incidents
    items: incidents
    params: {from: since}
    event: {ref: id, at: when, kind: incident, headline: summary}
never: [risk.score]
"""
FHIR = """version: 1
name: gp
agency: health
kind: fhir
find:
  - by: [nhs_number]
    resource: Patient
    search: {identifier: {system: https://fhir.nhs.uk/Id/nhs-number, value: nhs_number}}
    person: {ref: id, family: "name[use=official].family", given: "name.given[*]", born: birthDate}
fetch:
  - category: health.emergency
    resource: Encounter
    search: {patient: ref, date: [{at_least: since}, {at_most: until}]}
    fixed: {class: EMER}
    event: {ref: id, at: period.start, kind: attendance, headline: "reasonCode[0].text"}
"""


def test_good_ones_are_read(mapping_problems: Callable[..., list[str]]) -> None:
    assert mapping_problems(HTTP) == [] and mapping_problems(FHIR) == []


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("    body: {name.surname: family, dob: born}\n", "    params: {surname: family, dob: born}\n", 9,
     "may not stand in an address"),
    ("people/search", "people/:family", 8, "only :ref may stand in a path"),
    ("people/search", "https://elsewhere.example/x", 8, "no path under the service's address"),
    ("people/search", "people/../admin", 8, "no path under"),
    ("people/search", "people?surname=x", 8, "no path under"),
    ("people/search", "people/{ref}", 8, "no path under"),
    (":ref/incidents", ":since/incidents", 14, "only :ref"),
    ("path: people/:ref/incidents", "path: incidents", 13, "not bound to one record"),
    ("pages: {by: cursor, items: data.people, next_cursor: page.next}\n", "", 6, "nothing says how the list is paged"),
    ("by: cursor", "by: page_number", 5, "one of"),
    ("dob: born}\n    fixed", "dob: family}\n    fixed", 7, "born is asked for and never used"),
    ("name.surname: family", "name: family, name.surname: family", 9, "stands in the body twice"),
    ("scope: all", "dob: all", 10, "stands in the body twice"),
    ("dob: born}\n    fixed", "dob: uprn}\n    fixed", 9, "no key that the step has"),
    ("from: since", "from: family", 16, "no key that the step has"),
    ("given: name.given", "given: 'name['", 11, "no place in an object"),
    ("given: name.given", "given: 'names[*].given'", 11, "no place in an object"),
    ("family: name.family", "family: risk.score", 11, "may never be read"),
    ("family: name.family", "family: 'risk[0].score.value'", 11, "may never be read"),
    ("person: {ref: id", "person: {ref: nhs", 14, "number of the person's own"),
    ("    path: people/search\n", "    table: people\n", 8, "table does not go with the kind http"),
    ("    path: people/search\n", "    path: people/search\n    resource: Patient\n", 9, "resource does not go with"),
    ("kind: http", "kind: http\nas_of: {sql: select 1}", 5, "no statements"),
    ("kind: http", "kind: sql", 5, "pages does not go with the kind sql"),
    ("nhs_number: nhs", "addresses: {json: homes}", 11, "JSON already"),
])  # fmt: skip
def test_a_mistake_in_a_rest_mapping_is_told_with_its_line(mapping_problems, old, new, line, words) -> None:
    found = mapping_problems(HTTP, old, new)
    assert any(one.startswith(f"{line}:") and words in one for one in found), found


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("resource: Patient", "resource: Patient/_history", 7, "type of resource"),
    ("    resource: Patient\n", "", 6, "type of resource"),
    ("resource: Patient", "path: Patient", 7, "path does not go with the kind fhir"),
    ("system: https://fhir.nhs.uk/Id/nhs-number, ", "", 8, "no way to compare"),
    ("{at_least: since}", "{at_least: until}", 13, "at_least needs"),
    ("{at_least: since}", "{at_least: since, at_most: until}", 13, "no way to compare"),
    ("patient: ref", "patient: nhs_number", 13, "no key that the step has"),
    ("fixed: {class", "fixed: {patient", 14, "searched by already"),
    ("    search: {patient: ref, date: [{at_least: since}, {at_most: until}]}\n", "", 11, "by what it searches"),
    ("kind: fhir", "kind: fhir\npages: {by: whole}", 5, "pages does not go with the kind fhir"),
])  # fmt: skip
def test_a_mistake_in_a_fhir_mapping_is_told_with_its_line(mapping_problems, old, new, line, words) -> None:
    found = mapping_problems(FHIR, old, new)
    assert any(one.startswith(f"{line}:") and words in one for one in found), found
