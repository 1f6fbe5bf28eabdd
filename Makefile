# Every target sets up what it needs, once. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash

EXTRACT ?= sample_data/extract
MAP     ?= sample_data/mapping.yaml
STATE   ?= .migration
PORT    ?= 3000
PYTHON  ?= python3
FILE    ?=
CONFIRM ?=
ONLY    ?=
RUN     ?=
ROUNDS  ?= 10
FREEZE  ?=
STRICT  ?=
LIMIT   ?=
ROUTE   ?=
RETRY   ?=
RESTORE ?=
ACCEPT  ?=
EMBEDDED_SEED ?= sample_data/workspace_seed.json

BIN     := .venv/bin
READY   := .venv/.ready
ITCO    := $(BIN)/python -m migration_assets
EMBEDDED := EMBEDDED_STATE="$$MIGRATION_STATE/embedded" $(BIN)/python -m embedded_intercom
# The attributes that the inbox finds a ticket by: named after the source, in one place.
KNOWN_BY := $$($(BIN)/python -c "from schemas.source import KNOWN_BY; print(KNOWN_BY)")
PYTEST  := $(BIN)/python -m pytest -n 3 --dist loadgroup
# Those of the chaos suite wait more than they compute.
PATIENT := $(BIN)/python -m pytest -n 5 --dist loadgroup

# Tests of what stands in for Intercom; the rest of the tests is about the migration.
STAND_IN := tests/conformance tests/embedded_intercom

# Values are data: NAME=value is expanded nowhere below (`$(shell …)` in one would run), and no recipe has one in its
# text, where the shell would read it. They reach Python through the environment as they were typed, without blanks
# before them. What was typed after `make` is otherwise exported expanded, whatever its name, and handed to makes that
# recipes start. NAME:=value and NAME!=value ask make to expand before it reads this file: never build those from data.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),\
  $(eval override export $(name) := $$(value $(name)))))
MAKEOVERRIDES :=
unexport EXTRACT MAP STATE PORT FILE CONFIRM ONLY RUN ROUNDS FREEZE STRICT LIMIT ROUTE RETRY RESTORE ACCEPT
export MIGRATION_EXTRACT := $(value EXTRACT)
export MIGRATION_MAP     := $(value MAP)
export MIGRATION_STATE   := $(value STATE)
# Where it is not typed, the environment's own MIGRATION_STRICT holds.
ifneq ($(value STRICT),)
export MIGRATION_STRICT  := $(value STRICT)
endif
# Each only where it is asked for: a CONFIRM that the environment happens to have confirms only these.
verify rollback: export MIGRATION_ONLY    := $(value ONLY)
wipe rollback restore: export MIGRATION_CONFIRM := $(value CONFIRM)
rollback:        export MIGRATION_RUN     := $(value RUN)
cutover:         export MIGRATION_FREEZE  := $(value FREEZE)
# What a load or its plan may be told (schemas/run_options.py).
PLANS := migrate delta cutover dry-run
$(PLANS): export MIGRATION_LIMIT   := $(value LIMIT)
$(PLANS): export MIGRATION_ROUTE   := $(value ROUTE)
$(PLANS): export MIGRATION_RETRY   := $(value RETRY)
$(PLANS): export MIGRATION_RESTORE := $(value RESTORE)
$(PLANS): export MIGRATION_ACCEPT  := $(value ACCEPT)
backup restore:  export MIGRATION_FILE    := $(value FILE)
ui:              export MIGRATION_PORT    := $(value PORT)
inbox:           export EMBEDDED_SEED     := $(value EMBEDDED_SEED)
chaos:           export CHAOS_ROUNDS      := $(value ROUNDS)

# Tests and runs start many processes; without its bytecode each would compile the whole project again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup migrate probe verify resync rebuild-journal dry-run rollback delta cutover hypercare ui inbox wipe status failures pause resume stop backup restore alert-test spot-check verify-certificate settings test test-workspace conformance rehearsal chaos lint audit format bench sample

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20
	@echo
	@echo "Variables: EXTRACT=folder MAP=file STATE=folder PORT=number (make ui) FILE=path (make backup, make restore)"
	@echo "           ROUNDS=number CHAOS_JOURNAL=postgresql (make chaos)"
	@echo "           STRICT=1 (a run that ends partial fails, for cron and CI)"
	@echo "           CONFIRM=yes ONLY=object:key RUN=id (make rollback) CONFIRM=yes (make wipe, make restore)"
	@echo "What a run may be told besides, and by which commands:"
	@$(PYTHON) schemas/run_options.py

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 12) else "Python 3.11 or 3.12 is needed, found " + sys.version.split()[0] + ". Name one with PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv || { echo "The venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

