"""What may be asked for. Categories that nothing in a case tells apart are one topic, and are decided once.

Two categories of an agency are alike if the profile describes them alike but for title and period, every list of the
case and of the place takes in both or neither, and nobody answered a question about either.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import fields, replace
from operator import attrgetter

from mash_trawl.model.consent import Categories
from mash_trawl.model.profile import Category

from .question import Setting, Topic
from .rules import scope
from .rules.agreements import shared
from .vote import Vote, failed

TITLE = "\0"
"""Stands for the category's title in all that is said of a topic; no file of ours may hold this character."""

_MARKS = attrgetter(*(one.name for one in fields(Category) if one.name not in ("title", "lookback")))
"""All that rules see of a category."""


class Topics:
    """The topics of one case. A topic is the same object for every category that is like it."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._answered = {category for _, category, _ in setting.replies}
        self._naming: dict[str, list[tuple[str, ...]]] = {}
        self._found: dict[Hashable, Topic | Vote] = {}

    def of(self, agency: str, category: str) -> tuple[Topic | Vote, str]:
        """The topic, or why nobody is asked for it; and the title that belongs in the place of TITLE."""
        try:
            return self._of(agency, category)
        except Exception as broken:
            return failed("scope", broken), ""

    def _of(self, agency: str, category: str) -> tuple[Topic | Vote, str]:
        profile, name = self._setting.profile, category.removeprefix(f"{agency}.")
        stop = scope.known(profile, agency, category)
        if stop:
            return stop, ""
        kind = profile.agencies[agency].categories[name]
        key = (agency, name if category in self._answered else self._told_apart(agency, name), _MARKS(kind))
        if key not in self._found:
            self._found[key] = topic_of(self._setting, agency, name, replace(kind, title=TITLE))
        return self._found[key], kind.title

    def _told_apart(self, agency: str, name: str) -> Hashable:
        """Which of the lists that name categories of this agency name this one."""
        if agency not in self._naming:
            found = (one.get(agency, "all") for one in _lists(self._setting))
            self._naming[agency] = [names for names in found if names != "all"]
        return tuple(name in names for names in self._naming[agency])


def _lists(setting: Setting) -> Iterator[Categories]:
    """Every list of categories that a rule looks into."""
    yield from (one.consent.categories for one in setting.laid.records)
    yield from (one.use.categories or {} for one in setting.laid.powers)
    for gateway in setting.profile.gateways.values():
        yield gateway.opens
        yield gateway.existence
    yield from (one.categories for one in setting.backing.agreements or ())


def topic_of(setting: Setting, agency: str, name: str, kind: Category) -> Topic | Vote:
    """One category by itself; or what the agreements between the agencies lack for it."""
    body, agreements = setting.profile.agencies[agency], setting.backing.agreements
    topic = Topic(agency=agency, name=name, body=body, kind=kind, label=f"{body.title}: {kind.title}")
    if agreements is None:
        return topic
    until = shared(agreements, setting, topic)
    return until if isinstance(until, Vote) else replace(topic, until=until)
