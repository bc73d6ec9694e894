"""The scanner itself: a test that finds nothing proves something only if it would have found it."""

from __future__ import annotations

import logging
import warnings

from mash_trawl.errors import Unavailable


def test_every_canary_is_found_in_every_disguise_wherever_it_stands(scanner, disguises):
    assert len(disguises) >= 16
    for canary, text in scanner.canaries.items():
        for disguise, make in disguises.items():
            for needle in make(text):
                told = scanner.found(b"\x00before:" + needle + b"\xffafter")
                assert canary in [one.split(" as ")[0] for one in told], disguise


def test_base64_of_a_longer_text_is_found_at_each_of_its_three_shifts(scanner):
    import base64

    for before in range(3):
        coded = base64.b64encode(b"x" * before + scanner.canaries["family name"].encode() + b" and more")
        assert "family name as base64" in scanner.found(coded)


def test_another_case_of_letters_is_found(scanner):
    assert "given name D2-4 as utf-8" in scanner.found("ZYXELINDA")
    assert scanner.found("nothing about anybody") == []


def test_a_canary_in_a_file_or_in_its_name_is_found(scanner, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "zyxelinda.txt").write_text("nothing", "utf-8")
    (tmp_path / "plain.bin").write_bytes("Wyndolfo".encode("utf-16-le"))
    told = scanner.files(tmp_path)
    assert told == ["in plain.bin: given name D2-5 as utf-16-le", "name of sub/zyxelinda.txt: given name D2-4 as utf-8"]
    assert scanner.files(tmp_path, but=("sub", "plain.bin")) == []


def test_the_listener_hears_logs_errors_causes_warnings_and_outputs(stage, scanner, capfd):
    def leaky(word):
        try:
            raise ValueError(word)
        except ValueError as cause:
            return Unavailable("crashed"), cause

    with stage.listen() as heard:
        logging.getLogger("urllib3.connectionpool").debug("sent %s", "Morwennith")
        logging.getLogger("sqlalchemy.engine").debug("a row", extra={"row": ("Uldrikus",)})
        error, cause = leaky("Brontefax")
        error.__cause__ = cause
        warnings.warn("Zyxelinda", UserWarning, stacklevel=1)
        print("Wyndolfo")
    names = " ".join(scanner.found(heard.heap()))
    assert all(ident in names for ident in ("D2-1", "D2-2", "D2-3", "D2-4", "D2-5"))
