"""The questions about where somebody lives and lived: an address of their own, with somebody of the case, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from mash_trawl.cli.interview import Question, Script
from mash_trawl.cli.interview_read import day, keep, label, lines, pick, postcode, uprn, whether

_WHEN = "About when is enough: March 2021, 2021, about 2019."

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
    for key, question in part_questions(place, today).items():
        if key != "to" or earlier:
            keep(place, key, (yield question))
    if place:
        places.append(place)


def part_questions(place: dict[str, Any], today: date) -> dict[str, Question]:
    """What is asked of an address; its end only of one that is left."""

    def after(value: Any) -> str:
        start = place.get("from")
        wrong = bool(start and start.earliest and value.latest and value.latest < start.earliest)
        return "This ends before it begins." if wrong else ""

    street = "House, street and town, with commas between: 14 Mill Lane, Northborough."
    register = "The property's own number (UPRN), if you have an address register to hand: up to twelve digits."
    return {
        "lines": Question(ask="Address, without the postcode?", why=street, read=lines),
        "postcode": Question(ask="Postcode?", why="As on letters: NB1 4QT.", read=postcode),
        "uprn": Question(ask="Property number (UPRN)?", why=register, read=uprn),
        "from": Question(ask="Since when?", why=_WHEN, **day(today)),
        "to": Question(ask="Until when?", why=_WHEN, check=after, **day(today)),
    }


def home_of(person: Person) -> dict[str, Any]:
    """Where somebody lives now, without since when: that is theirs alone. Empty: no such address is known."""
    now: dict[str, Any] = next((place for place in person.get("addresses", ()) if not place.get("to")), {})
    return {key: now[key] for key in ("lines", "postcode", "uprn", "no_fixed_address") if now.get(key)}


def since(place: dict[str, Any], today: date) -> Script[None]:
    """Since when somebody lives there."""
    keep(place, "from", (yield part_questions(place, today)["from"]))
