"""What is measured on each case, for the product and for the baseline alike; and the sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from mash_trawl_county.situations import AGENCY
from mash_trawl_county.truth import CaseTruth, Truth, in_period

if TYPE_CHECKING:
    from mash_trawl.model.product import Product

SYSTEM_OF = {agency: system for system, agency in AGENCY.items()}


@dataclass(slots=True, kw_only=True)
class Measures:
    """Counts over cases. `missed` lists expected records that came neither by themselves nor wait for a person."""

    cases: int = 0
    expected: int = 0
    found: int = 0
    in_review: int = 0
    records: int = 0
    wrong: int = 0
    forbidden_records: int = 0
    forbidden_calls: int = 0
    unexplained: int = 0
    pairs_asked: int = 0
    pairs_in_review: int = 0
    missed: list[tuple[str, ...]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Measures) -> None:
        """Add another case's counts."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def recall(self) -> float:
        """Expected records that came by themselves."""
        return self.found / self.expected if self.expected else 1.0

    @property
    def recall_with_review(self) -> float:
        """The same, counting those about whom a person is asked to decide."""
        return (self.found + self.in_review) / self.expected if self.expected else 1.0

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {
            "recall": round(self.recall, 4), "recall_with_review": round(self.recall_with_review, 4),
        }  # fmt: skip


def of_product(case: CaseTruth, truth: Truth, product: Product) -> Measures:
    """Measure one opened product against the truth."""
    made = Measures(cases=1, expected=len(case.expected))
    review = {(line.source, line.person) for line in product.possible}
    shown: set[tuple[str, str, str, str]] = set()
    for row in _rows(product):
        origin = row.origin
        if not origin.source:
            continue
        made.records += 1
        category = origin.category.partition(".")[2]
        about = [ident for ident in row.people if ident in case.people]
        asked = [delivery.person for delivery in origin.deliveries]
        shown |= {(ident, origin.source, category, _ref(origin.ref)) for ident in about}
        _judge(made, case, truth, (origin.source, category, _ref(origin.ref)), about, asked)
    for line in product.matches:
        if line.outcome == "auto" and truth.refs.get((line.source, line.ref)) != case.people[line.person]:
            made.wrong += 1
            made.faults.append(f"{case.id} {line.source} {line.person}: taken for {line.ref}")
    for wanted in case.expected:
        if wanted in shown:
            made.found += 1
        elif (wanted[1], wanted[0]) in review:
            made.in_review += 1
        else:
            made.missed.append((case.id, *wanted))
    made.pairs_in_review = len(review)
    return made


def _ref(ref: str) -> str:
    """A record's own key: a mapping puts its kind before it, and a tenancy its spells of the same people behind."""
    return ref.rpartition(":")[2].partition("/")[0]


def _rows(product: Product) -> Iterable[Any]:
    for rows in (product.chronology, product.involvements, product.residences, product.relationships, product.facts):
        yield from rows


def _judge(
    made: Measures, case: CaseTruth, truth: Truth, key: tuple[str, str, str], about: list[str], asked: list[str]
) -> None:
    """Is a shown record about the people it is shown for, and was it allowed about whom it was asked?"""
    system, category, ref = key
    trace = truth.records.get((system, ref))
    if trace is not None:
        humans = {ident for ident, _ in trace.people}
        strangers = [ident for ident in about if case.people[ident] not in humans]
        if strangers or not humans & {case.people[ident] for ident in asked}:
            made.wrong += 1
            made.faults.append(f"{case.id} {system} {ref}: not about {', '.join(strangers or asked)}")
    late = trace is not None and not in_period(case.profile, trace)
    if late or not asked or any(category not in case.may(system, ident) for ident in asked):
        made.forbidden_records += 1
        made.faults.append(f"{case.id} {system} {ref}: {category} was not allowed about {', '.join(asked)}")


def of_baseline(
    case: CaseTruth, systems: Iterable[str], brought: Iterable[tuple[str, str, str, str, str]], truth: Truth
) -> Measures:
    """The same measures for the exact-match script, which asks every system about everybody."""
    made = Measures(cases=1, expected=len(case.expected), forbidden_calls=len(case.forbidden(systems)))
    shown = set()
    for system, ident, human, category, ref in brought:
        made.records += 1
        shown.add((ident, system, category, ref))
        made.wrong += human != case.people[ident]
        allowed = category in case.may(system, ident) and in_period(case.profile, truth.records[system, ref])
        made.forbidden_records += not allowed
    made.found = sum(wanted in shown for wanted in case.expected)
    return made


def compared(product: Measures, baseline: Measures) -> list[tuple[str, str, str]]:
    """The table: what is measured, the product, the script."""

    def share(part: int, whole: int) -> str:
        return f"{part} ({part / whole:.1%})" if whole else str(part)

    return [
        ("expected records", str(product.expected), str(baseline.expected)),
        ("found by itself", share(product.found, product.expected), share(baseline.found, baseline.expected)),
        ("waiting for a person's decision", share(product.in_review, product.expected), "-"),
        ("recall, counting review", f"{product.recall_with_review:.4f}", f"{baseline.recall:.4f}"),
        ("records brought", str(product.records), str(baseline.records)),
        (
            "records about another person",
            share(product.wrong, product.records),
            share(baseline.wrong, baseline.records),
        ),
        (
            "forbidden records",
            share(product.forbidden_records, product.records),
            share(baseline.forbidden_records, baseline.records),
        ),
        ("forbidden (source, person) asked", str(product.forbidden_calls), str(baseline.forbidden_calls)),
        ("questions nobody could explain", str(product.unexplained), "-"),
        ("(source, person) asked", str(product.pairs_asked), "-"),
        ("(source, person) in review", share(product.pairs_in_review, product.pairs_asked), "-"),
    ]


def misses(made: Measures) -> Mapping[str, int]:
    """How many expected records were missed in each system."""
    found: dict[str, int] = {}
    for _, _, system, _, _ in made.missed:
        found[system] = found.get(system, 0) + 1
    return found
