"""What a Windows Job object is told of a child, laid out without Windows.

Source: Microsoft, JOBOBJECT_EXTENDED_LIMIT_INFORMATION. The fields keep Microsoft's names; ctypes gives them the places
that the C compiler gives them.
"""

from __future__ import annotations

import ctypes

CLASS = 9
"""JobObjectExtendedLimitInformation."""
PROCESS_MEMORY, JOB_MEMORY, DIE_ON_UNHANDLED_EXCEPTION, KILL_ON_JOB_CLOSE = 0x100, 0x200, 0x400, 0x2000


class Basic(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class Extended(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; its IO_COUNTERS are six numbers that nobody sets."""

    _fields_ = (
        ("BasicLimitInformation", Basic),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def limits(memory: int, together: int) -> Extended:
    """Every process of the job may commit `memory` bytes and all `together`; a crash asks nobody and dumps nothing.

    All of them die with the last handle of the job, which their starter holds: so also when it is killed itself.
    """
    told = Extended()
    told.BasicLimitInformation.LimitFlags = PROCESS_MEMORY | JOB_MEMORY | DIE_ON_UNHANDLED_EXCEPTION | KILL_ON_JOB_CLOSE
    told.ProcessMemoryLimit, told.JobMemoryLimit = memory, together
    return told
