//go:build !headless

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// raiseRunning asks the copy that has the folder to show its window.
func raiseRunning(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, runFile))
	if err != nil {
		return fmt.Errorf("find the running copy: %w", err)
	}
	var other running
	if err := json.Unmarshal(text, &other); err != nil {
		return fmt.Errorf("find the running copy: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err = errors.New("the running copy serves nowhere")
	for _, address := range other.Addresses {
		if err = raiseAt(ctx, address, other.Secret); err == nil {
			return nil
		}
	}
	return err
}

func raiseAt(ctx context.Context, address, secret string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/api/instance/raise", nil)
	if err != nil {
		return fmt.Errorf("raise the running copy: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("raise the running copy: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("raise the running copy: it answered %s", answer.Status)
	}
	return nil
}
