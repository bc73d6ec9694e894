"""The calls to Windows, and nothing that could be read elsewhere. Never run by us: see docs/windows.md."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only for Windows")

import ctypes
import ssl
from collections.abc import Iterator
from ctypes import wintypes
from pathlib import Path

from mash_trawl.system import places, rights

_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_rights = ctypes.WinDLL("advapi32", use_last_error=True)
_names = ctypes.WinDLL("secur32", use_last_error=True)
_kernel.OpenProcess.restype = wintypes.HANDLE
_kernel.GetCurrentProcess.restype = wintypes.HANDLE

_QUERY_LIMITED_AND_SYNCHRONIZE = 0x1000 | 0x00100000
_STILL_RUNS = 0x102
_ACCESS_DENIED = 5
_FILE, _OWNER_AND_LIST, _PROTECTED_LIST = 1, 0x1 | 0x4, 0x80000004
_SAM_COMPATIBLE, _TOKEN_QUERY, _TOKEN_USER = 2, 0x8, 1


def account() -> str:
    """`DOMAIN\\name` of this process (GetUserNameExW, NameSamCompatible)."""
    room = wintypes.DWORD(512)
    text = ctypes.create_unicode_buffer(512)
    if not _names.GetUserNameExW(_SAM_COMPATIBLE, text, ctypes.byref(room)):
        raise ctypes.WinError(ctypes.get_last_error())
    return text.value


def process(pid: int) -> tuple[bool, str]:
    """Whether a process of this number runs, and when it began (100 ns since 1601; empty when it is not told)."""
    handle = _kernel.OpenProcess(_QUERY_LIMITED_AND_SYNCHRONIZE, False, wintypes.DWORD(pid))
    if not handle:
        return ctypes.get_last_error() == _ACCESS_DENIED, ""
    handle = wintypes.HANDLE(handle)
    try:
        if _kernel.WaitForSingleObject(handle, 0) != _STILL_RUNS:
            return False, ""
        times = [wintypes.FILETIME() for _ in range(4)]
        told = _kernel.GetProcessTimes(handle, *(ctypes.byref(moment) for moment in times))
        return True, str(times[0].dwHighDateTime << 32 | times[0].dwLowDateTime) if told else ""
    finally:
        _kernel.CloseHandle(handle)


def share(folder: Path) -> str:
    """Why a folder is on another machine; empty when it is not."""
    root = folder.anchor if folder.anchor.endswith("\\") else folder.anchor + "\\"
    return places.drive_fault(str(folder), int(_kernel.GetDriveTypeW(wintypes.LPCWSTR(root))))


def descriptor(path: Path) -> tuple[str, str]:
    """The owner and access list of a file or folder as SDDL text, and the SID of this account."""
    found = ctypes.c_void_p()
    failed = _rights.GetNamedSecurityInfoW(
        wintypes.LPCWSTR(str(path)), _FILE, _OWNER_AND_LIST, None, None, None, None, ctypes.byref(found)
    )
    if failed:
        raise ctypes.WinError(failed)
    try:
        text = wintypes.LPWSTR()
        if not _rights.ConvertSecurityDescriptorToStringSecurityDescriptorW(
            found, 1, _OWNER_AND_LIST, ctypes.byref(text), None
        ):
            raise ctypes.WinError(ctypes.get_last_error())
        return _taken(text), _own_sid()
    finally:
        _kernel.LocalFree(found)


def protect(path: Path, inherit: str) -> None:
    """Give a file (`inherit` empty) or a folder (`OICI`) to this account, administrators and the system alone."""
    listed = "".join(f"(A;{inherit};FA;;;{who})" for who in (_own_sid(), "SY", "BA"))
    made = ctypes.c_void_p()
    if not _rights.ConvertStringSecurityDescriptorToSecurityDescriptorW(
        wintypes.LPCWSTR(f"D:P{listed}"), 1, ctypes.byref(made), None
    ):
        raise ctypes.WinError(ctypes.get_last_error())
    try:
        if not _rights.SetFileSecurityW(wintypes.LPCWSTR(str(path)), wintypes.DWORD(_PROTECTED_LIST), made):
            raise ctypes.WinError(ctypes.get_last_error())
    finally:
        _kernel.LocalFree(made)


def owner(path: Path) -> str:
    """`DOMAIN\\name` of who owns a file or folder."""
    return _name_of(rights.owner(descriptor(path)[0]))


def certificates() -> Iterator[bytes]:
    """What the stores ROOT and CA trust for servers, as DER."""
    for store in ("ROOT", "CA"):
        for certificate, encoding, uses in ssl.enum_certificates(store):
            if encoding == "x509_asn" and (uses is True or (uses is not False and rights.SERVER_AUTH in uses)):
                yield certificate


def no_core_dump() -> None:
    """Nothing to do: Windows writes no dump of a process unless its administrator set up error reporting so."""


def _name_of(sid: str) -> str:
    """`DOMAIN\\name` of a SID; the SID itself when nobody knows it, as for a deleted account."""
    found = ctypes.c_void_p()
    if not _rights.ConvertStringSidToSidW(wintypes.LPCWSTR(sid), ctypes.byref(found)):
        return sid
    try:
        name, domain = ctypes.create_unicode_buffer(256), ctypes.create_unicode_buffer(256)
        rooms = wintypes.DWORD(256), wintypes.DWORD(256)
        use = wintypes.DWORD()
        if not _rights.LookupAccountSidW(
            None, found, name, ctypes.byref(rooms[0]), domain, ctypes.byref(rooms[1]), ctypes.byref(use)
        ):
            return sid
        return f"{domain.value}\\{name.value}"
    finally:
        _kernel.LocalFree(found)


def _own_sid() -> str:
    """The SID of the account that this process runs as."""
    token = wintypes.HANDLE()
    process_handle = wintypes.HANDLE(_kernel.GetCurrentProcess())
    if not _rights.OpenProcessToken(process_handle, _TOKEN_QUERY, ctypes.byref(token)):
        raise ctypes.WinError(ctypes.get_last_error())
    try:
        room = wintypes.DWORD()
        _rights.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(room))
        data = ctypes.create_string_buffer(room.value)
        if not _rights.GetTokenInformation(token, _TOKEN_USER, data, room, ctypes.byref(room)):
            raise ctypes.WinError(ctypes.get_last_error())
        sid = ctypes.cast(data, ctypes.POINTER(ctypes.c_void_p))[0]
        text = wintypes.LPWSTR()
        if not _rights.ConvertSidToStringSidW(ctypes.c_void_p(sid), ctypes.byref(text)):
            raise ctypes.WinError(ctypes.get_last_error())
        return _taken(text)
    finally:
        _kernel.CloseHandle(token)


def _taken(text: wintypes.LPWSTR) -> str:
    """The text that Windows allotted, given back to it."""
    value = text.value or ""
    _kernel.LocalFree(ctypes.cast(text, ctypes.c_void_p))
    return value
