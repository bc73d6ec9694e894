"""From answers to the parts of a case, as a case file writes them. What was not said is left out, never made a no."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from mash_trawl.config.referral_sheets import agencies
from mash_trawl.config.referral_table import Answers, slug
from mash_trawl.config.tree import Path
from mash_trawl.model.dates import PartialDate

_LOCAL = ZoneInfo("Europe/London")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::[0-5][0-9])?")
_DAY_AND_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(?::[0-9]{2})?")
_PARENTAL = ("parental_responsibility", "self_and_parental_responsibility")
_NOTHING = ("no", "none", "not_asked")

Part = dict[str, Any]


def person(row: Answers, path: Path) -> Part:
    """One row of the sheet People, without addresses."""
    made: Part = {"id": _id(row, path)}
    roles = [word for at in (1, 2, 3) if (word := row.word(f"role_{at}", (*path, "roles", at - 1)))]
    if roles:
        made["roles"] = list(dict.fromkeys(roles))
    names = _names(row, path)
    if names:
        made["names"] = names
    for key in ("born", "due", "died", "gender", "school", "language"):
        _put(made, key, row.text(key, (*path, key)))
    _put(made, "sex", row.word("sex", (*path, "sex")))
    numbers = {key: text for key in ("nhs_number", "upn") if (text := row.text(key, (*path, "identifiers", key)))}
    if numbers:
        made["identifiers"] = numbers
    restrictions = _restrictions(row, path)
    if restrictions:
        made["restrictions"] = restrictions
    return made


def _id(row: Answers, path: Path) -> str:
    found = row.text("id", (*path, "id"))
    if found is None:
        row.complain("id", "this row has answers, and does not say which person it is", "Choose p1, p2 and so on.")
    return found or f"row-{len(row.desk.problems)}"


def _names(row: Answers, path: Path) -> list[Part]:
    made: list[Part] = []
    for given, family, use in (("given", "family", ""), *((f"other_given_{at}", f"other_family_{at}", f"other_use_{at}")
                                                         for at in (1, 2))):  # fmt: skip
        at = (*path, "names", len(made))
        name: Part = {}
        if text := row.text(given, (*at, "given")):
            name["given"] = given_names(text)
        _put(name, "family", row.text(family, (*at, "family")))
        kind = row.word(use, (*at, "use")) if use else None
        if name:
            _put(name, "use", kind)
            made.append(name)
        elif kind:
            row.complain(use, "this names a kind of name, and the name is missing", "Write the name, or empty this.")
    return made


def given_names(text: str) -> list[str]:
    """`Mary Ann` is two names; with a comma, the commas part them: `Mary Ann, Jo`, or `Mary Ann,` alone."""
    parts = text.split(",") if "," in text else text.split()
    return [" ".join(part.split()) for part in parts if part.strip()]


def _restrictions(row: Answers, path: Path) -> list[str]:
    """A hidden address that nobody can rule out is kept hidden: showing it could not be taken back."""
    made: list[str] = []
    hidden = row.word("hidden", (*path, "restrictions", 0))
    if hidden == "yes" or (row.raw("hidden") and row.unsaid("hidden")):
        made.append("hidden_address")
    if row.unsaid("hidden") and row.raw("hidden"):
        row.desk.note(row.place("hidden"), "the address is kept hidden until somebody knows whether it must be")
    elif row.unsaid("hidden"):
        row.desk.note(row.place("hidden"), "nobody said whether this person's address must be kept hidden", "Ask.")
    for at in (1, 2):
        word = row.word(f"restriction_{at}", (*path, "restrictions", len(made)))
        if word and word not in made:
            made.append(word)
        elif not word and row.raw(f"restriction_{at}"):
            row.desk.note(row.place(f"restriction_{at}"), "whether a restriction applies is not known", "Ask.")
    return made


def address(row: Answers, path: Path) -> Part:
    """One row of the sheet Addresses, without its person."""
    made: Part = {}
    lines: list[str] = []
    for at in (1, 2, 3):
        if text := row.text(f"line_{at}", (*path, "lines", len(lines))):
            lines.append(text)
    if lines:
        made["lines"] = lines
    for key in ("postcode", "uprn", "from", "to"):
        _put(made, key, row.text(key, (*path, key)))
    if row.word("no_fixed_address", (*path, "no_fixed_address")) == "yes":
        made["no_fixed_address"] = True
    return made


def tie(row: Answers, path: Path) -> Part:
    """One row of the sheet Relationships."""
    made: Part = {}
    for key, word in (("from", "which person this row begins with"), ("kind", "how the two are related"),
                      ("to", "whom the first person is related to")):  # fmt: skip
        made[key] = row.word(key, (*path, key)) if key == "kind" else row.text(key, (*path, key))
        if made[key] is None and row.unsaid(key):
            row.complain(key, f"this row does not say {word}", "Fill it in, or empty the row.")
    for key in ("nature", "parental_responsibility"):
        _put(made, key, row.word(key, (*path, key)))
    if basis := row.text("pr_basis", (*path, "pr_basis")):
        made["pr_basis"] = slug(basis)
    return made


def consent(row: Answers, path: Path) -> Part | None:
    """One row of the sheet Consent; None where nothing can be taken as said, which is noted."""
    kind = row.word("kind", (*path, "kind"))
    if kind is None:
        if row.unsaid("kind"):
            row.desk.note(row.place("kind"), "nobody said whether this was a yes or a no: it is not taken in", "Ask.")
        return None
    limited = row.word("limited_by", (*path, "limited_by"))
    capacity = row.word("capacity", (*path, "capacity"))
    if kind == "agreement" and capacity in _PARENTAL and limited is None and row.unsaid("limited_by"):
        what = "nobody said whether a court order limits who agreed for the child: the yes is not taken in"
        row.desk.note(row.place("limited_by"), what, "Ask. If there is no order, choose `none`.")
        return None
    made: Part = {"id": row.text("id", (*path, "id")) or "", "given_by": row.text("given_by", (*path, "given_by"))}
    made |= {"capacity": capacity, "covers": _people(row, path), "categories": _categories(row, path), "kind": kind}
    for key, word in (("id", "which answer this is (c1, c2)"), ("given_by", "who answered"),
                      ("capacity", "in what capacity they answered"), ("covers", "whom it is about")):  # fmt: skip
        if row.unsaid(key):
            row.complain(key, f"this row does not say {word}", "Fill it in, or empty the row.")
    _put(made, "given_at", instant(row, "given_day", "given_time", (*path, "given_at"), late=True))
    _put(made, "limited_by", limited)
    _further(row, path, made)
    return made


def _further(row: Answers, path: Path, made: Part) -> None:
    """What a consent may say besides."""
    if basis := row.text("pr_basis", (*path, "pr_basis")):
        made["pr_basis"] = slug(basis)
    for key, field in (("gillick", "gillick_assessed_by"), ("authority", "authority_ref")):
        _put(made, field, row.text(key, (*path, field)))
    _put(made, "how", row.word("how", (*path, "how")))
    explained: Part = {}
    for key, field in (("notice", "notice"), ("language", "language"), ("understood", "understood_confirmed_by")):
        _put(explained, field, row.text(key, (*path, "explained", field)))
    _put(explained, "interpreter", row.word("interpreter", (*path, "explained", "interpreter")))
    if "notice" in explained:
        made["explained"] = explained
    elif explained:
        what = "nobody said which notice was explained: language, interpreter and understanding are not taken in"
        row.desk.note(row.place("notice"), what, "Ask.")
    for field, day, at in (("expires_at", "expires", ""), ("withdrawn_at", "withdrawn_day", "withdrawn_time")):
        if not row.unsaid(day):
            _put(made, field, instant(row, day, at, (*path, field), midnight=True))
    if row.unsaid("withdrawn_day") and not row.unsaid("withdrawn_time"):
        row.complain("withdrawn_day", "there is a time, and no day", "Write the day on which it was taken back.")


def _people(row: Answers, path: Path) -> list[str]:
    row.desk.mark((*path, "covers"), row.place("covers"))
    found = re.split(r"[\s,;]+", row.text("covers") or "")
    return [ident for ident in dict.fromkeys(found) if ident and ident != "and"]


def _categories(row: Answers, path: Path) -> Part:
    made: Part = {}
    row.desk.mark((*path, "categories"), row.where)
    for name, _ in agencies():
        text = row.text(f"agency_{name}", (*path, "categories", name))
        if text is None or slug(text) in _NOTHING:
            continue
        words = [slug(word) for word in re.split(r"[,;\n]", text) if word.strip()]
        made[name] = "all" if words == ["all"] else [word for word in dict.fromkeys(words) if word != "unknown"]
    return made


def instant(row: Answers, day: str, at: str, path: Path, *, late: bool = False, midnight: bool = False) -> str | None:
    """Day and time of a wall clock in Europe/London as an instant; a problem where either cannot be read.

    In the hour that comes twice, `late` takes the second. `midnight`: without a time the day begins at 00:00.
    """
    row.desk.mark(path, row.place(day))
    text, clock = row.text(day) or "", (row.text(at) or "" if at else "")
    if found := _DAY_AND_TIME.fullmatch(text):
        text, clock = found[1], clock or found[2]
    known = _day(text)
    if known is None:
        row.complain(day, "one exact day is needed here", "Write it day first, for example 03/11/2026.")
        return None
    found = _TIME.fullmatch(clock)
    if not found and (clock or not midnight):
        row.complain(at, "a time of day is needed here", "Write 24 hours, for example 09:05.")
        return None
    hour = time(int(found[1]), int(found[2])) if found else time()
    made = datetime.combine(known, hour, _LOCAL).replace(fold=int(late))
    if made.astimezone(UTC).astimezone(_LOCAL).replace(tzinfo=None) != made.replace(tzinfo=None):
        row.complain(at, "the clocks went forward over this time", "Write the time that the clock showed.")
        return None
    return made.replace(microsecond=0).isoformat()


def _day(text: str) -> date | None:
    try:
        known = PartialDate.parse(text)
    except ValueError:
        return None
    return known.earliest if known.exact else None


def _put(made: Part, key: str, value: Any) -> None:
    if value is not None:
        made[key] = value
