"""A small synthetic probation service in the shape of the real one: searched by POST, one page for each subject."""

from __future__ import annotations

from typing import Any

from mash_trawl.testing.server import Request


def person(crn: str, first: str, last: str, born: str | None, **more: Any) -> dict[str, Any]:
    """One synthetic person on probation."""
    held = {"middleName": None, "gender": "Male", "pncId": None, "aliases": [], "limitedAccess": False,
            "address": {"line1": "14 Mill Lane", "postcode": "NB1 4QT"}}  # fmt: skip
    keys = {"identifiers": {"deliusCrn": crn, "nomisNumber": None}}
    return keys | {"firstName": first, "lastName": last, "dateOfBirth": born} | held | more


AWAY = {"line1": "2 High Street", "postcode": "NB1 1AA"}
PEOPLE = [
    person("X100001", "Daniel", "OKAFOR", "1985-03-09", middleName="James", pncId="1999/0001234A",
           aliases=[{"firstName": "Danny", "lastName": "Lee"}]),
    person("X100002", "Darren", "Okafor", "1985-03-09"),
    person("X100003", "Daniel", "Okafor", "1955-10-21", address=AWAY),
    person("X100004", "Kevin", "Stone", "1985-03-09", address=AWAY, limitedAccess=True),
    person("X100005", "Ruth", "Okafor", "1990-02-02", gender="Female"),
]  # fmt: skip
SENTENCES = {
    "X100001": [
        {"id": "S1", "type": "CO", "dateOfSentencing": "2025-02-04", "endDate": None, "isActive": True},
        {"id": "S2", "type": "LIC", "dateOfSentencing": "2019-06-11", "endDate": "2019-12-10", "isActive": False},
    ],
    "X100002": [{"id": "S3", "type": "SSO", "dateOfSentencing": "2024-01-01", "endDate": None, "isActive": True}],
}
CONDITIONS = {
    "X100001": {"licences": [{"id": "L1", "status": "INACTIVE", "approvedDate": "2019-06-11", "conditions": [
        {"id": "1", "condition": "Not to enter Mill Lane by night"}]}]},
}  # fmt: skip
OFFICERS = {
    "X100001": {"communityOffenderManager": {
        "code": "N01A001", "name": {"forename": "Lesley", "surname": "Quint"}, "telephoneNumber": "01632 960701",
        "email": "lesley.quint@probation.example", "team": {"description": "North court team"}}},
}  # fmt: skip
HARM = {"X100001": {"assessmentId": "A1", "assessedOn": "2025-02-20", "overallRiskLevel": "H",
                    "riskToChildrenLevel": "VERY_HIGH"}}  # fmt: skip
MAPPA = {"X100001": {"id": "M1", "level": "1", "category": "2", "startDate": "2025-03-01", "endDate": None}}
HELD: dict[str, dict[str, Any]] = {
    "licences/conditions": CONDITIONS, "person-responsible-officer": OFFICERS, "risks/serious-harm": HARM,
    "risks/mappadetail": MAPPA,
}  # fmt: skip


def answer(request: Request) -> Any:
    """One request: a search, or one subject of one person. Whoever has nothing there has `null`."""
    path = request.path.removeprefix("/v1/persons/")
    if path == "search":
        return _listed([one for one in PEOPLE if _fits(one, request.json())])
    crn, _, subject = path.partition("/")
    if crn not in {one["identifiers"]["deliusCrn"] for one in PEOPLE}:
        return {"data": None} if subject != "sentences" else _listed([])
    if subject == "sentences":
        return _listed(SENTENCES.get(crn, []))
    return {"data": HELD[subject].get(crn)}


def _listed(items: list[Any]) -> dict[str, Any]:
    return {"data": items, "pagination": {"isLastPage": True, "page": 1, "totalCount": len(items)}}


def _fits(one: dict[str, Any], wanted: dict[str, Any]) -> bool:
    names = [
        (one["firstName"], one["lastName"]),
        *((alias["firstName"], alias["lastName"]) for alias in one["aliases"]),
    ]
    told = {
        "first_name": {first.lower() for first, _ in names},
        "last_name": {last.lower() for _, last in names},
        "date_of_birth": {one["dateOfBirth"]},
        "postcode": {"".join(one["address"]["postcode"].split()).lower()},
    }
    asked = {key: "".join(text.split()) if key == "postcode" else text for key, text in wanted.items() if key in told}
    return all(text.lower() in told[key] for key, text in asked.items())
