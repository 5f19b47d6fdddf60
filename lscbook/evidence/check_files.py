"""The files that a check looks at: found, told where they are no entries, written anew with `--fix`."""

from collections.abc import Iterable
from pathlib import Path

from lscbook.errors import EntryInvalid, FileRefused
from lscbook.evidence import yaml_text
from lscbook.evidence.store import Parsed, Problem, parse, shown
from lscbook.evidence.yaml_canonical import canonical
from lscbook.files import read_whole, write_whole
from lscbook.text import printable


def files_of(given: Iterable[Path]) -> list[Path]:
    """The entries to check; in a folder also what is none, so that `jan-2012-1.yaml.txt` is not passed over.

    Raises:
        EntryInvalid: a path does not exist, or is a file of another kind.
    """
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            found += sorted(p for p in path.iterdir() if not p.name.startswith(".") or is_yaml(p))
        elif not path.exists() and not path.is_symlink():
            raise EntryInvalid(f"{path}: no such file or folder")
        elif not is_yaml(path):
            raise EntryInvalid(f"{path}: not a YAML file; give entries, as data/evidence/jan-2012-22932223.yaml")
        else:
            found.append(path)
    return found


def is_yaml(path: Path) -> bool:
    """Whether the name is that of a YAML file."""
    return path.suffix in {".yaml", ".yml"}


def no_entry(path: Path) -> Parsed:
    """What lies in a folder of entries and is none."""
    found = "a folder" if path.is_dir() else f"{printable(path.name)} is no YAML file"
    problem = Problem(shown(path), 1, "file", found, "name an entry <first-author>-<year>-<pmid>.yaml", code="yaml")
    return Parsed(path, None, None, [problem])


def unixed(path: Path) -> None:
    """Give a file of Windows our line ends, and take a byte-order mark from its head; any other file is left alone."""
    try:
        text = read_whole(path, yaml_text.MAX_BYTES)
    except (FileRefused, OSError):
        return  # `parse` says what it is
    ours = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if ours != text:
        write_whole(path, ours)


def comments(item: Parsed) -> Problem | None:
    """What `--fix` takes away and cannot keep: said, because nobody would miss it in time."""
    if item.entry is None:
        return None
    lost = yaml_text.comments(item.path.read_text(encoding="utf-8"))
    if not lost:
        return None
    line, first = lost[0]
    return Problem(
        shown(item.path),
        line,
        "file",
        f"{len(lost)} comments dropped, as {first[:60]!r}",
        "a canonical file has none; what a reader should see belongs into `note`",
        "warning",
        "form",
    )


def fixed(item: Parsed) -> Parsed:
    """The file in canonical form, written where it was not."""
    if item.entry is None or item.node is None:
        return item
    text = canonical(item.node)
    if text != item.path.read_text(encoding="utf-8"):
        write_whole(item.path, text)
        return parse(item.path)
    return item
