FLAGS = -trimpath -buildvcs=false -ldflags "-s -w $(shell .ci/version ldflags)"

GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# What can be looked at for every system from here: the end-to-end tests need Unix, the window cgo.
PORTABLE = $(shell go list -tags headless ./... | grep -v -e /app/e2e -e /app/ui)

.PHONY: build build-headless run deps test soak measure-sources bench bench-quick lint vuln clean \
	icons package package-deps package-linux package-deb package-windows package-macos package-sums package-test version-check

build: ## the desktop program, ./cuewire; needs cgo and what .ci/deps build installs
	go build $(FLAGS) -o cuewire .

build-headless: ## the program without a window, ./cuewire-headless: one static file, no cgo
	CGO_ENABLED=0 go build $(FLAGS) -tags headless -o cuewire-headless .

run: ## installs what building needs, builds, and starts Cuewire; make run ARGS="--listen 127.0.0.1:4000"
	@.ci/deps build
	@echo "Building Cuewire $$(.ci/version); the first time takes some minutes."
	@$(MAKE) --no-print-directory build
	@echo "Starting Cuewire."
	@./cuewire $(ARGS)

deps: ## installs what building and testing need (Debian and Ubuntu)
	@.ci/deps test

test: deps ## every check and every test
	@STATICCHECK=$(STATICCHECK) .ci/test

soak: deps ## the long forms of the tests: hours
	STATICCHECK=$(STATICCHECK) CUEWIRE_SOAK=1 .ci/test -timeout 0

measure-sources: ## what combining browser sources saves, on this computer; thirteen minutes (docs/saving.md)
	CUEWIRE_MEASURE=1 go test ./app/e2e -run '^TestCombiningSaves$$' -count 1 -timeout 0 -v

bench: deps ## everything that is measured, beside floors and peers, into docs/performance.md; eighteen minutes, Linux
	cd wsserver/bench && go run . -out ../../docs/performance.md

bench-quick: ## the same with fewer rounds and sizes, printed; under three minutes
	cd wsserver/bench && go run . -quick

lint: ## stricter checks than the tests', the other systems' builds among them
	go run $(GOFUMPT) -l -extra . | { ! grep .; }
	@STATICCHECK=$(STATICCHECK) .ci/staticcheck
	GOOS=windows CGO_ENABLED=0 go vet -tags headless $(PORTABLE)
	GOOS=darwin CGO_ENABLED=0 go vet -tags headless $(PORTABLE)
	cd wsserver/bench && go run $(STATICCHECK) ./...

vuln: ## looks up known vulnerabilities, where the database can be reached
	@.ci/vuln

package: package-linux package-deb package-windows package-sums ## all that can be packed on Linux, into build/packages (docs/packaging.md)

package-deps:
	@.ci/deps package

package-linux: package-deps ## a .tar.xz for any Linux
	.ci/package linux

package-deb: package-deps ## a .deb for Debian and Ubuntu
	.ci/package deb

package-windows: package-deps ## the .exe and its installer, cross-compiled; ten minutes the first time
	.ci/package windows

package-macos: ## the .app in a .dmg, on a Mac; elsewhere the bundle alone, with CUEWIRE_BINARY
	.ci/package macos

package-sums: ## SHA256SUMS of what is in build/packages
	.ci/package sums

package-test: package-deps ## looks at the packages, and installs the .deb in a fresh Debian: make package first, as root
	go test -tags packages ./app/e2e/packages -count 1 -timeout 0 -v

version-check: ## whether the tag and FyneApp.toml name one version
	.ci/version check

icons: package-deps ## draws the icons' pixels again, after a change of assets/*.svg
	.ci/icons

clean: ## removes what the other targets made
	rm -rf cuewire cuewire-headless build app/e2e/node_modules
