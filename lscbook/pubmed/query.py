"""The query: PubMed's syntax, sent to the service as text and evaluated here on records.

The grammar takes the part of PubMed's syntax that `data/corpus/query.yaml` uses: words and quoted
phrases with a field tag, truncation with `*`, parentheses, and AND, OR, NOT from left to right.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import lark

from lscbook import paths, yaml_nodes
from lscbook.errors import QueryInvalid, YamlRefused
from lscbook.pubmed.record import Record

Rule = Callable[[Record], bool]
QUERY = yaml_nodes.Kept(1024 * 1024, 8, "write query: and a PubMed search")

_GRAMMAR = r"""
    start: expression
    expression: term (OPERATOR term)*
    ?term: "(" expression ")" -> group
         | (PHRASE | WORD) "[" TAG "]" -> leaf
    OPERATOR.2: /(AND|OR|NOT)(?=[\s(])/
    TAG: /[a-z]+/i
    PHRASE: /"[^"]+"/
    WORD: /[^\s()\[\]"]+/
    %ignore /\s+/
"""
_parser = lark.Lark(_GRAMMAR, parser="lalr")
_REFERENCE = re.compile(r"#(\w+)")


@dataclass(frozen=True)
class Query:
    """What `query.yaml` says, with the blocks written out."""

    query: str
    snapshot_rule: str
    blocks: dict[str, str]
    themes: dict[str, str]
    purposes: dict[str, str]
    mesh_narrower: dict[str, list[str]]


def load(path: Path = paths.CORPUS / "query.yaml") -> Query:
    """Read and expand the file. Only `query` must be there; the rule for files is the query itself if none is given.

    PubMed judges the query and the themes, whose syntax is wider than what we evaluate on files; here
    they must only be closed. The rule for files must be one that we evaluate.

    Raises:
        QueryInvalid: there is no query, a block is unknown, or a search cannot be parsed.
    """
    try:
        raw: Any = yaml_nodes.read_text(path.read_text(encoding="utf-8-sig"), QUERY).plain()
        named = {name: dict(raw.get(name) or {}) for name in ("blocks", "themes", "mesh_narrower")}
        blocks = {name: block["search"] for name, block in named["blocks"].items()}
        themes = {name: _expand(theme["search"], blocks) for name, theme in named["themes"].items()}
        asked = raw["query"]
    except (YamlRefused, KeyError, TypeError, ValueError, AttributeError) as error:
        told = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else " ".join(str(error).split())
        raise QueryInvalid(
            f"{path}: {told}; needs query: a PubMed search, and may have blocks and themes, each with purpose and "
            "search, snapshot_rule and mesh_narrower"
        ) from error
    blocks["themes"] = " OR ".join(f"({search})" for search in themes.values())
    query = Query(
        query=_expand(asked, blocks),
        snapshot_rule=_expand(raw.get("snapshot_rule") or asked, blocks),
        blocks=blocks,
        themes=themes,
        purposes={n: b.get("purpose", "") for n, b in {**named["blocks"], **named["themes"]}.items()},
        mesh_narrower=named["mesh_narrower"],
    )
    for search in (query.query, *themes.values()):
        _refuse_unclosed(search)
    if "snapshot_rule" in raw:
        _parse(query.snapshot_rule)
    return query


def _refuse_unclosed(search: str) -> None:
    """A parenthesis, bracket or quotation that is not closed would ask PubMed for something else.

    >>> _refuse_unclosed('("stem cells"[tiab] AND 2020:2024[dp])')
    """
    bare, quotes = re.subn(r'"[^"]*"', "", search)
    open_ones = re.sub(r"[^()\[\]\"]", "", bare)
    while (inner := re.sub(r"\(\)|\[\]", "", open_ones)) != open_ones:
        open_ones = inner
    if not (bare.strip(" ()") or quotes):
        raise QueryInvalid("query.yaml: the search is empty; write one in PubMed's syntax")
    if open_ones:
        raise QueryInvalid(f"not a PubMed search: {open_ones!r} is not closed in {search[:120]!r}")


def _expand(search: str, blocks: dict[str, str], within: tuple[str, ...] = ()) -> str:
    def block(match: re.Match[str]) -> str:
        if match[1] not in blocks:
            raise QueryInvalid(f"query.yaml: no block #{match[1]}; there are {', '.join(blocks)}")
        if match[1] in within:
            raise QueryInvalid(f"query.yaml: block #{match[1]} names itself, by way of #{' and #'.join(within)}")
        return f"({_expand(blocks[match[1]], blocks, (*within, match[1]))})"

    return _REFERENCE.sub(block, search)


def _parse(search: str) -> lark.Tree[lark.Token]:
    try:
        return _parser.parse(search)
    except lark.exceptions.LarkError as error:
        raise QueryInvalid(f"not a PubMed search: {error}") from error


def compile_search(search: str, mesh_narrower: dict[str, list[str]] | None = None) -> Rule:
    """A function that says whether a record (with its abstract in `text`) answers `search`.

    >>> rule = compile_search('"stem cells"[tiab] AND leuk*[tiab] NOT mouse[ti]')
    >>> rule(Record(pmid="1", title="Stem-cells in leukaemia"))
    True

    Raises:
        QueryInvalid: the search cannot be parsed, or uses a field tag that we do not evaluate.
    """
    return _compile(_parse(search).children[0], mesh_narrower or {})


def _compile(node: Any, narrower: dict[str, list[str]]) -> Rule:
    if node.data == "leaf":
        return _leaf(str(node.children[0]).strip('"'), str(node.children[1]).lower(), narrower)
    if node.data == "group":
        return _compile(node.children[0], narrower)
    rule = _compile(node.children[0], narrower)
    for operator, operand in zip(node.children[1::2], node.children[2::2], strict=True):
        rule = _join(rule, str(operator), _compile(operand, narrower))
    return rule


def _join(left: Rule, operator: str, right: Rule) -> Rule:
    if operator == "AND":
        return lambda record: left(record) and right(record)
    if operator == "OR":
        return lambda record: left(record) or right(record)
    return lambda record: left(record) and not right(record)


def _leaf(term: str, tag: str, narrower: dict[str, list[str]]) -> Rule:
    if tag == "mh":
        wanted = {heading.lower() for heading in (term, *_explode(term, narrower))}
        return lambda record: any(h.name.lower() in wanted for h in record.mesh)
    if tag == "pt":
        return lambda record: term.lower() in (t.lower() for t in record.types)
    if tag == "uid":
        return lambda record: record.pmid == term
    words = f" {_folded(term.rstrip('*'))}" + ("" if term.endswith("*") else " ")
    if tag == "tiab":
        return lambda record: words in _words(record.title, record.text, record.keywords)
    if tag == "ti":
        return lambda record: words in _words(record.title, "", ())
    raise QueryInvalid(f"[{tag}] is not evaluated here; use tiab, ti, mh, pt or uid")


def _explode(term: str, narrower: dict[str, list[str]]) -> list[str]:
    below = narrower.get(term, [])
    return below + [deep for heading in below for deep in _explode(heading, narrower)]


_OTHER = re.compile(r"[^a-z0-9]+")


def _folded(text: str) -> str:
    """Lower-case words without accents, hyphens as spaces: the way PubMed indexes phrases."""
    flat = text.lower()
    if not flat.isascii():
        flat = "".join(c for c in unicodedata.normalize("NFKD", flat) if not unicodedata.combining(c))
    return _OTHER.sub(" ", flat).strip()


@lru_cache(maxsize=8)
def _words(title: str, text: str, keywords: tuple[str, ...]) -> str:
    """Words with a space before and behind each, fields apart, so that a search for words is one for a string."""
    return f" {' | '.join((_folded(title), _folded(text), *map(_folded, keywords)))} "
