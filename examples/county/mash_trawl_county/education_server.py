"""The county's education system: a REST service in the shape of Synergy, by OAuth2 or an API key, paged by `skip`.

`POST /api/v1/pupils/search` and `POST /api/v1/records/search` answer `{"data": [...], "totalCount": int}`. A search
takes a UPN, or at least two things about the pupil. It counts which fields were asked by, which pupils a search
offered, and whose records of which type were asked for, so that a test can tell who was ever asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from mash_trawl.testing.server import Request
from mash_trawl_county.loopback_http import BadRequest, Record, Search, SearchServer

PAGE = 50
PUPIL_KEYS = frozenset({"upn", "surname", "forename", "dateOfBirth", "postcode"})
RECORD_KEYS = frozenset({"pupilId", "types", "from", "to"})
HELD = {
    "upn": ("upn", "formerUpn"), "surname": ("legalSurname", "preferredSurname", "formerSurname"),
    "forename": ("legalForename", "preferredForename"), "dateOfBirth": ("dateOfBirth",), "postcode": ("postcode",),
}  # fmt: skip
"""What is asked by, and where a pupil has it; a postcode stands in the address."""
TYPES = frozenset({"enrolment", "attendance", "exclusion", "send", "concern"})


class EducationServer(SearchServer):
    """Serves the given pupils and records until stopped; `hits` counts requests by path.

    `api_key`: whoever sends it as `X-API-Key` needs no token. `searched` counts the fields of searches, `offered` the
    pupils in their answers, `asked` (pupil, type of record) as it was asked for.
    """

    paging_keys = frozenset({"skip", "take"})

    def __init__(
        self, pupils: Sequence[Record], records: Sequence[Record], client_id: str, client_secret: str, port: int = 0,
        token_life: float = 300.0, page: int = PAGE, api_key: str = "",
    ) -> None:  # fmt: skip
        super().__init__(client_id, client_secret, port, token_life)
        self._pupils = sorted(pupils, key=lambda row: str(row["pupilId"]))
        self._records = sorted(records, key=lambda row: (str(row["type"]), str(row["recordId"]), str(row["pupilId"])))
        self._page = page
        self._key = api_key
        self.searched: Counter[tuple[str, ...]] = Counter()
        self.offered: Counter[str] = Counter()
        self.asked: Counter[tuple[str, str]] = Counter()

    def searches(self) -> Mapping[str, tuple[frozenset[str], Search]]:
        """Pupils, and what is recorded of one."""
        return {
            "/api/v1/pupils/search": (PUPIL_KEYS, self._find),
            "/api/v1/records/search": (RECORD_KEYS, self._fetch),
        }

    def _knows(self, request: Request) -> bool:
        given = request.headers.get("x-api-key", "")
        return bool(self._key and given == self._key) or super()._knows(request)

    def _find(self, body: dict[str, Any]) -> list[Record]:
        asked = {key: str(body[key]) for key in sorted(PUPIL_KEYS) if body.get(key)}
        if "upn" not in asked and len(asked) < 2:
            raise BadRequest("name a UPN, or at least two things about the pupil")
        found = [row for row in self._pupils if all(_agrees(row, key, value) for key, value in asked.items())]
        with self._lock:
            self.searched[tuple(asked)] += 1
            self.offered.update(str(row["pupilId"]) for row in found)
        return found

    def _fetch(self, body: dict[str, Any]) -> list[Record]:
        pupil, types = body.get("pupilId"), body.get("types")
        if not pupil or not isinstance(types, list) or not types or not set(types) <= TYPES:
            raise BadRequest("name a pupil and the types of record")
        with self._lock:
            self.asked.update((str(pupil), str(kind)) for kind in types)
        since, until = str(body.get("from") or ""), str(body.get("to") or "9999")
        return [
            row
            for row in self._records
            if row["pupilId"] == pupil
            and row["type"] in types
            and str(row.get("startDate") or "") <= until
            and str(row.get(_last(row)) or "9999") >= since
        ]

    def paged(self, rows: Sequence[Record], body: dict[str, Any]) -> dict[str, Any]:
        """`take` of them behind the first `skip`."""
        skip, take = body.get("skip", 0), body.get("take", self._page)
        if not isinstance(skip, int) or not isinstance(take, int) or skip < 0 or take < 1:
            raise BadRequest("skip and take must be numbers")
        return {"data": rows[skip : skip + min(take, self._page)], "totalCount": len(rows)}


def _last(row: Record) -> str:
    """The field of a record's last day: an exclusion or a concern is over on the day it began, if no end is told."""
    lasts = row["type"] in ("enrolment", "send") or bool(row.get("endDate"))
    return "endDate" if lasts else "startDate"


def _agrees(row: Record, key: str, value: str) -> bool:
    place = (row.get("address") or {}) if key == "postcode" else row
    held = [place.get(name) for name in HELD[key]]
    return any(item and _plain(str(item)) == _plain(value) for item in held)


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
