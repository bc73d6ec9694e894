"""A good case and a good hub file, as text and as data, for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mash_trawl.config.mapping import load_mapping
from mash_trawl.errors import Misconfigured

CASE = """\
version: 1
id: MASH-2026-0142
profile: children_in_need
opened_at: 2026-11-03T09:20:00+00:00
referral: {source: school, received_at: 2026-11-03T09:05:00+00:00, concerns: [domestic_abuse], level: 4, rag: red}
people:
  - id: p1
    roles: [subject]
    names: [{given: [Aisha], family: Khan}]
    born: 2014-05-17
    sex: female
    identifiers: {nhs_number: 943 476 5919, upn: H801200001001}
    addresses: [{lines: [14 Mill Lane], postcode: NB1 4QT, uprn: 100023336956, from: 2021-03}]
  - {id: p2, roles: [parent, household], names: [{given: [Samira], family: Khan}], born: 1988-11-02, sex: female}
relationships: [{from: p2, to: p1, kind: parent, nature: birth, parental_responsibility: yes}]
consents:
  - id: c1
    given_by: p2
    capacity: self_and_parental_responsibility
    covers: [p1, p2]
    categories: {housing: all, education: all, health: [gp_summary, health_visiting]}
    given_at: 2026-11-03T10:05:00+00:00
    how: face_to_face
    explained: {notice: privacy-notice-3.2, understood_confirmed_by: social worker}
    expires_at: 2027-02-01T00:00:00+00:00
gateways:
  - id: S47
    decided_by: r.cole
    decided_at: 2026-11-03T11:40:00+00:00
    grounds: Disclosure of physical harm to the school; injury seen.
    covers: [p1, p2]
    consent_sought: no
    why_not: Telling the parent first could place the child at risk.
    review_on: 2026-11-10
"""

HUB = """\
version: 1
name: north-borough
profiles: [early_help, children_in_need]
root_keys: {paths: [../keys/root.a, ../keys/root.b], kind: disk, disk_images_kept: 14d}
reader_keys: ../keys/readers
signing_key: ../keys/hub.sign
statements: from_file
people: [{id: j.shah, account: jshah, roles: [analyst]}]
approve: [{distribution: mash-trawl-housing, plugin: housing}]
sources:
  - name: housing
    agency: housing
    connector: housing
    connect: {url: env:HOUSING_URL}
    limits: {deadline: 20s, rows: 500, per_second: 5, quiet_hours: "01:00-03:00"}
    coverage: {from: 2009-04, area: North Borough}
    contact: {name: Housing data team, telephone: "01632 960001"}
"""

Write = Callable[[str], Path]
Complaints = Callable[..., list[str]]


@pytest.fixture
def case_text() -> str:
    return CASE


@pytest.fixture
def hub_text() -> str:
    return HUB


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file in a folder of its own and returns its path."""

    def writer(content: str | bytes, name: str = "a.yaml") -> Path:
        path = tmp_path / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return writer


@pytest.fixture
def complaints() -> Complaints:
    """Calls a reader that must fail; returns each problem as `line:column what do`, or `place: what do`."""

    def listed(function: Callable[..., object], *arguments: object) -> list[str]:
        with pytest.raises(Misconfigured) as caught:
            function(*arguments)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None, "what the parser knew hangs on the error"
        names = [str(item) for item in arguments if isinstance(item, Path)]
        result = []
        for problem in caught.value.problems:
            where = problem.where
            for name in names:
                where = where.removeprefix(f"{name}:")
            result.append(f"{where} {problem.what} {problem.do}".strip())
        return result

    return listed


@pytest.fixture
def mapping_problems(tmp_path: Path) -> Callable[..., list[str]]:
    """What is said of the text of a mapping in which `old` is replaced by `new`."""

    def found(text: str, old: str = "", new: str = "") -> list[str]:
        assert old in text
        path = tmp_path / "mapping.yaml"
        path.write_text(text.replace(old, new, 1) if old else text)
        try:
            load_mapping(path)
        except Misconfigured as error:
            return [str(problem).replace(f"{path}:", "") for problem in error.problems]
        return []

    return found
