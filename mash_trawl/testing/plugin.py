"""The pytest plugin: it counts the kit's checks and says at the end how many passed and what was skipped or left out.

pytest loads this in every test run of whoever has the package installed, so it imports nothing.
"""

from __future__ import annotations

from typing import Any

_MARK, _NOTE = "mash_trawl_kit", "mash_trawl_note"


class Score:
    """What the checks of each contract came to."""

    def __init__(self) -> None:
        self.passed: dict[str, int] = {}
        self.failed: dict[str, int] = {}
        self.reasons: dict[str, list[str]] = {}
        self.notes: dict[str, list[str]] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Mark the kit's own tests, so that the mark travels with their reports."""
        for item in items:
            cls = getattr(item, "cls", None)
            if cls is not None and hasattr(getattr(item, "function", None), "mash_trawl_check"):
                item.user_properties.append((_MARK, cls.__name__))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count one report."""
        name = dict(report.user_properties).get(_MARK)
        if not isinstance(name, str) or (report.when != "call" and not (report.failed or report.skipped)):
            return
        self.notes.setdefault(name, []).extend(str(said) for key, said in report.user_properties if key == _NOTE)
        if report.skipped:
            said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.reasons.setdefault(name, []).append(said.removeprefix("Skipped: "))
        else:
            counts = self.passed if report.passed else self.failed
            counts[name] = counts.get(name, 0) + 1

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """One line for each contract, and one for each check that was skipped and each column that was left out."""
        for name in sorted({*self.passed, *self.failed, *self.reasons}):
            passed, failed = self.passed.get(name, 0), self.failed.get(name, 0)
            skipped = self.reasons.get(name, [])
            terminalreporter.write_line(
                f"mash-trawl kit, {name}: {passed} checks passed, {failed} failed, {len(skipped)} skipped"
            )
            for reason in dict.fromkeys(skipped):
                terminalreporter.write_line(f"    {reason}")
            for note in sorted(set(self.notes.get(name, []))):
                terminalreporter.write_line(f"    note: {note}")


def pytest_configure(config: Any) -> None:
    """Keep the score of this run."""
    config.pluginmanager.register(Score(), "mash-trawl-score")
