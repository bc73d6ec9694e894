"""The invented police service of which the REST twins ask."""

from __future__ import annotations

from typing import Any

from mash_trawl.testing import Request

PEOPLE = (
    ("K1", "Aisha", "Khan", "2014-05-17", "9990000018"), ("K2", "Amina", "Khan", "2014-05-17", "9990000026"),
    ("K3", "Aisha", "Khan", "2009-11-02", "9990000034"), ("K4", "Oliver", "Stone", "2014-05-17", "9990000042"),
    ("K5", "Bilal", "Khan", "2012-03-09", "9990000050"),
)  # fmt: skip
RECORDS = tuple(
    {
        "id": f"{kind[0]}{number}",
        "person": person,
        "type": kind,
        "day": day,
        "summary": f"Report {number}",
        "status": status,
    }
    for number, (person, kind, day, status) in enumerate(
        (
            ("K1", "safeguarding", "2023-04-02", "OPEN"),
            ("K1", "safeguarding", "2024-09-17", "CLSD"),
            ("K1", "missing", "2022-12-24", "CLSD"),
            ("K1", "missing", "2025-03-30", "OPEN"),
            ("K2", "safeguarding", "2024-01-08", "OPEN"),
            ("K5", "missing", "2023-06-06", "CLSD"),
        )  # fmt: skip
    )
)
STATUSES = {"OPEN": "open", "CLSD": "closed"}


def service(request: Request) -> Any:
    """The invented police service."""
    asked = request.json() | dict(request.query)
    if request.path == "/v1/people/search":
        rows = [dict(zip(("id", "forename", "surname", "dob", "nhs"), row, strict=True)) for row in PEOPLE]
        return [row for row in rows if all(row[key] == value for key, value in asked.items() if key in row)]
    if request.path in ("/v1/people", "/v1/view"):
        return []
    if request.path == "/v1/records/search":
        return [
            row
            for row in RECORDS
            if row["person"] == asked.get("person")
            and row["type"] == asked.get("type", row["type"])
            and asked.get("since", "") <= row["day"] <= asked.get("until", "9999")
        ]
    return None
