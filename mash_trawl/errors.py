"""Exceptions, grouped by what to do next. No message ever holds personal data or a secret."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: `where` it stands (file:line:column, or a plain place), `what` it is, what to `do`."""

    where: str
    what: str
    do: str = ""

    def __str__(self) -> str:
        tail = f" {self.do}" if self.do else ""
        return f"{self.where}: {self.what}{tail}"


class TrawlError(Exception):
    """The root of all errors that this library raises on purpose."""


class Misconfigured(TrawlError):
    """Mend a file or an argument, then try again (exit 2). Carries every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class WrongStatement(Misconfigured):
    """A connector's own statement cannot be sent: its author's to mend, and nothing that the hub file could."""


class Refused(TrawlError):
    """Not allowed, or not trustworthy: integrity, expiry, not a reader, ledger not writable (exit 5).

    `why` is a stable code such as `not_a_reader`, `damaged`, `ledger_not_writable`.
    """

    def __init__(self, why: str, message: str = "", do: str = "") -> None:
        self.why = why
        self.do = do
        said = message or why.replace("_", " ")
        super().__init__(f"{said.rstrip('.')}. {do}" if do else said)


class Unavailable(TrawlError):
    """The other side cannot answer now; ask again later. `why` is a value of `model.answer.Why`."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        self.why = why
        self.retry_after = retry_after
        super().__init__(why.replace("_", " "))


class Malformed(TrawlError):
    """The other side answered, and the answer cannot be read. `why` says which rule it broke, never its content."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why.replace("_", " "))
