"""What the program says of the truth table's rows, word for word: the reason, what would unlock it, how it came about.

`python tests/consent/truth_sentences.py` writes `truth_sentences.yaml` anew. Whoever does so reads the difference:
these are the sentences that practitioners and families see. `tools/mutate.py` asks the same questions of changed rules.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

import yaml

from mash_trawl.config.profiles import load_profile
from mash_trawl.consent import derive

HERE = Path(__file__).parent
KEPT = HERE / "truth_sentences.yaml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def reader(name):
    """One of the modules that stand beside this file."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(file):
    """A data file of this folder."""
    return yaml.load(file.read_text("utf-8"), Loader=LOADER)  # noqa: S506 - both are safe loaders


WORDS, HUB = reader("truth_words"), reader("truth_backing")


def questions(table=None):
    """Every row of the table (read where it is not given) as a question, and what was kept of it."""
    table = table or read(HERE / "truth_table.yaml")
    kept, profile = read(KEPT), functools.cache(load_profile)
    rows = [row for part in table["sections"] for row in part["rows"]]
    return [
        (row, WORDS.question(table["family"], row, profile, HUB.Behind(), HUB.SHAPES), kept.get(row["row"], {}))
        for row in rows
    ]


TELLING = ("answer", "emergency", "lookback", "addressee")


def telling(row):
    """Whether the derivation is kept though a row before had its rule: every tenth, and where people answer."""
    return row["row"] % 10 == 0 or any(word in row["facts"] for word in TELLING)


def sentences(question, found, steps):
    """What is kept of one row; its derivation only where that is wanted."""
    told = {"rule": found.rule, "reason": found.reason}
    told |= {name: str(value) for name in ("unlock", "why", "basis", "expires_at") if (value := getattr(found, name))}
    if found.obligations:
        told["bound"] = " ".join(found.obligations)
    if steps:
        done = derive(question.case, question.rules, found, backing=question.backing)
        told["steps"] = [f"{step.step}, {step.mark}: {step.says}" for step in done.steps]
    return told


def wrong(asked):
    """Whether anything about this row differs from the table or from what was kept."""
    row, question, kept = asked
    found = WORDS.decided(question)
    missing = row.get("missing", "").casefold() not in found.unlock.casefold()
    return missing or any(WORDS.differences(row, found)) or sentences(question, found, "steps" in kept) != kept


def write():
    """Keep what the program says now."""
    table, profile, seen, kept = read(HERE / "truth_table.yaml"), functools.cache(load_profile), set(), {}
    for row in (row for part in table["sections"] for row in part["rows"]):
        question = WORDS.question(table["family"], row, profile, HUB.Behind(), HUB.SHAPES)
        found = WORDS.decided(question)
        kept[row["row"]] = sentences(question, found, found.rule not in seen or telling(row))
        seen.add(found.rule)
    head = f"# {__doc__.splitlines()[0]}\n# Written by truth_sentences.py; the numbers are the table's rows.\n"
    KEPT.write_text(head + yaml.safe_dump(kept, sort_keys=True, allow_unicode=True, width=118), "utf-8")


if __name__ == "__main__":
    write()
