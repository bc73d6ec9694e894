"""What a consent record must hold here before it counts: the fields and the purpose that the profile asks for."""

from __future__ import annotations

from mash_trawl.model.answer import Why
from mash_trawl.model.consent import Consent
from mash_trawl.model.profile import ConsentRules

from .vote import Vote, deny


def unrecorded(consent: Consent, rules: ConsentRules) -> Vote | None:
    """The first of what is missing: fields that must be filled, then a purpose of the profile's."""
    lacking = [name for name in rules.requires if not _filled(consent, name)]
    if lacking:
        words = ", ".join(name.replace("_", " ").replace(".", ": ") for name in lacking)
        return deny("consent.not_recorded", f"{consent.given_by} agreed, but record {consent.id} lacks: {words}.",
                    f"Whoever asked {consent.given_by} records it: {words}.", Why.CONSENT_NOT_COUNTED)  # fmt: skip
    if consent.purpose is None or not rules.purposes or consent.purpose in rules.purposes:
        return None
    return deny("consent.purpose", f"Record {consent.id} states a purpose that is not one of this hub's.",
                f"Ask {consent.given_by} again for one of: {'; '.join(rules.purposes.values())}.",
                Why.CONSENT_NOT_COUNTED)  # fmt: skip


def _filled(consent: Consent, name: str) -> bool:
    """`unknown` is not filled, nor is text of blanks."""
    value: object = consent
    for part in name.split("."):
        value = getattr(value, part, None)
    if isinstance(value, str):
        return value.strip() not in ("", "unknown")
    return bool(value)
