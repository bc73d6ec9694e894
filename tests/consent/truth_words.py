"""Reads the vocabulary of `truth_table.yaml`: a row's facts become a case, its profile and its moment.

It knows no rule. What each word means stands at the top of the table.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from mash_trawl.config.read import read_value
from mash_trawl.consent import decide
from mash_trawl.consent.unshown import without_unshown
from mash_trawl.model.backing import Backing
from mash_trawl.model.base import to_plain
from mash_trawl.model.case import Case
from mash_trawl.model.decision import SourceRef
from mash_trawl.model.profile import Profile

BLANK = "   "
TIMES = ("given_at", "expires_at", "withdrawn_at", "decided_at", "ends_at")


class Facts:
    """What a row states, gathered fact by fact. `shapes` are the words; `behind` takes those about the hub."""

    def __init__(self, family, behind, shapes):
        self.behind, self.shapes = behind, (*SHAPES, *shapes)
        self.people, self.ties, self.consents, self.powers = {}, [], [], []
        self.changes, self.hidden, self.concerns = [], set(), []
        self.profile, self.level, self.now = "children_in_need", 4, datetime(2026, 11, 3, 12, tzinfo=UTC)
        for fact in family:
            self.read(fact)

    def read(self, fact):
        """Take in one fact; ValueError for one that nobody explained."""
        for shape, take in self.shapes:
            found = re.fullmatch(shape, fact)
            if found:
                return take(self, *found.groups())
        raise ValueError(f"not a fact of the table: {fact}")

    def case(self):
        """The case file that these facts make."""
        referral = {"source": "school", "received_at": "2026-01-05T09:00:00+00:00", "concerns": self.concerns}
        plain = {
            "version": 1, "id": "SYNTHETIC-TABLE", "profile": self.profile, "opened_at": "2026-01-05T09:20:00+00:00",
            "referral": referral if self.level is None else {**referral, "level": self.level},
            "people": list(self.people.values()), "relationships": self.ties, "consents": self.consents,
            "gateways": self.powers,
        }  # fmt: skip
        zoned = {part: [{key: zone(key, value) for key, value in one.items()} for one in plain[part]]
                 for part in ("consents", "gateways")}  # fmt: skip
        return with_uk_times(read_value(Case, plain | zoned), plain)

    def rules(self, profile):
        """The place's profile, with what a row changes in it."""
        if not self.changes:
            return profile(self.profile)
        return _changed(profile(self.profile), tuple(self.changes))


def _changed(rules, changes):
    """A profile with parts of its data changed, as a local overlay would."""
    plain = to_plain(rules)
    for path, value in changes:
        *parents, last = path.split(".")
        part = plain
        for name in parents:
            part = part.setdefault(name, {})
        if value is None:
            del part[last]
        else:
            part[last] = value
    return read_value(Profile, plain)


def zone(key, value):
    """A moment without a zone cannot stand in a case file; it gets one here, and loses it again."""
    return f"{value}Z" if key in TIMES and not value.endswith("Z") else value


def with_uk_times(case, plain):
    """The same case with every moment that a row writes without a zone left without one, as a host program may do."""

    def bare(values, texts):
        return tuple(
            replace(
                one, **{key: getattr(one, key).replace(tzinfo=None) for key in TIMES if text.get(key, "Z")[-1] != "Z"}
            )
            for one, text in zip(values, texts, strict=True)
        )

    return replace(
        case, consents=bare(case.consents, plain["consents"]), gateways=bare(case.gateways, plain["gateways"])
    )


def person(facts, ident, words):
    """`person ID key=value ...`: somebody new, or what is different about somebody."""
    one = facts.people.setdefault(ident, {"id": ident})
    for word in words.split():
        key, value = word.split("=")
        if value == "unknown" and key == "born":
            one.pop("born", None)
        elif key in ("role", "restricted"):
            one["roles" if key == "role" else "restrictions"] = value.split("+")
        elif key in ("home", "uprn", "street"):
            home = {"home": {"lines": ["1 Example Row"], "postcode": value.replace("_", " ")},
                    "uprn": {"uprn": value}, "street": {"lines": [value.replace("_", " ")]}}  # fmt: skip
            one["addresses"] = [home[key]]
        else:
            one[key] = value


