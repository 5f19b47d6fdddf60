"""Batches of records, fetched a few at a time: each PMID comes, or is named with what is wrong with it."""

import io
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from lscbook.errors import PubMedMalformed
from lscbook.harvest.run_state import RunState
from lscbook.pubmed.client import Client, NoSuchRecords, Transient
from lscbook.pubmed.parse import Deletion, parse_stream
from lscbook.pubmed.record import Record

FETCHERS = 4  # an answer of PubMed takes longer than the pause between two calls
ALONE = 3  # times that a record missing from its batch is asked for alone
BROKEN = 8  # answers of one batch that cannot be read, and none that can; then the service is broken, not a record


@contextmanager
def fetchers() -> Iterator[ThreadPoolExecutor]:
    """Threads that fetch. At an error, what is under way is waited for and kept; at Ctrl-C it is not."""
    pool = ThreadPoolExecutor(FETCHERS)
    patient = True
    try:
        yield pool
    except KeyboardInterrupt:
        patient = False
        raise
    finally:
        pool.shutdown(wait=patient, cancel_futures=True)


@dataclass
class Batch:
    """What came of one batch: its records, those that cannot be read and why, and the PMIDs that never came."""

    records: dict[str, Record] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def fetched(
    pool: ThreadPoolExecutor, client: Client, parts: list[list[str]], until: str, state: RunState
) -> Iterator[Batch]:
    """What came of each batch, in order; the next batches are fetched meanwhile."""
    under_way: deque[Future[Batch]] = deque()
    for part in parts:
        under_way.append(pool.submit(batch_of, client, part, until, state))
        if len(under_way) > FETCHERS:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def batch_of(client: Client, pmids: list[str], until: str, state: RunState, *, foreign_is_gone: bool = False) -> Batch:
    """Records of one batch; halved where its answer cannot be read, each asked for alone where it did not come.

    With `foreign_is_gone`, a PMID for which PubMed sends another record, or none, is gone: merged away or deleted.
    """
    whole = Batch()
    for asked in (pmids, *([pmid] for pmid in pmids for _ in range(ALONE))):
        if not whole.records.keys() | whole.unreadable.keys() >= set(asked):
            _ask(client, asked, until, state, whole, foreign_is_gone=foreign_is_gone)
    whole.missing = [pmid for pmid in pmids if pmid not in whole.records and pmid not in whole.unreadable]
    return whole


def _ask(client: Client, pmids: list[str], until: str, state: RunState, whole: Batch, *, foreign_is_gone: bool) -> None:
    """Put into `whole` what the answers hold; larger parts go first, so that what can be read is soon known to be so.

    Raises:
        PubMedMalformed: nothing at all can be read.
    """
    waiting, broken = deque([pmids]), 0
    while waiting:
        part = waiting.popleft()
        check = partial(_checked, pmids=part, foreign_is_gone=foreign_is_gone)
        try:
            found, unreadable, body = client.fetch(part, check)
        except NoSuchRecords:
            continue
        except PubMedMalformed as error:
            broken += 1
            if not getattr(error.__cause__, "halve", False) or (broken >= BROKEN and not whole.records):
                raise
            if len(part) == 1:
                whole.unreadable[part[0]] = str(error)
            else:
                waiting += (part[: len(part) // 2], part[len(part) // 2 :])
            continue
        whole.records |= found
        whole.unreadable |= unreadable
        if found:
            state.keep(body, until)


def _checked(
    body: bytes, pmids: list[str], *, foreign_is_gone: bool
) -> tuple[dict[str, Record], dict[str, str], bytes]:
    """Records of a body that is whole XML and holds what was asked for, each once; what is unreadable; and the body."""
    unreadable: dict[str, str] = {}
    try:
        stream = parse_stream(io.BytesIO(body), unreadable.__setitem__)
        found = [r for r in stream if not isinstance(r, Deletion)]
    except PubMedMalformed as error:
        raise Transient(f"not records: {error}", malformed=True, halve="not whole XML" in str(error)) from error
    records = {record.pmid: record for record in found}
    if len(found) != len(records):
        raise Transient("a record came twice", malformed=True)
    if foreign := (records.keys() | unreadable.keys()) - set(pmids):
        if not (foreign_is_gone and len(pmids) == 1):
            told = f"records that were not asked for: {', '.join(sorted(foreign)[:5])}"
            raise Transient(told, malformed=True, halve=True)
        return {}, {}, body
    return records, unreadable, body
