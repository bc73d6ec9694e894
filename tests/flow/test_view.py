"""`view` as an analyst uses it: a sealed product in a real browser, from memory.

Needs Chromium at /usr/bin/chromium (Debian: `apt-get install chromium`) or where CHROMIUM says. Without it these tests
are skipped, and say so; with CI set they fail.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
READY = CHROMIUM.exists() and importlib.util.find_spec("playwright") is not None
if not READY and not os.environ.get("CI"):
    pytest.skip("NOT TESTED: `view` in a browser (no Chromium or playwright here)", allow_module_level=True)


@pytest.fixture
def link(place, county):
    """A product of a case, and the link that `view` says; the command runs until the test ends."""
    with place.open() as hub:
        hub.run(place.case("children-in-need"))
    command = [sys.executable, "-m", "mash_trawl", "--hub", str(place.hub), "view", "DEMO-2026-0002", "--no-browser"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = running.stderr.readline()
    yield said.split()[-1]
    running.send_signal(signal.SIGINT)
    rest = running.communicate(timeout=20)[1]
    assert "Ended." in rest and running.returncode == 0


def test_the_first_browser_sees_the_product_and_the_second_does_not(link, place):
    assert READY, "CI must have Chromium and playwright"
    from playwright.sync_api import sync_playwright

    with warnings.catch_warnings(), sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        tab = chromium.new_context().new_page()
        tab.goto(link)
        assert "Aisha" in tab.content()
        assert tab.url == link.rpartition("/")[0] + "/"
        tab.reload()
        assert "Aisha" in tab.content()
        other = chromium.new_context().new_page()
        assert other.goto(link).status == 403
        assert "Aisha" not in other.content()
        chromium.close()
    with place.open() as hub:
        reasons = [row.kind for row in hub.ledger.rows()]
    assert reasons[-1] == "record.read"
