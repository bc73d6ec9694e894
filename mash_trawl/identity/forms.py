"""A name made ready for comparing, once for each writing of it: the hot path of matching compares nothing but these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mash_trawl.identity.normalise import Written, family_part, given_parts, written, written_out
from mash_trawl.identity.placeholders import is_initial, is_odd, scripts
from mash_trawl.identity.variants import parts, titles
from mash_trawl.model.base import Private
from mash_trawl.model.person import Name

LONGEST = 100
"""So many letters of a name are compared; a longer one is nearly the same at best."""
_MOST_WORDS = 12
_CACHED_NAMES = 40
_NO_SEX: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Form(Private):
    """One name, folded. `given` are its parts without titles (Begum, Kaur), `words` the same word by word.

    `shown` is the given name as it is shown; `whole` all words, given and family; `core` the words of the family name
    without particles and titles; `sexes` what its titles say (Kaur a woman, Singh a man). `title_only`: a title stands
    as the family name. `odd`: too long, or with signs that mislead the eye. `written_out`: given and family name with
    two letters for one (Müller, Mueller).
    """

    given: tuple[str, ...]
    words: tuple[str, ...]
    spoken: str
    shown: str
    joined: str
    initial: bool
    odd: bool
    scripts: frozenset[str]
    family: str
    family_joined: str
    family_scripts: frozenset[str]
    core: frozenset[str]
    title_only: bool
    whole: tuple[str, ...]
    written_out: tuple[str, str]
    sexes: frozenset[str]


def forms(names: tuple[Name, ...]) -> tuple[Form, ...]:
    """The forms of names that hold a given or a family name, each once."""
    text = written(names)
    return _forms(text) if len(text) <= _CACHED_NAMES else _forms.__wrapped__(text)


@lru_cache(maxsize=1024)
def _forms(names: Written) -> tuple[Form, ...]:
    found = (_form(given, family) for given, family in dict.fromkeys(names))
    return tuple(form for form in found if form.given or form.family)


def _form(given: tuple[str, ...], family: str | None) -> Form:
    shown, name = given_parts(given), family_part(family) if family else ""
    spoken = " ".join(shown)
    whole = tuple(f"{spoken} {name}".split())
    titled = not titles().isdisjoint(whole)
    bare = _without_titles(shown) if titled else shown
    long = len(spoken) > LONGEST or len(whole) > _MOST_WORDS
    cut = tuple(part[:LONGEST] for part in bare[:_MOST_WORDS]) if long else bare
    odd = long or is_odd(" ".join((*given, family or "")))
    words = tuple(" ".join(cut).split()[:_MOST_WORDS])
    joined, family_joined = "".join(bare).replace(" ", ""), name.replace(" ", "")
    return Form(
        given=cut, words=words, spoken=" ".join(words), shown=spoken, joined=joined, odd=odd,
        initial=bool(cut) and is_initial(cut[0]), scripts=scripts(cut[0]) if cut else frozenset(),
        family=name, family_joined=family_joined, family_scripts=scripts(name[:LONGEST]),
        core=frozenset(name[:LONGEST].split()) - titles() - parts("particle"), title_only=name in titles(),
        whole=whole, written_out=(_out(given, joined), _out((family or "",), family_joined)),
        sexes=_sexes(whole) if titled else _NO_SEX,
    )  # fmt: skip


def _out(texts: tuple[str, ...], joined: str) -> str:
    return joined if all(text.isascii() for text in texts) else "".join(map(written_out, texts)).replace(" ", "")


def _without_titles(given: tuple[str, ...]) -> tuple[str, ...]:
    """The parts without titles: Begum behind a name, Bibi before or behind it. What would leave no name stays."""
    words = [(at, word) for at, part in enumerate(given) for word in part.split()]
    while len(words) > 1 and words[0][1] in parts("before"):
        words = words[1:]
    kept: dict[int, list[str]] = {}
    for number, (at, word) in enumerate(words):
        if number == 0 or word not in titles():
            kept.setdefault(at, []).append(word)
    return tuple(" ".join(part) for part in kept.values())


def _sexes(whole: tuple[str, ...]) -> frozenset[str]:
    """What the titles say of the sex: behind the first word, or before a name."""
    found = {"woman" for word in whole[1:] if word in parts("woman")} | {"man" for w in whole[1:] if w in parts("man")}
    return frozenset(found | ({"woman"} if whole[0] in parts("before") else set()))
