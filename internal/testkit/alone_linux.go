package testkit

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// aloneVariable names the test that runs in a process of its own.
const aloneVariable = "KUULAS_TEST_ALONE"

// alone runs a test again in a process of its own, with mounts of its own when it asks for them,
// and reports true in that process. In the process that began it the outcome is taken over; the
// test is skipped where the machine does not permit it.
func alone(t *testing.T, mounts bool) bool {
	t.Helper()
	if os.Getenv(aloneVariable) == t.Name() {
		return true
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+regexp.QuoteMeta(t.Name())+"$", "-test.v", "-test.timeout=5m")
	child.Env = append(os.Environ(), aloneVariable+"="+t.Name())
	if mounts {
		child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
		if id := os.Geteuid(); id != 0 { // an own world of users permits mounts to everybody, if permitted itself
			child.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
			child.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: id, Size: 1}}
			child.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
		}
	}
	out, err := child.CombinedOutput()
	text := string(out)
	var ended *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &ended):
		t.Skipf("a process with mounts of its own is not permitted here: %v", err)
	case err != nil:
		t.Errorf("in a process of its own: %v\n%s", err, text)
	case strings.Contains(text, "--- SKIP: "+t.Name()):
		t.Skip(text)
	case !strings.Contains(text, "--- PASS: "+t.Name()):
		t.Errorf("the test did not run in a process of its own:\n%s", text)
	default:
		t.Log(text)
	}
	return false
}

// SmallDisk is a file system of its own that soon is full.
type SmallDisk struct {
	Folder string
	t      *testing.T
}

// OnSmallDisk runs a test in a process of its own that has a disk of so many bytes: a tmpfs. It
// skips the test where mounts are not permitted.
func OnSmallDisk(t *testing.T, size string, test func(*SmallDisk)) {
	t.Helper()
	if !alone(t, true) {
		return
	}
	folder := t.TempDir()
	err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	if err == nil {
		err = syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size)
	}
	if err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	defer func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) }() // the mount ends with the process at the latest
	test(&SmallDisk{folder, t})
}

// Fill takes all room that is left.
func (d *SmallDisk) Fill() {
	d.t.Helper()
	f, err := os.Create(d.ballast())
	if err != nil {
		d.t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		d.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		d.t.Fatal(err)
	}
}

// Free gives so many bytes of the room back, or all of it for a negative number.
func (d *SmallDisk) Free(bytes int64) {
	d.t.Helper()
	info, err := os.Stat(d.ballast())
	if err == nil && bytes >= 0 {
		err = os.Truncate(d.ballast(), max(0, info.Size()-bytes))
	} else if err == nil {
		err = os.Remove(d.ballast())
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *SmallDisk) ballast() string { return d.Folder + "/ballast" }
