"""The order in which files of tests begin when several processes share them: the long ones first.

A long file that begins last keeps one process busy while the others have nothing left to do. pytest-xdist begins with
the files of most tests, which are not the long ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

LONG = (
    "testing/test_twins", "faults/test_matrix", "flow/test_json_shapes", "flow/test_whole_way", "flow/test_run_again",
    "privacy/test_faults", "flow/batch/test_batch", "tests/test_wheels", "testing/test_kit", "county/tests/test_score",
    "sources/test_worker", "flow/test_hanging_driver", "flow/test_review", "flow/test_status", "registry/test_plugins",
    "flow/test_killed_and_stopped", "privacy/test_whole_way", "flow/test_taking_back", "flow/test_who_acts",
    "flow/test_on_paper", "flow/test_receive_attacked", "flow/test_receive", "transports/test_sftp",
    "transports/test_real_databases", "flow/test_embedding", "flow/test_analysts_day", "flow/test_emergency",
    "store/test_engine", "vault/test_kills", "cli/test_case_change", "cli/test_passphrase",
    "config/test_workbook_bombs", "render/test_browser", "flow/test_view", "batch/test_night", "tests/test_benchmarks",
    "consent/test_fail_closed", "consent/test_properties", "config/test_referral_round_trip",
    "flow/batch/test_batch_killed", "cli/test_behind_sudo", "audit/test_processes", "flow/test_isolated",
)  # fmt: skip
"""Files that take more than some seconds, the longest first; a file that is not named here begins after them."""


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places: dict[Path, int] = {}
    for item in items:
        if item.path not in places:
            name = item.path.with_suffix("").as_posix()
            places[item.path] = next((at for at, long in enumerate(LONG) if name.endswith(f"/{long}")), len(LONG))
    items.sort(key=lambda item: places[item.path])
