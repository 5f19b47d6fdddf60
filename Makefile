# The verbs a person types. `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
RUN = .venv/bin/python
# matplotlib, jupyter and sphinx keep caches; none of them is asked about the network
export JUPYTER_PLATFORM_DIRS = 1

.PHONY: help environment dev-environment triage-environment benchmark-environment book lab sphinx9 reproduce test test-all check new harvest standing bench mutants serve lock lint clean
help:
	@echo "make book            build the site from the committed data; no network once installed"
	@echo "make lab             run the chapters yourself, in JupyterLab"
	@echo "make serve           serve it on http://localhost:$(PORT)/"
	@echo "make test            the fast tests        make test-all   all of them, as .ci/run does"
	@echo "make reproduce       build twice in two places, and compare every byte"
	@echo "make sphinx9         build without Jupyter Book, on Sphinx 9, and compare the pages"
	@echo "make check           hold data/evidence against its rules"
	@echo "make new PMID=…         a new entry to fill in; EMAIL=… where PubMed must be asked"
	@echo "make harvest EMAIL=… bring the records of our query from PubMed"
	@echo "make standing EMAIL=…   ask Crossref and ClinicalTrials.gov what still stands"
	@echo "make triage-environment  what scripts/triage.py needs: which paper next, and when to stop"
	@echo "make bench           measure, side by side in one run"
	@echo "make mutants         plant 200 changes of meaning, and count how many the tests notice"
	@echo "make lock            compile the locks from requirements*.in"

environment:
	@command -v $(PYTHON) >/dev/null || { echo "setup: no $(PYTHON) here; install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) scripts/setup_environment.py requirements.txt

dev-environment:
	@command -v $(PYTHON) >/dev/null || { echo "setup: no $(PYTHON) here; install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) scripts/setup_environment.py requirements.txt requirements-dev.txt

# scikit-learn, for scripts/triage.py alone
triage-environment:
	@$(PYTHON) scripts/setup_environment.py requirements.txt requirements-triage.txt

# ASReview, which wants another pandas than the book
benchmark-environment:
	@$(PYTHON) scripts/setup_environment.py --into=.venv-benchmark requirements-benchmark.txt

book: environment
	@$(RUN) scripts/build.py

# in an environment of its own: what JupyterLab brings makes every import of Altair a second and a half slower
lab:
	@$(PYTHON) scripts/setup_environment.py --into=.venv-lab requirements.txt requirements-lab.txt
	@mkdir -p .venv-lab/share/jupyter/lab/settings && cp scripts/lab_settings.json .venv-lab/share/jupyter/lab/settings/overrides.json
	@.venv-lab/bin/jupyter lab $(LAB_FLAGS) --LabApp.default_url=/lab/tree/book

# proves that the book does not hang on Jupyter Book 1, which holds Sphinx at 7
sphinx9: environment
	@$(PYTHON) scripts/setup_environment.py --into=.venv-sphinx9 requirements-sphinx9.txt
	@$(RUN) scripts/sphinx9.py

reproduce: environment
	@$(RUN) scripts/reproduce.py

serve: environment
	@test -f _build/html/index.html || $(RUN) scripts/build.py
	@echo "Open http://localhost:$(PORT)/ - Ctrl-C ends it"
	@$(RUN) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

test: dev-environment
	@$(RUN) -m pytest -n 2 -m "not slow"

test-all: dev-environment
	@$(RUN) -m pytest -n 2

check: environment
	@$(RUN) scripts/check.py

new: environment
	@$(RUN) scripts/curate.py new "$(or $(PMID),$(DOI))" $(if $(THEME),--theme "$(THEME)") $(if $(EMAIL),--email "$(EMAIL)")

harvest: environment
	@$(RUN) scripts/harvest.py run --email "$(EMAIL)"

standing: environment
	@$(RUN) scripts/standing.py --email "$(EMAIL)"

bench: dev-environment
	@for file in benchmarks/bench_*.py; do PYTHONPATH=. $(RUN) $$file || exit 1; done

mutants: dev-environment
	@$(RUN) -m tests.mutants

lint: dev-environment
	@$(RUN) -m ruff check . && $(RUN) -m mypy && .venv/bin/lint-imports --no-logo && .venv/bin/deno lint --quiet

lock: dev-environment
	@for name in requirements requirements-triage requirements-dev requirements-lab requirements-sphinx9; do \
	  CUSTOM_COMPILE_COMMAND="make lock" $(RUN) -m piptools compile -q --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --strip-extras --allow-unsafe -o $$name.txt $$name.in || exit 1; done
# gitignorefile comes as source alone; ASReview asks for it through a downloader of data sets that we never call
	@CUSTOM_COMPILE_COMMAND="make lock" $(RUN) -m piptools compile -q --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --strip-extras --unsafe-package gitignorefile -o requirements-benchmark.txt requirements-benchmark.in

clean:
	rm -rf _build .cache/build
