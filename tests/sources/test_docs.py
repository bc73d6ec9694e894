"""What docs/connectors.md and docs/statuses.md say is run, or counted."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from mash_trawl.model.answer import STATUS_OF, Status

CONNECTORS, STATUSES = Path("docs/connectors.md"), Path("docs/statuses.md")


def test_the_connector_of_the_page_finds_and_fetches_from_a_real_database(world, tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", CONNECTORS.read_text(encoding="utf-8"), re.DOTALL)
    page: dict[str, object] = {"__name__": "page"}
    exec(code, page)  # noqa: S102 - the example of our own documentation
    database = sqlite3.connect(tmp_path / "housing.db")
    database.executescript("""
        create table tenant(id text, forename text, surname text, dob text, uprn text);
        create table asb_case(case_id text, tenant_id text, opened text, summary text);
        insert into tenant values ('t1', 'Fictia', 'Testfall', '1988-11-02', '100000000001'),
                                  ('t2', 'Fictia', 'Otherfall', '1988-11-02', '100000000002');
        insert into asb_case values ('7', 't1', '03/04/2019', 'Noise'), ('8', 't2', '03/04/2019', 'Somebody else');
    """)
    database.close()
    world.sources, world.people = {"housing": page["Housing"]}, ("p2",)
    world.file["people"][1]["addresses"][0]["uprn"] = "100000000001"
    world.settings = {"housing": {"connect": {"url": f"sqlite:///{tmp_path / 'housing.db'}"}}}
    (answer,) = world.answers()
    assert answer.not_searched == ()
    searched = {(one.by, one.candidates) for one in answer.searched}
    assert searched == {(("family", "born"), 1), (("family", "born"), 0), (("uprn", "born"), 1), (("uprn", "born"), 0)}
    assert (answer.status, answer.why, answer.possible) == ("found", "matched", 0)
    assert [(one.ref, one.when.show()) for one in answer.findings] == [("asb:7", "3 April 2019")]


def test_a_service_with_other_words_is_named_with_what_the_page_of_names_offers():
    from mash_trawl import api
    from mash_trawl.transports.http_paging import Course

    course = Course.start("cursor", api.Envelope(items="data", next_cursor="after"))
    assert (course.names.items, course.names.next_cursor, course.names.total) == ("data", "after", "total")
    assert {"Envelope", "Duration"} <= set(api.__all__)
    assert 'envelope=Envelope(items="data")' in CONNECTORS.read_text(encoding="utf-8")


def test_every_status_and_every_why_code_stands_on_its_page_under_its_own_status():
    parts = STATUSES.read_text(encoding="utf-8").split("\n### ")[1:]
    sections = {part.split("\n", 1)[0].strip("` "): re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) for part in parts}
    assert list(sections) == [status.value for status in Status]
    told = {code: status for status, codes in sections.items() for code in codes}
    assert told == {why.value: status.value for why, status in STATUS_OF.items()}


def test_the_hub_settings_of_the_page_are_ones_that_the_hub_file_knows(tmp_path):
    from mash_trawl.config.hubfile import load_hub_file

    (lines,) = re.findall(r"```yaml\n(approve:.*?)```", CONNECTORS.read_text(encoding="utf-8"), re.DOTALL)
    head = "version: 1\nname: test\nprofiles: [base]\nroot_keys: {paths: [../root]}\n"
    keys = "reader_keys: ../readers\nsigning_key: ../sign\n"
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "hub.yaml").write_text(head + keys + lines, encoding="utf-8")
    hub = load_hub_file(tmp_path / "hub" / "hub.yaml")
    assert hub.sources[0].connector == hub.approve[0].plugin
