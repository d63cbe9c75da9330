# make demo   build the example podcasts        make test        everything that is quick
# make lint   ruff and mypy                     make test-full   also the large figures
# make bench  how fast it is                    make test-stores a publish to other stores, which it installs
# make audit  what other judges say of the pages
# make clean  away with all that was made

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
NODE := tests/node
NODE_READY := $(NODE)/node_modules/.ready
AUDIT := tests/audit
AUDIT_READY := $(AUDIT)/node_modules/.ready

.PHONY: demo test test-full test-stores audit lint bench setup clean test-tools test-packages

demo: setup
	$(BIN)/podfeed build --out public
	@echo
	@echo "The pages and feeds are in public. Podcast apps would read:"
	@site=$$(sed -n 's/^site: *\([^ ]*\).*/\1/p' config.yaml); \
	find public -name feed.xml | LC_ALL=C sort | while read -r feed; do echo "  $$feed   as   $$site/$${feed#public/}"; done
	@echo "To look at the pages, and at what is not out yet: $(BIN)/podfeed preview"

test: setup test-tools
	$(BIN)/pytest -n auto --dist worksteal

test-full: setup test-tools
	$(BIN)/pytest -n auto --dist worksteal -m "not stores"

test-stores: setup .venv/swift/bin/swift-proxy-server
	tools/system-packages radosgw ceph-mon ceph-osd ceph-common memcached
	$(BIN)/pytest -n 0 -m stores

# Apart from everything else: it has the dependencies of a server.
.venv/swift/bin/swift-proxy-server: | setup
	$(PYTHON) -m venv .venv/swift
	.venv/swift/bin/pip install --quiet --disable-pip-version-check swift==2.38.3

audit: setup $(AUDIT_READY)
	cd tests && ../$(BIN)/python -m audit

$(AUDIT_READY): $(AUDIT)/package-lock.json
	tools/system-packages chromium fonts-noto-cjk nodejs npm default-jre-headless
	PUPPETEER_SKIP_DOWNLOAD=1 npm ci --prefix $(AUDIT) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict podfeed

bench: setup
	$(BIN)/python -m benchmarks

setup: $(READY)

# The lock holds everything, the build backend too, so podfeed itself goes in without a network.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "podfeed needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		PYTHON="$(PYTHON)" tools/system-packages python3-venv && $(PYTHON) -m venv --clear .venv; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Where they cannot be installed the tests that need them are skipped, but not in CI.
test-tools: test-packages $(NODE_READY)

test-packages:
	@tools/system-packages ffmpeg lame espeak-ng gpodder newsboat rsync nginx-light chromium fonts-noto-cjk nodejs npm openssl \
		cron faketime systemd \
		|| [ "$${CI:-}" != true ]

$(NODE_READY): $(NODE)/package-lock.json | test-packages
	@{ npm ci --prefix $(NODE) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null && touch $@; } \
		|| [ "$${CI:-}" != true ]

clean:
	rm -rf .venv public dist .podfeed .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf $(NODE)/node_modules $(AUDIT)/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
