"""What a test wants told at the end of the run."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What a test wants told even where it passes, whichever worker ran it."""
    for report in [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]:
        for key, said in report.user_properties:
            if key == "told at the end":
                terminalreporter.write_line(str(said))
