package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/adrg/xdg"
	"github.com/spf13/pflag"

	"cuewire/app"
	"cuewire/obsbridge"
	"cuewire/wsserver"
	"cuewire/wsserver/timerapi"
)

// defaultListen is where Cuewire serves when nothing else is asked for.
const defaultListen = "127.0.0.1:3000"

// options are what the command line says.
type options struct {
	headless bool
	hidden   bool // the window stays hidden until it is asked for
	dataDir  string
	listen   []string
	obs      *app.ConnectOBS // nil to look for one on this computer
	noOBS    bool
	dev      bool
	plain    bool // no first steps in the window
	level    slog.Level
	version  bool

	oidcIssuer, oidcAudience        string // an outside issuer of access tokens, "" for the settings' one
	timerConnections, timerMessages int    // of one person in 60 s
	limits                          wsserver.Limits
}

// errHelp says that help was asked for and given.
var errHelp = pflag.ErrHelp

// parseFlags reads the command line. Errors are of a kind that a person reads.
func parseFlags(args []string, out io.Writer) (options, error) {
	var (
		o      options
		target string
		level  string
		limits map[string]int
		flags  = pflag.NewFlagSet("cuewire", pflag.ContinueOnError)
	)
	flags.SetOutput(out)
	flags.SortFlags = false
	flags.BoolVar(&o.headless, "headless", false, "serve without a window")
	flags.BoolVar(&o.hidden, "hidden", false, "start with the window hidden, beside the clock; where the desktop shows no tray icons it is shown")
	flags.StringVar(&o.dataDir, "data-dir", defaultDataDir(), "folder that keeps rooms, settings and backups")
	flags.StringArrayVar(&o.listen, "listen", []string{defaultListen}, "`address` to serve on; may be given more than once; port 0 picks a free one")
	flags.StringVar(&target, "obs", "", "OBS to connect to, as obsws://`HOST:PORT/PASSWORD`; without it the OBS on this computer is found")
	flags.BoolVar(&o.noOBS, "no-obs", false, "do not look for OBS")
	flags.BoolVar(&o.dev, "dev", false, "developer mode: pages for people who build overlays")
	flags.BoolVar(&o.plain, "no-welcome", false, "do not show the first steps to somebody who is new here")
	flags.StringVar(&level, "log-level", "info", "how much to log: debug, info, warn or error")
	flags.StringVar(&o.oidcIssuer, "oidc-issuer", "", "`address` of an OpenID Connect issuer whose access tokens are taken too")
	flags.StringVar(&o.oidcAudience, "oidc-audience", "", "whom that issuer's tokens must be for; without it anybody")
	flags.IntVar(&o.timerConnections, "timer-connections", timerapi.DefaultConnections, "Timer API: connections that one person may open in 60 s")
	flags.IntVar(&o.timerMessages, "timer-messages", timerapi.DefaultMessages, "Timer API: messages, and requests, that one person may send in 60 s")
	flags.StringToIntVar(&limits, "limit", nil, "what clients may use, as `NAME=NUMBER`, more than once: "+strings.Join(wsserver.LimitNames(), ", "))
	flags.BoolVar(&o.version, "version", false, "print the version and end")
	flags.Usage = func() {
		fmt.Fprintf(out, "Cuewire: stage timers, OBS and overlays on one wire.\n\nUsage: cuewire [flags]\n       cuewire COMMAND [flags]\n\n%s\nCommands (cuewire COMMAND --help says more):\n%s", flags.FlagUsages(), listSubcommands())
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if rest := flags.Args(); len(rest) > 0 {
		if findSubcommand(rest) != nil {
			return o, fmt.Errorf("the command comes first: cuewire %s [flags]", rest[0])
		}
		return o, fmt.Errorf("unknown command %q; see cuewire --help", rest[0])
	}
	if err := o.level.UnmarshalText([]byte(level)); err != nil {
		return o, fmt.Errorf("--log-level must be debug, info, warn or error, not %q", level)
	}
	if o.dataDir == "" {
		return o, errors.New("--data-dir must name a folder")
	}
	if o.oidcIssuer != "" && !app.ValidIssuer(o.oidcIssuer) {
		return o, errors.New("--oidc-issuer must be an address like https://login.example.com")
	}
	if o.oidcAudience != "" && o.oidcIssuer == "" {
		return o, errors.New("--oidc-audience needs --oidc-issuer")
	}
	if o.timerConnections < 1 || o.timerMessages < 1 {
		return o, errors.New("--timer-connections and --timer-messages must be at least 1")
	}
	var err error
	if o.limits, err = wsserver.ParseLimits(limits); err != nil {
		return o, fmt.Errorf("--limit: %w", err)
	}
	for _, address := range o.listen {
		if err := checkListen(address); err != nil {
			return o, err
		}
	}
	if target != "" {
		if o.noOBS {
			return o, errors.New("--obs and --no-obs exclude each other")
		}
		connect, err := obsbridge.ParseTarget(target)
		if err != nil {
			return o, fmt.Errorf("--obs: %w", err)
		}
		o.obs = &connect
	}
	return o, nil
}

func defaultDataDir() string { return filepath.Join(xdg.DataHome, "cuewire") }

func checkListen(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("--listen must be HOST:PORT, for example %s, not %q", defaultListen, address)
	}
	return nil
}
