"""The pages that explain the rules must not lie about them."""

from __future__ import annotations

import re

import pytest


def rule_ids_in_code(root):
    """Every rule id in the room's source, with the variable part written as in the page."""
    text = "\n".join(file.read_text("utf-8") for file in sorted((root / "mash_trawl/consent").rglob("*.py")))
    full = set(re.findall(r'"((?:scope|consent|capacity|gateway|approval|emergency|review)\.[a-z_]+[a-z0-9_]*)"', text))
    full |= {f"capacity.{name}" for name in re.findall(r'unable\(\s*"([a-z_0-9]+)"', text)}
    full |= {f"statements.{name}" for name in re.findall(r'_fault\(\s*"([a-z_]+)"', text)}
    full |= {f"agreement.{name}" for name in re.findall(r'_lacks\(\s*"([a-z_]+)"', text)}
    full |= {f"gateway.<id>.{name}" for name in re.findall(r'missed\(\s*(?:use\.id|name),\s*"([a-z_]+)"', text)}
    full |= {f"gateway.<id>.{name}" for name in re.findall(r'f"gateway\.\{use\.id\}\.([a-z_]+)"', text)}
    full |= {f"gateway.{name}" for name in re.findall(r'missed\(\s*"gateway",\s*"([a-z_]+)"', text)}
    full |= {"gateway.<id>", "restriction.<name>", "failed.<step>"}
    return full - {"failed.setting", "failed.source"}


def test_the_page_lists_every_rule_id_and_no_other(root):
    page = (root / "docs/consent.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if re.match(r"\| C\d+ \|", line)]
    listed = {name for row in rows for name in re.findall(r"`([a-z]+\.[a-z_0-9<>.]+)`", row.split("|")[2])}
    assert listed == rule_ids_in_code(root)
    assert [int(re.match(r"\| C(\d+)", row)[1]) for row in rows] == list(range(1, len(rows) + 1))


def test_the_law_page_and_the_profile_name_the_same_gateways_and_tests_for_health(root, profile):
    page = (root / "docs/law.md").read_text("utf-8")
    rows = {m[1]: line for line in page.splitlines() if (m := re.match(r"\| `([A-Z0-9_]+)` \|", line))}
    gateways = profile("base").gateways
    assert set(rows) == set(gateways)
    for ident, gateway in gateways.items():
        health = rows[ident].split("|")[6]
        assert ("never" in health) is (gateway.health == "never")
        assert ("needed; " in rows[ident].split("|")[5] and "alone" in rows[ident].split("|")[5]) is (
            gateway.consent == "needed"
        )


@pytest.mark.parametrize("page", ["docs/law.md", "docs/consent.md"])
def test_each_page_says_when_it_was_reviewed(root, page):
    assert "2026-11-22" in (root / page).read_text("utf-8")
