# Everything that a person types to work on Kuulas. `make run` and `make test` need Go, git and
# make; what the tests need besides is fetched by `make setup`.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run build setup generate check test bench mutants kills fuzz clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## build and start the demo on http://localhost:8080
	@mkdir -p bin && go build -o bin/kuulas-demo ./cmd/kuulas-demo
	@exec ./bin/kuulas-demo

build: ## build the three programs into bin/
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -o bin/ ./cmd/...

setup: ## install what the tests need: a browser, Node.js, page checkers and readers of PDF files
	@sh .ci/setup

generate: ## write the Go code of the pages again
	go tool templ generate -path views >/dev/null

check: ## generated code is current, formatting, vet, staticcheck
	@sh .ci/check

test: setup ## every test, with the race detector where a C compiler is there
	@sh .ci/test

bench: ## benchmarks: pages under load, import, parts
	@sh .ci/bench

mutants: ## change every condition of the rules in turn; a test must notice (some minutes)
	@sh .ci/mutants

kills: ## kill a process that sets prohibitions KILLS=3000 times; no change may be lost
	@sh .ci/kills

fuzz: ## fuzz every parser and rule for a while (FUZZTIME=30s each)
	@sh .ci/fuzz

clean: ## remove what was built and the demo's data
	rm -rf bin .demo .ci/node_modules
