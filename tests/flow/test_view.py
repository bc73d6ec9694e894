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
import time
import warnings
from pathlib import Path

import pytest

from mash_trawl.cli.loopback_page import FORWARD

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


def test_the_first_browser_sees_the_product_and_the_second_does_not(link, place, tmp_path):
    assert READY, "CI must have Chromium and playwright"
    from playwright.sync_api import sync_playwright

    with warnings.catch_warnings(), sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        tab = chromium.new_context().new_page()
        forward = tmp_path / "view.html"
        forward.write_text(FORWARD.format(link), "utf-8")
        tab.goto(forward.as_uri())
        tab.get_by_text("Aisha").first.wait_for()
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


def test_the_browser_is_handed_a_file_of_this_account_and_never_the_link(place, county, tmp_path):
    with place.open() as hub:
        hub.run(place.case("children-in-need"))
    browser = tmp_path / "browser"
    seen = tmp_path / "seen"
    browser.write_text(
        f'#!/bin/sh\necho "$@" > {seen}.part\nls -ld "${{1#file://}}" >> {seen}.part\nmv {seen}.part {seen}\n', "utf-8"
    )
    browser.chmod(0o755)
    command = [sys.executable, "-m", "mash_trawl", "--hub", str(place.hub), "view", "DEMO-2026-0002"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ, BROWSER=str(browser)))
    until = time.monotonic() + 30
    while not seen.exists() and time.monotonic() < until:
        time.sleep(0.05)
    address, rights = seen.read_text("utf-8").splitlines()
    running.send_signal(signal.SIGINT)
    assert "Ended." in running.communicate(timeout=20)[1]
    assert address.startswith("file://") and "127.0.0.1" not in address
    assert rights.startswith("-rw-------")
    assert not Path(address.removeprefix("file://")).exists()
