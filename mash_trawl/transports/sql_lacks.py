"""What a step of a mapping names and its database does not have; `check` asks, and nobody is asked about."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping

from mash_trawl.model.mapping import Bound, Step
from mash_trawl.model.sql_words import binds
from mash_trawl.transports.sql_again import Trying
from mash_trawl.transports.sql_compile import Found
from mash_trawl.transports.sql_missing import Missing
from mash_trawl.transports.sql_row import Row


class Comparing(Trying):
    """A session that can compare a step with the schema."""

    @abstractmethod
    def _found(self, wanted: str) -> Found:
        """A table as the catalogue has it."""

    @abstractmethod
    def _raw(self, step: Step, values: Mapping[str, Bound]) -> Iterator[Row]:
        """The rows of a statement of a mapping's own."""

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table, as the catalogue writes them."""
        return tuple(self._tried(lambda: iter(self._found(table).columns)))

    def lacks(self, step: Step) -> tuple[str, ...]:
        """What the step names and the database does not have, a sentence each; no row is looked at."""
        return tuple(self._tried(lambda: self._missing(step)))

    def _missing(self, step: Step) -> Iterator[str]:
        try:
            if step.sql is not None:
                next(self._raw(step, dict.fromkeys(binds(step.sql))), None)
                return
            found = self._found(step.table or "")
        except Missing as missing:
            yield missing.words
            return
        for name in step.columns:
            try:
                found.exact(name)
            except Missing as missing:
                yield missing.words
