"""Which contract is run for a name, where a distribution brings several connectors."""

from __future__ import annotations

import pytest

from mash_trawl.testing.target import targets


@pytest.mark.parametrize("name", ["housing", "housing_civica", "domestic_abuse", "missing_people"])
def test_the_contract_of_that_connector_alone_is_run(name: str) -> None:
    assert [one.connector.name for one in targets(name, None)] == [name]
