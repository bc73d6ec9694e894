"""What differs between systems: this one for real, Windows by the answers that it is documented to give."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_trawl import system
from mash_trawl.system import places, rights

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
ME = "S-1-5-21-1004336348-1177238915-682003330-1001"
OTHER = "S-1-5-21-1004336348-1177238915-682003330-1002"
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights and /proc")


# Processes


def test_this_process_is_alive_by_number_and_beginning():
    began = system.process_started(os.getpid())
    assert system.process_alive(os.getpid(), began)
    assert system.process_alive(os.getpid(), "")


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc and Windows tell when a process began")
def test_another_process_under_a_used_number_is_not_the_one():
    began = system.process_started(os.getpid())
    assert began
    assert not system.process_alive(os.getpid(), began + "0")


def test_a_process_that_ended_is_dead_even_before_anybody_waited_for_it():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = system.process_started(child.pid)
    assert system.process_alive(child.pid, began)
    child.stdin.close()
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not system.process_alive(child.pid, began)
        assert not system.process_alive(child.pid, "")
        assert system.process_started(child.pid) == ""
    child.wait()
    assert not system.process_alive(child.pid, began)


@pytest.mark.parametrize("number", [0, -1, 2**22 + 1, 2**70])
def test_no_process_has_an_impossible_number(number):
    assert not system.process_alive(number, "")
    assert system.process_started(number) == ""


@posix
@given(name=st.binary(max_size=15), state=st.sampled_from("RSDZTX"), began=st.integers(0, 2**63))
def test_a_programs_name_never_moves_the_fields_behind_it(name, state, began):
    from mash_trawl.system.posix import state_and_start

    rest = " ".join([state, *["1"] * 18, str(began), *["9"] * 30])
    assert state_and_start(b"77 (" + name + b") " + rest.encode()) == (state, began)


# Accounts


@posix
def test_the_account_comes_from_the_system_and_not_from_the_environment(monkeypatch):
    import pwd

    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody.else")
    assert system.account_name() == pwd.getpwuid(os.getuid()).pw_name
    assert system.is_account(system.account_name())
    assert not system.is_account("somebody.else")
    assert not system.is_account(None)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("NORTH\\jshah", True),
        ("north\\JShah", True),
        ("jshah", True),
        ("SOUTH\\jshah", False),
        ("shah", False),
        ("NORTH\\", False),
        ("", False),
    ],
)
def test_a_windows_account_is_compared_without_case_and_with_its_domain_where_one_is_written(written, same):
    assert rights.same_account(written, "NORTH\\jshah") is same


# Rights: Windows, in the shape that ConvertSecurityDescriptorToStringSecurityDescriptor is documented to give


@pytest.mark.parametrize(
    ("access", "may"),
    [
        (f"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{ME})", ""),
        (f"D:P(A;;FA;;;{ME})", ""),
        (f"D:(A;OICIIO;GA;;;CO)(A;;FA;;;{ME})", ""),
        ("D:P", ""),
        (f"D:AI(A;OICIID;0x1200a9;;;BU)(A;ID;FA;;;{ME})", "read"),
        (f"D:AI(A;OICI;FR;;;{OTHER})(A;ID;FA;;;{ME})", "read"),
        ("D:AI(A;OICIID;0x1301bf;;;AU)", "change"),
        ("D:AI(A;OICI;FA;;;WD)", "change"),
        ("D:(A;;GRGW;;;BU)", "change"),
        ("D:(A;;CCSWLORC;;;BU)", "read"),
        ("D:(A;;CCDC;;;BU)", "change"),
        (f"D:(D;;FA;;;{OTHER})(A;;FA;;;{ME})", ""),
        (f"D:(XA;;FA;;;{OTHER};(WIN://SYSAPPID Exists))(A;;FA;;;{ME})", "change"),
        ("D:NO_ACCESS_CONTROL", "change"),
        ("", "change"),
        ("D:(A;;FA;;;WD", "change"),
    ],
)
def test_windows_rights_of_others_are_read_from_the_descriptor(access, may):
    assert rights.others(f"O:{ME}G:{ME}{access}", ME) == may


def test_the_owner_is_read_from_the_descriptor():
    assert rights.owner(f"O:{ME}G:DUD:P") == ME
    assert rights.owner("O:BAG:SYD:P") == "BA"
    assert rights.owner("G:SYD:P") == ""


@pytest.mark.parametrize(
    ("path", "kind", "fault"),
    [
        ("C:\\hub", 3, ""),
        ("H:\\hub", 4, "a network drive"),
        ("\\\\server\\share\\hub", 1, "a UNC path"),
        ("\\\\?\\UNC\\server\\share", 1, "a UNC path"),
        ("\\\\?\\C:\\hub", 3, ""),
    ],
)
def test_a_windows_path_on_another_machine_is_recognised(path, kind, fault):
    assert places.drive_fault(path, kind) == fault


# Rights: here


@pytest.fixture
def foreign(tmp_path) -> Path:
    """A folder of another account, for root and for anybody else."""
    if os.geteuid() != 0:
        return Path("/usr")
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)
    return folder


def _faults(folder: Path) -> list[str]:
    return list(system.folder_faults(folder))


@posix
def test_a_folder_of_this_account_alone_has_no_fault(tmp_path):
    system.private_folder(tmp_path / "deep" / "hub")
    assert _faults(tmp_path / "deep" / "hub") == []
    assert _faults(tmp_path / "deep" / "hub" / "still to be made") == []


@posix
@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711, 0o770, 0o777])
def test_a_folder_that_others_reach_has_a_fault(tmp_path, mode):
    folder = tmp_path / "hub"
    folder.mkdir()
    folder.chmod(mode)
    assert _faults(folder) == ["the folder can be read by others."]
    assert system.others_may_change(folder) is bool(mode & 0o022)
    system.private_folder(folder)
    assert _faults(folder) == []


@posix
def test_a_folder_of_another_account_has_a_fault_that_names_it(foreign):
    assert any(
        "belongs to another account" in fault and system.owner_of(foreign) in fault for fault in _faults(foreign)
    )
    assert not system.is_own(foreign)


@posix
def test_a_folder_below_one_that_everybody_may_change_has_a_fault(tmp_path):
    hub = tmp_path / "open" / "hub"
    system.private_folder(hub)
    hub.parent.chmod(0o777)
    assert any("above it" in fault for fault in _faults(hub))
    hub.parent.chmod(0o1777)
    assert _faults(hub) == []


@posix
def test_a_file_becomes_private_and_another_accounts_stays_as_it_is(tmp_path):
    file = tmp_path / "key"
    file.touch()
    file.chmod(0o644)
    if os.geteuid() == 0:
        os.chown(file, NOBODY, NOBODY)
        system.private_file(file)
        assert file.stat().st_mode & 0o777 == 0o644
        os.chown(file, os.geteuid(), os.getegid())
    system.private_file(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert not system.others_may_read(file)


def test_a_folder_is_synced_and_a_missing_one_is_an_error(tmp_path):
    system.sync_folder(tmp_path)
    if sys.platform != "win32":
        with pytest.raises(FileNotFoundError):
            system.sync_folder(tmp_path / "away")


# Places


@pytest.mark.parametrize("name", ["OneDrive - North Borough Council", "Dropbox", "iCloudDrive", "My Nextcloud"])
def test_a_folder_below_a_synchronised_name_has_a_fault(tmp_path, name):
    assert any("synchronised" in fault for fault in _faults(tmp_path / name / "hub"))


@pytest.mark.parametrize("mark", places.MARKERS)
def test_a_folder_below_a_synchronising_programs_trace_has_a_fault(tmp_path, mark):
    (tmp_path / mark).touch()
    assert any("synchronised" in fault for fault in _faults(tmp_path / "hub"))


def test_a_folder_that_onedrive_names_as_its_own_has_a_fault(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path))
    assert any("synchronised" in fault for fault in _faults(tmp_path / "hub"))


MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
61 27 0:51 / /srv/shared rw,relatime shared:31 - nfs4 nas:/export rw,vers=4.2
62 27 0:52 / /mnt/Council\\040Share rw,relatime - cifs //fs01/mash rw
63 27 0:53 / /home/j/remote rw,nosuid - fuse.sshfs j@host:/ rw
64 61 254:1 / /srv/shared/local rw - xfs /dev/vdb rw
65 27 0:54 / /mnt/twice rw - nfs4 nas:/a rw
66 65 254:2 / /mnt/twice rw - ext4 /dev/vdc rw
not a line of mountinfo
"""


