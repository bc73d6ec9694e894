"""How hard an English text is to read: the Flesch-Kincaid grade, as a reading age.

Kincaid, Fishburne, Rogers and Chissom (1975), Derivation of new readability formulas for Navy enlisted personnel:
0.39 words per sentence + 11.8 syllables per word - 15.59, in American school grades; a grade is 5 years less than the
age. Syllables are counted by vowels, which for common English words errs by a few in a hundred; dictionaries of
syllables are large, and licensed otherwise. The number is a check, not a proof: people who read the letter are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LIMIT, EASY_LIMIT = 12.0, 9.0
"""The reading ages that a letter, and an easy-read one, must not pass."""
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeioudty]ed|[^laeiouy]e)$")


def reading_age(texts: Iterable[str]) -> float:
    """The reading age in years of texts that each end a sentence; 5 for no words at all."""
    words, sentences, syllables = 0, 0, 0
    for text in texts:
        for sentence in _SENTENCE.split(text):
            found = _WORD.findall(sentence)
            words += len(found)
            sentences += bool(found)
            syllables += sum(map(syllables_of, found))
    if not words:
        return 5.0
    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59
    return round(max(grade, 0.0) + 5, 1)


def syllables_of(word: str) -> int:
    """Groups of vowels, without a silent ending; at least one."""
    plain = re.sub(r"['’]s?", "", word.lower())
    ending = _SILENT.search(plain)
    stem = plain[: -len(ending[0]) + 1] if ending else plain
    return max(len(_VOWELS.findall(stem)), 1)