setup: $(READY) ## Set up the virtual environment in .venv

migrate: $(READY) ## Run the main job: extract -> Intercom (the embedded workspace unless a token is set)
	@$(ITCO) migrate

probe: $(READY) ## Ask the workspace what Intercom leaves undocumented, by records of its own that it removes
	@$(ITCO) probe

verify: $(READY) ## Read Intercom back and compare every field with the target; ONLY=differences: what differed before
	@$(ITCO) verify

resync: $(READY) ## As migrate, and what differed when it was last verified is sent again
	@$(ITCO) resync

rebuild-journal: $(READY) ## The journal was lost: as migrate, but Intercom is asked for every ticket and message first
	@$(ITCO) rebuild-journal

rollback: $(READY) ## Show what taking the migration back would come to; CONFIRM=yes does it
	@$(ITCO) rollback

dry-run: $(READY) ## Show in plan.html what a load would do; writes nothing to Intercom, leaves the last report as it is
	@$(ITCO) dry-run

delta: $(READY) ## Load what changed since: as migrate, over a later drop, EXTRACT=folder
	@$(ITCO) delta

cutover: $(READY) ## The last delta, over a drop that was exported after FREEZE=time, and the hand-over documents
	@$(ITCO) cutover

hypercare: $(READY) ## Look at what was migrated: what was deleted or changed in Intercom since, who has written
	@$(ITCO) hypercare

ui: $(READY) ## Open Dagster's UI over the same state: prints the address, on 127.0.0.1:PORT
	@exec $(ITCO) ui

inbox: $(READY) ## Read what was migrated: serves the embedded workspace and prints the address of its inbox
	@$(EMBEDDED) inbox --known-by "$(KNOWN_BY)"

wipe: $(READY) ## Empty the embedded workspace, for another rehearsal: CONFIRM=yes; the journal still knows what was in it
	@$(ITCO) wipe

status: $(READY) ## Show how far a migration is, from another terminal too: progress, rate, time left, what failed
	@$(ITCO) status

failures: $(READY) ## List what Intercom refused, with its words and what to do, in STATE/failures.csv
	@$(ITCO) failures

pause: $(READY) ## Let the load that is going on in another terminal pause
	@$(ITCO) pause

resume: $(READY) ## Let a paused load go on
	@$(ITCO) resume

stop: $(READY) ## End the load that is going on in another terminal, losing nothing
	@$(ITCO) stop

backup: $(READY) ## Copy the journal to FILE, or into STATE/backups; a load may go on meanwhile
	@$(ITCO) backup

restore: $(READY) ## Put the backup FILE in the journal's place: CONFIRM=yes; what was there is backed up first
	@$(ITCO) restore

alert-test: $(READY) ## Send a test message to everybody in MIGRATION_ALERT_URLS and say where it arrived
	@$(ITCO) alert-test

spot-check: $(READY) ## Compare conversations by eye, source and Intercom side by side: prints the address of the page
	@$(ITCO) spot-check

verify-certificate: $(READY) ## Say whether the certificate still holds, from the files, the journal and Intercom; reads only
	@$(ITCO) verify-certificate

settings: $(READY) ## Show every setting, its value and its meaning
	@$(ITCO) settings

test: $(READY) ## Run the tests of the migration
	@$(PYTEST) $(addprefix --ignore=,$(STAND_IN))

test-workspace: $(READY) ## Run the tests of the embedded workspace, which stands in for Intercom
	@$(PYTEST) $(STAND_IN)

conformance: $(READY) ## Hold every request and answer of whole migrations against Intercom's own API description
	@$(BIN)/python -m pytest -m "conformance or not conformance" tests/conformance tests/embedded_intercom/test_description.py

rehearsal: $(READY) ## Run the long whole runs: stopped, refused, struck by every fault, searched for leaks of secrets
	@$(PYTEST) -m rehearsal

chaos: $(READY) ## Lose answers, stop and kill, and see that nothing is lost and nothing is there twice
	@$(PATIENT) -m chaos

lint: $(READY) ## Check style, types and the Dagster definitions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

audit: $(READY) ## Look for known weaknesses: in the code, and in the locked versions where a list of advisories can be had
	@$(BIN)/python -m tests.security.audit

format: $(READY) ## Put the code into the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(READY) ## Measure the journal, the landing and the pipeline, as ratios within one run
	@$(BIN)/python -m benchmarks.journal
	@$(BIN)/python -m benchmarks.landing
	@$(BIN)/python -m benchmarks.pipeline
	@$(BIN)/python -m benchmarks.words

sample: $(READY) ## Make the committed sample extract again (byte-identical)
	@$(BIN)/python -m sample_data.generate
