# chromolab: every target sets up what it needs; see CONTRIBUTING.md.
# Needed: make and Python 3.11 to 3.14, see docs/install.md (another one than the first found: make env PYTHON=/path/to/python3.13).

PYTHON ?=
PYTHONS := python3 python3.13 python3.12 python3.11 python3.14
TORCH :=
INSTALLER :=
VENV ?= .venv
ARGS ?=
JOBS ?= 2
BENCH ?= $(basename $(notdir $(wildcard tests/bench/bench_*.py)))
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-by-make
MAKE_ENV := chromolab/show/cli/make_env.py
WIDGETS := chromolab/show/widgets
SITE := $(CURDIR)/docs/site/_static
NODE := node_modules/.made-by-make
NODE_BIN := $(CURDIR)/node_modules/.bin

.DEFAULT_GOAL := help
.PHONY: help env lab app run site test quick check widgets check-widgets bench bench-gpu format constraints fresh clean

help:  ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

env: $(STAMP)  ## make the environment in .venv (some minutes, 2.1 GB; TORCH=cpu|cuda|default, INSTALLER=pip|uv)

lab: $(STAMP)  ## open JupyterLab on the first notebook
	$(BIN)/chromolab start notebooks $(ARGS)

app: $(STAMP)  ## open the what-if lab alone, as a page (Voila)
	$(BIN)/chromolab app $(ARGS)

run: $(STAMP)  ## run the series headless; results in runs/series/index.html
	$(BIN)/chromolab run-series $(ARGS)

site: $(STAMP)  ## make the site in site/: the executed series, the lab and the documents (a part: make site ARGS="00 06")
	$(BIN)/python -m chromolab.show.site.build $(ARGS)

test: $(STAMP)  ## run all tests, two at a time (a part: make test ARGS="tests/data/tracks/test_bin_means.py" JOBS=0)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

quick: $(STAMP)  ## run what is quick, before a commit: no browser, no notebooks, nothing slow
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not slow and not browser" $(ARGS)

check: $(STAMP) check-widgets  ## lint, formatting, types, notebooks as they are committed, the pictures, the widgets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/chromolab check-notebooks
	$(BIN)/python tests/helpers/house.py --check
	PYTHONPATH=tests $(BIN)/python -m helpers.drawings --check

widgets: $(NODE)  ## make the widgets' bundles from their modules (needs Node)
	cd $(WIDGETS) && node build.mjs

check-widgets: $(NODE)  ## of the widgets' JavaScript: lint, formatting, types, tests, and bundles that are as their modules
	cd $(WIDGETS) && $(NODE_BIN)/eslint --max-warnings 0 .
	cd $(WIDGETS) && $(NODE_BIN)/prettier --config package.json --check --log-level warn . $(SITE)
	$(NODE_BIN)/tsc -p $(WIDGETS)
	node --test --test-reporter=dot $(shell find tests -name '*.test.js')
	cd $(WIDGETS) && node build.mjs --check

bench: $(STAMP)  ## run the benchmarks one after another, or one (BENCH=campaign_fetch ARGS="--kills 9")
	@set -e; for bench in $(BENCH); do \
	    echo "== $$bench"; PYTHONPATH=tests $(BIN)/python -m bench.$$bench $(ARGS); \
	done

bench-gpu: $(STAMP)  ## the figures that need a CUDA device: one model, stacks of 44 and 88, against the full path
	PYTHONPATH=tests $(BIN)/python -m bench.bench_engine --device cuda --steps 100 --models 1 4 44 88 $(ARGS)
	PYTHONPATH=tests $(BIN)/python -m bench.bench_paths --device cuda

format: $(STAMP)  ## mend what `make check` can mend by itself
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .
	$(BIN)/chromolab check-notebooks --strip
	$(BIN)/python tests/helpers/house.py
	PYTHONPATH=tests $(BIN)/python -m helpers.drawings
	@if [ -e $(NODE) ]; then cd $(WIDGETS) && $(NODE_BIN)/prettier --config package.json --write --log-level warn . $(SITE) && node build.mjs; fi

# Pins of packages that are absent here (another Python or system needs them) are kept.
constraints: $(STAMP)  ## write the versions that are installed in .venv into constraints.txt
	@{ echo "# Exact versions for 'pip install -c constraints.txt'. Written by 'make constraints'; not edited by hand."; \
	   { $(BIN)/python -m pip list --format=freeze --exclude-editable --exclude pip --exclude setuptools --exclude wheel \
	     | sed -E 's/\+[^ ]+$$//'; grep -v '^#' constraints.txt; } | awk -F== '!seen[tolower($$1)]++' | LC_ALL=C sort -f; \
	} > constraints.txt.part
	@mv constraints.txt.part constraints.txt && touch $(STAMP)

fresh:  ## the path of the README in a bare Debian (as root; needs debootstrap; ARGS="--suite trixie --user reader --tests none")
	python3 tests/fresh/bare_debian.py $(ARGS)

clean:  ## remove the environment, the results of runs and the site
	rm -rf $(VENV) node_modules runs site

# The packages lie at the top, where modules and tests find them; what names them lies with the widgets.
$(NODE): $(WIDGETS)/package.json $(WIDGETS)/package-lock.json
	@command -v npm >/dev/null || { echo "The widgets' JavaScript is checked and bundled with Node 18.18 or later and npm;" \
	    "on Debian and Ubuntu: apt-get install nodejs npm. Users of chromolab need neither." >&2; exit 1; }
	@rm -rf node_modules node_modules.part && mkdir node_modules.part && cp $^ node_modules.part/
	cd node_modules.part && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@mv node_modules.part/node_modules . && rm -rf node_modules.part && touch $@

# The first Python that fits; one for which pyBigWig has to be compiled is taken where there is no other, and one that
# is asked for by name is never replaced. What is asked for torch or the installer is seen to in an environment that stands, too.
ifneq ($(strip $(TORCH)$(INSTALLER)),)
.PHONY: $(STAMP)
endif
$(STAMP): pyproject.toml constraints.txt
	@set -e; \
	found=; \
	if [ -x $(BIN)/python ]; then found=$(BIN)/python; fi; \
	for rule in wheels compiler; do \
	    for python in $(or $(PYTHON),$(PYTHONS)); do \
	        if [ -z "$$found" ] && "$$python" $(MAKE_ENV) --fits $$rule 2>/dev/null; then found="$$python"; fi; \
	    done; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "chromolab needs Python 3.11 to 3.14; none of these is one: $(or $(PYTHON),$(PYTHONS))." >&2; \
	    echo "Install one (https://www.python.org), then: make env PYTHON=/path/to/python3.13" >&2; exit 1; \
	fi; \
	"$$found" $(MAKE_ENV) $(VENV) --torch $(or $(TORCH),auto) --installer $(or $(INSTALLER),auto); \
	$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements >/dev/null 2>&1 || true; \
	touch $(STAMP)
