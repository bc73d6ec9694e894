"""The dossier as one page to read, print and sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mash_trawl.model.answer import Status
from mash_trawl.model.dossier import OPENING_WORDS, CategoryFacts, Dossier, FileFacts, Opening, ProfileFacts
from mash_trawl.model.roles import ACTS
from mash_trawl.model.shown import day_words, instant_words
from mash_trawl.render.grouping import count
from mash_trawl.render.paper import Cell, Grid, Paper, Part, cells, print_paper
from mash_trawl.render.view import GROUPS, OUTCOMES, Group

_TAGS: dict[Opening, Group] = {
    "opens": OUTCOMES["PERMIT"], "when_named": OUTCOMES["PERMIT"], "with_reason": OUTCOMES["PERMIT"],
    "own_only": OUTCOMES["REVIEW"], "agreement_first": OUTCOMES["REVIEW"], "named_person": OUTCOMES["REVIEW"],
    "existence_only": GROUPS[Status.CONSENT_MISSING], "no": GROUPS[Status.NOT_PERMITTED],
    "shut": GROUPS[Status.NOT_CONNECTED], "nobody": GROUPS[Status.NOT_PERMITTED],
}  # fmt: skip
_STATES = {
    "approved": "Approved as it is", "changed": "Changed since it was approved", "never_approved": "Never approved",
    "no_longer_used": "No longer used", "in_force": "In force", "starts_later": "Starts later", "lapsed": "Lapsed",
}  # fmt: skip
_GOOD = ("approved", "in_force")


def dossier_page(made: Dossier, name: str, sha256: str) -> str:
    """One HTML document; `name` and `sha256` are those of the JSON that a signature binds."""
    return print_paper(
        Paper(
            marking="OFFICIAL",
            kind="For signature",
            heading=f"What {made.hub} may ask, of whom, and on what ground",
            lead="Read from the hub's own files at this moment. No case and no family stands in it.",
            facts=_facts(made),
            parts=(
                _points(made), *(_profile(one) for one in made.profiles), _powers(made), _agreements(made),
                _sources(made), _copies(made), _retention(made), _people(made), _files(made), *_diffs(made),
            ),
            signed_by=made.signed_by,
            binds=(name, sha256),
            foot=(f"Made by {made.made_by}, {_at(made)}, with {made.program}.",
                  f"The key that signs this hub's ledger and products: {made.signing_key}",
                  "This page says what the hub is set up to do. It is no legal advice."),
        )
    )  # fmt: skip


def _at(made: Dossier) -> str:
    return instant_words(made.made_at.isoformat())


def _facts(made: Dossier) -> tuple[tuple[str, str], ...]:
    signed = (
        "Only what an enrolled person signed counts" if made.statements == "signed" else "As the case file has them"
    )
    return (
        ("Hub", f"{made.hub} ({', '.join(made.hub_kinds)})"),
        ("Made", _at(made)),
        ("Profiles", ", ".join(f"{one.id} {one.version}" for one in made.profiles)),
        ("Consents and decisions", signed),
        ("Sources", str(len(made.sources))),
    )


def _points(made: Dossier) -> Part:
    note = "To settle, or to accept knowingly, before this is signed." if made.open_points else "Nothing is open."
    return Part(anchor="open", title="Open points", notes=(note,), listed=made.open_points)


def _profile(one: ProfileFacts) -> Part:
    """A table for each agency that the hub has a source of: categories that the same things open share a row."""
    agencies: dict[str, list[CategoryFacts]] = {}
    for category in one.categories:
        agencies.setdefault(category.agency, []).append(category)
    here = [found for found in agencies.values() if any(category.sources for category in found)]
    others = [found[0].agency_title for found in agencies.values() if found not in here]
    decides = f"Decided by: {', '.join(role.replace('_', ' ') for role in one.deciders) or 'decider'}."
    notes: tuple[str, ...] = (
        f"Version {one.version}. Files: {', '.join(one.files)}; SHA-256 of them together: {one.sha256}.",
        decides if one.decides else f"{decides} This profile gathers only: answers to open questions do not count.",
        "What each opener can do at the most, when all that it requires is recorded. A decision for a real case can "
        "only be lower. Powers that open nothing of an agency stand under “Legal powers”.",
    )
    if others:
        notes += (f"Agencies of this profile that the hub has no source of, and so never asks: {', '.join(others)}.",)
    return Part(anchor=f"profile-{one.id}", title=f"{one.title}: what opens what", notes=notes,
                grids=tuple(_agency(categories) for categories in here))  # fmt: skip


def _agency(categories: list[CategoryFacts]) -> Grid:
    shown = [name for name in categories[0].powers
             if any(one.powers[name] not in ("no", "shut", "nobody") for one in categories)]  # fmt: skip
    alike: dict[tuple[object, ...], list[CategoryFacts]] = {}
    for one in categories:
        key = (one.consent, *one.powers.values(), one.agreements, one.sources, one.obligations)
        alike.setdefault(key, []).append(one)
    title = categories[0].agency_title
    return Grid(
        title=title, caption=f"{title}: categories, and what opens them",
        columns=("Categories", "Consent", *(name.replace("_", " ") for name in shown), "Agreement", "Source", "Bound"),
        rows=tuple(_categories(found, shown) for found in alike.values()),
    )  # fmt: skip


def _categories(found: Sequence[CategoryFacts], shown: Iterable[str]) -> tuple[Cell, ...]:
    one = found[0]
    return (
        Cell(text="; ".join(each.title for each in found)),
        _opening(one.consent),
        *(_opening(one.powers[name]) for name in shown),
        Cell(text=", ".join(one.agreements) or "None: not asked"),
        Cell(text=", ".join(one.sources) or "None here"),
        Cell(text=", ".join(name.replace("_", " ") for name in one.obligations)),
    )


def _opening(opening: Opening) -> Cell:
    words = OPENING_WORDS[opening]
    return Cell(tag=_TAGS[opening], words=words[:1].upper() + words[1:])


def _powers(made: Dossier) -> Part:
    """Each power once, with the profiles that rely on it."""
    rows = []
    seen: dict[tuple[str, str, str], list[str]] = {}
    for profile in made.profiles:
        for power in profile.powers:
            seen.setdefault((power.id, power.law, power.shut), []).append(profile.id)
    for profile in made.profiles:
        for power in profile.powers:
            listed = seen.pop((power.id, power.law, power.shut), None)
            if listed is None:
                continue
            state = Cell(tag=_TAGS["shut"], words="Shut", text=power.shut) if power.shut else Cell(
                tag=_TAGS["opens"], words="In force", text=_since(power.in_force_from))  # fmt: skip
            rows.append((
                Cell(text=power.title, code=power.id), state, Cell(text=power.law, code=power.source),
                Cell(text=day_words(power.reviewed_on.isoformat())),
                Cell(text=", ".join(role.replace("_", " ") for role in power.deciders)),
                Cell(text=", ".join(name.replace("_", " ") for name in power.requires)), Cell(text=", ".join(listed)),
            ))  # fmt: skip
    columns = ("Power", "State", "Law and source", "Last looked at", "Decided by", "Must be recorded", "Profiles")
    grid = Grid(caption="Every legal power that a profile relies on", columns=columns, rows=tuple(rows))
    return Part(anchor="powers", title="Legal powers", grids=(grid,))


def _since(day: object) -> str:
    return f"since {day_words(str(day))}" if day else ""


def _agreements(made: Dossier) -> Part:
    rows = tuple(
        (
            Cell(text=one.title, code=f"{one.id}, edition {one.edition}"),
            Cell(tag=_TAGS["opens" if one.state in _GOOD else "shut"], words=_STATES[one.state]),
            Cell(text=f"{day_words(one.from_.isoformat())} to {day_words(one.to.isoformat())} (that day excluded)"),
            Cell(text=", ".join(one.purposes)),
            Cell(text=", ".join(one.signed) or "nobody"),
            Cell(text=", ".join(one.unsigned) or "nobody is missing"),
        )
        for one in made.agreements
    )
    columns = ("Agreement", "State", "Holds", "Purposes (profiles)", "Signed for", "Not signed for")
    grid = Grid(caption="An agency that is no party, or did not sign, is not asked", columns=columns, rows=rows,
                empty="the hub names none, so nothing is asked.")  # fmt: skip
    return Part(anchor="agreements", title="Information-sharing agreements", grids=(grid,))


def _sources(made: Dossier) -> Part:
    rows = tuple(
        (
            Cell(text=one.name, code=one.agency),
            _state(one.why, one.suspended_by, one.reason),
            Cell(text="; ".join(one.sends) or "nothing"),
            Cell(text=", ".join(one.brings) or "nothing"),
            Cell(text=f"{one.connector} ({one.kind or 'no connector'}, {one.isolate})"),
            Cell(text=one.certificate),
        )
        for one in made.sources
    )
    columns = ("Source", "State", "What is sent, one set at a time", "What can come back", "Through", "Certificate")
    note = ("The hub asks each system itself, over its own connection. What comes back goes through matching into one "
            "sealed product; nothing is passed from one agency to another.")  # fmt: skip
    grid = Grid(caption="What flows between the hub and each agency system", columns=columns, rows=rows,
                empty="the hub has no source.")  # fmt: skip
    return Part(anchor="flows", title="Data flows", notes=(note,), grids=(grid,))


def _state(why: str, by: str, reason: str) -> Cell:
    if not why:
        return Cell(tag=_TAGS["opens"], words="Can be asked")
    told = f"by {by}: {reason}" if by else ""
    return Cell(tag=_TAGS["shut"], words=why.replace("_", " ").capitalize(), text=told)


def _copies(made: Dossier) -> Part:
    rows = tuple(
        cells(one.what, one.where, "" if one.number is None else str(one.number), one.holds, one.ends)
        for one in made.copies
    )
    grid = Grid(caption="Every place where something about a family lives", rows=rows,
                columns=("Copy", "Where", "Now", "What it holds", "How it ends"))  # fmt: skip
    return Part(anchor="copies", title="Where every copy lives", grids=(grid,))


def _retention(made: Dossier) -> Part:
    kept: dict[tuple[str, int, str, str], list[str]] = {}
    for profile in made.profiles:
        for one in profile.retention:
            kept.setdefault((one.title, one.days, one.from_, one.source), []).append(profile.id)
    rows = tuple(cells(title, f"{_long(days)}, from: {start.replace('_', ' ')}", source, ", ".join(listed))
                 for (title, days, start, source), listed in kept.items())  # fmt: skip
    grid = Grid(
        caption="How long, as the profiles say it", columns=("What", "How long", "Source", "Profiles"), rows=rows
    )
    note = ("The program deletes nothing by itself when a time is over: somebody with the role destroys a case, and "
            "then every sealed copy of it is dead at once. Plain copies are deleted by hand.")  # fmt: skip
    return Part(anchor="retention", title="Retention", notes=(note,), grids=(grid,))


def _long(days: int) -> str:
    years = round(days / 365.25)
    return f"{days} days" + (f" (about {count(years, 'year')})" if days > 365 else "")


def _people(made: Dossier) -> Part:
    rows = tuple(
        cells(one.id, ", ".join(one.roles), _may(one.may, one.left), "yes" if one.reader_key else "no")
        for one in made.people
    )
    acts = tuple(cells(ACTS[act].words.capitalize(), ", ".join(roles) or "nobody") for act, roles in made.acts.items())
    return Part(
        anchor="people", title="Who reads, and who may do what",
        grids=(
            Grid(title="Enrolled", caption="Everybody enrolled", columns=("Person", "Roles", "May", "Has a key"),
                 rows=rows, empty="nobody is enrolled."),
            Grid(title="Acts", caption="The roles that may do each act here", columns=("Act", "Roles"), rows=acts),
        ),
    )  # fmt: skip


def _may(acts: Iterable[str], left: object) -> str:
    if left:
        return f"nothing: left on {day_words(str(left))}"
    return "; ".join(ACTS[act].words for act in acts) or "nothing"


def _files(made: Dossier) -> Part:
    number = sum(one.state != "approved" for one in made.files)
    note = "Every file is approved as it stands now."
    if number:
        note = f"Not approved as it stands now: {count(number, 'file')} of {len(made.files)}."
    grid = Grid(caption="Every file that a decision rests on", columns=("File", "State", "Approved by", "SHA-256 now"),
                rows=tuple(_file(one) for one in made.files))  # fmt: skip
    return Part(anchor="files", title="What was approved, and what changed since", notes=(note,), grids=(grid,))


def _file(one: FileFacts) -> tuple[Cell, ...]:
    at = f", {instant_words(one.approved_at.isoformat())}" if one.approved_at else ""
    tag = _TAGS["opens" if one.state in _GOOD else "shut"]
    return (Cell(text=one.file), Cell(tag=tag, words=_STATES[one.state]), Cell(text=f"{one.approved_by}{at}"),
            Cell(code=one.sha256))  # fmt: skip


def _diffs(made: Dossier) -> tuple[Part, ...]:
    changed = [one for one in made.files if one.diff]
    return tuple(
        Part(anchor=f"change-{number}", title=f"Change of {one.file}", pre=one.diff)
        for number, one in enumerate(changed, start=1)
    )
