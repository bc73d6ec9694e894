"""A case written as a file: it reads back equal, whole or not at all, and never over somebody's edit."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.config.case import load_case
from mash_trawl.config.write import case_text, fingerprint, plain_case, replace_case, write_case
from mash_trawl.errors import Misconfigured
from mash_trawl.model.base import Known
from mash_trawl.model.case import Case, Nature, Rag, Referral, Referrer, Tie, TieKind
from mash_trawl.model.consent import Capacity, Consent, Explained, GatewayUse
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name, NameUse, Person, Restriction, Role, Sex

OPENED = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)
IDS = ("p1", "p2", "p3")


def words(least: int = 0) -> st.SearchStrategy[str]:
    """Any text that a document may hold, and what YAML would like to read as something else."""
    tricky = st.sampled_from(
        ["NO", "null", "~", "012", "1e3", "yes", "2014-05-17", "- a", "a: b", "#x", "'", '"', "{", "[", "!x", "&x",
         "*x", " a ", "a\nb", "a\r\nb", "\tx", "%", "@x", "`", "\u2028", "\ufeff", "😀", "Zoë",
         "a" * 300, "<<", "=", "?", "-"]
    )  # fmt: skip
    plain = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=least, max_size=20)
    return tricky | plain


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


def one_of(literal: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(literal))


PAST = st.sampled_from(
    ["2014-05-17", "about May 2019", "17/05/2014", "2014", "before 2012", "Spring 2020", "2015 or 2016"]
)
DUE = st.sampled_from(["2026-12", "about March 2027", "14/02/2027"]).map(PartialDate.parse)
EARLY, LATE = (
    st.sampled_from(texts).map(PartialDate.parse) for texts in (("2001", "about 2003"), ("2021-03", "2022~"))
)
INSTANTS = st.datetimes(
    datetime(2026, 11, 1), datetime(2026, 11, 3), timezones=st.sampled_from([UTC, timezone(timedelta(hours=5.5))])
)
NAMES = st.builds(Name, given=some(words()), family=maybe(words()), use=one_of(NameUse))
PLACES = st.builds(
    Address, lines=some(words()), postcode=maybe(st.just("NB1 4QT")), uprn=maybe(st.just("012345")), from_=maybe(EARLY),
    to=maybe(LATE), no_fixed_address=st.booleans(),
)  # fmt: skip
MATTERS = st.dictionaries(words(1), st.just("all") | some(words()), max_size=2)
CONSENTS = st.builds(
    Consent, id=st.just("c1"), given_by=st.sampled_from(IDS), capacity=one_of(Capacity),
    covers=some(st.sampled_from(IDS), 1), categories=MATTERS, given_at=INSTANTS, pr_basis=maybe(words()),
    how=maybe(words()), explained=maybe(st.builds(Explained, notice=words(), interpreter=one_of(Known))),
    expires_at=maybe(INSTANTS.map(lambda at: at + timedelta(days=9))),
)  # fmt: skip
USES = st.builds(
    GatewayUse, id=words(), decided_by=st.just("r.cole"), decided_at=INSTANTS, grounds=st.just("a: #b"),
    covers=some(st.sampled_from(IDS), 1), categories=maybe(MATTERS), consent_sought=one_of(Known),
    health_reasons=st.dictionaries(st.sampled_from(IDS), words(), max_size=2), limbs=some(words()),
    review_on=maybe(st.dates(date(2026, 1, 1), date(2030, 1, 1))),
)  # fmt: skip


def people() -> st.SearchStrategy[tuple[Person, ...]]:
    def person(ident: str) -> st.SearchStrategy[Person]:
        return st.builds(
            Person, id=st.just(ident), roles=some(one_of(Role)), names=some(NAMES),
            born=maybe(PAST.map(PartialDate.parse)),
            sex=one_of(Sex), gender=maybe(words()), addresses=some(PLACES), restrictions=some(one_of(Restriction)),
            identifiers=st.dictionaries(words(1).filter(lambda key: "nhs" not in key), words(), max_size=2),
            school=maybe(words()), language=maybe(words()), told_by=maybe(words()),
        )  # fmt: skip

    unborn = st.builds(
        Person,
        id=st.just("p3"),
        due=st.sampled_from(["2026-12", "about March 2027", "14/02/2027"]).map(PartialDate.parse),
    )
    return st.tuples(person("p1"), person("p2"), unborn)


TIES = st.builds(
    Tie, from_=st.just("p1"), to=st.just("p2"), kind=one_of(TieKind), nature=one_of(Nature),
    parental_responsibility=one_of(Known), pr_basis=maybe(words()),
)  # fmt: skip
CASES = st.builds(
    Case, version=st.just(1), id=st.just("MASH-2026-0142"), profile=words(), opened_at=st.just(OPENED), people=people(),
    referral=st.builds(
        Referral, source=words(), received_at=INSTANTS, concerns=some(words()), level=maybe(st.integers(0, 9)),
        rag=maybe(one_of(Rag)), narrative=maybe(words()), referrer=maybe(st.builds(Referrer, name=maybe(words()))),
    ),
    relationships=some(TIES),
    consents=st.lists(CONSENTS, max_size=1).map(tuple), gateways=some(USES),
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=CASES)
def test_every_case_reads_back_as_it_was_written(case: Case, tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        plain = load_case(plain_case(case))
    except Misconfigured as fault:  # an identifier whose digits stand in an id, or the like: no good case at all
        assert "tells who the person is" in str(fault)
        return
    assert plain == case
    file = tmp_path_factory.mktemp("w") / "a.yaml"
    file.write_bytes(case_text(case).encode())
    assert load_case(file) == case
    assert load_case(json.loads(json.dumps(plain_case(case)))) == case


def test_the_text_is_what_a_person_would_write(write: Any, case_text: str) -> None:
    from mash_trawl.config.write import case_text as text_of

    case = load_case(write(case_text))
    text = text_of(case)
    assert "use: usual" not in text and "no_fixed_address" not in text and "null" not in text
    assert text.startswith("version: 1\nid: MASH-2026-0142\nprofile: children_in_need\n")
    assert yaml.safe_load(text)["people"][0]["names"] == [{"given": ["Aisha"], "family": "Khan"}]
    assert text_of(plain_case(case)) == text


def test_the_draft_bears_the_id_as_its_name_and_is_for_its_owner_alone(tmp_path: Path, case_text: str) -> None:
    path = write_case(tmp_path / "hub" / "cases", yaml.safe_load(_quoted(case_text)))
    assert path == tmp_path / "hub" / "cases" / "MASH-2026-0142.yaml"
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert load_case(path).id == "MASH-2026-0142"


def _quoted(text: str) -> str:
    """The example for a YAML reader that takes numbers for numbers."""
    return re.sub(r"(nhs_number: |uprn: )([0-9 ]+)", r"\1'\2'", text)


def test_a_wrong_case_writes_nothing_and_names_every_problem(tmp_path: Path, case_text: str) -> None:
    data = yaml.safe_load(_quoted(case_text)) | {"profil": "x"}
    data["people"][0]["identifiers"]["nhs_number"] = "943 476 5918"
    with pytest.raises(Misconfigured) as caught:
        write_case(tmp_path / "cases", data)
    assert len(caught.value.problems) == 2
    assert not (tmp_path / "cases").exists()


def test_a_file_that_is_there_is_not_replaced_unless_it_is_still_what_was_read(cases: Path, draft: Any) -> None:
    case = draft()
    path = write_case(cases, case)
    before = path.read_bytes()
    with pytest.raises(Misconfigured, match="the file exists"):
        write_case(cases, case)
    read = fingerprint(path)
    path.write_bytes(before + b"# somebody's note\n")
    with pytest.raises(Misconfigured, match="somebody changed this file"):
        write_case(cases, case, over=read)
    assert path.read_bytes().endswith(b"note\n")
    write_case(cases, case, over=fingerprint(path))
    assert path.read_bytes() == before
    assert list(cases.iterdir()) == [path]


def test_a_json_draft_stays_json(cases: Path, draft: Any) -> None:
    case, path = draft(), cases / "a.json"
    replace_case(path, case, over=None)
    assert json.loads(path.read_text("utf-8"))["id"] == case.id
    assert load_case(path) == case


def test_of_many_edits_of_one_reading_exactly_one_is_written(cases: Path, draft: Any) -> None:
    path = write_case(cases, draft())
    read, outcomes = fingerprint(path), []
    start = threading.Barrier(8)

    def edit(number: int) -> None:
        start.wait()
        try:
            replace_case(path, draft(f"edit {number}"), over=read)
            outcomes.append(number)
        except Misconfigured:
            outcomes.append(None)

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won,) = [number for number in outcomes if number is not None]
    assert load_case(path).referral.narrative == f"edit {won}"
    assert list(cases.iterdir()) == [path]


def test_what_a_killed_writer_left_is_no_case_and_does_not_block_for_ever(cases: Path, draft: Any) -> None:
    part = cases / ".MASH-2026-0142.yaml.part"
    part.write_text("version: 1\nid: MA")
    with pytest.raises(Misconfigured, match="another command is writing"):
        write_case(cases, draft())
    long_ago = time.time() - 600
    os.utime(part, (long_ago, long_ago))
    path = write_case(cases, draft())
    assert list(cases.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX")
def test_a_disk_that_takes_no_more_leaves_the_old_draft_whole(cases: Path, draft: Any) -> None:
    path = write_case(cases, draft())
    before = path.read_bytes()
    code = """
import resource, sys
from pathlib import Path
from mash_trawl.config.case import load_case
from mash_trawl.config.write import fingerprint, replace_case
from mash_trawl.errors import Refused
path = Path(sys.argv[1])
case, read = load_case(path), fingerprint(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    replace_case(path, case, over=read)
except Refused as fault:
    print(fault)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert "cannot be written" in done.stdout
    assert path.read_bytes() == before
    assert list(cases.iterdir()) == [path]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder of drafts and of nothing else."""
    folder = tmp_path / "cases"
    folder.mkdir()
    return folder


@pytest.fixture
def draft(write: Any, case_text: str) -> Callable[..., Case]:
    def made(narrative: str = "as it was") -> Case:
        return load_case(plain_case(load_case(write(case_text))) | {"referral": {
            "source": "school", "received_at": "2026-11-03T09:05:00Z", "narrative": narrative}})  # fmt: skip

    return made
