package metrics

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v3/process"
)

// descendants returns all processes below root, by the kernel's own list of each
// thread's children. It fails when root is gone.
func descendants(_ context.Context, root int32) ([]int32, error) {
	var all []int32
	for next := []int32{root}; len(next) > 0; next = next[1:] {
		lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", next[0]))
		if err != nil {
			return nil, err
		}
		if len(lists) == 0 && next[0] == root {
			return nil, os.ErrProcessDone
		}
		for _, path := range lists {
			content, err := os.ReadFile(path)
			if err != nil {
				continue // the thread has ended
			}
			for _, word := range strings.Fields(string(content)) {
				if pid, err := strconv.ParseInt(word, 10, 32); err == nil {
					all, next = append(all, int32(pid)), append(next, int32(pid))
				}
			}
		}
	}
	return all, nil
}

// privateMemory returns the bytes resident that are no file's and so shared with
// nobody, all but a little.
func privateMemory(ctx context.Context, p *process.Process) (bytes uint64, ok bool) {
	memory, err := p.MemoryInfoExWithContext(ctx)
	if err != nil || memory.Shared > memory.RSS {
		return 0, false
	}
	return memory.RSS - memory.Shared, true
}
