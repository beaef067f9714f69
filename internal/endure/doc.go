// Package endure holds tests only: they try to lose a change. A process that sets and withdraws
// prohibitions is killed at random moments and what it left behind is compared with what it had
// acknowledged; the disk becomes full or fails under the whole portal; several processes change
// and decide at once. Its benchmarks tell what decisions cost with storage and evidence.
//
// `make kills` runs it at length, `make test` a handful of each.
package endure
