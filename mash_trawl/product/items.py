"""The id by which a person names one claim of a product: the same in every version for the same words of a record.

`<letter><6 of the record><6 of the claim>`, hexadecimal: the letter is the kind of row, the first six come from the
case, the source and its key of the record, the last six from what the record says. Nothing can be read out of it, and
the case in it keeps one record of two cases apart. It is made after hidden places were taken out, so that it cannot
be used to try out addresses.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Final

from mash_trawl.model.finding import Finding, Involvement
from mash_trawl.model.shown import Origin
from mash_trawl.product.plain import order_key

ITEM: Final = re.compile(r"[a-z][0-9a-f]{12}")
"""How an item's id looks."""
SHORTEST: Final = 4
"""So much of an id names an item, where no other begins alike."""
_LETTERS: Final = {"event": "e", "involvement": "i", "residence": "h", "relationship": "r", "fact": "f"}
_PERSON = "p"
"""A value that a source holds about a person whom it knows: a name, a birth date, an address."""


def item_of(case: str, source: str, finding: Finding) -> str:
    """The id of what a finding claims. Whom it is about, who wrote it down and when are not part of the claim."""
    bare = replace(finding, about=(), mentions=(), recorded_on=None, recorded_by=None)
    if isinstance(bare, Involvement):
        bare = replace(bare, last_contact=None)
    return _id(_LETTERS[finding.type], [case, source, finding.ref, finding.category], order_key(bare))


def value_of(case: str, origin: Origin, field: str, value: str) -> Origin:
    """The origin of one value about a person, with its item. The case file's own are mended in the case."""
    if not origin.source:
        return origin
    return replace(origin, item=_id(_PERSON, [case, origin.source, origin.ref, field], value))


def same_record(one: str, other: str) -> bool:
    """Whether two items are of one record, whatever it says now."""
    return one[:7] == other[:7]


def _id(letter: str, record: list[str], claim: str) -> str:
    held = json.dumps([letter, *record], ensure_ascii=True)
    digests = (hashlib.sha256(text.encode("utf-8")).hexdigest()[:6] for text in (held, held + claim))
    return letter + "".join(digests)
