"""A child: this Python in a process of its own, talked to by two pipes, and killed with everything that it started.

`Child(arguments, environment)` is for who starts it: `write`, `read` (both raise Ended), `kill`. `confine` and
`end_with_all` are for the child itself. Not part of `mash_trawl.system`, so that a command that starts none is quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from mash_trawl.system.child_base import Ended

if sys.platform == "win32":
    from mash_trawl.system import child_windows as here
    from mash_trawl.system.child_windows import Child, end_with_all
else:
    from mash_trawl.system import child_posix as here
    from mash_trawl.system.child_posix import Child, end_with_all

__all__ = ["Child", "Ended", "confine", "end_with_all"]


def confine(given: Sequence[str]) -> None:
    """Limits of this process, a child: no files for others, no core dump, so much memory, dead when its starter is.

    `given`: the arguments that it was started with behind its own name.
    """
    os.umask(0o077)
    here.confine(given)
