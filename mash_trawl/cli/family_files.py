"""The two files of a letter, named by its opaque number alone, for this account alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.system import private_folder


def new_files(folder: Path, number: str) -> tuple[Path, Path]:
    """Two new, empty files; Misconfigured when the folder cannot be used."""
    files = (folder / f"{number}.html", folder / f"{number}.txt")
    made: list[Path] = []
    try:
        if not folder.is_dir():
            private_folder(folder)
        for file in files:
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            made.append(file)
    except OSError as problem:
        for file in made:
            file.unlink(missing_ok=True)
        what = f"no file can be written here ({problem.strerror})."
        raise Misconfigured(Problem(where=str(folder), what=what, do="Name another folder with --to.")) from None
    return files


@contextmanager
def write_files(files: tuple[Path, Path], contents: tuple[str, str]) -> Iterator[None]:
    """Write them after the body succeeded; when anything fails, none of them is left."""
    try:
        yield
        for file, content in zip(files, contents, strict=True):
            file.write_text(content, "utf-8", newline="\n")
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise
