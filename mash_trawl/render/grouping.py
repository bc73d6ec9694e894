"""Many (source, person) in few words, so that forty refusals read as five sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mash_trawl.model.standing import Opens


def and_words(items: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`; each once."""
    parts = list(dict.fromkeys(items))
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 question`, `3 questions`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def who_words(pairs: Iterable[tuple[str, str]], names: Mapping[str, str]) -> str:
    """`housing and police about Aisha; health about Aisha and Samira`: people of like sources are said once."""
    people: dict[str, list[str]] = {}
    for source, person in pairs:
        people.setdefault(source, []).append(names.get(person, person))
    sources: dict[tuple[str, ...], list[str]] = {}
    for source, about in people.items():
        sources.setdefault(tuple(dict.fromkeys(about)), []).append(source)
    return "; ".join(f"{and_words(listed)} about {and_words(about)}" for about, listed in sources.items())


def opens_words(opens: Iterable[Opens], names: Mapping[str, str]) -> str:
    """`Housing: Tenancy and household (about Aisha and Samira); Health: Midwifery (about Samira)`."""
    return "; ".join(
        f"{one.what} (about {and_words(names.get(person, person) for person in one.people)})" for one in opens
    )
