package main

func (b *bench) windows() error { return nil }
func (b *bench) pages() error   { return nil }
