VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FLAGS   := -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION)"

GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# What can be looked at for every system from here: the end-to-end tests need Unix, the window cgo.
PORTABLE = $(shell go list -tags headless ./... | grep -v -e /app/e2e -e /app/ui)

.PHONY: build build-headless run deps test soak measure-sources bench bench-quick lint clean

build: ## the desktop program, ./cuewire; needs cgo and what .ci/deps build installs
	go build $(FLAGS) -o cuewire .

build-headless: ## the program without a window, ./cuewire-headless: one static file, no cgo
	CGO_ENABLED=0 go build $(FLAGS) -tags headless -o cuewire-headless .

run: ## installs what building needs, builds, and starts Cuewire; make run ARGS="--listen 127.0.0.1:4000"
	@.ci/deps build
	@echo "Building Cuewire $(VERSION); the first time takes some minutes."
	@$(MAKE) --no-print-directory build
	@echo "Starting Cuewire."
	@./cuewire $(ARGS)

deps: ## installs what building and testing need (Debian and Ubuntu)
	@.ci/deps test

test: deps ## every check and every test
	@.ci/test

soak: deps ## the long forms of the tests: hours
	CUEWIRE_SOAK=1 .ci/test -timeout 0

measure-sources: ## what combining browser sources saves, on this computer; ten minutes (docs/saving.md)
	CUEWIRE_MEASURE=1 go test ./app/e2e -run '^TestCombiningSaves$$' -count 1 -timeout 0 -v

bench: deps ## everything that is measured, beside floors and peers, into docs/performance.md; twelve minutes, Linux
	cd wsserver/bench && go run . -out ../../docs/performance.md

bench-quick: ## the same with fewer rounds and sizes, printed; under three minutes
	cd wsserver/bench && go run . -quick

lint: ## stricter checks than the tests', the other systems' builds among them
	go run $(GOFUMPT) -l -extra . | { ! grep .; }
	go run $(STATICCHECK) ./...
	go run $(STATICCHECK) -tags headless ./...
	GOOS=windows CGO_ENABLED=0 go vet -tags headless $(PORTABLE)
	GOOS=darwin CGO_ENABLED=0 go vet -tags headless $(PORTABLE)
	cd wsserver/bench && go run $(STATICCHECK) ./...

clean: ## removes what the other targets made
	rm -rf cuewire cuewire-headless build app/e2e/node_modules
