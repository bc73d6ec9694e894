"""Which kinds of record can be opened at all under a profile, by what, and what no agreement takes in."""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.config.agreement_state import uncovered
from mash_trawl.config.lint_look import Look, names_it, shut
from mash_trawl.config.remarks import Remark
from mash_trawl.model.profile import Category, Gateway


def reach(look: Look) -> Iterator[Remark]:
    """A category that nothing opens is never asked for: perhaps meant, and then somebody should say so."""
    for agency, name, category in look.categories():
        at = ("agencies", agency, "categories", name)
        full = f"{agency}.{name}"
        ways = [(power, gateway) for power, gateway in look.relied_on() if _may_open(look, gateway, agency, name)]
        if category.by_consent:
            continue
        if not ways:
            named = [power for power, gateway in look.relied_on() if names_it(gateway, agency, name)]
            why = f"{', '.join(named)} would, but cannot" if named else "no power that the profile relies on names it"
            what = f"nothing opens {full}: no agreement does (`by_consent: no`), and {why}."
            do = "Rely on a power that opens it, or take the category out."
            yield look.remark("warning", "category.undecided", at, what, do, key=True)
        elif category.by_gateway == "review" and not look.profile.decides:
            what = f"{full} is opened only by a named person's answer, and nobody decides under this profile."
            do = "Nothing, if it is never to be asked here; else say `decides: yes` and who."
            yield look.remark("warning", "review.unanswered", at, what, do, key=True)


def _may_open(look: Look, gateway: Gateway, agency: str, name: str) -> bool:
    """Whether some decision under this power could open the category in some case of this profile today."""
    category = look.profile.agencies[agency].categories[name]
    return (
        gateway.consent != "needed"
        and names_it(gateway, agency, name)
        and look.in_reach(gateway)
        and not shut(gateway, look.today)
        and _health(gateway, category)
    )


def _health(gateway: Gateway, category: Category) -> bool:
    if not category.health or gateway.health == "when_named":
        return True
    return gateway.health == "with_reason" and (category.summary or category.by_gateway == "review")


def health_promises(look: Look) -> Iterator[Remark]:
    """A power that lists health categories and cannot open one of them says more than it does."""
    for power, gateway in look.relied_on():
        for agency, opened in gateway.opens.items():
            known = look.profile.agencies[agency].categories if agency in look.profile.agencies else {}
            wanted = known if opened == "all" else [name for name in opened if name in known]
            dead = [name for name in wanted if not _health(gateway, known[name])]
            if dead and (gateway.health == "never" or opened != "all"):
                listed = ", ".join(f"{agency}.{name}" for name in dead)
                what = f"{power} lists {listed}, and its own rule for health shuts it."
                do = "Take it out of `opens`, or change `health` if the law says so."
                yield look.remark("warning", "gateway.health", ("gateways", power, "opens", agency), what, do)


def covered(look: Look) -> Iterator[Remark]:
    """What the hub's agreements do not take in for this profile; without any, `standing` has said so."""
    if look.settings is None or not look.papers:
        return
    sources = {source.agency for source in look.settings.sources}
    for agency, left in uncovered(look.papers, look.profile, look.profile.agencies, look.today):
        what = f"no agreement in force that {agency} signed takes in {', '.join(left)} for {look.profile.id}."
        if agency in sources:
            do = "They are not asked for. Have them agreed, or leave it so."
            yield look.remark("warning", "agreement.missing", ("agencies", agency), what, do, key=True)
        else:
            do = "Nothing: no source in hub.yaml is of this agency."
            yield look.remark("note", "agreement.missing", ("agencies", agency), what, do, key=True)
