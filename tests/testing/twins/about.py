"""Database twins that cost too much to import, or say too little of themselves."""

from __future__ import annotations

from twins.half_readme.connector import Undescribed as HalfReadme
from twins.heavy_broken import Broken
from twins.heavy_driver import Driver
from twins.heavy_numpy import Heavy
from twins.heavy_slow import Slow
from twins.housing import SQL, Housing
from twins.no_readme.connector import Undescribed as NoReadme

COST, PAGE = "import cost", "page"

SQL.add("loads numpy when it is imported", "For the type of one column.", COST, 23, connector=Heavy)
SQL.add("loads its driver when it is imported", "sqlalchemy at the top of the module.", COST, 23, connector=Driver)
SQL.add(
    "builds a table when it is imported", "A second of work for every command of every hub.", COST, 23, connector=Slow
)
SQL.add("needs a setting to be imported", "`os.environ[...]` at the top: no list, no approval, no tests.", COST, 23,
        connector=Broken)  # fmt: skip
SQL.add("has no README", "Nobody can say what it asks for before it is approved.", PAGE, 24, connector=NoReadme)
SQL.add("has half a README", "It leaves a category out, and how to set it up.", PAGE, 24, connector=HalfReadme)


@SQL.plant("says nothing of itself", "No docstring: `connectors list` shows an empty line.", PAGE, 24)
class Silent(Housing):
    """ """
