"""What a hub file says about the county's systems: the connectors to approve and the `sources:` list.

The county lies beside the hub's folder, as `demo` lays it out; addresses and secrets are read from its files.
"""

from __future__ import annotations

from collections.abc import Collection

ODBC_DRIVER = "SQLite3"
"""The driver by which the county's youth offending system is read, by its name on this machine."""


def has_odbc() -> bool:
    """Whether this machine has a driver manager and that driver; without them the source is left out."""
    try:
        import pyodbc  # type: ignore[import-not-found]  # it ships no marker that it is typed
    except ImportError:
        return False
    return ODBC_DRIVER in pyodbc.drivers()


CONNECTORS = ("housing", "police", "health", "social_care", "education", *(("youth_offending",) if has_odbc() else ()))


def approvals(plugins: Collection[str] = CONNECTORS) -> str:
    """The lines by which a hub file approves these plugins, each as it is installed here."""
    from mash_trawl.sources.installed import installed

    lines = [
        f"\n  {{distribution: {one.distribution}, plugin: {one.entry.name}, sha256: {one.sha256}}}"
        for one in installed()
        if one.ours and one.entry.name in plugins
    ]
    return ",".join(sorted(lines))


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
SOCIAL_CARE = """
  - name: social_care
    agency: childrens_social_care
    connector: social_care
    connect: {url: file:../county/social_care.url}
    coverage: {from: 2008-04, area: North Borough}
    contact: {name: Social care systems team, telephone: "01632 960004"}"""
EDUCATION = """
  - name: education
    agency: education
    connector: education
    connect:
      url: file:../county/education.url
      token_url: file:../county/education.token-url
      client_id: mash-hub
      client_secret: file:../county/education.secret
    coverage: {from: 2010-09, area: North Borough}
    contact: {name: School admissions data team, telephone: "01632 960005"}"""
YOUTH_OFFENDING = f"""
  - name: youth_offending
    agency: youth_offending
    connector: youth_offending
    connect: {{driver: {ODBC_DRIVER}, database: file:../county/youth_offending.path}}
    coverage: {{from: 2012-04, area: North Borough}}
    contact: {{name: Youth justice performance team, telephone: "01632 960006"}}"""
FIRST = ("housing", "police", "health")
FIRST_APPROVE = ", ".join(f"{{distribution: mash-trawl-{name}, plugin: {name}}}" for name in FIRST)
FIRST_SOURCES = HOUSING + POLICE + HEALTH
"""Three systems: a smaller hub, for tests that count answers."""
SOURCES = HOUSING + POLICE + HEALTH + SOCIAL_CARE + EDUCATION + (YOUTH_OFFENDING if has_odbc() else "")
