"""Synthetic people and records of a social care system, with decoys."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from mash_trawl_county.systems.social_care import SCHEMA

HOME = ("14 Mill Lane", "NB1 4QT", "100023336956")
AWAY = ("2 High Street", "NB1 1AA", "100023330001")
REFUGE = ("9 Beacon Hill", "NB2 2AB", "100023330009")
PEOPLE = [
    ("L1", "Samira", "", "Khan", "F", "1988-11-02", None, "9991234560"),
    ("L2", "Aisha", "Noor", "KHAN", "F", "2014-05-17", "A123456789012", "943 476 5919"),
    ("L3", "Amina", "", "Khan", "F", "2014-05-17", None, None),  # her twin
    ("L4", "Aisha", "", "Khan", "F", "1974-05-17", None, None),
    ("L5", "Oliver", "", "Stone", "M", "2014-05-17", None, None),
    ("L6", "Dan", "", "O'Brien", "M", "1985-03-09", None, None),
    ("L7", "Zoë", "", "ŁUKASZ-ŻUK", "I", None, None, "9990000034"),
    ("L8", "Robert'); drop table person;--", "", "Khan", "M", "2010-02-31", None, "9990000042"),  # an impossible day
    ("L9", "Nadia", "", "Khan", "F", "2012-01-09", None, None),  # adopted: another name now, elsewhere
    ("L10", "Ruth", "", "Marsh", "F", "1990-07-07", None, None),  # in a refuge
    ("L11", "Ben", "", "Marsh", "M", "2015-08-08", None, None),  # her son, with her
]
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "person_alias": [
        ("A1", "L1", "Samira", "Malik", "MAIDEN"), ("A2", "L2", "Ash", "Khan", "NICK"),
    ],
    "person_address": [
        ("D1", "L1", "14 Mill Lane", None, "NB1 4QT", "100023336956", "2018-02-01", None),
        ("D2", "L2", "14 Mill Lane", None, "NB1 4QT", "100023336956", "2018-02-01", None),
        ("D3", "L2", "2 High Street", "Flat 3", "NB1 1AA", "100023330001", "2014-05-17", "2018-02-01"),
        ("D4", "L5", "2 High Street", None, "NB1 1AA", "100023330001", "2014-05-17", None),
        ("D5", "L10", "9 Beacon Hill", None, "NB2 2AB", "100023330009", "2024-01-01", None),
        ("D6", "L11", "9 Beacon Hill", None, "NB2 2AB", "100023330009", "2024-01-01", None),
        ("D7", "L11", "1 Canal Walk", None, "NB3 3AB", "100023330010", "2015-08-08", "2024-01-01"),
    ],
    "person_relation": [
        ("R1", "L1", "L2", "MOT", "Y", "2014-05-17", None), ("R2", "L6", "L2", "STP", "N", "2019-01-01", None),
        ("R3", "L6", "L1", "PTN", None, "2019-01-01", "2022-06-30"), ("R4", "L3", "L2", "FSI", None, None, None),
        ("R5", "L1", "L9", "MOT", None, None, None),  # leads to the adopted child
        ("R6", "L4", "L2", "GPA", None, None, None), ("R7", "L5", "L2", "???", None, None, None),
        ("R8", "L10", "L11", "MOT", "Y", None, None), ("R9", "L5", "L6", "SIB", None, None, None),
    ],
    "person_restriction": [
        ("L9", "ADOPT", "2016-03-01", None), ("L10", "HIDE", "2024-01-01", None),
        ("L6", "STAFF", "2020-01-01", "2021-01-01"),  # withdrawn
        ("L8", "LOCKED", "2020-01-01", None),
    ],
    "contact": [("C1", "L2", "2019-07-02", "6", "Police attended the home", "Referral"),
                ("C2", "L5", "2019-07-02", "2A", "Somebody else's contact", "")],
    "referral": [("F1", "L2", "2019-07-03", "2A", "N1", "School worried about bruising", "Assessment"),
                 ("F2", "L2", "2009-01-01", "9", "N0", "Old", ""), ("F3", "L2", None, "ZZ", None, "No day", None)],
    "assessment": [("S1", "L2", "2019-07-05", "2019-08-16", "Assessment of the family", "Child in need")],
    "assessment_factor": [("S1", "3B"), ("S1", "99X")],
    "s47_enquiry": [("E1", "L2", "2019-07-08", "2019-07-15", "Bruising", "Substantiated")],
    "cp_conference": [("G1", "L2", "2019-07-22", "ICPC", "Plan made")],
    "cp_plan": [("P1", "L2", "2019-07-22", "2020-05-01", "EMO", "NEG", ""),
                ("P2", "L2", "2016-01-04", None, "NEG", None, "Still open")],
    "cin_plan": [("P1", "L2", "2020-05-01", "2020-12-01", "Step down")],
    "visit": [("V1", "L2", "2019-08-01", "CP", "N", "Home visit")],
    "missing_episode": [("M1", "L2", "2024-10-12", "2024-10-13", "At a friend's home", "Y", "N")],
    "legal_status": [("LS1", "L2", "V2", "2021-01-01", "2021-02-01", ""), ("LS2", "L2", "C2", "2021-02-01", None, "")],
    "placement": [("PL1", "L2", "U6", "2021-01-01", None, "")],
    "involvement": [("I1", "L2", "Kim Lane", "Social worker", "North Assessment Team", "01632 960111", "2019-07-05",
                     None)],
}  # fmt: skip


def fill(execute: Callable[[str, tuple[Any, ...]], Any], mark: str = "?") -> None:
    """Put the synthetic people and records into a database that has the schema."""
    columns = "person_id, forename, middle_names, surname, gender, dob, upn, nhs_number"
    for person in PEOPLE:
        execute(f"insert into person({columns}) values ({', '.join(mark for _ in person)})", person)
    for table, rows in ROWS.items():
        for row in rows:
            execute(f"insert into {table} values ({', '.join(mark for _ in row)})", row)


def filled(db: sqlite3.Connection) -> None:
    """The same people for the conformance kit, without the one relation of the child that nobody can read."""
    db.executescript(SCHEMA)
    fill(db.execute)
    db.execute("delete from person_relation where relation_id = 'R7'")
