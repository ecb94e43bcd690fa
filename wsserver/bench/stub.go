package main

func (b *bench) build() error   { return nil }
func (b *bench) disk() error    { return nil }
func (b *bench) idle() error    { return nil }
func (b *bench) latency() error { return nil }
func (b *bench) pages() error   { return nil }
func (b *bench) rundown() error { return nil }
func (b *bench) start() error   { return nil }
func (b *bench) windows() error { return nil }
