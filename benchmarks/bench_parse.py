"""Our stream against Entrez.read and pubmed_parser on the same real file, in the same run.

Prints ratios; one process a parser, so that memory is its own.
"""

import gzip
import multiprocessing
import resource
import shutil
import tempfile
import time
from importlib.metadata import distribution
from pathlib import Path

RECORDS = 2000


def sample(folder: Path) -> Path:
    """The first records of a real baseline file, as one file."""
    source = Path(str(distribution("pubmed_parser").locate_file("data/pubmed20n0014.xml.gz")))
    text = gzip.open(source, "rt", encoding="utf-8").read()  # noqa: SIM115
    text = text.replace("http://dtd.nlm", "https://dtd.nlm", 1)  # Entrez.read refuses the address of older files
    parts = text.split("</PubmedArticle>")[:RECORDS]
    file = folder / "sample.xml.gz"
    file.write_bytes(gzip.compress(("</PubmedArticle>".join(parts) + "</PubmedArticle></PubmedArticleSet>").encode()))
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


def measure(function, file, queue):
    began = time.perf_counter()
    records = function(file)
    queue.put((records / (time.perf_counter() - began), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    file = sample(folder)
    rates = {}
    for function in (ours, entrez, pubmed_parser):
        queue = multiprocessing.Queue()
        process = multiprocessing.Process(target=measure, args=(function, file, queue))
        process.start()
        rates[function.__name__], memory = queue.get(timeout=120)
        process.join()
        print(f"{function.__name__:>14}: {rates[function.__name__]:8.0f} records/s, peak {memory:6.0f} MB")
    to_entrez, to_other = rates["ours"] / rates["entrez"], rates["ours"] / rates["pubmed_parser"]
    print(f"ratio to Entrez.read {to_entrez:.1f}, to pubmed_parser {to_other:.1f}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
