"""The page about configuration: every YAML example on it is loaded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.config.agreements import read_agreement
from mash_trawl.config.case import load_case
from mash_trawl.config.hubfile import load_hub_file
from mash_trawl.config.profiles import load_profile
from mash_trawl.config.secrets import is_reference
from mash_trawl.model.dates import PartialDate

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "configuration.md").read_text(encoding="utf-8")
PAGES = "".join((DOCS / name).read_text(encoding="utf-8") for name in ("agreements.md", "profiles.md")) + PAGE
EXAMPLES = re.findall(r"<!-- load: (\w+) -->\n```yaml\n(.*?)```", PAGES, re.DOTALL)


def test_every_example_says_what_it_is() -> None:
    assert len(EXAMPLES) == PAGES.count("```yaml") >= 6


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_every_example_loads(kind: str, text: str, write: Any) -> None:
    if kind == "profile":
        path = write(text, "profiles/north.yaml")
        assert (load_profile("north", path.parent.parent).extends or "").startswith("children_in_need")
    else:
        readers = {"case": load_case, "hub": load_hub_file, "agreement": read_agreement}
        readers[kind](write(text, f"{kind}.yaml"))


def test_every_finding_of_lint_stands_on_its_page() -> None:
    sources = [*(DOCS.parent / "mash_trawl" / "config").glob("lint*.py")]
    sources.append(DOCS.parent / "mash_trawl" / "config" / "agreement_state.py")
    code = "".join(file.read_text(encoding="utf-8") for file in sources)
    codes = set(re.findall(r'"(?:error|warning|note)"?,? ?(?:if ended else "note", )?"([a-z]+\.[a-z_]+)"', code))
    codes |= set(re.findall(r'code="([a-z]+\.[a-z_]+)"', code))
    told = {code for code in codes if f"`{code}`" in PAGES}
    assert len(codes) > 20 and codes - told == set()


def test_every_date_in_the_table_is_read_as_it_says() -> None:
    rows = re.findall(r"^\| (`.*?) \| (\w[\w ]*) \| (\w[\w ]*) \|$", PAGE.split("Dates of which")[1], re.MULTILINE)
    assert len(rows) == 11
    for texts, first, last in rows:
        for text in re.findall(r"`([^`]+)`", texts):
            if text in ("by", "until", "after"):
                continue
            value = PartialDate.parse(text)
            ends = [PartialDate.of(day).show() if day else "" for day in (value.earliest, value.latest)]
            assert ends == [word if word[0].isdigit() else "" for word in (first, last)], text


def test_what_the_page_says_is_refused_is_refused() -> None:
    for text in ("04/13/2012", "April 3, 2012", "2010-2012", "2010/11", "2020-21", "2023-24", "9999-12-31"):
        assert f"`{text}`" in PAGE
        with pytest.raises(ValueError, match="must be a date"):
            PartialDate.parse(text)


def test_the_references_in_the_table_are_references() -> None:
    shown = re.findall(r"^\| `((?:env|file|keyring):[^`]+)`", PAGE, re.MULTILINE)
    assert len(shown) == 3 and all(map(is_reference, shown))
