package testkit

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Faults makes writes and syncs of the files in a folder fail with EIO, as a broken disk does: the
// kernel asks before each (seccomp, user notification). Calls are counted in the order in which
// they come.
type Faults struct {
	folder   string
	listener int
	first    atomic.Int64 // the first call that fails, from 1; 0: none
	many     atomic.Int64 // how many fail from there
	seen     atomic.Int64
	failed   atomic.Int64
	syncs    atomic.Bool
	kept     atomic.Pointer[string]
	lies     atomic.Bool
}

// forEver is more calls than any test makes.
const forEver = 1 << 40

// OnFailingDisk runs a test in a process of its own in which writes to a folder can be made to
// fail. It skips the test where the kernel does not permit it.
func OnFailingDisk(t *testing.T, test func(folder string, f *Faults)) {
	t.Helper()
	if !alone(t, false) {
		return
	}
	f := &Faults{folder: t.TempDir()}
	if err := f.install(); err != nil {
		t.Skipf("system calls cannot be made to fail here: %v", err)
	}
	go f.answer()
	test(f.folder, f)
}

// Fail lets so many of the next calls pass and has those after them fail: many, or all from there
// on for a negative number.
func (f *Faults) Fail(after, many int) { f.fail(false, after, many) }

// FailSyncs is Fail for syncs alone: the disk takes every write and promises nothing.
func (f *Faults) FailSyncs(after, many int) { f.fail(true, after, many) }

func (f *Faults) fail(syncs bool, after, many int) {
	f.first.Store(0)
	f.syncs.Store(syncs)
	f.seen.Store(0)
	f.failed.Store(0)
	if many < 0 {
		many = forEver
	}
	f.many.Store(int64(many))
	f.first.Store(int64(after) + 1)
}

// Keep copies each file into another folder whenever it is synced: what is there would be left if the
// power failed now and everything that was not synced were lost.
func (f *Faults) Keep(folder string) { f.kept.Store(&folder) }

// Lie has syncs succeed without anything being done, as with a database that does not ask for them.
func (f *Faults) Lie() { f.lies.Store(true) }

// Heal lets all calls pass again and tells how many failed.
func (f *Faults) Heal() int {
	f.first.Store(0)
	return int(f.failed.Load())
}

// install has the kernel ask about every call that writes or syncs at an offset: SQLite's way to
// write, which Go's own files do not use.
func (f *Faults) install() error {
	calls := []uint32{unix.SYS_PWRITE64, unix.SYS_FSYNC, unix.SYS_FDATASYNC, unix.SYS_FTRUNCATE}
	program := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}} // the call's number
	for i, n := range calls {
		program = append(program, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: n, Jt: uint8(len(calls) - i)})
	}
	program = append(program,
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_USER_NOTIF},
	)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	flags := unix.SECCOMP_FILTER_FLAG_TSYNC | unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH | unix.SECCOMP_FILTER_FLAG_NEW_LISTENER
	listener, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, uintptr(flags), uintptr(unsafe.Pointer(&filter)))
	if errno != 0 {
		return errno
	}
	f.listener = int(listener)
	return nil
}

// What the kernel asks and is answered (seccomp_unotify(2)).
type (
	asked struct {
		id         uint64
		pid, flags uint32
		nr         int32
		arch       uint32
		ip         uint64
		args       [6]uint64
	}
	answered struct {
		id    uint64
		val   int64
		err   int32
		flags uint32
	}
)

const (
	askedCall    = 0xc0502100 // SECCOMP_IOCTL_NOTIF_RECV
	answeredCall = 0xc0182101 // SECCOMP_IOCTL_NOTIF_SEND
	goOn         = 1          // SECCOMP_USER_NOTIF_FLAG_CONTINUE
)

func (f *Faults) answer() {
	for {
		var q asked
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(f.listener), askedCall, uintptr(unsafe.Pointer(&q)))
		if errno == unix.EINTR || errno == unix.ENOENT { // the one who asks was interrupted and asks again
			continue
		}
		if errno != 0 {
			panic(errno)
		}
		a := answered{id: q.id, flags: goOn}
		sync := q.nr == unix.SYS_FSYNC || q.nr == unix.SYS_FDATASYNC
		switch name, ours := f.file(int(q.args[0])); {
		case !ours:
		case f.fails(sync):
			a.flags, a.err = 0, -int32(unix.EIO)
		case sync && f.lies.Load():
			a.flags = 0
		case sync:
			f.keep(name)
		}
		// Who asked may be gone by now: then there is nobody to answer.
		_, _, _ = unix.Syscall(unix.SYS_IOCTL, uintptr(f.listener), answeredCall, uintptr(unsafe.Pointer(&a)))
	}
}

// file is the name of an open file, and whether it is one of the folder.
func (f *Faults) file(number int) (name string, ours bool) {
	name, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(number))
	return name, err == nil && strings.HasPrefix(name, f.folder) && !strings.HasSuffix(name, "-shm")
}

func (f *Faults) fails(sync bool) bool {
	first := f.first.Load()
	if first == 0 || f.syncs.Load() && !sync {
		return false
	}
	n := f.seen.Add(1)
	if n < first || n >= first+f.many.Load() {
		return false
	}
	f.failed.Add(1)
	return true
}

func (f *Faults) keep(name string) {
	folder := f.kept.Load()
	if folder == nil || name == f.folder { // a folder is synced as well, for the names in it
		return
	}
	content, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(filepath.Join(*folder, filepath.Base(name)), content, 0o600)
	}
	if err != nil {
		panic(err)
	}
}
