"""A record as a reference list prints it, and what the reference lacks: one form for text, cards, pages and files."""

from lscbook.pubmed.record import Record

SHOWN = 6  # authors of a reference list; a page of a paper names all
OTHERS = "and others"  # the source stops there; *et al.* is where we stop


def authors(record: Record, most: int = SHOWN) -> str:
    """The authors as text; a list that the source cut says so.

    >>> from lscbook.pubmed.record import Author
    >>> authors(Record("1", "", authors=(Author("Ding", "L"),), authors_complete=False))
    'Ding L, and others'
    >>> authors(Record("1", "", authors=(Author("Ding", "L"), Author("Ley", "TJ"), Author("Doe", "A"))), 2)
    'Ding L, Ley TJ, et al.'
    """
    if not record.authors:
        return "Authors not known"
    names = [author.name for author in record.authors[:most]]
    if len(record.authors) > most:
        return ", ".join([*names, "et al."])
    return ", ".join(names if record.authors_complete else [*names, OTHERS])


def source(record: Record) -> str:
    """Year, volume, issue and pages, as far as they are known.

    >>> source(Record("1", "", date="2014-03", volume="506", issue="7488", pages="328-33"))
    '2014;506(7488):328-33'
    """
    issue = f"({record.issue})" if record.issue else ""
    where = f"{record.volume}{issue}" + (f":{record.pages}" if record.pages else "")
    return ";".join(filter(None, (record.year, where)))


def lacks(record: Record) -> tuple[str, ...]:
    """What a complete reference would have beside: an issue is not asked for, for many journals have none.

    >>> lacks(Record("1", "", journal="Blood", date="2014", volume="1", authors_complete=False))
    ('authors', 'pages')
    """
    whole = {
        "authors": bool(record.authors) and record.authors_complete,
        "journal": bool(record.journal),
        "year": bool(record.year),
        "volume": bool(record.volume),
        "pages": bool(record.pages),
    }
    return tuple(name for name, known in whole.items() if not known)


def caveat(record: Record) -> str:
    """What a reader must add to the reference before it is printed; '' where it is complete.

    >>> caveat(Record("1", "", journal="Blood", date="2014", volume="1"))
    'Reference not complete: no author is known; pages are not known.'
    """
    missing = lacks(record)
    told = []
    if "authors" in missing:
        known = len(record.authors)
        counted = "only the first author" if known == 1 else f"only {known} of the authors"
        told.append(f"the source names {counted}" if known else "no author is known")
    rest = [name for name in missing if name != "authors"]
    if rest:
        verb = "are" if len(rest) > 1 or rest == ["pages"] else "is"
        listed = " and ".join(filter(None, (", ".join(rest[:-1]), rest[-1])))
        told.append(f"{listed} {verb} not known")
    return f"Reference not complete: {'; '.join(told)}." if told else ""
