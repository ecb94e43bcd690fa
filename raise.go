//go:build !headless

package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// raiseRunning asks the copy that has the folder to show its window.
func raiseRunning(dir string) error {
	other, err := findRunning(dir)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	header := http.Header{"Content-Type": {"application/json"}}
	if _, _, err := other.ask(ctx, http.MethodPost, "/api/instance/raise", header, nil); err != nil {
		return fmt.Errorf("raise the running copy: %w", err)
	}
	return nil
}
