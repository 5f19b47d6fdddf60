"""Where things are in the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
CORPUS = DATA / "corpus"
EVIDENCE = DATA / "evidence"
SCREENING = DATA / "screening"
STANDING = DATA / "standing"
CHANGES = DATA / "changes"
VOCABULARY = DATA / "vocabulary"
BOOK = ROOT / "book"
CACHE = ROOT / ".cache"
