//go:build headless

package main

// hasWindow is false: this build has none.
func hasWindow() bool { return false }

func (p *program) withWindow() int { return p.withoutWindow() }
