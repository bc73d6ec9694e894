# The front door. Every target is one or two python lines; README.md gives them for PowerShell.
VENV := .venv
ifeq ($(OS),Windows_NT)
PY := $(VENV)/Scripts/python.exe
BASE := py -3
else
PY := $(VENV)/bin/python
BASE := python3
endif

.PHONY: help demo test check bench mutate
help: ## show this list
	@$(BASE) -c "import re; [print(f'{m[1]:8} {m[2]}') for m in re.finditer(r'^(\w+):.*?## (.*)', open('Makefile').read(), re.M)]"

OURS := pyproject.toml tools/install.py $(wildcard connectors/*/pyproject.toml) examples/county/pyproject.toml

$(VENV)/installed: requirements.lock $(OURS)
	$(BASE) tools/install.py --venv $(VENV)

$(VENV)/installed-tests: requirements-test.lock $(OURS)
	$(BASE) tools/install.py --venv $(VENV) --tests

demo: $(VENV)/installed ## build a synthetic county, trawl one family, seal and show the product
	$(PY) -m mash_trawl demo

test: $(VENV)/installed-tests ## install what the tests need, then run them all
	$(PY) tools/test_needs.py
	$(PY) -m pytest -n 3 --dist loadfile

check: $(VENV)/installed-tests ## ruff, mypy --strict, import rules, format
	$(PY) tools/check.py

bench: $(VENV)/installed-tests ## benchmarks: ratios within one run
	$(PY) -m benchmarks

mutate: $(VENV)/installed-tests ## change every rule of consent and the gate, and see whether a test notices (an hour or more)
	$(PY) tools/mutate.py
