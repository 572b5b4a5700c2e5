# GNU Make 3.81, as macOS has it, is enough. `make` alone says what there is.
.DEFAULT_GOAL := help
# No target of letters is a file.
.PHONY: $(shell sed -n "s/^\([a-z-]*\):.*/\1/p" $(firstword $(MAKEFILE_LIST)))

GO ?= go
# Go compiles everything the same way, so that builds, checks and tests share its cache; the race detector alone needs C.
export GOFLAGS := $(GOFLAGS) -trimpath
export CGO_ENABLED := 0
RACE := CGO_ENABLED=1 $(GO) test -race -vet=off
# The pinned SAM CLI, with cfn-lint inside, lives in .cache. SAM=sam uses your own.
SAM_VERSION := 1.170.0
SAM ?= .cache/sam-$(SAM_VERSION)/bin/sam
DELVE_VERSION := v1.27.2
STATICCHECK := $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
DEADCODE := $(GO) run golang.org/x/tools/cmd/deadcode@v0.52.0

# Where a build for Lambda will run: arm64 or x86_64, as in template.yaml. SAM passes make only ARTIFACTS_DIR, so this comes from the environment.
ARCHITECTURE ?= arm64
GOARCH_arm64 := arm64
GOARCH_x86_64 := amd64
LAMBDA_GOOS := linux
LAMBDA_GOARCH = $(or $(GOARCH_$(ARCHITECTURE)),$(error ARCHITECTURE is arm64 or x86_64, not "$(ARCHITECTURE)"))
# The version in GET /v1/health: the commit, unless the environment names another. A build by SAM gets it from here.
ifndef RELEASE
RELEASE := $(shell git describe --always --dirty --exclude='*' 2>/dev/null || echo local)
endif
export RELEASE

BUILD := $(GO) build -buildvcs=false -tags lambda.norpc
# The linker's flags: $(1) for every function, and for fallback alone the release, so that a commit changes no other binary.
linked = -ldflags '$(1)' -ldflags 'carechat/functions/fallback=$(1) -X main.release=$(RELEASE)'
# For AWS without a build id: the same source gives the same bytes anywhere, so a function that did not change is not deployed again.
# For this machine with one: Go links again only what changed.
FOR_AWS = $(call linked,-s -w -buildid=)
FOR_HERE = $(call linked,-s -w)
# Which environment of samconfig.toml to deploy to.
STAGE ?= dev
DEPLOY := $(GO) run ./deploy/tool

