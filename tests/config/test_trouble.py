"""What is wrong with the machine is said before anything is started."""

import os
import socket
from pathlib import Path

import pytest

from config.runner.trouble import Trouble, check_folder, check_port, failed


def test_a_taken_port_is_named_with_another_to_try() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Trouble) as caught:
            check_port("127.0.0.1", port)
    assert caught.value.message == f"port {port} is taken by another program."
    assert caught.value.hint == f"Stop that one, or choose another: bin/run --port {port + 1}"


def test_a_free_port_is_accepted() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    check_port("127.0.0.1", port)


def test_a_number_that_is_no_port_is_refused() -> None:
    with pytest.raises(Trouble, match="70000 is not a port"):
        check_port("127.0.0.1", 70000)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Trouble, match=r"the address 192\.0\.2\.1 cannot be used here"):
        check_port("192.0.2.1", 8000)


def test_a_data_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_data_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="cannot be written to"):
        check_folder(tmp_path / "file" / "data")


@pytest.mark.skipif(os.path.exists("/dev/full") is False, reason="needs /dev/full")
def test_a_full_disk_is_recognised_in_what_a_command_printed() -> None:
    with open("/dev/full", "w") as full, pytest.raises(OSError, match="No space left on device") as caught:
        full.write("x" * 100_000)
    trouble = failed("Static files", f"Traceback …\nOSError: {caught.value}", Path("/data"))
    assert str(trouble).splitlines()[-2:] == [
        "Error: the disk is full (/data).",
        "       Free some room and start again; what was done is kept.",
    ]


def test_another_failure_shows_its_last_lines() -> None:
    trouble = failed("Content", "\n".join(f"line {number}" for number in range(100)), Path("/data"))
    assert trouble.message == "Content failed; its last lines are above."
    assert trouble.detail.splitlines() == [f"line {number}" for number in range(85, 100)]
