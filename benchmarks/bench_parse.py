"""Our stream against Entrez.read and pubmed_parser on the same real file, in the same run.

Prints ratios; one process a parser, so that memory is its own. The best of three rounds counts, in which the parsers
take turns: a busy machine slows all of them, and none is slowed alone. Entrez.read has one round, for patience.
"""

import gzip
import multiprocessing
import shutil
import tempfile
import time
from importlib.metadata import distribution
from pathlib import Path

CONTEXT = multiprocessing.get_context("spawn")  # so that no memory is inherited
ROUNDS = 3


def sample(folder: Path) -> Path:
    """A real baseline file of 30,000 records, under the address that Entrez.read takes."""
    source = Path(str(distribution("pubmed_parser").locate_file("data/pubmed20n0014.xml.gz")))
    text = gzip.open(source, "rt", encoding="utf-8").read()  # noqa: SIM115
    text = text.replace("http://dtd.nlm", "https://dtd.nlm", 1)  # Entrez.read refuses the address of older files
    file = folder / "sample.xml.gz"
    file.write_bytes(gzip.compress(text.encode()))
    return file


def ours(file: Path) -> int:
    from lscbook.pubmed.parse import parse_path

    return sum(1 for _ in parse_path(file))


def entrez(file: Path) -> int:
    from Bio import Entrez

    with gzip.open(file) as stream:
        return len(Entrez.read(stream)["PubmedArticle"])


def pubmed_parser(file: Path) -> int:
    import pubmed_parser as other

    return sum(1 for _ in other.parse_medline_xml(str(file)))


def built(file: Path) -> int:
    """The floor of any parser on lxml: its tree of each record, of which nothing is read."""
    from lxml import etree

    seen = 0
    with gzip.open(file) as stream:
        for _, element in etree.iterparse(stream, tag="PubmedArticle"):
            seen += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return seen


def bare(file: Path) -> int:
    """The limit: gunzip and expat, and nothing made of it."""
    from xml.parsers import expat

    seen = 0

    def start(name, _attributes):
        nonlocal seen
        seen += name == "PubmedArticle"

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with gzip.open(file) as stream:
        parser.ParseFile(stream)
    return seen


def peak() -> float:
    """The largest memory of this process, in MB; ru_maxrss would count the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measure(function, file, queue):
    began = time.process_time()  # of the processor: others may be at work on the machine
    records = function(file)
    queue.put((records / (time.process_time() - began), peak()))


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    file = sample(folder)
    rates, memory = {}, {}
    for turn in range(ROUNDS):
        for function in (ours, pubmed_parser, built, bare, *([] if turn else [entrez])):
            name = function.__name__
            queue = CONTEXT.Queue()
            process = CONTEXT.Process(target=measure, args=(function, file, queue))
            process.start()
            rate, memory[name] = queue.get(timeout=600)
            rates[name] = max(rate, rates.get(name, 0))
            process.join()
    for name, rate in rates.items():
        print(f"{name:>14}: {rate:8.0f} records/s, peak {memory[name]:6.0f} MB")
    to_entrez, to_other = rates["ours"] / rates["entrez"], rates["ours"] / rates["pubmed_parser"]
    of_limit, of_floor = rates["ours"] / rates["bare"], rates["ours"] / rates["built"]
    print(f"share of the limit {of_limit:.2f}, of lxml's floor {of_floor:.2f}")
    print(f"ratio to Entrez.read {to_entrez:.1f}, to pubmed_parser {to_other:.2f}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