@pytest.mark.parametrize(
    ("folder", "file_system"),
    [
        ("/srv/hub", "ext4"),
        ("/srv/shared", "nfs4"),
        ("/srv/shared/north/hub", "nfs4"),
        ("/srv/shared/local/hub", "xfs"),
        ("/srv/sharedonly", "ext4"),
        ("/mnt/Council Share/hub", "cifs"),
        ("/home/j/remote/hub", "fuse.sshfs"),
        ("/mnt/twice/hub", "ext4"),
    ],
)
def test_the_deepest_and_last_mount_holds_a_folder(folder, file_system):
    assert places.system_of(MOUNTS, PurePosixPath(folder)) == file_system
    assert (file_system in places.NETWORK) is (file_system in ("nfs4", "cifs", "fuse.sshfs"))


@given(st.text(max_size=200))
def test_no_text_of_mounts_breaks_the_reading(text):
    assert isinstance(places.system_of(text, PurePosixPath("/srv/hub")), str)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has mountinfo")
def test_this_machines_own_mounts_are_understood():
    told = Path("/proc/self/mountinfo").read_text("utf-8")
    assert places.system_of(told, PurePosixPath("/proc/self")) == "proc"


# The room


def test_nothing_outside_the_room_asks_which_system_this_is():
    words = re.compile(
        r"sys\.platform|\bos\.name\b|import (pwd|grp|fcntl|resource|msvcrt|winreg|ctypes)\b|os\.get(e?uid|login|pgrp)\("
        r"|killpg|SIGKILL|start_new_session|creationflags|pass_fds|select\.poll\b|os\.(fork|setsid)\("
    )
    files = [*(ROOT / "mash_trawl").rglob("*.py"), *(ROOT / "connectors").rglob("mash_trawl_*/*.py")]
    found = {str(file.relative_to(ROOT)) for file in files if words.search(file.read_text("utf-8"))}
    assert {name for name in found if not name.startswith("mash_trawl/system/")} == set()
    assert "mash_trawl/system/__init__.py" in found


def test_the_windows_branch_refuses_to_load_elsewhere():
    other = "posix" if sys.platform == "win32" else "windows"
    with pytest.raises(ImportError, match="Windows"):
        __import__(f"mash_trawl.system.{other}")
