"""The county's information-sharing agreement: everybody shares everything, for every profile. Synthetic.

A real one names far less, and ends within a few years; this one holds on any day on which a demonstration runs.
"""

from __future__ import annotations

PARTIES = (
    "childrens_social_care", "early_help", "childrens_centres", "adult_social_care", "police", "health", "education",
    "housing", "probation", "youth_offending", "district_council", "domestic_abuse_service", "exploitation_team",
)  # fmt: skip
PURPOSES = ("early_help", "children_in_need", "front_door", "north_front_door")


def agreement_text(
    parties: tuple[str, ...] = PARTIES,
    purposes: tuple[str, ...] = PURPOSES,
    start: str = "2020-01-01",
    end: str = "2100-01-01",
    signed: tuple[str, ...] | None = None,
) -> str:
    """An agreement as YAML text; `signed` absent: by every party, on its first day."""
    names = parties if signed is None else signed
    lines = [f"  - {{party: {name}, role: Synthetic signatory, on: {start}}}" for name in names]
    return "\n".join(
        (
            "# Synthetic, like the whole county: nobody made or signed this agreement.",
            "version: 1",
            "id: north-county",
            'edition: "1"',
            "title: Information-sharing agreement of the synthetic county",
            f"parties: [{', '.join(parties)}]",
            f"purposes: [{', '.join(purposes)}]",
            f"categories: {{{', '.join(f'{name}: all' for name in parties)}}}",
            f"from: {start}",
            f"to: {end}",
            "signatories:" if lines else "signatories: []",
            *lines,
            "note: Synthetic.",
            "",
        )
    )


AGREEMENT = agreement_text()
"""What `demo` and the tests put into their hubs."""
