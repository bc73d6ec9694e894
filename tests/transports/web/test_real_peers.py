"""Against servers that are not ours: oidc-provider for logging in, Medplum's repository for FHIR R4.

They are installed by `python tests/servers/install.py`. Where they are missing these tests skip and say so; where
CI=true they fail.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import TrawlError, Unavailable
from mash_trawl.model.grant import Grant
from mash_trawl.model.query import PersonQuery
from mash_trawl.sources.mapping import mapping_class
from mash_trawl.transports import fhir, http
from mash_trawl_health import Health

GP = """version: 1
name: gp
agency: health
kind: fhir
find:
  - by: [nhs_number]
    resource: Patient
    search: {identifier: {system: https://fhir.nhs.uk/Id/nhs-number, value: nhs_number}}
    person:
      ref: id
      given: "name.given[*]"
      family: name.family
      born: birthDate
      nhs_number: "identifier[system=https://fhir.nhs.uk/Id/nhs-number].value"
  - by: [family, born]
    resource: Patient
    search: {family: family, birthdate: born}
fetch:
  - category: health.emergency
    resource: Encounter
    search: {patient: ref, date: {at_least: since}}
    fixed: {class: EMER}
    event: {ref: id, at: period.start, kind: attendance, headline: "reasonCode[0].text"}
"""
SERVERS = Path(__file__).parents[2] / "servers"
LIST = [0, 1, 2]
NUMBER = "99900000{:02}"


def needed(package: str) -> None:
    """Skip, loudly, unless node and the package are there; in CI fail."""
    if shutil.which("node") and (SERVERS / "node_modules" / package / "package.json").is_file():
        return
    what = f"{package} is not installed: nothing is tested against it (run python tests/servers/install.py)"
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@contextmanager
def running(script: str, **environment: str) -> Iterator[str]:
    """Run one of the scripts; yields the address it listens at."""
    command = [str(shutil.which("node")), script]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "TEMP") if name in os.environ}
    with subprocess.Popen(
        command, cwd=SERVERS, env={**kept, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        try:
            port = next((line.strip() for line in server.stdout or () if line.strip().isdigit()), "")
            assert port, f"{script} did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


@pytest.fixture(scope="module")
def oidc() -> Iterator[str]:
    """The OAuth2 provider, and behind it a list of three pages that wants its tokens."""
    needed("oidc-provider")
    with running("oidc.mjs") as url:
        yield url


BASIC = {"client_id": "hub basic", "client_secret": "s3:cret/%+ basic"}
POST = {"client_id": "hub-post", "client_secret": "s3:cret/%+ post", "client_auth": "post"}


def ask(door: Any, kept: Any = None) -> list[dict[str, Any]]:
    with http.open_session(door, kept) as session:
        return list(session.pages("api/list", body={}))


@pytest.mark.parametrize("login", [BASIC, POST], ids=["basic", "post"])
def test_a_real_provider_gives_a_token_either_way(oidc: str, door: Any, login: dict[str, str]) -> None:
    asked = door(connect={"url": oidc, "token_url": "/token", "scope": "trawl.read", **login})
    found = ask(asked)
    assert [item["id"] for item in found] == LIST
    assert {item["client"] for item in found} == {login["client_id"]}
    assert {item["scope"] for item in found} == {"trawl.read"}
    assert asked.tally.complete


@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"client_id": "nobody"}, {"token_url": "/nowhere"}])
def test_a_real_providers_refusal_is_a_failed_login(oidc: str, door: Any, wrong: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match="login failed"):
        ask(door(connect={"url": oidc, "token_url": "/token", **BASIC, **wrong}))


def test_a_token_that_a_real_provider_forgot_is_renewed(oidc: str, door: Any, lines: Any) -> None:
    kept = lines()
    connect = {"url": oidc, "token_url": "/token", **BASIC}
    assert len(ask(door(connect=connect), kept)) == 3
    with urllib.request.urlopen(f"{oidc}/forget", timeout=5) as answer:  # noqa: S310 - loopback
        assert json.loads(answer.read())["forgotten"] >= 1
    again = door(connect=connect)
    assert len(ask(again, kept)) == 3
    assert again.asked[:3] == [(1, 1), (0, 1), (1, 2)]


def test_a_short_lived_token_of_a_real_provider_lapses_and_is_renewed(door: Any, lines: Any) -> None:
    needed("oidc-provider")
    with running("oidc.mjs", LIFE="30") as url:
        asked = door(connect={"url": url, "token_url": "/token", **BASIC}, seconds=100)
        kept = lines(asked.now)
        ask(asked, kept)
        asked.clock += 28
        assert len(ask(asked, kept)) == 3
        assert [page for page, _ in asked.asked].count(0) == 2


@pytest.fixture(scope="module")
def medplum() -> Iterator[str]:
    """The FHIR server, with 45 synthetic patients and one child's records."""
    needed("@medplum/fhir-router")
    with running("fhir.mjs") as url:
        for number in range(45):
            given = "Aisha" if number == 7 else "Amina"
            number_of_theirs = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": NUMBER.format(number)}
            create(url, {"resourceType": "Patient", "birthDate": "2014-05-17", "active": True,
                         "name": [{"family": "Khan", "given": [given, str(number)]}],
                         "identifier": [number_of_theirs],
                         "address": [{"postalCode": "NB1 4QT"}]})  # fmt: skip
        yield f"{url}/fhir"


def create(url: str, resource: dict[str, Any]) -> str:
    """Create a resource; the id that the server gave it."""
    body = json.dumps(resource).encode()
    headers = {"Content-Type": "application/fhir+json"}
    request = urllib.request.Request(f"{url}/fhir/{resource['resourceType']}", body, headers)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
        return str(json.loads(answer.read())["id"])


def search(door: Any, kind: str, **params: Any) -> list[dict[str, Any]]:
    with fhir.open_session(door) as session:
        return list(session.search(kind, **params))


def test_a_real_fhir_server_is_paged_to_its_end_without_a_name_in_an_address(medplum: str, door: Any) -> None:
    asked = door(connect={"url": medplum})
    found = search(asked, "Patient", family="Khan", birthdate="2014-05-17")
    assert len({item["id"] for item in found}) == 45
    assert asked.asked == [(1, 1), (2, 1), (3, 1)]
    assert asked.tally.complete


@pytest.mark.parametrize("count", [1, 15, 44, 45, 46])
def test_a_real_fhir_servers_page_size_changes_nothing(medplum: str, door: Any, count: int) -> None:
    asked = door(connect={"url": medplum}, seconds=30)
    assert len(search(asked, "Patient", family="Khan", _count=str(count))) == 45
    assert asked.tally.complete


def test_a_real_fhir_server_proves_that_it_holds_nobody(medplum: str, door: Any) -> None:
    asked = door(connect={"url": medplum})
    assert search(asked, "Patient", family="Stone") == []
    assert asked.tally.complete


def test_a_real_fhir_servers_outcome_is_an_error(medplum: str, door: Any) -> None:
    with pytest.raises(TrawlError):
        search(door(connect={"url": medplum}), "Patient", birthdate="nonsense")


@pytest.fixture
def grant() -> Callable[..., Grant]:
    """Make a grant for these categories."""

    def made(*categories: str, since: date | None = None) -> Grant:
        values: dict[str, Any] = {"id": "g1", "source": "health", "person": "p1", "until": None, "expires_at": None}
        return Grant(Grant._mint, categories=frozenset(categories), since=since, **values)

    return made


def test_the_health_connector_reads_a_real_fhir_server(medplum: str, door: Any, grant: Any) -> None:
    health = Health(lambda _: door(connect={"url": medplum}, seconds=30))
    query = PersonQuery(id="q", person="p1", by=("nhs_number",), nhs_number="999 000 0007")
    (child,) = health.find(query, grant("health.gp_summary"))
    assert child.names[0].given == ("Aisha", "7")
    subject = {"reference": f"Patient/{child.ref}"}
    emergency = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"}
    url = medplum.removesuffix("/fhir")
    for day in ("2009-01-01", "2020-07-01"):
        create(url, {"resourceType": "Encounter", "status": "finished", "class": emergency, "subject": subject,
                     "period": {"start": f"{day}T10:00:00Z", "end": f"{day}T11:00:00Z"},
                     "reasonCode": [{"text": "Burn"}]})  # fmt: skip
    create(url, {"resourceType": "Appointment", "status": "noshow", "start": "2017-06-30T10:00:00Z",
                 "end": "2017-06-30T10:30:00Z", "description": "Two year review",
                 "serviceType": [{"coding": [{"code": "health-visiting"}]}],
                 "participant": [{"actor": subject, "status": "accepted"}]})  # fmt: skip
    create(url, {"resourceType": "EpisodeOfCare", "status": "active", "patient": subject,
                 "type": [{"coding": [{"code": "camhs"}], "text": "CAMHS"}]})  # fmt: skip
    found = health.fetch(child.ref, grant("health.emergency", "health.camhs", since=date(2015, 1, 1)))
    assert [(item.category, item.type) for item in found] == [
        ("health.camhs", "involvement"),
        ("health.emergency", "event"),
    ]
    (missed,) = health.fetch(child.ref, grant("health.health_visiting"))
    assert missed.ref and getattr(missed, "kind", "") == "was not brought"


def test_a_mapping_without_code_reads_a_real_fhir_server(medplum: str, door: Any, grant: Any, tmp_path: Path) -> None:
    (tmp_path / "gp.yaml").write_text(GP, "utf-8")
    asked = door(connect={"url": medplum}, seconds=30)
    gp = mapping_class(tmp_path / "gp.yaml")(lambda _: asked)
    by_number = PersonQuery(id="q", person="p1", by=("nhs_number",), nhs_number="999 000 0007")
    (child,) = gp.find(by_number, grant("health.emergency"))
    assert (child.names[0].given, child.identifiers) == (("Aisha", "7"), {"nhs_number": "9990000007"})
    by_name = PersonQuery(id="q", person="p1", by=("family", "born"), family="khan", born=date(2014, 5, 17))
    assert len(list(gp.find(by_name, grant("health.emergency")))) == 45
    assert asked.tally.complete and asked.tally.quarantined == 0
    create(medplum.removesuffix("/fhir"), {
        "resourceType": "Encounter", "status": "finished", "subject": {"reference": f"Patient/{child.ref}"},
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
        "period": {"start": "2021-07-01T23:30:00Z"}, "reasonCode": [{"text": "Scald"}],
    })  # fmt: skip
    found = gp.fetch(child.ref, grant("health.emergency", since=date(2021, 1, 1)))
    assert [(item.headline, item.when.original) for item in found] == [("Scald", "2021-07-01T23:30:00Z")]
