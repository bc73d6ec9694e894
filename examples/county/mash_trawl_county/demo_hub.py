"""What the hub of the demo asks: the county's six systems, two of those beside them, and a GP practice on paper.

The district council knows the home and who is helped with its rent. Probation supervises the father and the new
partner: nobody is asked about the father, no case names the partner, and it is asked about no child. The practice is a
person; what it answers stands in `practice`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mash_trawl_county import hub_sources, practice
from mash_trawl_county.beside import district_council, probation

if TYPE_CHECKING:
    from mash_trawl_county.build import Built

NAMES = (*hub_sources.CONNECTORS, district_council.NAME, probation.NAME)
"""The systems that are asked, as the hub names them."""
PERSON = practice.NAME
SOURCES = hub_sources.SOURCES + district_council.SOURCE + probation.SOURCE + practice.SOURCE + practice.RETURNS
FOUND, NONE, NOT_ASKED, OWED = "found", "none_found", "consent_missing", "pending_person"
EXPECTED: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "DEMO-2026-0001": {
        "district_council": {"p1": NOT_ASKED, "p2": NOT_ASKED, "p3": NOT_ASKED},
        "probation": {"p1": NOT_ASKED, "p2": NOT_ASKED, "p3": NOT_ASKED},
        "gp_practice": {"p1": NOT_ASKED, "p2": NOT_ASKED, "p3": NOT_ASKED},
    },
    "DEMO-2026-0002": {
        "district_council": {"p1": FOUND, "p2": FOUND, "p3": FOUND, "p4": NOT_ASKED},
        "probation": {"p1": "not_permitted", "p2": "not_permitted", "p3": NONE, "p4": NOT_ASKED},
        "gp_practice": {"p1": OWED, "p2": OWED, "p3": OWED, "p4": NOT_ASKED},
    },
    "DEMO-2026-0003": {
        "district_council": {"p1": NOT_ASKED, "p2": NOT_ASKED},
        "probation": {"p1": NOT_ASKED, "p2": NOT_ASKED},
        "gp_practice": {"p1": NOT_ASKED, "p2": NOT_ASKED},
    },
}
"""The status that a right first trawl gives for every (source, person) of the demo cases, beside those of the six."""


def approvals() -> str:
    """The lines by which a hub file approves the connectors of all of them."""
    return hub_sources.approvals((*hub_sources.CONNECTORS, district_council.NAME, "probation_file"))


def write_more(folder: Path, built: Built) -> None:
    """The two systems beside the six, into the county's folder."""
    district_council.write(folder, built)
    probation.write(folder, built)


def write_mapping(hub: Path) -> None:
    """What the hub's folder holds of the practice: the questions that it is asked."""
    (hub / "sources").mkdir(mode=0o700)
    (hub / "sources" / "gp-practice.yaml").write_text(practice.MAPPING, "utf-8")


def more_truth(case: str, people: Mapping[str, str], built: Built) -> dict[str, Any]:
    """What is right for a demo case at the two systems: each status, and the record of everybody who is found."""
    humans = built.people()
    refs = {"district_council": district_council.ref, "probation": probation.ref}
    expected = EXPECTED[case]
    return {
        "expected": expected,
        "held": {
            name: {who: ref(humans[people[who]]) for who, status in expected[name].items() if status == FOUND}
            for name, ref in refs.items()
        },
    }
