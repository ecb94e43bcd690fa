package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"cuewire/app"
)

// maxAnswer is how many bytes a running copy may answer.
const maxAnswer = 256 << 20

// askingRunning asks a copy on this computer: no proxy of the environment is in between.
var askingRunning = &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}

// findRunning reads what the copy that has the folder says of itself.
func findRunning(dir string) (running, error) {
	var r running
	text, err := os.ReadFile(filepath.Join(dir, runFile))
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return running{}, fmt.Errorf("find the running copy: %w", err)
	}
	return r, nil
}

// ask sends a request with the secret to the first address that answers and
// returns the answer's body and header. It fails with errSilent when none does, and
// with an *app.Error that says what the copy answered when that is not a success.
func (r running) ask(ctx context.Context, method, path string, header http.Header, body []byte) ([]byte, http.Header, error) {
	cause := errors.New("it serves nowhere")
	for _, address := range r.Addresses {
		req, err := http.NewRequestWithContext(ctx, method, address+path, bytes.NewReader(body))
		if err != nil {
			return nil, nil, fmt.Errorf("ask the running copy: %w", err)
		}
		for name, values := range header {
			req.Header[name] = values
		}
		req.Header.Set("Authorization", "Bearer "+r.Secret)
		answer, err := askingRunning.Do(req)
		if err != nil {
			cause = err
			continue
		}
		text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
		answer.Body.Close()
		if err != nil {
			return nil, nil, fmt.Errorf("ask the running copy: %w", err)
		}
		if answer.StatusCode/100 == 2 {
			return text, answer.Header, nil
		}
		return nil, nil, refused(answer.Status, text)
	}
	return nil, nil, &app.Error{Code: errSilent.Code, Key: errSilent.Key, Message: errSilent.Message, Err: cause}
}

var errSilent = app.NewError(app.CodeUnavailable, "command.silent",
	"Cuewire is running with this data folder, but does not answer. Try again in a moment.", nil)

// refused is the error of an answer that is no success.
func refused(status string, text []byte) error {
	var said struct {
		Error string   `json:"error"`
		Code  app.Code `json:"code"`
	}
	if err := json.Unmarshal(text, &said); err != nil || said.Error == "" {
		said.Error, said.Code = "The running Cuewire answered "+status+".", app.CodeInternal
	}
	return app.NewError(said.Code, "", said.Error, nil)
}
