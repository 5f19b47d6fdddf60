#!/usr/bin/env python
"""Make a draft entry from an issue "Suggest a paper": reads the event file, writes entry and answer.

python scripts/suggest.py --email A --answer FILE   (GITHUB_EVENT_PATH, GITHUB_OUTPUT from the runner)

A suggestion that cannot be used is answered and is no failure: exit 0 and no branch. Exit 1 means
that PubMed could not be asked, 2 that there is no event.
"""

import argparse
import json
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import corpus, paths, vocabulary
from lscbook.errors import LscbookError, RecordRefused
from lscbook.evidence import drafting, fields, store
from lscbook.files import write_whole
from lscbook.pubmed import client
from lscbook.standing import registries
from lscbook.text import escape_markdown
from lscbook.vocabulary.annotate import Annotator

LONGEST = 200  # characters of a PMID, a DOI or a theme; what is longer is neither


def main(arguments: list[str] | None = None) -> int:
    """Draft, and say where; 0 answered, 1 a service was silent, 2 no event."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--email", required=True)
    parser.add_argument("--answer", type=Path, required=True)
    parser.add_argument("--event", type=Path, default=os.environ.get("GITHUB_EVENT_PATH"))
    parser.add_argument("--corpus", type=Path, default=paths.CORPUS)
    parser.add_argument("--evidence", type=Path, default=paths.EVIDENCE)
    parser.add_argument("--base-url", default=client.NCBI)
    parser.add_argument("--crossref-url", default=registries.CROSSREF)
    parser.add_argument("--cache", type=Path, default=paths.CACHE / "registries.sqlite")
    parser.add_argument("--today", required=False, default="")
    options = parser.parse_args(arguments)
    try:
        issue = json.loads(Path(options.event).read_text(encoding="utf-8"))["issue"]
        told = answers(str(issue.get("body") or ""))
        day = options.today or str(issue["created_at"])[:10]
        number = int(issue["number"])
    except (OSError, TypeError, ValueError, KeyError, AttributeError) as error:
        print(f"suggest: no issue event: {error!r}", file=sys.stderr)
        return 2
    branch = ""
    try:
        name = _draft(options, told, day)
        # the issue's number: a second suggestion of the same paper does not overwrite the first one's draft
        branch = f"suggest-{number}-{store.ascii_words(name.removesuffix('.yaml'))}"
        answer = f"A draft stands in `data/evidence/{name}`. Fill in what the paper says, then run `make check`."
    except RecordRefused as refused:
        answer = f"No draft was made: {escape_markdown(str(refused))}."
    except LscbookError as error:
        print(f"suggest: {error}", file=sys.stderr)
        return 1
    options.answer.parent.mkdir(parents=True, exist_ok=True)
    options.answer.write_text(answer + "\n", encoding="utf-8")
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as file:
            file.write(f"branch={branch}\n")  # a slug: letters, digits and hyphens
    print(answer)
    return 0


def answers(body: str) -> dict[str, str]:
    """The fields of an issue form by their label, each on one line and cut to a safe length."""
    parts = re.split(r"(?m)^### (.+?)\s*$", body.replace("\r\n", "\n"))
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {label.strip(): " ".join(text.split())[:LONGEST] for label, text in pairs}


def _draft(options: argparse.Namespace, told: dict[str, str], day: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise RecordRefused("the issue has no date")
    key = drafting.identity(told.get("PMID or DOI", ""))
    theme = told.get("Chapter", "")
    if theme not in fields.BY_THEME:
        raise RecordRefused(f"choose a chapter: {', '.join(fields.BY_THEME)}")
    known = corpus.read(options.corpus)
    drafting.refuse_known(key, known, options.evidence)
    service = client.Client(options.email, options.base_url, deadline=120)
    books = registries.Registries(options.email, options.cache, crossref=options.crossref_url)
    record = drafting.obtain(key, known, service, books)
    drafting.refuse_known(record.key, known, options.evidence)
    annotator = Annotator(vocabulary.load())
    drafting.keep(record, known, options.corpus, annotator)
    read = (record.title, record.text)
    name, text = drafting.draft(record, annotator.concepts(*read), day, theme, annotator.denied(*read))
    write_whole(options.evidence / name, text)
    return name


if __name__ == "__main__":
    sys.exit(main())
