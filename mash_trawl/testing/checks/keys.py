"""What check 8 asks beside the child's own facts: keys that these do not fill, and the record that was merged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from mash_trawl.model.answer import Why
from mash_trawl.model.query import Candidate
from mash_trawl.testing.bench import Bench
from mash_trawl.testing.checks.shape import identity

_INVENTED: dict[str, Any] = {
    "given": "Kitnobody", "family": "Kitnobody", "former_names": "Kitnobody", "given_soundex": "K315",
    "family_soundex": "K315", "born": date(1903, 2, 1), "born_from": date(1903, 2, 1), "born_to": date(1903, 2, 1),
    "sex": "female", "postcode": "ZZ99ZZ", "uprn": "999999999999", "nhs_number": "9990000999", "upn": "Z999000000999",
    "house_number": "9999", "postcode_sector": "ZZ9 9",
}  # fmt: skip
_TELLING = frozenset({"given", "family", "former_names", "postcode", "uprn", "nhs_number", "upn"})


def unfilled(bench: Bench) -> Iterator[str]:
    """A key that the child's facts do not fill is asked all the same, about somebody whom nobody holds."""
    known = bench.queries()
    for key in bench.connector.search_keys:
        if key in known or not _TELLING & set(key) or not set(key) <= set(_INVENTED):
            continue
        run = bench.find(bench.query(key, **{name: _INVENTED[name] for name in key}))
        where = f"find by {' + '.join(key)}"
        if run.failure == Why.CONNECTOR_CRASHED:
            kind = run.probe.error.kind if run.probe.error else "an error"
            yield f"{where} breaks ({kind}): a key that it cannot search by does not belong into `search_keys`."
        elif run.items:
            yield f"{where}, about somebody whom the seed does not hold, brings {len(run.items)} people."


def merged(bench: Bench) -> Iterator[str]:
    """What stands under an old record of the child's comes with the child, or that record is found beside it."""
    old = bench.cast.merged
    if old is None:
        return
    for key in bench.queries():
        if any(isinstance(item, Candidate) and item.ref == old for item in bench.once("find", key).items):
            return
    own = {identity(item) for item in bench.once("fetch").items}
    lost = {identity(item) for item in bench.fetch(old).items} - own
    if lost:
        yield (
            f"{len(lost)} records stand under {old}, which was merged into the child's: neither does find name it nor "
            "does fetch bring them."
        )
