"""Every claim of a product by its item's id, so that a person can name one, and what it says in a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.model.base import Private
from mash_trawl.model.product import Product
from mash_trawl.model.shown import Origin
from mash_trawl.product.items import ITEM, SHORTEST
from mash_trawl.product.plain import code_words, list_words


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Claim(Private):
    """What one item says, who holds it, of which kind it is, and through whose answers it came (ids of the case)."""

    item: str
    words: str
    agency_name: str
    source: str
    category: str
    about: tuple[str, ...]


def claims(product: Product) -> dict[str, Claim]:
    """Item to claim, in the order of the product. Versions of one record that say the same are one item."""
    found: dict[str, Claim] = {}
    for origin, words, people in _said(product):
        if origin.item is None or origin.item in found:
            continue
        about = tuple(one.person for one in origin.deliveries) or people
        found[origin.item] = Claim(
            item=origin.item, words=words, agency_name=origin.agency_name, source=origin.source,
            category=origin.category, about=about,
        )  # fmt: skip
    return found


def find_claim(product: Product, text: str) -> Claim:
    """The claim that `text` names: its item's id, or the beginning of it. Misconfigured for none, or for several."""
    typed = text.strip().lower().replace("-", "")
    if len(typed) < SHORTEST:
        raise Misconfigured(Problem(where="ITEM", what=f"at least {SHORTEST} signs are needed.", do=_SEE))
    found = [claim for item, claim in claims(product).items() if item.startswith(typed)]
    if not found:
        what = "no claim of this version has such an item id."
        if not ITEM.match(typed.ljust(13, "0")):
            what = "this is no item id: a letter and twelve hexadecimal digits, or the beginning of one."
        raise Misconfigured(Problem(where="ITEM", what=what, do=_SEE))
    if len(found) > 1:
        ids = list_words(claim.item for claim in found)
        raise Misconfigured(Problem(where="ITEM", what=f"{len(found)} begin so: {ids}.", do="Type more of it."))
    return found[0]


_SEE = "The id stands beside each claim: `view`, or `open --text`."


def _said(product: Product) -> Iterator[tuple[Origin, str, tuple[str, ...]]]:
    """Each claim's origin, its words, and the people of the case it is about where no delivery says so."""
    name = {person.id: person.name for person in product.people}

    def who(ids: Iterable[str]) -> str:
        return list_words(name.get(ident, ident) for ident in ids) or "nobody named"

    for event in product.chronology:
        yield event.origin, f"{event.when.shown}: {event.headline}", ()
    for service in product.involvements:
        yield service.origin, f"{who(service.people)}: {service.service} ({code_words(service.status)})", ()
    for home in product.residences:
        yield home.origin, f"{who(home.people)}: {home.address}", ()
    for tie in product.relationships:
        yield tie.origin, f"{who(tie.from_)}: {code_words(tie.kind)} of {who(tie.to)}", ()
    for fact in product.facts:
        yield fact.origin, f"{who(fact.people)}: {code_words(fact.name)} {fact.value}", ()
    for clash in product.contradictions:
        for value in clash.values:
            for origin in value.origins:
                yield origin, f"{who(clash.people)}: {code_words(clash.field)} {value.value}", clash.people
    for person in product.people:
        for value in (*person.names, *person.identifiers, *person.addresses):
            for origin in value.origins:
                yield origin, f"{person.name}: {value.value}", () if person.found else (person.id,)
