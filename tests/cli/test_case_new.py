"""`case new`: a script of typed answers plays the analyst; what she means is what the case says."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mash_trawl.cli.main import group
from mash_trawl.config.case import load_case
from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import decide

NOW = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)


FAMILY = (
    ("kind of case", "children in need"),
    ("case reference", "MASH-2026-0777"),
    ("Who referred", "school"),
    ("referrer's name", "Designated lead"),
    ("referrer's telephone", "01632 960123"),
    ("arrive", "09:05"),
    ("the concern", "physical abuse, 5"),
    ("level of need", "level 4"),
    ("priority", "red"),
    ("What happened", "Injury seen: told the class teacher"),
    ("(p1)", "1"),
    ("Given names?", "Aisha Noor"),
    ("Family name?", "Khan"),
    ("another name", "yes"),
    ("What kind of name", "nickname"),
    ("Given names in that", "Ash"),
    ("Date of birth", "17/05/2014"),
    ("Sex", "female"),
    ("NHS number", "943 476 5918"),
    ("NHS number", "943 476 5919"),
    ("pupil number", "H801200001001"),
    ("live", "own"),
    ("Address", "14 Mill Lane, Northborough"),
    ("Postcode", "nb1 4qt"),
    ("Since when", "March 2021"),
    ("earlier address", "yes"),
    ("Address", "3 Old Street"),
    ("Since when", "2015"),
    ("Until when", "2014"),
    ("Until when", "back"),
    ("Since when", "2013"),
    ("Until when", "about 2021"),
    ("School", "North Primary"),
    ("another person", "yes"),
    ("(p2)", "parent, household"),
    ("Given names?", "Samira"),
    ("Family name?", '"Back"'),
    ("Date of birth", "about 1988"),
    ("Sex", "f"),
    ("live", "With p1"),
    ("Since when", "2022"),
    ("another person", "yes"),
    ("(p3)", "sibling"),
    ("born", "no"),
    ("due", "about March 2027"),
    ("another person", "yes"),
    ("(p4)", "alleged source of harm"),
    ("live", "no fixed"),
    ("What is p2 Samira Back to p1", "1"),
    ("which way", "birth"),
    ("parental responsibility for p1", "yes"),
    ("come from", "the mother"),
    ("What is p4 to p1", "unknown"),
    ("What is p2 Samira Back to p3", "parent"),
    ("What is p2 Samira Back to p4", "partner"),
    ("which way", "separated"),
    ("Has anybody agreed", "yes"),
    ("Who agreed", "p2"),
    ("Did they agree", "agreed"),
    ("For whom", "p1, p2 and p4"),
    ("For whom", "1, 2"),
    ("Which agencies", "housing, health services, education"),
    ("What of Health", "gp_summary, health visiting"),
    ("When was this said", "today 09:10"),
    ("How?", "face to face"),
    ("notice or script", "privacy-notice-3.2"),
    ("understood", "social worker"),
    ("Until when does it hold", "1/2/2027"),
    ("Has a manager decided", "yes"),
    ("Which power", "S47"),
    ("Who decided", "r.cole"),
    ("When was it decided", "09:15"),
    ("grounds", "Disclosure to the school; injury seen."),
    ("About whom", "p1, p2"),
    ("Which part", "reasonable cause"),
    ("health of p1", "The injury"),
    ("agreement sought", "no"),
    ("Why not", "Telling the parent first could place the child at risk."),
)


def test_a_family_told_by_typed_answers_is_the_case_that_was_meant(play: Any) -> None:
    case, player = play(FAMILY)
    child, mother, unborn, other = case.people
    assert (case.id, case.profile, case.referral.level, case.referral.rag) == (
        "MASH-2026-0777", "children_in_need", 4, "red")  # fmt: skip
    assert case.referral.concerns == ("physical_abuse", "domestic_abuse")
    assert case.referral.referrer.telephone == "01632 960123"
    assert [(name.given, name.family, name.use) for name in child.names] == [
        (("Aisha", "Noor"), "Khan", "usual"), (("Ash",), "Khan", "nickname")]  # fmt: skip
    assert child.born.edtf == "2014-05-17" and child.school == "North Primary"
    assert child.identifiers == {"nhs_number": "943 476 5919", "upn": "H801200001001"}
    assert [(at.lines, at.postcode, at.from_.edtf) for at in child.addresses] == [
        (("14 Mill Lane", "Northborough"), "NB1 4QT", "2021-03"), (("3 Old Street",), None, "2013")]  # fmt: skip
    assert child.addresses[1].to.edtf == "2021~"
    assert mother.names[0].family == "Back" and mother.born.edtf == "1988~"
    home, shared = child.addresses[0], mother.addresses[0]
    assert (shared.lines, shared.postcode, shared.from_.edtf) == (home.lines, home.postcode, "2022")
    assert unborn.unborn and unborn.due.edtf == "2027-03~"
    assert other.addresses[0].no_fixed_address and other.names == ()
    ties = [(tie.from_, tie.kind, tie.nature, tie.to, tie.parental_responsibility) for tie in case.relationships]
    assert ties == [("p2", "parent", "birth", "p1", "yes"), ("p2", "parent", "unknown", "p3", "unknown"),
                    ("p2", "partner", "separated", "p4", "unknown")]  # fmt: skip
    assert "  Understood: about March 2027" in player.heard


def test_what_was_agreed_and_decided_is_what_the_profile_acts_on(play: Any) -> None:
    case, _ = play(FAMILY)
    (consent,), (use,) = case.consents, case.gateways
    assert (consent.capacity, consent.covers) == ("self_and_parental_responsibility", ("p1", "p2"))
    assert consent.categories == {"housing": "all", "health": ("gp_summary", "health_visiting"), "education": "all"}
    assert (consent.given_at.isoformat(), consent.expires_at.isoformat()) == (
        "2026-11-03T09:10:00+00:00", "2027-02-01T00:00:00+00:00")  # fmt: skip
    assert (use.id, use.trigger, use.health_reasons, use.consent_sought) == (
        "S47", "reasonable_cause", {"p1": "The injury"}, "no")  # fmt: skip
    found = {(item.person, item.category): item.outcome.value for item in
             decide(case, load_profile("children_in_need"), NOW)}  # fmt: skip
    assert found["p1", "health.gp_summary"] == found["p2", "police.domestic_abuse"] == "PERMIT"
    assert found["p4", "housing.tenancy"] == found["p3", "housing.tenancy"] == "DENY"


def test_empty_lines_to_every_question_make_a_case_with_nothing_made_up(play: Any) -> None:
    case, player = play(())
    (person,) = case.people
    assert case.id.startswith("case-20261103-") and case.referral.received_at == NOW
    assert (person.roles, person.names, person.born, person.addresses) == (("subject",), (), None, ())
    assert (case.relationships, case.consents, case.gateways, case.referral.rag) == ((), (), (), None)
    assert any("the date of birth" in line for line in player.heard)


def flat(*answers: str) -> str:
    """Typed lines; the empty ones that leave every other question open come after, then `save`."""
    return "\n".join([*answers, *[""] * 60, "save", ""])


def test_the_command_writes_the_draft_and_says_where(hub: Path) -> None:
    typed = flat("children in need", "MASH-2026-0800", "school")
    done = CliRunner().invoke(group, ["--hub", str(hub), "case", "new", "--json"], input=typed, standalone_mode=False)
    assert done.return_value == 0, done.output
    file = hub / "cases" / "MASH-2026-0800.yaml"
    assert f'"file": "{file}"' in done.stdout and '"case": "MASH-2026-0800"' in done.stdout
    assert load_case(file).referral.source == "school"


def test_a_reference_that_is_taken_is_asked_again(hub: Path) -> None:
    arguments = ["--hub", str(hub), "case", "new"]
    for typed in (flat("1", "MASH-1"), flat("1", "MASH-1", "MASH-2")):
        done = CliRunner().invoke(group, arguments, input=typed, standalone_mode=False)
        assert done.return_value == 0
    assert sorted(file.name for file in (hub / "cases").iterdir()) == ["MASH-1.yaml", "MASH-2.yaml"]
    assert "Another case has this reference." in done.stderr


def command(hub: Path, tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mash_trawl", "--hub", str(hub), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env=dict(os.environ, HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / "config"), PYTHONUTF8="1"),
    )  # fmt: skip


def test_in_a_process_of_its_own_the_end_of_the_input_leaves_nothing_behind(hub: Path, tmp_path: Path) -> None:
    process = command(hub, tmp_path, "case", "new")
    out, said = process.communicate("1\nMASH-3\nschool\n", timeout=60)
    assert (process.returncode, out) == (130, "")
    assert said.rstrip().endswith("Stopped.")
    assert list((hub / "cases").glob("*")) == [] and list((hub / "cases").glob(".*")) == []
    assert list(tmp_path.rglob("*history*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_ctrl_c_leaves_nothing_behind(hub: Path, tmp_path: Path) -> None:
    import signal

    process = command(hub, tmp_path, "case", "new")
    assert process.stdin and process.stderr
    process.stdin.write("1\nMASH-4\nZoë's school\n")
    process.stdin.flush()
    for line in process.stderr:
        if "referrer's name" in line:
            break
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and "Stopped." in said
    assert list((hub / "cases").iterdir()) == []


def test_input_that_is_no_text_is_refused_without_repeating_it(hub: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mash_trawl", "--hub", str(hub), "case", "new"], input=b"1\nM\xff-zqx\n",
        capture_output=True, check=False, timeout=60,
        env=dict(os.environ, HOME=str(tmp_path), PYTHONIOENCODING="utf-8"),
    )  # fmt: skip
    assert done.returncode == 2
    assert b"this is not UTF-8 text" in done.stderr and b"zqx" not in done.stderr
