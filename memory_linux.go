package main

import (
	"bufio"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// giveBack returns to the system what starting took and running does not need: the
// heap's free pages, and the pages of programs and libraries that were only read. Those
// stay in the system's cache of files, from where the ones that are needed come back.
func giveBack() {
	debug.FreeOSMemory()
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return // it goes on with more
	}
	defer maps.Close()
	var from, to uintptr // of a mapping that nothing can have been written to; to is 0 for none
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) >= 6 && strings.Contains(words[0], "-"):
			from, to = mapping(words)
		case len(words) == 3 && words[0] == "Anonymous:" && words[1] == "0" && to != 0:
			_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_DONTNEED) // a system that will not keeps them
		}
	}
}

// mapping returns where the mapping of a line of smaps begins and ends, 0 and 0 unless it
// shows a file that is only read.
func mapping(words []string) (from, to uintptr) {
	perms, path := words[1], words[5]
	if !strings.HasPrefix(perms, "r-") || !strings.HasSuffix(perms, "p") || !strings.HasPrefix(path, "/") {
		return 0, 0
	}
	begin, end, _ := strings.Cut(words[0], "-")
	a, err1 := strconv.ParseUint(begin, 16, 64)
	b, err2 := strconv.ParseUint(end, 16, 64)
	if err1 != nil || err2 != nil {
		return 0, 0
	}
	return uintptr(a), uintptr(b)
}
