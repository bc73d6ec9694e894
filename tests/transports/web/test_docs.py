"""What docs/http-sources.md and the connectors' READMEs show is loaded, run or counted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from mash_trawl.config.read import read_value
from mash_trawl.errors import Unavailable
from mash_trawl.model.hub import SourceSettings, Tls
from mash_trawl.transports.http import open_session
from mash_trawl.transports.http_paging import Page
from mash_trawl.transports.http_settings import KEYS, read_settings
from mash_trawl_health import Health
from mash_trawl_police import Police

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "http-sources.md").read_text("utf-8")
STATUSES = (ROOT / "docs" / "statuses.md").read_text("utf-8")
READMES = {name: (ROOT / "connectors" / name / "README.md").read_text("utf-8") for name in ("police", "health")}


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("text", [PAGE, *READMES.values()], ids=["page", *READMES])
def test_every_source_that_is_shown_can_be_read(text: str) -> None:
    listed = [yaml.load(block, yaml.BaseLoader)["sources"] for block in blocks(text, "yaml")]  # noqa: S506 - text only
    over_http = [shown for sources in listed for shown in sources if "url" in shown.get("connect", {})]
    assert over_http
    for shown in over_http:
        source = read_value(SourceSettings, shown)
        connect: dict[str, Any] = dict(source.connect)
        if connect["url"].startswith("env:"):
            connect["url"] = "https://source.example"
        assert read_settings(source.name, connect, source.tls or Tls(), source.proxy).token_url


def test_every_setting_and_way_of_paging_is_explained() -> None:
    assert [key for key in KEYS if f"`{key}`" not in PAGE] == []
    assert [mode for mode in get_args(Page) if f"`{mode}`" not in PAGE] == []


@pytest.mark.parametrize("connector", [Police, Health])
def test_every_category_is_explained(connector: Any) -> None:
    assert [category for category in connector.offers if f"`{category}`" not in READMES[connector.name]] == []


def test_a_class_with_other_codes_is_written_as_shown() -> None:
    (block,) = blocks(READMES["health"], "python")
    scope: dict[str, Any] = {"__name__": "county_health"}
    exec(block, scope)  # noqa: S102 - our own page
    assert issubclass(scope["CountyHealth"], Health)
    assert scope["CountyHealth"].searches["health.health_visiting"][0].narrow == {"type": "HV01"}


def test_a_redirect_to_the_same_host_is_not_followed_and_explained(replies: Any, reply: Any, door: Any) -> None:
    server = replies(reply(b"{}", status="307 Moved", more="Location: /v2/search\r\n"))
    with pytest.raises(Unavailable) as caught, open_session(door(connect={"url": server.url})) as session:
        list(session.pages("v1/search", body={}))
    assert caught.value.why == "redirected"
    assert len(server.heard) == 1
    (told,) = [line for line in STATUSES.splitlines() if line.startswith("| `redirected` |")]
    assert "its own host or elsewhere" in told
