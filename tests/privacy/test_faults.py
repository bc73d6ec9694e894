"""Servers that answer wrongly, connectors that crash, wrong files: all of them quote people, and none is heard."""

from __future__ import annotations

import json
import sqlite3
import warnings
from itertools import cycle, product

import pytest

from mash_trawl import trawl
from mash_trawl.testing import Reply
from mash_trawl_health import Health
from mash_trawl_police import Police

QUOTE = "Morwennith Qvarnströmska née Tregwhistle, 7 Kanaripiggen Row, NB9 9XW, born 2013-04-19: Narratiffleton"
ASCII = QUOTE.encode("ascii", "xmlcharrefreplace").decode()
PERSON = {"nominal_id": "N-D2-1", "forename": "Morwennith", "surname": "Qvarnströmska", "dob": "1988-11-02", "sex": "F"}


def page(*items, **more):
    return Reply(body={"items": list(items), "next_cursor": None, "total": len(items)} | more)


POLICE = {
    "a JSON string where an object belongs": Reply(body=QUOTE),
    "an error page": Reply(status=500, body=QUOTE, kind="text/html", headers={"X-Who": ASCII}),
    "HTML with status 200": Reply(body=f"<html>{QUOTE}</html>", kind="text/html"),
    "a refusal that names": Reply(status=403, body={"error": QUOTE}),
    "a bad request that echoes": Reply(status=400, body={"error": QUOTE}, headers={"Warning": f'299 - "{ASCII}"'}),
    "a login that is asked again": Reply(
        status=401, body=QUOTE, headers={"WWW-Authenticate": f'Bearer realm="{ASCII}"'}
    ),
    "a way to elsewhere": Reply(
        status=302, headers={"Location": "http://127.0.0.1:9/Morwennith/Kanaripiggen?dob=2013-04-19"}
    ),
    "a wait told in words": Reply(status=429, headers={"Retry-After": ASCII}, body=QUOTE),
    "a kind that is none": Reply(body=PERSON, kind="application/Morwennith"),
    "items that are text": page(QUOTE, QUOTE),
    "items with fields of wrong types": page(PERSON | {"forename": {"Zyxelinda": QUOTE}, "address": QUOTE}),
    "a date that is none": page(PERSON | {"dob": QUOTE, "sex": QUOTE}),
    "a key that is a list": page({"nominal_id": [QUOTE], "people": QUOTE}),
    "a total that lies": page(PERSON, total=QUOTE),
    "a cursor that is a name": page(PERSON, next_cursor=QUOTE, total=2),
}  # fmt: skip


HEALTH = list(product(("/oauth2/token", "/fhir/Patient/_search"), (200, 401, 422, 503)))


@pytest.mark.parametrize(("how", "path", "status"), [(how, *wrong) for how, wrong in zip(POLICE, cycle(HEALTH))])
def test_servers_that_answer_wrongly_put_nobody_into_a_log_or_an_error(stage, scanner, monkeypatch, how, path, status):
    """The police's server and health's, or its login, in one run: one knows nothing of the other."""
    monkeypatch.setattr(stage.running.police, "reply", lambda request: POLICE[how])
    outcome = {"resourceType": "OperationOutcome", "issue": [{"diagnostics": QUOTE}], "access_token": QUOTE}
    answer = stage.running.health.answer
    wrong = Reply(status=status, body=outcome, kind="application/fhir+json")
    monkeypatch.setattr(
        stage.running.health, "answer", lambda request: wrong if request.path == path else answer(request)
    )
    hear_a_run(stage, scanner)


def test_a_bundle_with_rubbish_in_it_is_not_heard(stage, scanner, monkeypatch):
    patient = {"resourceType": "Patient", "id": QUOTE, "name": QUOTE, "birthDate": QUOTE, "link": [{"url": QUOTE}]}
    link = [{"relation": "next", "url": f"http://elsewhere.example/{ASCII}"}]
    bundle = {"resourceType": "Bundle", "total": 2, "link": link, "entry": [{"resource": patient}, {"resource": QUOTE}]}
    monkeypatch.setattr(stage.running.health, "reply", lambda request: Reply(body=bundle, kind="application/fhir+json"))
    hear_a_run(stage, scanner)


def test_servers_that_are_down_are_not_told_by_name_of_anybody(stage, scanner):
    stage.running.police.stop()
    stage.running.health.stop()
    hear_a_run(stage, scanner)


