//go:build !linux

package testkit

import "testing"

// SmallDisk is a file system of its own that soon is full.
type SmallDisk struct{ Folder string }

// OnSmallDisk skips the test: only Linux is known to mount one for a process alone.
func OnSmallDisk(t *testing.T, _ string, _ func(*SmallDisk)) {
	t.Skip("a small disk is mounted on Linux only")
}

// Fill takes all room that is left.
func (*SmallDisk) Fill() {}

// Free gives room back.
func (*SmallDisk) Free(int64) {}

// Faults makes writes and syncs fail.
type Faults struct{}

// OnFailingDisk skips the test: only Linux asks about system calls.
func OnFailingDisk(t *testing.T, _ func(string, *Faults)) {
	t.Skip("system calls are made to fail on Linux only")
}

// Fail has calls fail.
func (*Faults) Fail(_, _ int) {}

// FailSyncs has syncs fail.
func (*Faults) FailSyncs(_, _ int) {}

// Keep copies what is synced.
func (*Faults) Keep(string) {}

// Lie has syncs do nothing.
func (*Faults) Lie() {}

// Heal lets all calls pass.
func (*Faults) Heal() int { return 0 }
