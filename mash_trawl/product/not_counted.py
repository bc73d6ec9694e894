"""Why an agreement that was given does not count, in words that name nobody: a product and a log may both say them.

Nobody in the family did anything wrong: what is missing is a record, or the word of somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable

from mash_trawl.model.answer import Why
from mash_trawl.model.decision import Decision

MISSING = {
    "consent.not_yet": "it starts later",
    "capacity.giver_unknown": "who gave it is not one of the people of the case",
    "capacity.giver_died": "who gave it has died",
    "capacity.not_for_self": "it was given for a child only",
    "capacity.too_young": "who gave it was too young to answer",
    "capacity.age_unknown": "the age of who gave it is not recorded",
    "capacity.not_assessed": "nobody recorded that the young person was assessed as able to decide",
    "capacity.turned_16": "it was given before the young person was old enough to be asked themselves",
    "capacity.another_adult": "it was given by somebody else, and an adult answers for themselves",
    "capacity.child_age_unknown": "the age of the child is not recorded",
    "capacity.attorney_for_child": "an attorney or deputy gave it, who can act for an adult only",
    "capacity.attorney_unproved": "the document of the attorney or deputy is not recorded",
    "capacity.not_parental": "it was not given as a parent",
    "capacity.no_responsibility": "parental responsibility is not shown by what is recorded",
    "capacity.no_tie": "what the giver is to the child is not recorded",
    "capacity.basis_unfit": "where the parental responsibility is said to come from does not fit what is recorded",
    "capacity.unborn": "before birth only the mother agrees, and the giver is not recorded as the mother",
    "capacity.adopted": "the child is adopted, and the giver is not recorded as an adoptive parent",
    "capacity.special_guardian": "a special guardian decides, and has not been recorded as agreeing",
}
"""Every rule under which an agreement was given and does not count."""
OTHER_AGES = "scope.age_of_source"
"""The rule under which a source is not asked because nobody of this age is in it."""


def what_is_missing(decisions: Iterable[Decision]) -> str:
    """What the agreements about one (source, person) lack, each said once; empty if nothing of the kind is known.

    Of a source that holds people of other ages only, which ages these are.
    """
    decided = tuple(decisions)
    said = [_missing(item) for item in decided if item.why == Why.CONSENT_NOT_COUNTED]
    said += [item.reason.removesuffix(".") for item in decided if item.rule == OTHER_AGES]
    return "; ".join(dict.fromkeys(words for words in said if words))


def _missing(item: Decision) -> str:
    """Empty where a stated power that fails lends its rule to the decision: then only the decision's reason says it."""
    return MISSING.get(item.rule, "")
