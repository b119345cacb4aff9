# make test    every test, under 3 minutes on two cores; what .ci/run calls
# make report  trains for real, prints and saves the reproducibility tables
# make golden  rewrites the golden runs and shows what changed
# make bench   benchmarks, in the form that benchstat reads
# make nightly the laws with fresh seeds; prints the seed to replay
# make lint    gofmt, go vet and, where it is installed, golangci-lint

GO ?= go
# Fixed seed of the property tests; RAPID_SEED=n make test replays another one.
RAPID_SEED ?= 20240101
export RAPID_SEED
export RAPID_NOFAILFILE = 1

.PHONY: test report golden bench nightly lint build clean

build:
	$(GO) build -o bin/causalgrad ./reports/cmd/causalgrad

test: lint
	$(GO) test ./...

lint:
	@unformatted="$$(gofmt -l theory impl props golden reports)"; \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	@if command -v golangci-lint >/dev/null 2>&1; then golangci-lint run; fi

report: build
	bin/causalgrad report

golden:
	@if [ -n "$$CI" ]; then echo "make golden: refused: CI is set"; exit 1; fi
	CAUSALGRAD_GOLDEN=write $(GO) test -count=1 -run Golden -v ./golden/... ./reports/...

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./theory/... ./impl/...

nightly:
	@seed=$$(od -An -N6 -tu8 /dev/urandom | tr -d ' '); \
	echo "replay with: RAPID_SEED=$$seed make test"; \
	RAPID_SEED=$$seed $(GO) test -count=1 ./...

clean:
	rm -rf bin reports/out
