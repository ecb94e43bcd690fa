package store_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"cuewire/app/store"
)

// What a folder's permissions forbid does not stop root, as whom tests run in
// containers. There the thread gives up root's rights to files for the test; it
// stays locked to the test's goroutine and ends with it.
func obeyPermissions(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	runtime.LockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	for _, test := range []struct {
		name         string
		existing     bool
		folder, file os.FileMode
	}{
		{"an empty folder", false, 0o555, 0},
		{"a database in a read-only folder", true, 0o555, 0o444},
		{"a read-only database", true, 0o777, 0o444},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, err := os.MkdirTemp("", "cuewire-store") // not in t.TempDir, which only its owner may enter
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(dir) })
			file := filepath.Join(dir, store.FileName)
			if test.existing {
				s := openStore(t, dir)
				commit(t, s, tenThousand()[:50]...)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(file, test.file); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(dir, test.folder); err != nil {
				t.Fatal(err)
			}
			var before []byte
			if test.existing {
				before = read(t, file)
			}
			func() {
				done := make(chan error)
				go func() { // the thread ends with this goroutine
					obeyPermissions(t)
					_, err := store.Open(t.Context(), store.Config{Dir: dir, Log: quiet})
					done <- err
				}()
				wantFault(t, <-done, "store.unwritable", dir)
			}()
			if test.existing && string(before) != string(read(t, file)) {
				t.Error("the file was changed")
			}
		})
	}
}
