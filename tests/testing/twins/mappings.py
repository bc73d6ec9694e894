"""Twins of a mapping: the same YAML with one line that is wrong, as a council developer writes it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from mash_trawl.api import SqlConnector
from mash_trawl.sources.mapping import mapping_class
from mash_trawl.testing import seeded_sql
from twins.housing import SEED
from twins.planting import Family

HEALTHY = (Path(__file__).parent / "housing.yaml").read_text(encoding="utf-8")
MINE = SEED.replace(" merged=K6", "").replace("'100023336003', 'K1', null", "'100023336003', null, null").replace(
    "('K6', 'Aisha', 'Khan', '17/05/2014'", "('K6', 'Nora', 'Moss', '01/01/1950'"
)  # fmt: skip


WHO = "tenant_id, forename, surname, dob, sex, nhs_no, addr1, postcode, uprn"
CASE = "case_id, tenant_id, opened, kind_code, summary, notes"
A = ", ".join(f"a.{column}" for column in CASE.split(", "))
CASES = "table: asb_case\n    where: {tenant_id: ref, opened: {at_least: since}}"


def made(text: str) -> type[Any]:
    """The class of a mapping's text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "housing.yaml"
        path.write_text(text, encoding="utf-8")
        return mapping_class(path)


class Late:
    """A mapping that is read when it is first tested."""

    def __init__(self, changes: tuple[tuple[str, str], ...]) -> None:
        self.changes = changes

    @cache  # noqa: B019 - one for each twin
    def real(self) -> type[Any]:
        """The class."""
        text = HEALTHY
        for old, new in self.changes:
            if old not in text:
                raise ValueError(f"the healthy mapping has no {old!r}")
            text = text.replace(old, new)
        return made(text)

    def __call__(self) -> type[Any]:
        return self.real()


YAML = Family("mapping", SqlConnector, lambda: seeded_sql(MINE))


def change(name: str, wrong: str, kind: str, *expects: int, **changes: tuple[str, str]) -> Callable[[], type[Any]]:
    """Enter a twin whose text differs in these places."""
    late = Late(tuple(changes.values()))
    YAML.add(name, wrong, kind, *expects, connector=late)
    return late


healthy = Late(())
YAML.healthy = healthy  # type: ignore[assignment]  # read when it is tested

change(
    "forgets the birthday in `where`",
    "A key of two fields, a condition of one.",
    "only this person",
    8,
    1,
    a=(
        "table: tenant\n    where: {surname: family, dob: born}",
        f"sql: select {WHO} from tenant where surname = :family and :born <> ''",
    ),
)
change(
    "joins by or in raw SQL",
    "`where surname = :family or dob = :born`.",
    "only this person",
    8,
    a=(
        "table: tenant\n    where: {surname: family, dob: born}",
        f"sql: select {WHO} from tenant where surname = :family or dob = :born",
    ),
)
change(
    "searches with like",
    "A percent sign in a name finds everybody born that day.",
    "hostile names",
    9,
    a=(
        "table: tenant\n    where: {surname: family, dob: born}",
        f"sql: select {WHO} from tenant where surname like :family and dob = :born",
    ),
)
change(
    "binds the key to another column",
    "`address` in place of the tenant: the household's cases come.",
    "only this person",
    8,
    5,
    a=(
        CASES,
        f"sql: select {A} from asb_case a join tenant t on t.tenant_id = a.tenant_id where t.uprn = (select uprn from"
        " tenant where tenant_id = :ref) and (:since is null or a.opened >= :since) order by case_id",
    ),
)
change(
    "does not bind the period",
    "Every case ever comes; the engine drops it, the source was asked for it.",
    "date window",
    6,
    a=(CASES, f"sql: select {CASE} from asb_case where tenant_id = :ref order by case_id"),
)
change(
    "reads the day of birth month first",
    "`%m/%d/%Y`: 17/05 cannot be, 03/04 is wrong.",
    "only this person",
    8,
    2,
    20,
    a=('born: {from: dob, format: "%d/%m/%Y"}', 'born: {from: dob, format: "%m/%d/%Y"}'),
)
change(
    "uses the severity as the key",
    "Two people's cases of the same severity are one.",
    "references",
    3,
    8,
    a=("ref: case_id", "ref: severity"),
)
change(
    "maps no unknown code",
    "A code that is not listed becomes noise in raw SQL.",
    "codes",
    22,
    a=("kind: {from: kind_code, map: {NOI: noise, DAM: damage}}", "kind: {from: kind_word}"),
    b=(
        CASES,
        f"sql: select {CASE}, case kind_code when 'DAM' then 'damage' else 'noise' end as kind_word from asb_case"
        " where tenant_id = :ref and (:since is null or opened >= :since) and (:until is null or opened <= :until)"
        " order by case_id",
    ),
)
change(
    "leaves out codes by inner join",
    "Cases whose code is not in the list of codes are not joined.",
    "codes",
    22,
    a=(
        CASES,
        f"sql: select {CASE} from asb_case join (select 'NOI' as code union select 'DAM') known on"
        " known.code = kind_code where tenant_id = :ref and (:since is null or opened >= :since) and (:until is null"
        " or opened <= :until) order by case_id",
    ),
)
change(
    "does not order raw SQL",
    "Rows come as the database has them today.",
    "order",
    4,
    a=(
        CASES,
        f"sql: select {CASE} from asb_case where tenant_id = :ref and (:since is null or opened >= :since) and (:until is"
        " null or opened <= :until)",
    ),
)
change(
    "swaps forename and surname",
    "Two lines changed places.",
    "only this person",
    8,
    a=("given: forename\n      family: surname", "given: surname\n      family: forename"),
)
change(
    "names another's number",
    "The property number stands where the NHS number belongs.",
    "only this person",
    8,
    a=("nhs_number: nhs_no\n      addresses", "nhs_number: uprn\n      addresses"),
)
change(
    "asks for both categories in one statement",
    "A view of everything, whatever was granted.",
    "granted categories",
    5,
    a=(
        f"    {CASES}",
        f"    sql: select {CASE}, (select count(*) from tenancy where tenancy.tenant_id = asb_case.tenant_id) as homes"
        " from asb_case where tenant_id = :ref and (:since is null or opened >= :since) and (:until is null or"
        " opened <= :until) order by case_id",
    ),
)
