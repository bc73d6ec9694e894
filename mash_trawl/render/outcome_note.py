"""A note of outcome as plain text, and as a draft of a mail that names nobody to send it to."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from mash_trawl.model.base import Private
from mash_trawl.model.outcome import OUTCOMES, OutcomeNote
from mash_trawl.model.shown import day_words
from mash_trawl.render.safe import visible

_WIDTH = 72


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Desk(Private):
    """Whom to ring about the note, its number among the plain copies of the record, and what came of the enquiry.

    `outcome` is one of `OUTCOMES`, or empty: nothing was said.
    """

    team: str
    telephone: str
    copy: int
    outcome: str = ""


def text(note: OutcomeNote, desk: Desk) -> str:
    """The note in lines of at most 72 signs."""
    return "\n".join(line for part in _parts(note, desk) for line in part) + "\n"


def mail(note: OutcomeNote, desk: Desk) -> str:
    """The same as a draft (RFC 5322, `X-Unsent`) that a mail program opens; no recipient.

    A subject stands in lists and on locked screens, so it holds the case and the number of the copy alone.
    """
    draft = EmailMessage(policy=SMTP.clone(linesep="\n"))
    draft["Subject"] = f"{visible(note.marking)}: outcome note {visible(note.case)}, copy {desk.copy}"
    draft["X-Unsent"] = "1"
    draft.set_content(text(note, desk), charset="utf-8", cte="quoted-printable")
    return draft.as_string()


def _parts(note: OutcomeNote, desk: Desk) -> Iterator[list[str]]:
    yield [visible(note.marking).upper(), "", f"OUTCOME NOTE for {visible(note.agency_name)}", "=" * _WIDTH, ""]
    yield [*_line("Your record", note.record), *_line("Our case", f"{note.case}, product version {note.version}")]
    yield [*_line("Copy", f"{desk.copy} of this case's record"), ""]
    yield [*_wrapped(f"Your record was looked at for a multi-agency enquiry on {day_words(note.decided_on)}."), ""]
    yield ["What came of it", "-" * 15]
    yield [*_wrapped(f"{OUTCOMES[desk.outcome]}." if desk.outcome else "Not said yet. Ring the team below."), ""]
    yield ["What was taken from your record", "-" * 31]
    for given in note.given:
        refs = ", ".join(visible(ref) for ref in given.refs)
        yield _wrapped(f"{visible(given.title)}: {len(given.refs)} ({refs})", first="- ", then="  ")
    if not note.given:
        yield _wrapped("That you hold the record, and nothing more.", first="- ", then="  ")
    yield ["", "Whom to ring", "-" * 12, f"{visible(desk.team)}, {visible(desk.telephone)}", ""]
    yield ["What is kept", "-" * 12]
    until = f" until {day_words(note.kept_until)} at the latest" if note.kept_until else ""
    yield _wrapped(f"What was gathered is kept sealed{until}. Nobody but its readers can open it; they are listed.")
    last = (
        "This note holds nothing of any other agency. Put it on the record named above, where whoever works with that "
        "person sees it, then delete the message or file that it came in."
    )
    yield ["", *_wrapped(last)]


def _line(title: str, value: str) -> list[str]:
    return _wrapped(f"{title}: {visible(value)}", then="  ")


def _wrapped(said: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(said, _WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=False,
                         break_on_hyphens=False)  # fmt: skip
