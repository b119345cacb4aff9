# make test    every test, under 2 minutes on two cores; what .ci/run calls
# make report  judges every claim, on runs trained now and on those recorded; saves page, tables and figures
# make reproduce  the paper's experiments at the default size; goes on where it was stopped
# make golden  rewrites the golden runs and shows what changed
# make golden-default  the same for the default size, over an hour; goes on where it was stopped
# make gallery the README's pictures and the claims of golden/README.md, from the committed records
# make bench   benchmarks, some minutes, and a table of them beside the recorded ones; bench-record keeps them for golden/README.md
# make seeds-record  Algorithm 1 with 16 seeds, one head and two with 8, kept in golden/runs for the report: some minutes
# make nightly the laws with fresh seeds and all golden runs; prints the seed to replay
# make determinism  the same bits for 1 to 8 workers, each kernel and each build
# make determinism-record  the same, kept for the report in golden/runs/builds
# make test-race   concurrent packages under the race detector (needs cgo and gcc)
# make test-arm64  the fingerprint on linux/arm64 (needs qemu-aarch64-static)
# make test-adapters  all laws on the adapters in numpy, JAX and, where it is installed, PyTorch; OFFICIAL=DIR adds the authors' code
# make adapters-record  the same, kept in golden/runs/conform for the report
# make compare-official OFFICIAL=DIR  trains the authors' code, in a clone at DIR, and this one side by side and times a step of both: hours;
#                  goes on where it was stopped, SEEDS=n for fewer seeds, ONLY=runs or ONLY=speed for a part, UNTIL=HH:MM to stop in time
# make test-page  the report's page in a headless browser (chromium); says so where there is none
# make test-slurm  a sweep on a real Slurm of one node (needs slurm-wlm and munge; installs nothing)
# make mutation    what share of mutants the tests of each package of theory and impl kill, a sample of this commit; rewrites golden/mutants/README.md; goes on where it was stopped
# make lint    gofmt, go vet, staticcheck in the version that go.mod pins, and no fused instruction on arm64
# make fuzz    every fuzz target for a minute, FUZZTIME=10s for less

GO ?= go
MACHINE = $(shell lscpu | sed -n 's/^Model name: *//p' | head -1) (family $(shell lscpu | sed -n 's/^CPU family: *//p'), model $(shell lscpu | sed -n 's/^Model: *//p')), $(shell nproc) processors
# Fixed seed of the property tests; RAPID_SEED=n make test replays another one.
RAPID_SEED ?= 20240101
export RAPID_SEED
export RAPID_NOFAILFILE = 1

.PHONY: format mutation test report reproduce golden golden-default bench bench-file bench-record bench-table nightly lint vet fuzz build clean determinism determinism-record test-race test-arm64 test-adapters test-slurm test-page gallery adapters-record compare-official seeds-record

build:
	$(GO) build -o bin/causalgrad ./reports/cmd/causalgrad

# The timeout is for a loaded machine: Go's own ten minutes end in pages of stacks.
# TEST_FLAGS=-json prints what causalgrad junit reads.
# The last line of a failing run names the lowest package of the house that fails,
# since what stands on it may fail for the same reason.
# GOGC spares the compiler and the tests most collections, a fourth of their processor
# time, for up to some hundred MB a process.
test: export GOGC ?= 800
test: export CAUSALGRAD_CHROMIUM ?= none
test: format
	@{ $(GO) test $(TEST_FLAGS) -timeout 60m ./... 2>&1 || echo FAIL; } | awk -f .ci/first-failure.awk

format:
	@unformatted="$$(gofmt -l theory impl props golden reports)"; \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi

vet: format
	$(GO) vet ./...

lint: vet
	$(GO) tool staticcheck -checks all ./...
	CAUSALGRAD_FUSION=arm64 $(GO) test -count=1 -run NoFused ./props

FUZZTIME ?= 60s
fuzz:
	@grep -rE '^func Fuzz\w+\(f \*testing\.F\)' --include='*_test.go' . | sed -E 's|(.*)/[^/]*:func (Fuzz\w+).*|\1 \2|' | sort | \
	while read package target; do echo "$$package $$target"; \
		$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s $$package </dev/null || exit 1; \
	done

report: build
	bin/causalgrad report

reproduce: build
	bin/causalgrad reproduce

golden:
	@if [ -n "$$CI" ]; then echo "make golden: refused: CI is set"; exit 1; fi
	CAUSALGRAD_GOLDEN=write $(GO) test -count=1 -run Golden -v ./golden/... ./reports/...