@pytest.mark.parametrize("how", ["no database", "no table", "rubbish in rows", "locked"])
def test_a_housing_database_that_is_wrong_is_not_heard(stage, scanner, how):
    file = stage.root / "county" / "housing.db"
    database = sqlite3.connect(file)
    if how == "no database":
        database.close()
        file.write_text(QUOTE * 100, "utf-8")
    elif how == "no table":
        database.execute("drop table asb_case")
    elif how == "rubbish in rows":
        database.execute("update person set dob = ?, sex = ?, middle_names = x'ff00fe'", (QUOTE, QUOTE))
        database.execute("update tenancy_person set from_date = ?, role = ?", (QUOTE, QUOTE))
    else:
        database.isolation_level = None
        database.execute("begin exclusive")
    if how in ("no table", "rubbish in rows"):
        database.commit()
    hear_a_run(stage, scanner)
    database.close()


def crashing(error):
    """A connector's method that ends in this error, which quotes people and has a cause that does."""

    def method(_self, *_asked):
        warnings.warn("about to crash", UserWarning, stacklevel=1)
        try:
            raise KeyError(QUOTE)
        except KeyError as cause:
            raise error(QUOTE, {"born": "2013-04-19"}) from cause
        yield

    return method


@pytest.mark.parametrize("error", [RuntimeError, OSError, UnicodeError, SystemExit, KeyboardInterrupt, MemoryError])
def test_a_connector_that_crashes_with_people_in_its_error_is_not_heard(stage, scanner, monkeypatch, error):
    monkeypatch.setattr(Police, "find", crashing(error))
    monkeypatch.setattr(Health, "fetch", crashing(error))
    hear_a_run(stage, scanner)


@pytest.mark.parametrize("step", ["compose", "mint_grants", "_seal", "plan_queries", "recognise_by"])
def test_a_step_of_our_own_that_crashes_is_told_by_its_place_and_never_by_its_words(stage, scanner, monkeypatch, step):
    def broken(*_args, **_named):
        raise ValueError(QUOTE) from KeyError(QUOTE)

    monkeypatch.setattr(trawl, step, broken)
    hear_a_run(stage, scanner)


def hear_a_run(stage, scanner):
    """Run, and look everywhere; the run itself may end as it must."""
    with stage.listen() as heard:
        code = stage.say("run", stage.case, "--json")
    assert code in (0, 1, 3)
    assert heard.err if code == 1 else json.loads(heard.out)["answers"]
    assert heard.logs
    assert scanner.found(heard.heap()) == []
    assert stage.left_behind(scanner) == []


WRONG_CASES = {
    "an unknown key": ("narrative:", "Narratiffleton:"),
    "a key twice": ("referral:", "Zyxelinda: 1\nZyxelinda: 2\nreferral:"),
    "a name where a list belongs": ("people:", "people: Zyxelinda\nmore:"),
    "a date that is none": ("born: '2013-04-19'", "born: Kanaripiggen 2013-04-19"),
    "a number that fails its check": ("nhs_number: '999", "nhs_number: '998"),
    "a person who is not in the case": ("given_by: p3", "given_by: Morwennith"),
    "a role that is none": ("- subject", "- Zyxelinda"),
    "a tab": ("referral:", "\treferral: Zyxelinda"),
    "an anchor": ("referral:", "referral: &Zyxelinda"),
    "a text that never ends": ("referral:", 'referral: "Zyxelinda'),
    "two documents": ("referral:", "---\nZyxelinda: 1\n---\nreferral:"),
    "a profile that is none": ("profile: children_in_need", "profile: Zyxelinda"),
    "an id of a name": ("id: DEMO-2026-0002", "id: 'Zyxelinda Qvarnströmska'"),
}


@pytest.mark.parametrize("how", WRONG_CASES)
def test_a_wrong_case_file_is_told_by_line_and_never_by_its_words(stage, scanner, how):
    text = stage.case.read_text("utf-8")
    old, new = WRONG_CASES[how]
    assert old in text
    stage.case.write_text(text.replace(old, new, 1), "utf-8")
    for command in ("plan", "run"):
        with stage.listen() as heard:
            assert stage.say(command, stage.case) == 2
        assert "case.yaml" in heard.err or how == "a profile that is none"
        assert scanner.found(heard.heap()) == [], command
    assert stage.left_behind(scanner) == []
