"""What a command says of the case it was given: the word that names it again, and who is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.system import shell_word

if TYPE_CHECKING:
    from mash_trawl.model.case import Case


def case_again(case: Case, typed: str) -> str:
    """CASE for the next command: as it was typed, for a draft outside the hub is not found by its id.

    It is shown to whoever typed it and is written nowhere else, for a file's name can be somebody's.
    """
    return shell_word(typed or case.id)


def check_person(case: Case, ident: str | None) -> None:
    """Misconfigured for somebody whom the case does not have; None is everybody."""
    people = [person.id for person in case.people]
    if ident is not None and ident not in people:
        do = f"Its people: {', '.join(people) or 'nobody'}."
        raise Misconfigured(Problem(where="--person", what="nobody in this case has this id.", do=do))
