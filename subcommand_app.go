package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/pflag"

	"cuewire/app"
)

var appCommand = subcommand{
	name: "app", usage: "create NAME | list | renew ID | delete ID  [--data-dir DIR]",
	about: "make the apps whose keys programs use channels with; prints them as JSON",
	prepare: func(*pflag.FlagSet) func(context.Context, *program, []string) error {
		return func(ctx context.Context, p *program, args []string) error {
			verb, rest := "", []string(nil)
			if len(args) > 0 {
				verb, rest = args[0], args[1:]
			}
			task := map[string]struct {
				missing error // what to say when the one argument is not there; nil where there is none
				do      func(ctx context.Context, arg string) error
			}{
				"create": {useError("command.app.noName", "Give the app a name.", nil), p.createApp},
				"list":   {nil, p.listApps},
				"renew":  {errNoAppID, p.renewApp},
				"delete": {errNoAppID, p.deleteApp},
			}[verb]
			argument := ""
			switch {
			case task.do == nil:
				return useError("command.app.what", "Say what to do: create, list, renew or delete.", nil)
			case task.missing == nil && len(rest) > 0:
				return tooMuch(rest[0])
			case task.missing != nil && len(rest) == 0:
				return task.missing
			case len(rest) > 1:
				return tooMuch(rest[1])
			case len(rest) == 1:
				argument = rest[0]
			}
			return task.do(ctx, argument)
		}
	},
}

var errNoAppID = useError("command.app.noID", "Name the app by its id. \"cuewire app list\" shows them.", nil)

// appShape is an app as it is printed, and as a running copy tells it.
type appShape struct {
	*app.BroadcastApp
	Secret string `json:"secret"`
}

func (p *program) createApp(ctx context.Context, name string) error {
	fields := app.AppFields{Name: &name}
	return p.changeApp(ctx, app.CreateApp{Fields: fields}, http.MethodPost, "/api/v1/apps", fields)
}

func (p *program) renewApp(ctx context.Context, id string) error {
	return p.changeApp(ctx, app.UpdateApp{ID: id, Renew: true}, http.MethodPost, "/api/v1/apps/"+url.PathEscape(id)+"/renew", nil)
}

func (p *program) deleteApp(ctx context.Context, id string) error {
	return p.changeApp(ctx, app.DeleteApp{ID: id}, http.MethodDelete, "/api/v1/apps/"+url.PathEscape(id), nil)
}

// changeApp carries a command out, or asks the running copy for it, and prints the
// app that it leaves.
func (p *program) changeApp(ctx context.Context, cmd app.Command, method, path string, body any) error {
	var changed appShape
	durable := true
	err := p.inFolder(ctx, func() error {
		return p.withCore(ctx, func(core app.Core) error {
			result, err := core.Do(ctx, cmd)
			if err != nil {
				return err
			}
			durable = result.Durable
			if a := result.Snapshot.App(result.ID); a != nil {
				changed = appShape{a, a.Secret}
			}
			return nil
		})
	}, func(other running) error {
		var sent []byte
		header := http.Header{}
		if body != nil {
			var err error
			if sent, err = json.Marshal(body); err != nil {
				return err
			}
			header.Set("Content-Type", "application/json")
		}
		text, answered, err := other.ask(ctx, method, path, header, sent)
		if err != nil {
			return err
		}
		durable = answered.Get("Cuewire-Durable") != "false"
		if method == http.MethodDelete {
			return nil
		}
		return json.Unmarshal(text, &changed)
	})
	if err != nil {
		return err
	}
	if !durable {
		return app.NewError(app.CodeUnavailable, "command.app.notSaved", "The app was changed, but the disk does not take it. Look whether it is full.", nil)
	}
	if changed.BroadcastApp == nil {
		return nil // it was deleted
	}
	return p.printJSON(changed)
}

func (p *program) listApps(ctx context.Context, _ string) error {
	list := struct {
		Apps []appShape `json:"apps"`
	}{[]appShape{}}
	err := p.inFolder(ctx, func() error {
		return p.withCore(ctx, func(core app.Core) error {
			for _, a := range core.Snapshot().Apps {
				list.Apps = append(list.Apps, appShape{a, a.Secret})
			}
			return nil
		})
	}, func(other running) error {
		text, _, err := other.ask(ctx, http.MethodGet, "/api/v1/apps", nil, nil)
		if err != nil {
			return err
		}
		return json.Unmarshal(text, &list)
	})
	if err != nil {
		return err
	}
	return p.printJSON(list)
}

// printJSON prints a value for a program, or a person, to read.
func (p *program) printJSON(value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, string(text))
	return err
}
