"""What is told back to a source about one record of its own: what came of the enquiry, and whom to ring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mash_trawl.model.base import Private

OUTCOMES: Mapping[str, str] = {
    "section_47": "A section 47 enquiry was started",
    "child_in_need": "A child in need assessment was started",
    "early_help": "Early help was offered",
    "adult_safeguarding": "Passed to adult safeguarding",
    "open_case": "Joined to work that is already open",
    "transferred": "Passed to another area",
    "advice": "Information and advice were given",
    "no_further_action": "No further action",
}
"""What can be said to have come of it, in the words of the note. Nothing of it says why."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Given(Private):
    """What came of one category of the record: its title, and the source's own keys of what is shown in the product."""

    title: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OutcomeNote(Private):
    """About one record of one source, and nothing else. Days are ISO text.

    `record` is the source's own key; `decided_on` the day on which the product's decisions were taken; `kept_until` the
    day until which the product is kept at most, empty where the profile does not say.
    """

    marking: str
    case: str
    version: int
    source: str
    agency_name: str
    record: str
    decided_on: str
    kept_until: str = ""
    given: tuple[Given, ...] = ()
