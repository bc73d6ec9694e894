"""The county's police records system: an OAuth2 REST service that searches by POST and pages by cursor.

`POST /v1/nominals/search` and `POST /v1/occurrences/search` answer `{"items": [...], "next_cursor": text or null,
"total": int}`. A search that names fewer than two things about a person is refused, as a real system would refuse it.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from mash_trawl_county.loopback_http import BadRequest, Record, Search, SearchServer

PAGE = 50
NOMINAL_KEYS = frozenset({"surname", "forename", "dob", "postcode", "uprn", "sex"})
INDEXED = ("dob", "postcode", "uprn", "surname")
OCCURRENCE_KEYS = frozenset({"nominal_id", "since", "until", "categories"})


class PoliceServer(SearchServer):
    """Serves the given nominals and occurrences until stopped; `hits` counts requests by path."""

    paging_keys = frozenset({"limit", "cursor"})

    def __init__(
        self, nominals: Sequence[Record], occurrences: Sequence[Record], client_id: str, client_secret: str,
        port: int = 0, token_life: float = 300.0, page: int = PAGE,
    ) -> None:  # fmt: skip
        super().__init__(client_id, client_secret, port, token_life)
        self._nominals = sorted(nominals, key=lambda row: str(row["nominal_id"]))
        self._occurrences = sorted(occurrences, key=lambda row: str(row["occurrence_id"]))
        self._page = page
        self._by_fact: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in self._nominals:
            for key in INDEXED:
                for value in dict.fromkeys(_held(row, key)):
                    self._by_fact[key, value].append(row)
        self._by_nominal: dict[str, list[Record]] = defaultdict(list)
        for row in self._occurrences:
            for ident in dict.fromkeys(str(person.get("nominal_id")) for person in row["people"]):
                self._by_nominal[ident].append(row)

    def searches(self) -> Mapping[str, tuple[frozenset[str], Search]]:
        """People, and what one of them has a part in."""
        return {
            "/v1/nominals/search": (NOMINAL_KEYS, self._find),
            "/v1/occurrences/search": (OCCURRENCE_KEYS, self._fetch),
        }

    def _find(self, body: dict[str, Any]) -> list[Record]:
        asked = {key: str(body[key]) for key in NOMINAL_KEYS if body.get(key)}
        if len(asked) < 2:
            raise BadRequest("name at least two things about the person")
        first = next((key for key in INDEXED if key in asked), "")
        rows = self._by_fact.get((first, _plain(asked[first])), []) if first else self._nominals
        return [row for row in rows if all(_plain(value) in _held(row, key) for key, value in asked.items())]

    def _fetch(self, body: dict[str, Any]) -> list[Record]:
        nominal, categories = body.get("nominal_id"), body.get("categories")
        if not nominal or not isinstance(categories, list) or not categories:
            raise BadRequest("name a nominal and the categories")
        since, until = str(body.get("since") or ""), str(body.get("until") or "9999")
        return [
            row
            for row in self._by_nominal.get(str(nominal), [])
            if row["category"] in categories and since <= str(row["occurred_from"])[:10] <= until
        ]

    def paged(self, rows: Sequence[Record], body: dict[str, Any]) -> dict[str, Any]:
        """Up to `limit` of them from the cursor on, which belongs to this search alone."""
        limit = body.get("limit", self._page)
        if not isinstance(limit, int) or limit < 1:
            raise BadRequest("limit must be a positive number")
        asked = {key: value for key, value in sorted(body.items()) if key not in self.paging_keys}
        mark = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
        start = _offset(body.get("cursor"), mark)
        end = start + min(limit, self._page)
        return {
            "items": rows[start:end],
            "next_cursor": f"{mark}.{end}" if end < len(rows) else None,
            "total": len(rows),
        }


def _offset(cursor: Any, mark: str) -> int:
    if cursor is None:
        return 0
    kept, _, offset = str(cursor).partition(".")
    if kept != mark or not offset.isdigit():
        raise BadRequest("this cursor belongs to another search")
    return int(offset)


def _held(row: Record, key: str) -> list[str]:
    """What the nominal holds under a search key, in plain letters; a former surname counts as well."""
    address = row.get("address") or {}
    if key == "surname":
        held = [row.get("surname"), row.get("former_surname")]
    else:
        held = [address.get(key) if key in ("postcode", "uprn") else row.get(key)]
    return [_plain(str(item)) for item in held if item]


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