# The folder is kept only until everything is computed: a stopped run goes on, a later one starts anew.
GOLDEN_DEFAULT := bin/golden-default
golden-default: build
	@if [ -n "$$CI" ]; then echo "make golden-default: refused: CI is set"; exit 1; fi
	bin/causalgrad reproduce --records $(GOLDEN_DEFAULT) >/dev/null
	CAUSALGRAD_GOLDEN=write CAUSALGRAD_GOLDEN_DEFAULT=$(CURDIR)/$(GOLDEN_DEFAULT) $(GO) test -count=1 -run GoldenDefault -v ./golden/runs
	rm -rf $(GOLDEN_DEFAULT)

# The report exits with 1 where a claim fails; the pictures are drawn all the same.
COMMITTED := reports/out/committed
gallery: build
	bin/causalgrad report --records golden/runs/full --records golden/runs/checks --folder $(COMMITTED)-full >/dev/null || [ $$? = 1 ]
	bin/causalgrad report --all --records golden/runs/default --records golden/runs/full --records golden/runs/checks --folder $(COMMITTED) >/dev/null || [ $$? = 1 ]
	mkdir -p reports/gallery
	cp $(COMMITTED)/figures/first-step.png $(COMMITTED)/figures/losses-multi-parent.png $(COMMITTED)-full/figures/attention.png $(COMMITTED)/figures/stage-1.png reports/gallery/
	awk 'FNR == NR { t = t $$0 "\n"; next } /^<!-- claims -->/ { print; printf "%s", t; skip = 1; next } /^<!-- end -->/ { skip = 0 } !skip' \
		$(COMMITTED)/tables/claims.md golden/README.md > golden.tmp
	mv golden.tmp golden/README.md

# Six repetitions can be told from as many others, and from three.
BENCH_FLAGS ?= -count=6 -benchtime=0.1s
BENCH = $(GO) test -run '^$$' -benchmem $(BENCH_FLAGS)
bench: build
	$(MAKE) -s bench-file FILE=bin/bench.txt
	bin/causalgrad speed bin/bench.txt

# The file names the machine.
bench-file:
	@echo "benchmarks, some minutes; line by line in $(FILE).tmp"
	@{ echo "machine: $(MACHINE), $$($(GO) env GOOS)/$$($(GO) env GOARCH), $$($(GO) env GOVERSION)"; \
	$(BENCH) -bench . ./impl/model && \
	$(BENCH) -bench '^BenchmarkExp$$' ./impl/internal/kernel && \
	$(BENCH) -bench '^BenchmarkGradient$$/^(chain|random)$$/S=3/^T=(20|200)$$' ./theory/firststep; } > $(FILE).tmp
	@mv $(FILE).tmp $(FILE)

seeds-record: build
	bin/causalgrad ladder --seeds 16 --format json --out golden/runs/algorithm1.json
	bin/causalgrad heads --seeds 8 --format json --out golden/runs/heads.json

# Run it on a quiet machine.
bench-record:
	$(MAKE) -s bench-file FILE=golden/runs/bench.txt BENCH_FLAGS="-count=6 -benchtime=0.2s"
	$(GO) run ./reports/cmd/causalgrad scale --lengths 128,200,256,512,1024 --format json --out golden/runs/scale.json
	$(MAKE) -s bench-table

bench-table:
	CAUSALGRAD_GOLDEN=write $(GO) test -count=1 -run GoldenSpeedTable ./reports/evidence

test-adapters: build
	sh props/conform/adapters/run.sh

