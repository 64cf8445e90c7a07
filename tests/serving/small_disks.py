"""Small real disks of a test's own (tmpfs), which are full when it says so and have room again afterwards."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOM = "300m"
"""How large a disk is: more than uploads leave free for others. It takes no memory that is not written."""
LEFT = 256 * 1024
"""Bytes by which a disk is larger than what lies on it when it is filled up: somebody writes meanwhile."""
MISSING = "this test mounts small disks: run it as root on Linux, with mount(8), as in a container that has CAP_SYS_ADMIN: "


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount an empty disk at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Leave a disk no byte beyond what lies on it."""
    _mount("-o", f"remount,size={shutil.disk_usage(folder).used + LEFT}", str(folder))
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(1024))
        yield
    finally:
        filler.unlink()
        _mount("-o", f"remount,size={ROOM}", str(folder))


def _mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, MISSING + done.stderr
