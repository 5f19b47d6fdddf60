"""The exceptions of the project. Each name says whose fault it is."""


class LscbookError(Exception):
    """Base of every error that we raise on purpose."""


class PubMedUnavailable(LscbookError):
    """The service could not be reached, or kept refusing, until the deadline."""


class PubMedMalformed(LscbookError):
    """The service, or a file that claims to be PubMed XML, sent something else."""


class HarvestIncomplete(LscbookError):
    """The records stored are not all the records that PubMed counted."""


class QueryInvalid(LscbookError):
    """`data/corpus/query.yaml` or a query expression cannot be read."""


class CorpusInvalid(LscbookError):
    """A file of `data/corpus` is not what this code wrote."""


class CorpusBusy(LscbookError):
    """Another process writes the corpus."""


class CacheUnusable(LscbookError):
    """A file of the ignored cache is locked, or its disk is full."""


class HarvestRefused(LscbookError):
    """What a harvest would do is more likely a fault than the truth; a person has to say so with a flag."""


class FileRefused(LscbookError):
    """A file that a person keeps is none that we read: a link, a pipe, odd bytes, too large."""

    def __init__(self, path: object, line: int, found: str, remedy: str) -> None:
        super().__init__(f"{path}:{line}: {found}; {remedy}")
        self.line, self.found, self.remedy = line, found, remedy


class YamlRefused(LscbookError):
    """A text is not the YAML that we take."""

    def __init__(self, line: int, found: str, remedy: str) -> None:
        super().__init__(f"line {line}: {found}; {remedy}")
        self.line, self.found, self.remedy = line, found, remedy


class VocabularyInvalid(LscbookError):
    """`data/vocabulary` has a duplicate id, a colliding synonym or an unknown key."""


class EntryInvalid(LscbookError):
    """A file of `data/evidence` cannot be read as an entry."""


class SupportNotFound(LscbookError):
    """The sentences that a finding points at are not in the abstract."""


class RegistryUnavailable(LscbookError):
    """Crossref or ClinicalTrials.gov did not answer, or not with what was asked."""


class RecordRefused(LscbookError):
    """A paper that cannot become an entry: a PMC id, a duplicate, or no such record."""


class PropositionMissing(LscbookError):
    """A finding that asserts nothing: a field is missing without which no sentence can be composed."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(f"no proposition can be read back without {field}; {remedy}")
        self.field, self.remedy = field, remedy


class NotEstimable(LscbookError):
    """A model refuses to answer, and says what it lacks."""


class TitleNotBorne(LscbookError):
    """A title of a figure, or a takeaway, asserts what the data do not show."""


class ChartInvalid(LscbookError):
    """A chart that is not what the schema of Vega-Lite allows."""
