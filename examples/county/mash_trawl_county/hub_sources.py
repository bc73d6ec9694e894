"""What a hub file says about the county's systems: the connectors to approve and the `sources:` list.

The county lies beside the hub's folder, as `demo` lays it out; addresses and secrets are read from its files.
"""

from __future__ import annotations

CONNECTORS = ("housing", "police", "health")
APPROVE = ", ".join(f"{{distribution: mash-trawl-{name.replace('_', '-')}, plugin: {name}}}" for name in CONNECTORS)

HOUSING = """
  - name: housing
    agency: housing
    connector: housing
    connect: {url: file:../county/housing.url}
    coverage: {from: 2009-04, area: North Borough}
    contact: {name: Housing data team, telephone: "01632 960001"}"""
POLICE = """
  - name: police
    agency: police
    connector: police
    connect:
      url: file:../county/police.url
      token_url: file:../county/police.token-url
      client_id: mash-hub
      client_secret: file:../county/police.secret
    coverage: {from: 2015-01, area: North Borough}
    contact: {name: Police disclosure desk, telephone: "01632 960002"}"""
HEALTH = """
  - name: health
    agency: health
    connector: health
    connect:
      url: file:../county/health.url
      token_url: file:../county/health.token-url
      client_id: mash-hub
      client_secret: file:../county/health.secret
    coverage: {from: 2012-01, area: North Borough}
    contact: {name: Named nurse for safeguarding, telephone: "01632 960003"}"""
SOURCES = HOUSING + POLICE + HEALTH
