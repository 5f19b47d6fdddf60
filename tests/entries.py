"""A good entry as a contributor writes it, for tests that need one; any field of its finding changed by name."""

from lscbook.evidence import fields

HEAD = "pmid: {pmid}\nread: {read}\ncurators: []\nreviewers: []\nadded: 2026-11-24\nfindings:\n"
COUNTED = {
    "direction": "supports", "directness": "direct", "diseases": "[AML]", "study": "mouse", "level": "D",
    "target": "BCL2", "aspect": "efficacy", "stage": "dependency", "end_point": "leukaemia burden",
}  # fmt: skip


def finding(claim="It was tried.", *, number=1, support="full_text: page 1", **changed):
    """One finding on a target in canonical form; `changed` are YAML values, None leaves a field out."""
    told = {**COUNTED, **changed}
    order = [f.name for f in fields.fields_of("target")]
    lines = "".join(f"    {name}: {told[name]}\n" for name in order if told.get(name) is not None)
    start = f"  - id: {number}\n    theme: target\n    claim: >-\n      {claim}\n"
    return f"{start}{lines}    support:\n      {support}\n"


def entry(pmid, *findings, read="full text"):
    """The whole file, of one finding where none is given."""
    return HEAD.format(pmid=pmid, read=read) + "".join(findings or (finding(),))


def on_venetoclax(claim, *, support="sentences: [2]", **changed):
    """The whole file of one finding of a trial of venetoclax, read in an abstract."""
    trial = {"study": "phase 2", "level": "B", "agents": "[venetoclax]", "stage": "phase 2", "end_point": "response"}
    return entry(7, finding(claim, support=support, **trial, **changed), read="abstract")
