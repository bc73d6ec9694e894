"""Cyrillic names in Latin letters, in the ways in which passports and registers of this country hold them.

After the Ukrainian table of 2010 (Cabinet of Ministers, no. 55), the Bulgarian law of 2009, and for Russian ICAO
Doc 9303 beside BGN/PCGN, without signs for soft and hard; written from memory, to be checked against them. One name has
several forms, for the letters alone do not tell the language. What agrees only so is never certain: a person decides.
"""

from __future__ import annotations

from functools import lru_cache

from mash_trawl.model.folding import fold

_COMMON = {
    "а": "a", "б": "b", "в": "v", "д": "d", "ж": "zh", "з": "z", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "ц": "ts", "ч": "ch", "ш": "sh", "ь": "", "ъ": "",
    "ё": "e", "ы": "y", "э": "e", "і": "i", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj",
    "џ": "dz", "ѓ": "g", "ќ": "k", "ѕ": "dz",
}  # fmt: skip
_UKRAINIAN = _COMMON | {
    "г": "h", "е": "e", "є": "ie", "и": "y", "ї": "i", "й": "i", "х": "kh", "щ": "shch", "ю": "iu", "я": "ia",
}  # fmt: skip
_RUSSIAN = _COMMON | {
    "г": "g", "е": "e", "є": "ie", "и": "i", "ї": "i", "й": "i", "х": "kh", "щ": "shch", "ю": "iu", "я": "ia",
}  # fmt: skip
_BRITISH = _RUSSIAN | {"й": "y", "ю": "yu", "я": "ya", "ё": "yo"}
_BULGARIAN = _BRITISH | {"х": "h", "щ": "sht", "ъ": "a"}
_WORD_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_UKRAINIAN_ONLY = frozenset("іїєґ")


@lru_cache(maxsize=2048)
def romanised(folded: str) -> tuple[str, ...]:
    """The Latin forms of a folded Cyrillic name, the likeliest first; letters without one stay as they are."""
    tables = [_UKRAINIAN] if _UKRAINIAN_ONLY & set(folded) else [_RUSSIAN, _BRITISH, _BULGARIAN, _UKRAINIAN]
    return tuple(dict.fromkeys(fold(_by(table, folded)) for table in tables))


def _by(table: dict[str, str], folded: str) -> str:
    ours = table is _UKRAINIAN
    text = folded.replace("зг", "zgh") if ours else folded
    return " ".join(
        "".join(
            _WORD_START[letter] if ours and not at and letter in _WORD_START else table.get(letter, letter)
            for at, letter in enumerate(word)
        )
        for word in text.split()
    )
