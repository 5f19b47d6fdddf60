"""Files put in place whole: a reader sees the old one or the new one, and never half of either."""

import os
import stat
import sys
import tempfile
from pathlib import Path

from lscbook.errors import FileRefused


def read_whole(path: Path, most: int) -> str:
    """The text of a regular file: no link, pipe or folder, UTF-8, at most so many bytes.

    A pipe is never opened, so that nothing waits for who writes into it.

    Raises:
        FileRefused: with line, what was found and how to mend it.
        OSError: there is no such file, or it may not be read.
    """
    if path.is_symlink():
        raise FileRefused(path, 1, "a symbolic link", "put the file itself here")
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused(path, 1, "no regular file", "put a text file here")
    if found.st_size > most:
        raise FileRefused(path, 1, f"{found.st_size} bytes", f"keep it under {most} bytes")
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileRefused(path, line, "bytes that are not UTF-8", "save the file as UTF-8") from error


def text_of(path: Path) -> str:
    """What can be read of a file as text, for a look-up that must not fail; '' for a pipe, a folder, no right to it."""
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
    except OSError:
        return ""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file by way of a neighbour that is flushed and renamed over it; its folder is flushed too."""
    body = content.encode() if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def put_aside(cache: Path, why: str) -> None:
    """Move a broken cache out of the way, and say so; what it held is fetched again."""
    aside = cache.with_suffix(".broken")
    cache.replace(aside)
    for name in ("-journal", "-wal", "-shm"):  # a journal would be played into the new file
        cache.with_name(cache.name + name).unlink(missing_ok=True)
    print(f"cache: {cache.name} was broken ({why}); begun anew, the old one is {aside.name}", file=sys.stderr)


def flush_folder(folder: Path) -> None:
    """Let the names in a folder outlive a power cut; where folders cannot be opened, the system does it itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
