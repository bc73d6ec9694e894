"""Everybody of a case at one source, beside one another: who waits for that, and what comes of it.

People are searched for one by one, on several threads. Somebody whose names and birth date agree and nothing else is
left to a person, unless the same source has somebody else of the case in the same home; that can be told only when the
last of them was searched for. Until then their answer is held back, and at the deadline it is given as it stands.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from mash_trawl.log import AskFailed, log
from mash_trawl.model.answer import Answer, Why
from mash_trawl.sources.asking import Visit
from mash_trawl.sources.line import Matching, still_allowed
from mash_trawl.sources.section import Section


class Beside:
    """What one source was searched for in one trawl. Safe in threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[Section, Answer]] = {}
        self._others: list[Section] = []

    def hold(self, sections: Sequence[Section], answers: Sequence[Answer]) -> tuple[Answer, ...]:
        """The answers that need not wait for anybody; the others are kept, each with what it was decided from."""
        ready = []
        with self._lock:
            for section, answer in zip(sections, answers, strict=True):
                if section.looked is not None and section.failure is None:
                    self._held[answer.person] = section, answer
                else:
                    self._others.append(section)
                    ready.append(answer)
        return tuple(ready)

    def as_they_stand(self, people: Sequence[str]) -> tuple[Answer, ...]:
        """The answers held back about these people."""
        with self._lock:
            return tuple(answer for person, (_, answer) in self._held.items() if person in people)

    def look(self, visit: Visit, match: Matching) -> list[Section]:
        """The sections that come out otherwise now; what they will bring is still to be fetched.

        Nobody is looked at beside somebody whose permit ended meanwhile, and these are told so.
        """
        with self._lock:
            waiting, done = [section for section, _ in self._held.values()], list(self._others)
        held = {section.pair.person.id: section for section in still_allowed(visit, waiting, "find")}
        self._told_again(visit, [section for section in waiting if section.failure])
        ended = visit.gate.objections([section.pair.grant for section in done], visit.source, "find")
        others = [item for section, why in zip(done, ended, strict=True) if why is None for item in section.matches]
        looked = [section.looked for section in held.values() if section.looked]
        try:
            again = match.together(looked, others, source=visit.source) if looked else ()
        except Exception as error:  # as in line.py: a hostile value costs nobody more than the second look
            log(AskFailed(source=visit.source, step="find", why=Why.UNREADABLE_ANSWER, kind=type(error).__name__))
            return []
        for matches in again:
            held[matches.person].take(matches)
        return [held[matches.person] for matches in again]

    def _told_again(self, visit: Visit, sections: Sequence[Section]) -> None:
        with self._lock:
            for section in sections:
                self._held[section.pair.person.id] = section, section.answer(visit.gate.clock(), section.took)
