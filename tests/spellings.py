"""Words that British and American texts spell otherwise (`spellings.tsv`), and words that both spell alike (`unspelt.tsv`)."""

import csv
from pathlib import Path

HERE = Path(__file__).parent


def _rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def pairs():
    return [(row["british"], row["american"]) for row in _rows("spellings.tsv")]


def unspelt():
    return [row["word"] for row in _rows("unspelt.tsv")]
