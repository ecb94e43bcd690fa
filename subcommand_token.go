package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

var tokenCommand = subcommand{
	name: "token", usage: "--sub NAME [--role ROLE] [--ttl 24h] [--data-dir DIR]\n       cuewire token list [--data-dir DIR]\n       cuewire token revoke ID [--data-dir DIR]",
	about: "make an access token for a device or a person, list them, revoke one",
	prepare: func(flags *pflag.FlagSet) func(context.Context, *program, []string) error {
		var t newToken
		var role string
		flags.StringVar(&t.Subject, "sub", "", "`name` of whom the token is for")
		flags.StringVar(&role, "role", string(app.Viewer), "viewer, agenda, moderator, operator, controller or admin")
		flags.StringVar(&t.Name, "name", "", "what to call the device in lists")
		life := flags.Duration("ttl", 24*time.Hour, "how long the token is good")
		return func(ctx context.Context, p *program, args []string) error {
			switch {
			case len(args) == 0:
				var ok bool
				if t.Role, ok = app.ParseRole(role); !ok {
					return useError("token.role", "--role must be viewer, agenda, moderator, operator, controller or admin.", nil)
				}
				if t.Subject == "" {
					return useError("token.sub", "Say with --sub whom the token is for.", nil)
				}
				if t.Seconds = int64(*life / time.Second); t.Seconds < 1 || *life > app.MaxTokenLife {
					return useError("token.ttl", "--ttl must be between 1s and ten years, for example 24h.", nil)
				}
				return p.makeToken(ctx, t)
			case args[0] == "list" && len(args) == 1:
				return p.listTokens(ctx)
			case args[0] == "revoke" && len(args) == 2:
				return p.revokeToken(ctx, args[1])
			case args[0] == "revoke" && len(args) == 1:
				return useError("token.which", "Name the id of the token to revoke; cuewire token list shows it.", nil)
			case args[0] == "list" || args[0] == "revoke":
				return tooMuch(args[len(args)-1])
			}
			return tooMuch(args[0])
		}
	},
}

// newToken is what POST /api/tokens reads.
type newToken struct {
	Subject string   `json:"sub"`
	Role    app.Role `json:"role"`
	Name    string   `json:"name"`
	Seconds int64    `json:"ttl"`
}

var jsonBody = http.Header{"Content-Type": {"application/json"}}

// makeToken prints a token, and nothing else.
func (p *program) makeToken(ctx context.Context, t newToken) error {
	var made struct {
		Token string `json:"token"`
	}
	err := p.inFolder(ctx, func() error {
		return p.withCore(ctx, func(core app.Core) error {
			signer, err := auth.OpenSigner(p.dataDir)
			if err != nil {
				return err
			}
			text, remembered, err := signer.Issue(t.Subject, t.Role, t.Name, time.Now(), time.Duration(t.Seconds)*time.Second)
			if err == nil {
				err = p.kept(core.Do(ctx, app.GrantToken{Token: remembered}))
			}
			made.Token = text
			return err
		})
	}, func(other running) error {
		body, err := json.Marshal(t)
		if err != nil {
			return err
		}
		answer, _, err := other.ask(ctx, http.MethodPost, "/api/tokens", jsonBody, body)
		if err == nil {
			err = json.Unmarshal(answer, &made)
		}
		return err
	})
	if err == nil {
		_, err = fmt.Fprintln(p.out, made.Token)
	}
	return err
}

// kept turns a change that did not reach the disk into an error: nobody will be
// there to try again.
func (p *program) kept(result app.Result, err error) error {
	if err == nil && !result.Durable {
		err = app.NewError(app.CodeUnavailable, "token.notKept", "The disk did not take the change. Check it, and try again.", nil)
	}
	return err
}

func (p *program) listTokens(ctx context.Context) error {
	var list struct{ Tokens []*app.Token }
	err := p.inFolder(ctx, func() error {
		return p.withCore(ctx, func(core app.Core) error {
			list.Tokens = core.Snapshot().Tokens
			return nil
		})
	}, func(other running) error {
		answer, _, err := other.ask(ctx, http.MethodGet, "/api/tokens", nil, nil)
		if err == nil {
			err = json.Unmarshal(answer, &list)
		}
		return err
	})
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tSUB\tROLE\tNAME\tEXPIRES")
	for _, t := range list.Tokens {
		expires := t.ExpiresAt.Local().Format("2006-01-02 15:04")
		if !time.Now().Before(t.ExpiresAt) {
			expires += " (" + p.words.T("token.expired", nil) + ")"
		}
		fmt.Fprintf(table, "%.12s\t%q\t%s\t%q\t%s\n", t.ID, t.Subject, t.Role, t.Name, expires)
	}
	return table.Flush()
}

// shortestID is how much of a token's id must be written, so that none is revoked
// by a slip of the finger.
const shortestID = 6

func (p *program) revokeToken(ctx context.Context, id string) error {
	if len(id) < shortestID {
		return useError("token.short", "Write at least six characters of the token's id.", nil)
	}
	return p.inFolder(ctx, func() error {
		return p.withCore(ctx, func(core app.Core) error { return p.kept(core.Do(ctx, app.RevokeToken{ID: id})) })
	}, func(other running) error {
		_, _, err := other.ask(ctx, http.MethodDelete, "/api/tokens/"+url.PathEscape(id), nil, nil)
		return err
	})
}
