//go:build !linux

package metrics

import (
	"context"

	"github.com/shirou/gopsutil/v3/process"
)

// descendants returns all processes below root. It fails when root is gone.
func descendants(ctx context.Context, root int32) ([]int32, error) {
	if _, err := process.NewProcessWithContext(ctx, root); err != nil {
		return nil, err
	}
	everybody, err := process.ProcessesWithContext(ctx)
	if err != nil {
		return nil, err
	}
	children := map[int32][]int32{}
	for _, p := range everybody {
		if parent, err := p.PpidWithContext(ctx); err == nil {
			children[parent] = append(children[parent], p.Pid)
		}
	}
	var all []int32
	seen := map[int32]bool{root: true} // ids are used again: a parent may be younger
	for next := []int32{root}; len(next) > 0; next = next[1:] {
		for _, pid := range children[next[0]] {
			if !seen[pid] {
				seen[pid] = true
				all, next = append(all, pid), append(next, pid)
			}
		}
	}
	return all, nil
}

// privateMemory returns the bytes resident.
func privateMemory(ctx context.Context, p *process.Process) (bytes uint64, ok bool) {
	memory, err := p.MemoryInfoWithContext(ctx)
	if err != nil {
		return 0, false
	}
	return memory.RSS, true
}