def tie(facts, how, giver, child, kind, nature, responsibility, basis):
    """`tie FROM TO ...` replaces what the case says of the two; `also` adds to it."""
    if how == "tie":
        untie(facts, giver, child)
    found = {"from": giver, "to": child, "kind": kind, "nature": nature, "parental_responsibility": responsibility}
    facts.ties.append({**found, "pr_basis": basis} if basis else found)


def untie(facts, giver, child):
    """`no tie FROM TO`."""
    facts.ties = [one for one in facts.ties if (one["from"], one["to"]) != (giver, child)]


def categories(text):
    """`housing+health.gp_summary`: an agency alone is all of it."""
    found = {}
    for name in text.split("+"):
        agency, _, category = name.partition(".")
        if category:
            found.setdefault(agency, []).append(category)
        else:
            found[agency] = "all"
    return found


def options(text):
    """`at T, assessed, blank paper` as names and values."""
    found = {}
    for option in filter(None, (text or "").split(", ")):
        name, _, value = option.partition(" ")
        if name in ("blank", "no"):
            name, value = value.split(" ")[0], (value.partition(" ")[2], BLANK if name == "blank" else "")
        found[name] = value
    return found


def consent(facts, verb, giver, covers, named, more):
    """`agree|refuse GIVER for PEOPLE to CATEGORIES (options)`."""
    given, people = options(more), covers.split("+")
    usual = "parental_responsibility" if giver not in people else (
        "self" if people == [giver] else "self_and_parental_responsibility")  # fmt: skip
    one = {
        "id": f"c{len(facts.consents) + 1}", "given_by": giver, "capacity": given.get("as", usual), "covers": people,
        "categories": categories(named), "given_at": given.get("at", "2026-11-02T10:00Z"),
        "kind": "agreement" if verb == "agree" else "refusal",
    }  # fmt: skip
    for word, key in (("until", "expires_at"), ("withdrawn", "withdrawn_at"), ("basis", "pr_basis"),
                      ("limited", "limited_by"), ("purpose", "purpose")):  # fmt: skip
        if word in given:
            one[key] = given[word]
    for word, key in (("assessed", "gillick_assessed_by"), ("paper", "authority_ref"), ("how", "how")):
        if word in given:
            one[key] = recorded(given[word], "recorded")
    facts.consents.append(one)


def recorded(value, text):
    """What a field holds: the text, or blanks where the row says so."""
    return value[1] if isinstance(value, tuple) else value or text


def power(facts, ident, covers, named, more):
    """`power ID for PEOPLE to CATEGORIES (options)`: decided by somebody, with grounds, unless the row says not."""
    given, people = options(more), covers.split("+")
    one = {
        "id": ident, "decided_by": recorded(given.get("decider", ""), "r.cole"), "covers": people,
        "decided_at": given.get("at", "2026-11-03T11:00Z"), "grounds": recorded(given.get("grounds", ""), "Synthetic."),
    }  # fmt: skip
    if named:
        one["categories"] = categories(named)
    for word, key in (("until", "ends_at"), ("trigger", "trigger"), ("condition", "condition")):
        if word in given:
            one[key] = given[word]
    for word, key in (("why_not", "why_not"), ("necessity", "necessity"), ("order", "order_ref"),
                      ("signed_off", "signed_off_by"), ("view", "own_view")):  # fmt: skip
        if word in given:
            one[key] = recorded(given[word], "Synthetic.")
    if "sought" in given:
        one["consent_sought"] = "yes"
    if "addressee" in given:
        one["addressee"] = given["addressee"].split("+")
    if "limbs" in given:
        every = "care_and_support_needs abuse_or_neglect cannot_protect_self"
        one["limbs"] = (every if given["limbs"] == "all" else given["limbs"]).split()
    if "health" in given:
        who, text = given["health"] if isinstance(given["health"], tuple) else (given["health"], "Synthetic.")
        one["health_reasons"] = dict.fromkeys(who.split("+"), text)
    facts.powers.append(one)


