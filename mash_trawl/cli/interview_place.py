"""The questions about where somebody lives and lived: an address of their own, with somebody of the case, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from mash_trawl.cli.interview import Question, Script
from mash_trawl.cli.interview_read import day, keep, label, lines, pick, postcode, uprn, whether

Person = dict[str, Any]


def ask_places(person: Person, others: Sequence[Person], today: date) -> Script[None]:
    """Where the person lives: an address of their own, somebody's of the case, or none; then earlier addresses."""
    homes = {item["id"]: home for item in others if (home := home_of(item))}
    shared = {item["id"]: f"With {label(item)}" for item in others if item["id"] in homes}
    words = {"own": "At an address to be typed", **shared, "none": "No fixed address"}
    why = (
        "An address shows who lives together, and some agencies search by it. Leave it empty when it must not be told."
    )
    where = yield pick("Where does this person live?", why, words)
    places: list[dict[str, Any]] = []
    person["addresses"] = places
    if where == "none":
        places.append({"no_fixed_address": True})
    elif where in shared:
        places.append({**homes[where]})
        yield from since(places[0], today)
    elif where == "own":
        yield from ask_place(places, today, earlier=False)
    while (yield whether("Is an earlier address known?", "Agencies may still hold somebody under it.")) == "yes":
        yield from ask_place(places, today, earlier=True)


def ask_place(places: list[dict[str, Any]], today: date, *, earlier: bool) -> Script[None]:
    place: dict[str, Any] = {}
    why = "House, street and town, with commas between: 14 Mill Lane, Northborough."
    keep(place, "lines", (yield Question(ask="Address, without the postcode?", why=why, read=lines)))
    why = "As on letters: NB1 4QT."
    keep(place, "postcode", (yield Question(ask="Postcode?", why=why, read=postcode)))
    why = "The property's own number (UPRN), if you have an address register to hand: up to twelve digits."
    keep(place, "uprn", (yield Question(ask="Property number (UPRN)?", why=why, read=uprn)))
    yield from since(place, today)
    if earlier:
        ends = day(today)

        def after(value: Any) -> str:
            start = place.get("from")
            wrong = bool(start and start.earliest and value and value.latest and value.latest < start.earliest)
            return "This ends before it begins." if wrong else ""

        keep(place, "to", (yield Question(ask="Until when?", why=why, check=after, **ends)))
    if place:
        places.append(place)


def home_of(person: Person) -> dict[str, Any]:
    """Where somebody lives now, without since when: that is theirs alone. Empty: no such address is known."""
    now: dict[str, Any] = next((place for place in person.get("addresses", ()) if not place.get("to")), {})
    return {key: now[key] for key in ("lines", "postcode", "uprn", "no_fixed_address") if now.get(key)}


def since(place: dict[str, Any], today: date) -> Script[None]:
    why = "About when is enough: March 2021, 2021, about 2019."
    keep(place, "from", (yield Question(ask="Since when?", why=why, **day(today))))