FUNCTIONS := $(patsubst functions/%/main.go,%,$(wildcard functions/*/main.go))
# MarkReadFunction, as template.yaml says, is the folder functions/mark-read.
logical = $(shell echo '$(1)' | awk -F- '{ for (i = 1; i <= NF; i++) printf "%s%s", toupper(substr($$i, 1, 1)), substr($$i, 2) }')
kebab = $(shell echo '$(1)' | sed -e 's/\([A-Z]\)/-\1/g' -e 's/^-//' | tr 'A-Z' 'a-z')

export SAM_CLI_TELEMETRY := 0

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: binaries local-machine ## Start everything on this machine; needs Go and Node
	@exec bin/local

watch: binaries local-machine ## Start everything, and rebuild a function whenever one of its files is saved
	@exec bin/local -watch '$(MAKE) --no-print-directory binaries'

debug: ## Start everything, with one function under the debugger delve (F=send)
	@test -f 'functions/$(F)/main.go' || { echo 'usage: make debug F=send'; exit 1; }
	@$(MAKE) --no-print-directory binaries local-machine .cache/dlv-$(DELVE_VERSION)/dlv
	@GOFLAGS= $(GO) build -buildvcs=false -tags lambda.norpc -gcflags 'all=-N -l' -o 'bin/.debug/$(F)/bootstrap' './functions/$(F)'
	@exec bin/local -debug '$(F)' -debugger '.cache/dlv-$(DELVE_VERSION)/dlv exec --headless --listen=127.0.0.1:2345 --accept-multiclient --continue'

test: ## Run every test, the browser's too; needs Go, a C compiler, Node and Chromium
	@tests/needs.sh cc node chromium
	@$(MAKE) --no-print-directory go-test
	tests/browser/run.sh

# The functions with benchmarks.
BENCHES := ./functions/send ./functions/mark-read ./functions/list

# What starts goroutines or locks what they share runs under the race detector. The rest calls compiled functions or takes one step at a
# time: the race detector would find nothing there, and make it several times slower.
RACED := ./shared/apigw ./shared/auth ./shared/chat ./shared/directory ./shared/keyword ./shared/login ./shared/notice ./shared/sns ./shared/sweep ./shared/table ./shared/wide ./local/... ./functions/notify

# Without vet, which `make check` runs.
go-test:
	@tests/needs.sh cc node
	@$(MAKE) --no-print-directory binaries local-machine
	$(RACE) -shuffle=on $(RACED)
	$(RACE) -run AtOnce ./tests/notices
	$(GO) test -vet=off -shuffle=on $$($(GO) list ./... | grep -vxFe "$$($(GO) list $(RACED) ./tests/structure)")
	$(GO) test -vet=off ./tests/structure
	@echo 'that the benchmarks run'; $(GO) test -run '^$$' -bench . -benchtime 1x $(BENCHES) ./tests/bench >/dev/null

build: $(SAM) ## Build every function for AWS (ARCHITECTURE=arm64 or x86_64) into .aws-sam
	ARCHITECTURE=$(ARCHITECTURE) $(SAM) build --parameter-overrides Architecture=$(ARCHITECTURE)
	@for f in .aws-sam/build/*/bootstrap; do \
		$(GO) version -m "$$f" | grep -q 'GOARCH=$(LAMBDA_GOARCH)$$' || { echo "$$f is not for $(ARCHITECTURE)"; exit 1; }; \
	done

sizes: ## Build every function for AWS twice; print how large each is, and fail if one is too large, not static or not the same
	@deploy/sizes.sh $(foreach f,$(FUNCTIONS),$(f):$(call logical,$(f))Function)

sam-local: $(SAM) ## Start the same machine behind `sam local start-api`; needs Docker (SAM_FLAGS are appended)
	@SAM='$(SAM)' exec tests/sam/local.sh $(SAM_FLAGS)

sam-invoke: ## Run a function with the event in its folder in Lambda's container, while make sam-local runs (F=send)
	@test -f 'functions/$(F)/event.json' || { echo 'usage: make sam-invoke F=send'; exit 1; }
	@$(MAKE) --no-print-directory '$(SAM)'
	@SAM='$(SAM)' exec tests/sam/invoke.sh '$(F)'

sam-test: $(SAM) ## Check the template with the SAM CLI, and run it where Docker runs
	@SAM='$(SAM)' exec tests/sam/run.sh

check: check-go check-template ## Formatting, vet, static analysis, rules of structure, dead code, the template; needs Python 3

check-go:
	@echo gofmt; unformatted=$$(gofmt -l deploy functions shared local tests) && test -z "$$unformatted" || { echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...
	$(GO) mod tidy -diff
	$(GO) test -vet=off ./tests/structure
	@echo deadcode; $(call no-dead-code,-test ./...)
	@echo deadcode of the product without its tests; $(call no-dead-code,-filter '^carechat/(deploy|functions|shared)' ./functions/... ./local ./deploy/...)

no-dead-code = dead=$$($(DEADCODE) $(1)) && test -z "$$dead" || { echo "$$dead"; exit 1; }

check-template: $(SAM)
	$(SAM) validate --lint
	$(if $(wildcard $(dir $(SAM))cfn-lint),$(dir $(SAM)))cfn-lint template.yaml docs/examples/edge.yaml

bench: binaries ## Benchmark routes beside their DynamoDB calls, and functions beside smaller ones or an older commit's (BEFORE=v1); run the long load tests
	@[ -z '$(BEFORE)' ] || { rm -rf .cache/before && mkdir -p .cache/before && git archive '$(BEFORE)' | tar -x -C .cache/before && $(MAKE) -C .cache/before binaries; }
	@echo 'CPU of the handler beside its calls by the bare SDK (x-sdk) and by hand (x-hand): medians of rounds'
	GOMAXPROCS=1 $(GO) test -run '^$$' -bench . -benchtime 31x $(BENCHES) | tr '\t' '\n'
	@echo 'whole processes, with one processor each'
	BEFORE=$(if $(BEFORE),$(CURDIR)/.cache/before/bin/send/bootstrap) $(GO) test -run '^$$' -bench . -benchtime 15x ./tests/bench | tr '\t' '\n'
	HISTORIES_SECONDS=600 $(GO) test -count=1 -v -run 'Long|Histories' ./tests/load

numbers: ## Print how large and how fast the tree is (FOLDERS="../before ." compares checkouts)
	@$(GO) run ./tests/numbers $(FOLDERS)

fuzz: ## Fuzz every target for a while (FUZZTIME=20s)
	@for f in apigw:FuzzBody apigw:FuzzCursor auth:FuzzSession auth:FuzzBearer login:FuzzLink login:FuzzTidy chat:FuzzContact table:FuzzKeys table:FuzzHashedKeys; do \
		$(GO) test ./shared/$${f%%:*} -run '^$$' -fuzz "^$${f##*:}\$$" -fuzztime $(or $(FUZZTIME),20s) -fuzzminimizetime 1s || exit 1; \
	done

drain: ## Measure how soon 2,000 notices that are due at once are sent
	DRAIN=2000 $(GO) test ./functions/notify -run TestManyNoticesDueAtOnceDrain -v -timeout 10m

load-kill: binaries local-machine ## Run two minutes of mixed traffic, and two while a function is killed each second
	@tests/needs.sh node
	TRAFFIC_SECONDS=120 $(GO) test ./tests/load -count=1 -run TestTrafficWhileFunctionsAreKilled -v -timeout 15m

import-load: binaries local-machine ## Measure how long links take while 1,100 members with emails are imported
	@tests/needs.sh node
	IMPORT=1100 $(GO) test ./tests/e2e -count=1 -run TestAnImportHoldsUpNoLink -v -timeout 10m

mutants: ## Make small wrong changes in a copy and check that a test notices each; writes docs/mutants.md (KEEP=1 resumes an interrupted run)
	@tests/needs.sh node
	$(GO) run ./tests/mutants $(if $(KEEP),-keep)

screenshots: ## Make the pictures of the page that the README shows; needs what the browser's tests need
	SCREENSHOTS=1 tests/browser/run.sh views.test.mjs console.test.mjs

console-speed: ## Time the console with 500 tasks, and fail if it is slow; needs an idle machine
	SPEED=1 tests/browser/run.sh much.test.mjs

lighthouse: ## Print Lighthouse's scores of the page; downloads it
	RUN=lighthouse.mjs tests/browser/run.sh

vendor: ## Rebuild the page's libraries and compare them with their checksums; needs npm
	functions/pages/vendor.sh

schema-test: binaries local-machine ## Drive the contract against the running stack with schemathesis; needs Python 3
	@tests/needs.sh python3 node curl
	tests/hostile/schemathesis.sh

check-contract: ## Lint the API's contract with redocly and spectral; needs Node
	tests/clients/lint/run.sh

clients: binaries local-machine ## Generate API clients in six languages, compile them and run a story (CLIENTS='ogen hey-api' for some); needs Java, Maven, Python 3
	tests/clients/run.sh $(CLIENTS)

sns-test: ## Run the same tests on this machine's SNS and on moto's; needs Python 3
	@tests/needs.sh python3 node
	tests/sns/run.sh

emulator-test: binaries local-machine ## Run a story on DynamoDB Local, which runs where dynoxide does not; needs Java 17
	@tests/needs.sh java node
	EMULATOR=dynamodb-local $(GO) test -count=1 ./local/emulator ./local/stream ./tests/stories -run 'Emulator|StreamOf|AfterARestart'

deploy: ## Deploy to an environment of samconfig.toml (STAGE=dev, staging or prod)
	@tests/needs.sh python3 aws
	@$(DEPLOY) check $(STAGE) $(ARCHITECTURE)
	@aws sts get-caller-identity --query Arn --output text || { echo 'AWS knows nobody by these credentials: try `aws configure` or `aws sso login`'; exit 1; }
	@$(MAKE) --no-print-directory build
	@$(DEPLOY) stamp $(STAGE)
	$(SAM) deploy --config-env $(STAGE) --parameter-overrides file://.aws-sam/parameters.yaml

smoke: ## Try a deployment from outside (API_URL=https://…; STAGE=dev also checks that somebody gets its alarms)
	@test -n '$(API_URL)' || { echo 'usage: make smoke API_URL=<the output ApiUrl> [STAGE=dev]'; exit 1; }
	@stack=$(if $(filter command line,$(origin STAGE)),$$($(DEPLOY) stack $(STAGE))) && deploy/smoke.sh '$(API_URL)' $$stack

rollback: ## Point the functions that the last deployment changed back at their previous version (STAGE=prod)
	@tests/needs.sh aws
	@stack=$$($(DEPLOY) stack $(STAGE)) && deploy/rollback.sh "$$stack"

logs: $(SAM) ## Follow a stack's logs, or one function's (STAGE=dev F=send)
	@stack=$$($(DEPLOY) stack $(STAGE)) && $(SAM) logs --tail --stack-name "$$stack" $(if $(F),--name $(call logical,$(F))Function)

first-organization: $(SAM) ## Make or change an organization of a stack (STAGE=dev FILE=docs/examples/organization.json)
	@test -f '$(FILE)' || { echo 'usage: make first-organization STAGE=$(STAGE) FILE=docs/examples/organization.json'; exit 1; }
	$(SAM) remote invoke OperatorFunction --config-env $(STAGE) --parameter Qualifier=live --event-file '$(FILE)'

# Gives the operator a command of one member. $(2) and $(3) stand around the target in the usage.
define of-member
@test -n '$(ORGANIZATION)' -a -n '$(MEMBER)' || { echo 'usage: make $(if $(2),$(2) )$@ STAGE=$(STAGE) ORGANIZATION=harbor MEMBER=ana$(if $(3), $(3))'; exit 1; }
@$(DEPLOY) $(1) $(STAGE) '$(ORGANIZATION)' '$(MEMBER)'
endef

export-member: ## Print everything of a member as JSON Lines (STAGE=dev or local, ORGANIZATION=harbor MEMBER=ana)
	$(call of-member,exportMember,-s,>ana.jsonl)

read-table: ## Print the rows of a member for support, without what people wrote (as export-member)
	$(call of-member,readTable,-s,)

hold: ## Keep everything of a member from being deleted, until `make release` (as export-member)
	$(call of-member,hold,,)

release: ## End a hold on a member (as export-member)
	$(call of-member,release,,)

erase-member: ## Erase a member for good; run again, it says whether everything is gone (as export-member)
	$(call of-member,eraseMember,,)

retain: ## Delete inactive threads in which nobody wrote for years, and requests that ended before then (STAGE=prod ORGANIZATION=harbor YEARS=7)
	@test -n '$(ORGANIZATION)' -a -n '$(YEARS)' || { echo 'usage: make retain STAGE=$(STAGE) ORGANIZATION=harbor YEARS=7'; exit 1; }
	@$(DEPLOY) retain $(STAGE) '$(ORGANIZATION)' '$(YEARS)'

check-table: ## Check all rows of a table against each other, and print those that are wrong (STAGE=prod or local, AFTER= to continue)
	@$(DEPLOY) checkTable $(STAGE) '' '$(AFTER)'

table-template: ## Print the template of a stack with only the table, to import a restored table
	@$(DEPLOY) table $(STAGE)

text-log: ## Switch on SNS's delivery log of texts, which says what became of each (STAGE=prod, deployed with TextLogs=yes)
	@tests/needs.sh aws
	@stack=$$($(DEPLOY) stack $(STAGE)) && deploy/text-log.sh "$$stack"

redrive: ## Call keyword again with the texts that it gave up on (STAGE=prod)
	@tests/needs.sh aws jq
	@stack=$$($(DEPLOY) stack $(STAGE)) && deploy/redrive.sh "$$stack"

rehearse: $(SAM) ## Let SAM's translator make every environment's stack, and check what CloudFormation would get
	SAM_PYTHON='$(abspath $(dir $(SAM))python)' $(GO) test -count=1 ./deploy/... ./tests/rehearsal

cost: ## Write docs/cost.md, what a month costs for 1,000 members, and docs/scale.md, how full each limit gets with more
	@$(GO) run ./deploy/cost month | docs/section.sh docs/cost.md month
	@$(GO) run ./deploy/cost scale | docs/section.sh docs/scale.md scale

api-docs: ## Write the contract as one HTML page that needs no network, bin/api-docs.html, which `make run` shows at /docs; needs npm
	docs/page/build.sh

provision: ## Put a file of people and settings through the API (FILE=people.ndjson RATE=40 API_URL= TOKEN=)
	@test -f '$(FILE)' || { echo 'usage: make provision FILE=people.ndjson [RATE=40] [API_URL=https://… TOKEN=…]'; exit 1; }
	@$(GO) run ./local/provision $(if $(RATE),-rate '$(RATE)') $(if $(API_URL),-api '$(API_URL)') '$(FILE)'

# What the tests download from npm and PyPI, so that .ci/run can do it while Go compiles.
fetch:
	FETCH=1 docs/page/build.sh
	FETCH=1 tests/clients/lint/run.sh
	FETCH=1 tests/hostile/schemathesis.sh
	FETCH=1 tests/sns/run.sh
	FETCH=1 tests/browser/run.sh
	FETCH=1 tests/clients/run.sh

newcomer: ## Time the first steps in a clone: make help, run and sam-local (COLD=1 with empty caches, TEST=1 with the tests)
	@COLD='$(COLD)' TEST='$(TEST)' tests/newcomer.sh

clean: ## Remove what was built and downloaded
	rm -rf bin .aws-sam .cache tests/browser/node_modules tests/clients/node_modules tests/clients/lint/node_modules

# The pages' bundles, for pages to embed. SAM hands make ARTIFACTS_DIR, and what is deployed has no source maps.
pages:
	@$(GO) run ./functions/pages/build $(if $(ARTIFACTS_DIR),,-maps)

# Every function for this machine, as deployed but for the architecture: bin/<function>/bootstrap.
binaries: pages
	@$(BUILD) $(FOR_HERE) -o bin/.all/ $(FUNCTIONS:%=./functions/%)
	@for f in $(FUNCTIONS); do mkdir -p "bin/$$f" && ln -f "bin/.all/$$f" "bin/$$f/bootstrap" || exit 1; done

local-machine:
	@$(BUILD) $(FOR_HERE) -o bin/local ./local

# What `sam build` calls for each function (BuildMethod: makefile).
build-PagesFunction: pages
build-%Function:
	@GOOS=$(LAMBDA_GOOS) GOARCH=$(LAMBDA_GOARCH) $(BUILD) $(FOR_AWS) -o "$(ARTIFACTS_DIR)/bootstrap" ./functions/$(call kebab,$*)

.cache/sam-$(SAM_VERSION)/bin/sam:
	@tests/needs.sh python3 || { echo 'The SAM CLI needs it. Or say SAM=<path of your own>'; exit 1; }
	@echo "installing the SAM CLI $(SAM_VERSION) into .cache"
	@rm -rf .cache/sam-$(SAM_VERSION) && python3 -m venv .cache/sam-$(SAM_VERSION)
	@.cache/sam-$(SAM_VERSION)/bin/pip install --quiet --no-compile --disable-pip-version-check aws-sam-cli==$(SAM_VERSION) || { rm -rf .cache/sam-$(SAM_VERSION); exit 1; }

.cache/dlv-$(DELVE_VERSION)/dlv:
	@GOBIN='$(CURDIR)/$(@D)' $(GO) install github.com/go-delve/delve/cmd/dlv@$(DELVE_VERSION)
