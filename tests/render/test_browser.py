"""The page in a real browser: one request, no policy report, nothing axe objects to, no sideways scrolling.

Needs Chromium at /usr/bin/chromium (Debian: `apt-get install chromium`) or where CHROMIUM says. Without it these tests
are skipped, and say so; with CI set they fail.
"""

from __future__ import annotations

import importlib.util
import json
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.product import Product
from mash_trawl.render import page

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync")  # fmt: skip
READY = CHROMIUM.exists() and all(importlib.util.find_spec(name) for name in ("playwright", "axe_playwright_python"))
if not READY and not os.environ.get("CI"):
    pytest.skip("NOT TESTED: the page in a browser (no Chromium, playwright or axe here)", allow_module_level=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One headless Chromium for all of these tests."""
    assert READY, "CI must have Chromium, playwright and axe"
    from playwright.sync_api import sync_playwright

    with warnings.catch_warnings(), sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGS))
        yield opened
        opened.close()


@pytest.fixture
def file(product: Product, tmp_path: Path) -> Path:
    """The page as a file."""
    path = tmp_path / "product.html"
    path.write_text(page(product, {"reader": "j.shah"}), encoding="utf-8")
    return path


def _open(browser: Any, file: Path, width: int, height: int = 900) -> tuple[Any, list[str], list[str]]:
    tab = browser.new_page(viewport={"width": width, "height": height})
    requests: list[str] = []
    messages: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: messages.append(message.text))
    tab.goto(file.as_uri())
    return tab, requests, messages


def test_the_page_makes_one_request_and_breaks_no_policy(browser: Any, file: Path) -> None:
    tab, requests, messages = _open(browser, file, 1920)
    assert requests == [file.as_uri()]
    assert messages == []
    assert tab.evaluate("getComputedStyle(document.querySelector('.band')).backgroundColor") == "rgb(15, 56, 92)"
    tab.close()


def test_the_page_never_scrolls_sideways(browser: Any, file: Path) -> None:
    tab, _, _ = _open(browser, file, 1920)
    for width in (1920, 768, 390, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


@pytest.mark.parametrize("width", [390, 1920])
def test_axe_finds_no_violation_under_the_strict_policy(width: int, browser: Any, file: Path) -> None:
    tab, _, _ = _open(browser, file, width)
    found = _axe(tab)
    assert found["passes"] > 20
    assert found["violations"] == []
    tab.close()


@pytest.mark.parametrize("width", [390, 1920])
def test_a_sheet_for_the_case_file_passes_axe_breaks_no_policy_and_never_scrolls_sideways(
    width: int, browser: Any, sheet: Callable[..., str], tmp_path: Path
) -> None:
    path = tmp_path / "sheet.html"
    rows = ("PERMIT", "", "consent.agreed"), ("DENY", "consent_not_sought", "consent.not_sought")
    path.write_text(sheet(*rows), encoding="utf-8")
    tab, requests, messages = _open(browser, path, width)
    assert (requests, messages) == ([path.as_uri()], [])
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    found = _axe(tab)
    assert found["passes"] > 15
    assert found["violations"] == []
    tab.close()


def _axe(tab: Any) -> dict[str, Any]:
    """Run axe in a world of its own, so that the page's policy stays as it is."""
    import axe_playwright_python

    source = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
    session = tab.context.new_cdp_session(tab)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    session.send("Runtime.evaluate", {"expression": source, "contextId": world})
    summary = (
        "axe.run(document).then(r => JSON.stringify({passes: r.passes.length, violations: "
        "r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])}))"
    )
    answer = session.send("Runtime.evaluate", {"expression": summary, "contextId": world, "awaitPromise": True})
    result: dict[str, Any] = json.loads(answer["result"]["value"])
    return result


def test_the_skip_link_is_the_first_stop_of_the_keyboard_and_leads_to_the_answers(browser: Any, file: Path) -> None:
    tab, _, _ = _open(browser, file, 1280)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#answers"
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == "#answers"
    tab.close()


def test_every_link_to_tap_is_at_least_24_units_high_or_stands_in_text(browser: Any, file: Path) -> None:
    tab, _, _ = _open(browser, file, 390)
    low = tab.evaluate(
        "[...document.querySelectorAll('nav a, summary')].filter(a => a.getBoundingClientRect().height < 24).length"
    )
    assert low == 0
    tab.close()
