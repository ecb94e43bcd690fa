package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"cuewire/obsbridge/obstest"
)

func TestZZ(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main", "Break"}})
	os.WriteFile("/tmp/zz.url", []byte(obs.URL()), 0o600)
	fmt.Println(obs.URL())
	time.Sleep(60 * time.Minute)
}
