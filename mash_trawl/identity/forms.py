"""A name made ready for comparing, once for each writing of it: the hot path of matching compares nothing but these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mash_trawl.identity.normalise import Written, family_part, given_parts, written
from mash_trawl.identity.placeholders import is_initial, is_odd, scripts
from mash_trawl.identity.variants import parts, titles
from mash_trawl.model.base import Private
from mash_trawl.model.folding import fold, written_out
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
    two letters for one (Müller, Mueller). `one_word`: the given name is one word, and nothing of it was left out.
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
    one_word: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Called(Private):
    """All that one person is called. `given` and `family` are the folded names, each once, titles and all.

    `first` is the given name that stands first, `families` all family names in a row: they are shown where nothing can
    be compared. `real_given`: a given name is known that is no initial and no word in place of a name.
    """

    forms: tuple[Form, ...]
    given: tuple[tuple[str, ...], ...]
    family: tuple[str, ...]
    first: str
    families: str
    real_given: bool


def called(names: tuple[Name, ...]) -> Called:
    """What somebody of these names is called."""
    text = written(names)
    return _called(text) if len(text) <= _CACHED_NAMES else _called.__wrapped__(text)


def forms(names: tuple[Name, ...]) -> tuple[Form, ...]:
    """The forms of names that hold a given or a family name, each once."""
    return called(names).forms


@lru_cache(maxsize=1024)
def _called(names: Written) -> Called:
    made = (_form(given, family) for given, family in dict.fromkeys(names))
    held = tuple(form for form in made if form.given or form.family)
    given = tuple(dict.fromkeys(item for name, _ in names if (item := given_parts(name))))
    return Called(
        forms=held, given=given,
        family=tuple(dict.fromkeys(part for _, text in names if text and (part := family_part(text)))),
        first=fold(" ".join(names[0][0])) if names else "",
        families=" ".join(dict.fromkeys(form.family for form in held if form.family)),
        real_given=any(len(parts[0]) > 3 or not is_initial(parts[0]) for parts in given),
    )  # fmt: skip


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
        sexes=_sexes(whole) if titled else _NO_SEX, one_word=len(words) == 1 and words[0] == spoken,
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
