"""Parental responsibility: who holds it for a child as the case records it, and what limits it.

A word on a consent is no evidence. A basis counts together with a tie of the case from the giver to the child, and only
where kind and nature of that tie, the giver's sex and their role fit it (the profile says which do). Children Act 1989
ss.2-4A, 12, 14C, 20, 33; Adoption and Children Act 2002 s.46.
"""

from __future__ import annotations

from collections.abc import Sequence

from mash_trawl.model.case import Tie
from mash_trawl.model.consent import Consent
from mash_trawl.model.person import Person
from mash_trawl.model.profile import PrBasis

from .question import Setting
from .vote import Vote, review, unable

_PARENTAL = ("parental_responsibility", "self_and_parental_responsibility")
_CHILD_WIDE = ("care_order", "interim_care_order", "special_guardianship")
"""Limits that an order about the child sets to everybody who held responsibility before it."""


def parental(setting: Setting, consent: Consent, giver: Person, child: Person) -> Vote | None:
    """The first reason why this giver does not speak as a parent of this child."""
    if consent.capacity not in _PARENTAL:
        return unable("not_parental", f"{giver.id} did not speak as a parent of {child.id}.",
                      f"Ask somebody with parental responsibility for {child.id}.")  # fmt: skip
    return responsible(setting, consent.pr_basis, giver, child)


def responsible(setting: Setting, basis: str | None, giver: Person, child: Person) -> Vote | None:
    """The same of somebody who speaks as a parent, and states this basis for it, or none."""
    mine = [tie for tie in setting.ties_to(child.id) if tie.from_ == giver.id]
    bonds = [tie for tie in mine if _binds(tie)]
    stated = [code for code in (basis, *(tie.pr_basis for tie in bonds)) if code is not None]
    bases = [setting.profile.consent.pr_bases.get(code) for code in stated]
    given = [basis for basis in bases if basis is not None and basis.gives]
    claimed = bool(stated) or any(tie.parental_responsibility == "yes" for tie in mine)
    if any(tie.parental_responsibility == "no" for tie in mine) or len(given) < len(bases) or not claimed:
        return _not_shown(giver, child)
    if not bonds:
        return _no_tie(giver, child)
    unfit = next((basis for basis in given if not _fits(basis, giver, bonds)), None)
    if unfit:
        return unable("basis_unfit", f"What is recorded of {giver.id} does not fit the stated basis: {unfit.title}.",
                      f"Correct the basis, what {giver.id} is to {child.id} (kind and nature), or their sex; or ask "
                      f"somebody else with parental responsibility.")  # fmt: skip
    if not given and not any(tie.parental_responsibility == "yes" and tie.nature != "foster" for tie in bonds):
        return _not_shown(giver, child)
    return _ended(setting, given, bonds, child)


def mother_of(setting: Setting, consent: Consent, giver: Person, child: Person) -> Vote | None:
    """Before birth only the mother speaks: a recorded tie by birth, and a woman or at least a stated mother."""
    mother = giver.sex == "female" or (consent.pr_basis == "mother" and giver.sex != "male")
    by_birth = any(
        tie.from_ == giver.id and tie.kind == "parent" and tie.nature in ("birth", "unknown")
        for tie in setting.ties_to(child.id)
    )
    if mother and by_birth:
        return None
    return unable("unborn", "Only the mother can agree before a child is born.",
                  "Ask the mother, and record her as the child's parent.")  # fmt: skip


def limit(setting: Setting, consent: Consent, child: Person) -> Vote | None:
    """Why a parent's yes goes to a named person: they, or an order about the child, limit what a parent decides."""
    known = setting.profile.consent.pr_bases
    ties = setting.ties_to(child.id)
    limiting = {code: basis.title for code, basis in known.items() if basis.limits_parents}
    if {consent.pr_basis, *(tie.pr_basis for tie in ties if tie.from_ == consent.given_by)} & set(limiting):
        return None
    orders = {limiting[tie.pr_basis] for tie in ties if tie.pr_basis in limiting}
    others = {other.limited_by for other in setting.case.consents if child.id in other.covers}.intersection(_CHILD_WIDE)
    own = {consent.limited_by} - {"none"}
    limits = [*own, *sorted(others - own), *sorted(orders)]
    if not limits:
        return None
    what = ", ".join(name.replace("_", " ") for name in limits)
    return review("capacity.limited", f"{consent.given_by} agreed, but their responsibility for {child.id} is limited: "
                  f"{what}.", f"A named person sees the order and decides. If none is in force for {child.id}, correct "
                  f"the record that says so.", None)  # fmt: skip


def _binds(tie: Tie) -> bool:
    return tie.kind in ("parent", "carer") or tie.nature == "special_guardianship"


def _fits(basis: PrBasis, giver: Person, bonds: Sequence[Tie]) -> bool:
    if giver.sex == basis.not_sex or (basis.roles and not set(basis.roles) & set(giver.roles)):
        return False
    return any(
        (not basis.kinds or tie.kind in basis.kinds) and (not basis.natures or tie.nature in basis.natures)
        for tie in bonds
    )


def _not_shown(giver: Person, child: Person) -> Vote:
    return unable("no_responsibility", f"Parental responsibility of {giver.id} for {child.id} is not shown.",
                  f"Record what {giver.id} is to {child.id} and where their responsibility comes from, or ask somebody "
                  f"who has it for {child.id}.")  # fmt: skip


def _no_tie(giver: Person, child: Person) -> Vote:
    return unable("no_tie", f"{giver.id} is said to have parental responsibility for {child.id}, but the case records "
                  f"no tie of a parent, carer or guardian between them.",
                  f"Record under relationships what {giver.id} is to {child.id} (parent or carer, and its nature), or "
                  f"ask somebody whose tie is recorded.")  # fmt: skip


def _ended(setting: Setting, given: Sequence[PrBasis], bonds: Sequence[Tie], child: Person) -> Vote | None:
    """Adoption ends every responsibility before it; a special guardian decides before the others."""
    ties = setting.ties_to(child.id)
    natures = {tie.nature for tie in bonds}
    guardian = "special_guardianship" in natures
    adopter = any(_adoptive(tie) for tie in bonds)
    ordered = (guardian or any(basis.court for basis in given)) and "birth" not in natures
    if any(_adoptive(tie) for tie in ties) and not (adopter or ordered):
        return unable("adopted", f"{child.id} is adopted, which ended the responsibility of everybody before.",
                      "Ask an adoptive parent, or somebody with a court's order made since.")  # fmt: skip
    guarded = any(tie.nature == "special_guardianship" and tie.parental_responsibility != "no" for tie in ties)
    if guarded and not guardian:
        return unable("special_guardian", f"{child.id} has a special guardian, who decides before the others.",
                      "Ask the special guardian.")  # fmt: skip
    return None


def _adoptive(tie: Tie) -> bool:
    return tie.nature == "adoptive" and tie.kind == "parent"
