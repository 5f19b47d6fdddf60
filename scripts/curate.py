#!/usr/bin/env python
"""Write, ground and review entries of data/evidence.

python scripts/curate.py new PMID|DOI     a commented entry to fill in, with the abstract in numbered sentences
python scripts/curate.py show PMID        title and numbered sentences of the abstract
python scripts/curate.py ground [FILE…]   write where each finding stands (default: all files)
python scripts/curate.py search targets CD25 "CD25[tiab]"   search the corpus, and keep that no more was found
python scripts/curate.py review           hold claims against their sentences, as a second reader
python scripts/curate.py prose            hold the sentences of the book against the findings that they cite
"""

import argparse
import shutil
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lscbook import corpus, paths, screening, standing, vocabulary
from lscbook.corpus import abstracts
from lscbook.errors import EntryInvalid, LscbookError, SupportNotFound
from lscbook.evidence import drafting, fields, ground, proposition, prose, reviewing, store, yaml_text
from lscbook.files import write_whole
from lscbook.pubmed import client
from lscbook.pubmed.record import Record
from lscbook.standing import registries
from lscbook.text import split_sentences
from lscbook.vocabulary.annotate import Annotator

TODAY = datetime.now(UTC).date().isoformat()


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 done, 1 refused."""
    options = _parser().parse_args(arguments)
    try:
        verbs = {"new": _new, "show": _show, "ground": _ground, "search": _search, "review": _review, "prose": _prose}
        return verbs[options.verb](options)
    except (LscbookError, OSError) as error:
        print(f"curate: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print("\ncurate: ended; what was recorded before stays", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    new = verbs.add_parser("new", help="write a commented entry")
    new.add_argument("key", metavar="PMID|DOI")
    new.add_argument("--theme", choices=list(fields.BY_THEME), default="", help="only the fields of this theme")
    new.add_argument("--email", default="", help="your address, where PubMed must be asked")
    new.add_argument("--base-url", default=client.NCBI, help="another E-utilities address")
    new.add_argument("--crossref-url", default=registries.CROSSREF)
    new.add_argument("--corpus", type=Path, default=paths.CORPUS)
    new.add_argument("--evidence", type=Path, default=paths.EVIDENCE)
    new.add_argument("--out", type=Path, help="file to write (default: data/evidence/<author>-<year>-<pmid>.yaml)")
    new.add_argument("--today", default=TODAY, metavar="YYYY-MM-DD")
    show = verbs.add_parser("show", help="print a paper with numbered sentences")
    show.add_argument("key", metavar="PMID", help="PMID, or DOI where the PMID is pending")
    grounding = verbs.add_parser("ground", help="write spans and digests beside each finding")
    grounding.add_argument("files", nargs="*", type=Path)
    grounding.add_argument("--refresh", action="store_true", help="re-anchor findings whose abstract PubMed changed")
    search = verbs.add_parser("search", help="search the corpus for a term, and keep that no more was found")
    search.add_argument("kind", choices=screening.KINDS)
    search.add_argument("term", help="an id of the vocabulary; of a cell: 'drug efflux × chemotherapy'")
    search.add_argument("search", help='in the syntax of PubMed, as: CD25[tiab] OR "IL2RA"[tiab]')
    search.add_argument("--note", default="", help="why what was found bears nothing more")
    search.add_argument("--file", type=Path, default=screening.SEARCHES_FILE)
    review = verbs.add_parser("review", help="second reading of a sample, or of one paper")
    review.add_argument("key", nargs="?", default="", metavar="PMID", help="all findings of this paper")
    review.add_argument("--reviewer", required=True, metavar="ORCID", help="you; never a curator of the entry")
    review.add_argument("--sample", type=int, default=5, help="so many findings that nobody has read twice")
    review.add_argument("--seed", type=int, default=1, help="the same seed draws the same sample")
    review.add_argument("--today", default=TODAY, metavar="YYYY-MM-DD")
    told = verbs.add_parser("prose", help="sentences that cite a finding, beside it; judge them with --reader")
    told.add_argument("page", nargs="?", default="", help="only this page, as resistance")
    told.add_argument("--reader", default="", metavar="ORCID", help="judge and keep it; `software`: a language model")
    told.add_argument("--all", action="store_true", help="also what has been judged as it stands")
    told.add_argument("--today", default=TODAY, metavar="YYYY-MM-DD")
    return parser


def _new(options: argparse.Namespace) -> int:
    key = drafting.identity(options.key)
    known = corpus.read(options.corpus)
    drafting.refuse_known(key, known, options.evidence)
    service = books = None
    if options.email:
        service = client.Client(options.email, options.base_url)
        books = registries.Registries(options.email, paths.CACHE / "registries.sqlite", crossref=options.crossref_url)
    record = drafting.obtain(key, known, service, books)
    drafting.refuse_known(record.key, known, options.evidence)
    annotator = Annotator(vocabulary.load())
    drafting.keep(record, known, options.corpus, annotator)
    terms = annotator.concepts(record.title, record.text)
    denied = annotator.denied(record.title, record.text)
    name, text = drafting.draft(record, terms, options.today, options.theme, denied)
    target = options.out or options.evidence / name
    if target.exists():
        raise EntryInvalid(f"{target} exists; move it away or write to another place with --out")
    _print_paper(record, record.text)
    for decision in screening.read():
        if decision.pmid == record.pmid:
            print(f"Screened {decision.date}: {decision.decision}, {decision.reason}. {decision.note}\n")
    for kind, found in terms.items():
        print(f"{kind}: {', '.join(found)}")
    write_whole(target, text)
    print(
        f"\nWritten: {store.shown(target)}\nNow fill it in; then\n  python scripts/check.py --fix {store.shown(target)}"
    )
    print(f"  python scripts/curate.py ground {store.shown(target)}\n  make check")
    return 0


def _show(options: argparse.Namespace) -> int:
    record = corpus.read().find(options.key)
    if record is None:
        raise SupportNotFound(f"{options.key} is not in the corpus; check the number")
    _print_paper(record, abstracts.get(record.key))
    return 0


def _print_paper(record: Record, abstract: str) -> None:
    notices = standing.known("notices")
    state = standing.standing_of(record, notices)
    print(f"{record.title}\n{record.journal} {record.date}  {record.key}  {state.value}")
    for notice in standing.notices_of(record, notices):
        print(f"  {notice.type} {notice.date} {notice.pmid} {notice.source}".rstrip())
    print()
    for number, (start, end) in enumerate(split_sentences(abstract), start=1):
        print(f"[{number}] {abstract[start:end]}")
    if not abstract:
        print("The cache of this machine has no abstract of it; read it at the journal, and number nothing by heart.")
    print()


def _ground(options: argparse.Namespace) -> int:
    known = corpus.read()
    source = ground.Source(known, vocabulary.load())
    changed = skipped = 0
    lost: list[store.Problem] = []
    stale: list[store.Problem] = []
    broken: list[store.Problem] = []
    files = options.files or sorted(paths.EVIDENCE.glob("*.yaml"))
    for path in files:
        item = store.parse(path)
        record = known.find(item.entry.key) if item.entry else None
        abstract = abstracts.get(record.key) if record else ""
        if item.entry is None or record is None or not abstract:
            skipped += 1
            broken += item.problems if options.files else []
            continue
        comments = yaml_text.comments(path.read_text(encoding="utf-8"))
        if options.refresh:
            written, unread = ground.refresh(path, item, record, source)
            changed += written
            lost += unread
        else:
            stale += ground.left(item, abstract)
            written = ground.write(path, item, abstract)
            changed += written
        if written and comments:
            print(f"{store.shown(path)}: {len(comments)} comments dropped; a canonical file has none")
    if options.files:
        _read_back(options.files)
    print(f"{len(files)} entries: {changed} written, {skipped} skipped (not valid, or no abstract in the cache)")
    if broken:
        print("\n".join(map(str, broken)))
    if stale:
        print(f"{len(stale)} findings left as they stand:")
        print("\n".join(map(str, stale)))
    if lost:
        print(f"{len(lost)} findings for a person to read again:")
        print("\n".join(map(str, lost)))
    return 1 if lost or broken else 0


def _read_back(files: list[Path]) -> None:
    """What each finding is about, as its fields compose it."""
    words = vocabulary.load()
    for path in files:
        item = store.parse(path)
        for finding in item.entry.findings if item.entry else ():
            print(f"  {finding.id}: {proposition.of(finding, words) or 'context'}  [{finding.stance}]")


def _search(options: argparse.Namespace) -> int:
    known = corpus.read()
    row, found = screening.look(options.kind, options.term, options.search, known, abstracts.get_all(known.records))
    states = screening.states(found, store.read().entries, screening.read())
    for record in found:
        print(f"{record.key}  {record.date[:4]}  {record.title}  [{states[record.key]}]")
    print(f"{row.found} found in {row.note}")
    if unread := [key for key, state in states.items() if state == screening.NOT_JUDGED]:
        print(f"Not kept: {len(unread)} not judged; curate them, or say why not in {screening.DECISIONS_FILE.name}")
        return 1
    if found and not options.note:
        print('Not kept: say why what was found bears nothing more, with --note "…"')
        return 1
    screening.keep(replace(row, note=f"{row.note}; {options.note}" if options.note else row.note), options.file)
    return 0


def _review(options: argparse.Namespace) -> int:
    reviewer = reviewing.reader(options.reviewer)
    others = [f for f in store.read().findings if reviewer not in f.entry.curators]
    chosen = (
        [f for f in others if options.key in {f.entry.key, f.reference}]
        if options.key
        else reviewing.sample(others, options.seed, options.sample, reviewing.read())
    )
    if not chosen:
        why = f"{options.key} is not in the book, or you curated it" if options.key else "all has been read twice"
        raise SupportNotFound(f"nothing to read: {why}")
    for number, located in enumerate(chosen, start=1):
        print(f"--- {number} of {len(chosen)}: {located.reference}")
        _side_by_side(located)
        answer = input("[a]gree, [d]isagree, a[m]ended, [s]kip, [q]uit: ").strip().lower()[:1]
        if answer == "q":
            break
        verdict = {"a": "agree", "d": "disagree", "m": "amended"}.get(answer)
        if verdict is None:
            continue
        note = ""
        while verdict != "agree" and not note:
            note = input("What is wrong, in one line: ").strip()
        path = paths.EVIDENCE / store.file_name(located.record)
        reviewing.record(path, reviewing.Reading(located.reference, verdict, reviewer, options.today, note))
        print(f"Recorded: {located.reference} {verdict}")
    return 0


def _prose(options: argparse.Namespace) -> int:
    reader = options.reader if options.reader in {"", prose.SOFTWARE} else reviewing.reader(options.reader)
    evidence, words = store.read(), vocabulary.load()
    found = [s for s in prose.sentences() if options.page in {"", s.page}]
    chosen = prose.unjudged(found, evidence, [] if options.all else prose.read())
    for number, (sentence, located) in enumerate(chosen, start=1):
        finding = located.finding
        said = proposition.of(finding, words) or "context: it asserts nothing"
        print(f"--- {number} of {len(chosen)}: book/{sentence.page}.md:{sentence.line}")
        print(f"sentence     {sentence.text}")
        print(f"finding      {located.reference}, {finding.stance}, level {finding.level}")
        print(f"proposition  {said}\nclaim        {finding.claim}")
        if not reader:
            continue
        answer = input("Does the finding bear the sentence? [y]es, [n]o, [s]kip, [q]uit: ").strip().lower()[:1]
        if answer == "q":
            break
        verdict = {"y": "borne", "n": "not borne"}.get(answer)
        if verdict is None:
            continue
        note = ""
        while verdict != "borne" and not note:
            note = input("What does it not bear, in one line: ").strip()
        judged = prose.judged(sentence, located)
        prose.record(prose.Judgement(sentence.page, located.reference, judged, verdict, reader, options.today, note))
    print(f"{len(found)} sentences cite a finding; {len(chosen)} pairs were not judged as they stand")
    return 0


def _side_by_side(located: store.Located) -> None:
    """The claim at the left, the sentences that it points at to the right."""
    finding = located.finding
    abstract = abstracts.get(located.entry.key)
    width = max(30, shutil.get_terminal_size((120, 24)).columns // 2 - 2)
    said = proposition.of(finding, vocabulary.load()) or "Context: it asserts nothing."
    told = f"{said} {finding.stance}. {finding.claim} [{finding.theme}, {finding.study}, level {finding.level}]"
    source = ground.pointed_at(finding, located.record, abstract) if abstract else located.record.title
    left = textwrap.wrap(told, width)
    right = [line for part in source.split("\n") for line in textwrap.wrap(part, width)]
    for row in range(max(len(left), len(right))):
        print(f"{left[row] if row < len(left) else '':<{width}}  {right[row] if row < len(right) else ''}".rstrip())
    if not abstract:
        print("The cache of this machine has no abstract of it: read the paper itself.")


if __name__ == "__main__":
    sys.exit(main())
