"""What a connector says of itself, as it travels from a worker to the engine; and how a worker is told what to load."""

from __future__ import annotations

from typing import Any

from mash_trawl.model.ages import Ages
from mash_trawl.model.duration import Duration
from mash_trawl.sources.kinds import Connector
from mash_trawl.sources.worker_frames import BadFrame, Message

Order = Message
"""`{"place", "distribution", "plugin"}` of an installed plugin, or `{"mapping": the file's content}`."""
_MOST_WORDS, _MOST_TEXT = 500, 200


def tell(connector: type[Connector]) -> Message:
    """The facts of a connector class; what it does not say is None, and so is a search key that is no tuple."""
    lag, ages = getattr(connector, "lag", None), getattr(connector, "ages", None)
    return {
        "name": connector.name,
        "agency": getattr(connector, "agency", None),
        "api": getattr(connector, "api", None),
        "kind": connector.kind,
        "offers": sorted(getattr(connector, "offers", None) or ()),
        "search_keys": [
            list(key) if isinstance(key, tuple) else None for key in getattr(connector, "search_keys", None) or ()
        ],
        "batches": bool(connector.batches),
        "lag": lag.to_text() if isinstance(lag, Duration) else None,
        "ages": [ages.from_, ages.to] if isinstance(ages, Ages) else None,
        "each": [step for step in ("find", "fetch") if connector.asks_each(step)],
    }


def hear(told: object) -> dict[str, Any]:
    """The same facts as attributes of a class, every one of its type. Raises BadFrame."""
    if not isinstance(told, dict) or not told.get("name"):
        raise BadFrame("no facts")
    lag, keys = told.get("lag"), told.get("search_keys")
    if type(told.get("api")) is not int or not isinstance(keys, list) or len(keys) > _MOST_WORDS:
        raise BadFrame("facts of a wrong type")
    try:
        facts = {
            "name": _text(told.get("name")),
            "agency": None if told.get("agency") is None else _text(told["agency"]),
            "api": told["api"],
            "kind": _text(told.get("kind")),
            "offers": frozenset(_words(told.get("offers"))),
            "search_keys": tuple(None if key is None else _words(key) for key in keys),
            "batches": told.get("batches") is True,
            "lag": None if lag is None else Duration.parse(_text(lag)),
            "ages": _ages(told.get("ages")),
            "each": frozenset(_words(told.get("each"))),
        }
    except ValueError:
        raise BadFrame("facts of a wrong type") from None
    return {name: value for name, value in facts.items() if name != "agency" or value is not None}


def _ages(value: object) -> Ages | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2 or not all(one is None or type(one) is int for one in value):
        raise BadFrame("facts of a wrong type")
    return Ages(from_=value[0], to=value[1])


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MOST_TEXT or not value.isprintable():
        raise BadFrame("facts of a wrong type")
    return value


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_WORDS:
        raise BadFrame("facts of a wrong type")
    return tuple(_text(item) for item in value)
