"""A name made ready for comparing, once for each writing of it: the hot path of matching compares nothing but these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mash_trawl.identity.normalise import Written, family_part, given_parts, written, written_out
from mash_trawl.identity.placeholders import is_initial, scripts
from mash_trawl.identity.variants import parts
from mash_trawl.model.base import Private
from mash_trawl.model.person import Name

LONGEST = 100
"""So many letters of a name are compared; a longer one is the same only where all of it is equal."""
_MOST_WORDS = 12
_CACHED_NAMES = 40


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Form(Private):
    """One name, folded. `given` are its parts without titles (Begum, Kaur), `words` the same word by word.

    `shown` is the given name as it is shown; `whole` all words, given and family; `core` the words of the family name
    without particles and titles; `sexes` what its titles say (Kaur a woman, Singh a man).
    """

    given: tuple[str, ...]
    words: tuple[str, ...]
    shown: str
    joined: str
    initial: bool
    long: bool
    scripts: frozenset[str]
    family: str
    family_joined: str
    family_scripts: frozenset[str]
    core: tuple[str, ...]
    whole: tuple[str, ...]
    written_out: tuple[str, str]
    sexes: frozenset[str]

    @property
    def title_only(self) -> bool:
        """True where a title stands as the family name: it tells no family from another."""
        return self.family in parts("woman") or self.family in parts("man")


def forms(names: tuple[Name, ...]) -> tuple[Form, ...]:
    """The forms of names that hold a given or a family name, each once."""
    text = written(names)
    return _forms(text) if len(text) <= _CACHED_NAMES else _forms.__wrapped__(text)


@lru_cache(maxsize=1024)
def _forms(names: Written) -> tuple[Form, ...]:
    found = (_form(given, family) for given, family in dict.fromkeys(names))
    return tuple(form for form in found if form.given or form.family)


def _form(given: tuple[str, ...], family: str | None) -> Form:
    shown = given_parts(given)
    name = family_part(family) if family else ""
    whole = (*" ".join(shown).split(), *name.split())
    bare = tuple(part[:LONGEST] for part in _without_titles(shown))[:_MOST_WORDS]
    words = tuple(" ".join(bare).split())[:_MOST_WORDS]
    titles = parts("woman") | parts("man")
    short = name[:LONGEST]
    return Form(
        given=bare, words=words, shown=" ".join(shown), joined="".join(_without_titles(shown)).replace(" ", ""),
        initial=bool(bare) and is_initial(bare[0]), long=sum(map(len, shown)) > LONGEST or len(whole) > _MOST_WORDS,
        scripts=scripts(bare[0]) if bare else frozenset(),
        family=name, family_joined=name.replace(" ", ""), family_scripts=scripts(short),
        core=tuple(word for word in short.split()[:_MOST_WORDS] if word not in titles | parts("particle")),
        whole=whole, written_out=(_written_out(given), written_out(family) if family else ""), sexes=_sexes(whole),
    )  # fmt: skip


def _written_out(given: tuple[str, ...]) -> str:
    return "".join(map(written_out, given)).replace(" ", "")


def _without_titles(given: tuple[str, ...]) -> tuple[str, ...]:
    """The parts without titles; a title that is all there is stays."""
    titles, before = parts("woman") | parts("man"), parts("before")
    kept: list[str] = []
    for part in given:
        words = part.split()
        while not kept and len(words) > 1 and words[0] in before:
            words = words[1:]
        if kept or len(words) > 1:
            words = [*([] if kept else words[:1]), *(w for w in (words if kept else words[1:]) if w not in titles)]
        if words:
            kept.append(" ".join(words))
    if len(kept) > 1 and kept[0] in before:
        kept = kept[1:]
    return tuple(kept)


def _sexes(whole: tuple[str, ...]) -> frozenset[str]:
    """What the titles after the first word say of the sex."""
    return frozenset(
        sex for sex, words in (("woman", parts("woman")), ("man", parts("man"))) if not words.isdisjoint(whole[1:])
    ) | (frozenset({"woman"}) if whole and whole[0] in parts("before") else frozenset())