def moment(text):
    """A moment with or without a zone."""
    return datetime.fromisoformat(text)


def change(facts, path, value):
    """`set PATH = VALUE`: what a place's own profile says instead."""
    meant = {"yes": True, "no": False, "": "", "BLANK": BLANK}
    facts.changes.append((path, value[5:].split("+") if value.startswith("list ") else meant.get(value, value)))


SHAPES = (
    (r"nothing", lambda facts: None),
    (r"profile (\w+)", lambda facts, name: setattr(facts, "profile", name)),
    (r"level (\d|none)", lambda facts, text: setattr(facts, "level", None if text == "none" else int(text))),
    (r"concern (.+)", lambda facts, text: facts.concerns.extend(text.split(", "))),
    (r"now (\S+)", lambda facts, text: setattr(facts, "now", moment(text))),
    (r"person (\w+) (.+)", person),
    (r"(tie|also) (\w+) (\w+) (\w+) (\w+) (\w+)(?: (\w+))?", tie),
    (r"no tie (\w+) (\w+)", untie),
    (r"(agree|refuse) (\w+) for (\S+) to (\S+)(?: \((.+)\))?", consent),
    (r"power (\w+) for (\S+)(?: to (\S+))?(?: \((.+)\))?", power),
    (r"set (\S+) = ?(.*)", change),
    (r"forget (\S+)", lambda facts, path: facts.changes.append((path, None))),
    (r"shown to nobody (\S+)", lambda facts, name: facts.hidden.add(name)),
)


class Question(NamedTuple):
    """A row as `decide` takes it; `hidden` is what nobody here may be shown."""

    case: Case
    rules: Profile
    now: datetime
    source: SourceRef
    person: str
    backing: Backing
    hidden: frozenset[str]


def question(family, row, profile, behind, shapes):
    """What a row asks. `behind` gathers what is said of the hub, in words that `shapes` adds to these."""
    facts = Facts(family, behind, shapes)
    for fact in row["facts"].split("; "):
        facts.read(fact)
    who, category, _, source = (*row["asked"].split(), "", "")[:4]
    agency = source or category.partition(".")[0]
    case = facts.case()
    return Question(
        case=case, rules=facts.rules(profile), now=facts.now, person=who, backing=behind.backing(case),
        source=SourceRef(name=agency, agency=agency, categories=(category,)), hidden=frozenset(facts.hidden),
    )  # fmt: skip


def decided(asked):
    """The decision that the program gives."""
    found = decide(asked.case, asked.rules, asked.now, (asked.source,), backing=asked.backing)
    return next(one for one in without_unshown(found, asked.hidden) if one.person == asked.person)


def differences(row, found):
    """What the program says otherwise than the table, in words."""
    outcome, rule, *rest = row["answer"].split()
    if (found.outcome.value, found.rule) != (outcome, rule):
        yield f"row {row['row']}: the table says {outcome} {rule}, the program {found.outcome.value} {found.rule}"
    if found.mode != ("existence" if found.rule.endswith(".existence") else "content"):
        yield f"row {row['row']}: {found.mode}"
    for word, names in re.findall(r"(ends|with|without) ([^ ]+(?: (?!ends|with)[^ ]+)*)", " ".join(rest)):
        if word == "ends" and found.expires_at != moment(names):
            yield f"row {row['row']}: the table says that it ends {names}, the program {found.expires_at}"
        if word == "with" and not set(names.split()) <= set(found.obligations):
            yield f"row {row['row']}: the table says with {names}, the program {found.obligations}"
        if word == "without" and set(names.split()) & set(found.obligations):
            yield f"row {row['row']}: the table says without {names}, the program {found.obligations}"