# Keeps what test-adapters found for the report, and the findings on the authors' code as a document.
adapters-record: test-adapters
	mkdir -p golden/runs/conform
	for f in bin/adapters/*.json; do [ $$f = bin/adapters/builtin.json ] || cp $$f golden/runs/conform/; done
	CAUSALGRAD_GOLDEN=write $(GO) test -count=1 -run GoldenFindings ./reports/evidence

# The file is a record: it is written where it is kept, after every run.
SEEDS ?= 8
OFFICIAL_FLAGS = --seeds $(SEEDS) $(if $(ONLY),--only $(ONLY)) $(if $(UNTIL),--until $(UNTIL))
compare-official: build
ifndef OFFICIAL
	@echo "compare-official: OFFICIAL names no clone of the authors' repository"; exit 2
else
	test -x bin/adapters/venv/bin/python || python3 -m venv bin/adapters/venv
	bin/adapters/venv/bin/python -m pip install --quiet --disable-pip-version-check -r props/conform/adapters/requirements.txt
	mkdir -p bin/official
	bin/adapters/venv/bin/python props/conform/adapters/official_compare.py $(OFFICIAL) bin/causalgrad golden/runs/official/official.json bin/official $(OFFICIAL_FLAGS)
endif

test-page:
	$(GO) test -count=1 -v -run 'Browser|Disk' ./reports/page

# A module of its own. MUTANTS=n tries n mutants a package.
MUTANTS ?= 10
mutation:
	cd golden/mutants && $(GO) run . -n $(MUTANTS)

test-slurm: build
	sh impl/sweep/testdata/slurm.sh bin/causalgrad

nightly:
	@seed=$$(od -An -N6 -tu8 /dev/urandom | tr -d ' '); \
	echo "replay with: RAPID_SEED=$$seed make test"; \
	CAUSALGRAD_FUSION=arm64 CAUSALGRAD_GOLDEN=all CAUSALGRAD_DRAWS=100000000 RAPID_SEED=$$seed $(GO) test -count=1 -timeout 120m ./...

# Every build writes its own fingerprint; the last line compares all of them with
# the golden one. A 32-bit processor has no fused step: those runs take minutes.
FINGERPRINTS := bin/determinism
FEW := 1,3,8
ALL := 1,2,3,4,5,6,7,8
QEMU := $(shell command -v qemu-aarch64-static || command -v qemu-aarch64)
HAVE_GCC := $(shell command -v gcc)
fingerprint = $(1) $(GO) build $(2) -o $(FINGERPRINTS)/$(3) ./reports/cmd/causalgrad && \
	$(4) $(FINGERPRINTS)/$(3) fingerprint --machine "$(MACHINE)$(if $(4), emulated by $(notdir $(4)))" --workers $(5) --format json --out $(FINGERPRINTS)/$(3).json

determinism:
	CAUSALGRAD_FUSION=all $(GO) test -count=1 -run NoFused ./props
	rm -rf $(FINGERPRINTS) && mkdir -p $(FINGERPRINTS)
	$(call fingerprint,GOARCH=amd64 GOAMD64=v1,,amd64-v1,,$(ALL))
	$(call fingerprint,GOARCH=amd64 GOAMD64=v3,,amd64-v3,,$(ALL))
	$(call fingerprint,GOARCH=amd64,-tags noasm,amd64-noasm,,$(ALL))
	$(call fingerprint,GOARCH=386,,386,,$(FEW))
	$(call fingerprint,GOARCH=386,-tags noasm,386-noasm,,1)
ifdef HAVE_GCC
	$(call fingerprint,CGO_ENABLED=1,-race,race,,$(FEW))
else
	@echo "skipped: the race detector needs gcc"
endif
ifdef QEMU
	$(call fingerprint,GOARCH=arm64 CGO_ENABLED=0,,arm64,$(QEMU),$(FEW))
else
	@echo "skipped: linux/arm64 needs qemu-aarch64-static (Debian: qemu-user-static)"
endif
	$(FINGERPRINTS)/amd64-v1 fingerprint $(FINGERPRINTS)/*.json

determinism-record: determinism
	$(FINGERPRINTS)/amd64-v1 fingerprint --builds golden/runs/builds $(FINGERPRINTS)/*.json

# Sampling, training and measuring on one worker, in emulation.
test-arm64:
ifdef QEMU
	@mkdir -p bin/arm64
	GOARCH=arm64 CGO_ENABLED=0 $(GO) build -o bin/arm64/causalgrad ./reports/cmd/causalgrad
	$(QEMU) bin/arm64/causalgrad fingerprint --check --workers 1
	for p in theory/detmath theory/stream impl/internal/kernel; do \
		GOARCH=arm64 CGO_ENABLED=0 $(GO) test -c -o bin/arm64/test ./$$p && (cd $$p && $(QEMU) $(CURDIR)/bin/arm64/test -test.short) || exit 1; done
else
	@echo "skipped: linux/arm64 needs qemu-aarch64-static (Debian: qemu-user-static)"
endif

test-race:
ifdef HAVE_GCC
	CGO_ENABLED=1 $(GO) test -race -count=1 ./impl/internal/shard ./impl/train ./impl/measure
	CGO_ENABLED=1 $(GO) test -race -count=1 -run Fingerprint ./golden/runs
else
	@echo "skipped: the race detector needs gcc"
endif

clean:
	rm -rf bin reports/out
