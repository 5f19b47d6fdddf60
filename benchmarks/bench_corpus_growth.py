"""How the repository grows over a year of weekly harvests; prints the curve and what ten years make of it.

Replays 52 harvests of 300 new and 1,000 revised records on 35,000 real ones (`grown.py`; the new are real too) in a
scratch git repository, for each way of keeping the rows. Half of the revised are of the newest tenth, as at PubMed; all
get a new date of revision, a third a MeSH heading more, one in twenty another abstract. Takes ten minutes and more; a
smaller number of weeks can be given.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import grown

from lscbook import vocabulary
from lscbook.corpus import store
from lscbook.pubmed.record import Heading, Record
from lscbook.vocabulary.annotate import Annotator

NEW, REVISED, WEEKS = 300, 1_000, 52
DERIVED = ("concepts", "abstract")
SHOWN = (0, 1, 4, 8, 13, 26, 39, 52)


def as_they_are(text: str) -> str:
    return text


def without_derived(text: str) -> str:
    """Rows without what a machine makes of title and abstract."""
    rows = (json.loads(line) for line in text.splitlines())
    kept = ({name: value for name, value in row.items() if name not in DERIVED} for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for row in kept)


WAYS: dict[str, Callable[[str], str]] = {"rows as they are": as_they_are, "without derived fields": without_derived}


def revise(records: dict[str, Record], week: int, chance: random.Random, headings: list[Heading]) -> None:
    newest = sorted(records, key=lambda key: records[key].date, reverse=True)
    recent = newest[: len(newest) // 10]
    for key in {*chance.sample(recent, REVISED // 2), *chance.sample(newest, REVISED // 2)}:
        record = replace(records[key], revised=f"{2030 + week // 52}-{1 + week % 12:02}-{1 + week % 28:02}")
        if chance.random() < 1 / 3:
            record = replace(record, mesh=(*record.mesh, chance.choice(headings)))
        if record.abstract and chance.random() < 1 / 20:
            told = {**record.abstract, "sha256": f"{chance.getrandbits(64):016x}"}
            record = replace(record, abstract=told)
        records[key] = record


def git(folder: Path, *words: str) -> str:
    settings = ("-c", "user.name=b", "-c", "user.email=b@example.org", "-c", "gc.auto=0", "-c", "pack.threads=1")
    done = subprocess.run(["git", *settings, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def packed(folder: Path) -> float:
    """MB of the repository, packed.

    Without -f, git keeps the deltas of the first pack, in which a shard stands on that of another year; then no
    later version of it is compared with the one before, and the repository grows four times as fast.
    """
    git(folder, "repack", "-adfq")
    git(folder, "prune-packed", "-q")
    told = dict(line.split(": ") for line in git(folder, "count-objects", "-v").splitlines())
    return int(told["size-pack"]) / 1024


def replay(weeks: int, folders: dict[str, Path]) -> dict[str, dict[int, tuple[float, float]]]:
    """By way and week: MB of the files, and of the repository."""
    chance = random.Random(11)  # noqa: S311
    every = grown.records(Annotator(vocabulary.load()), 51_000)
    waiting = iter(sorted(every.items())[: weeks * NEW])  # these come week by week
    records = dict(sorted(every.items())[weeks * NEW :])
    headings = sorted({h for record in records.values() for h in record.mesh}, key=str)
    found: dict[str, dict[int, tuple[float, float]]] = {way: {} for way in folders}
    for folder in folders.values():
        git(folder, "init", "-q")
    for week in range(weeks + 1):
        if week:
            revise(records, week, chance, headings)
            # what is new is of this year, and not of that in which the stand-in was printed
            records |= {key: replace(r, date=f"2030-{1 + week % 12:02}") for key, r in islice(waiting, NEW)}
        shards = store.shards(records.values())
        for way, folder in folders.items():
            size = 0
            for name, text in shards.items():
                kept = WAYS[way](text)
                size += len(kept.encode())
                if not (folder / name).exists() or (folder / name).read_text("utf-8") != kept:
                    (folder / name).write_text(kept, "utf-8")
            git(folder, "add", "-A")
            git(folder, "commit", "-qm", f"Week {week}")
            if week in SHOWN or week == weeks:
                found[way][week] = (size / 1e6, packed(folder))
                print(f"{way}, week {week}: files {size / 1e6:.1f} MB, .git {found[way][week][1]:.1f} MB", flush=True)
    return found


def main() -> None:
    weeks = int(sys.argv[1]) if len(sys.argv) > 1 else WEEKS
    with tempfile.TemporaryDirectory() as name:
        folders = {way: Path(name) / str(n) for n, way in enumerate(WAYS)}
        for folder in folders.values():
            folder.mkdir()
        for way, curve in replay(weeks, folders).items():
            first, last = curve[0][1], curve[weeks][1]
            weekly = (last - first) / weeks
            print(f"{way}: {weekly:.2f} MB a week, {first + weekly * 520:.0f} MB in ten years")


if __name__ == "__main__":
    main()
