package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"cuewire/app"
	"cuewire/app/interchange"
)

// exportFormats are what cuewire export writes.
var exportFormats = []interchange.Format{interchange.CSV, interchange.XLSX, interchange.JSON, interchange.HTML}

var exportCommand = subcommand{
	name: "export", usage: "[--room CODE] [--format FORMAT] [-o FILE] [--data-dir DIR]",
	about: "write a room's rundown to a file",
	prepare: func(flags *pflag.FlagSet) func(context.Context, *program, []string) error {
		var room, format, file string
		flags.StringVar(&room, "room", "", "short `code` of the room; not needed while there is one room")
		flags.StringVar(&format, "format", "", "csv, xlsx, json or html; without it what the file's name ends with, or csv")
		flags.StringVarP(&file, "output", "o", "", "`file` to write; without it the standard output")
		return func(ctx context.Context, p *program, args []string) error {
			if len(args) > 0 {
				return tooMuch(args[0])
			}
			f, err := formatOf(format, file)
			if err != nil {
				return err
			}
			return p.exportRundown(ctx, room, f, file)
		}
	},
}

var importCommand = subcommand{
	name: "import", usage: "[--room CODE] [--replace] [--data-dir DIR] FILE",
	about: "read timers from a file (CSV, XLSX, JSON, Ontime) into a room's rundown",
	prepare: func(flags *pflag.FlagSet) func(context.Context, *program, []string) error {
		var room string
		var replace bool
		flags.StringVar(&room, "room", "", "short `code` of the room; not needed while there is one room")
		flags.BoolVar(&replace, "replace", false, "put the file's timers in place of the rundown's, not behind them")
		return func(ctx context.Context, p *program, args []string) error {
			switch len(args) {
			case 0:
				return useError("command.noFile", "Name the file to import.", nil)
			case 1:
				return p.importRundown(ctx, room, args[0], replace)
			}
			return tooMuch(args[1])
		}
	},
}

func tooMuch(arg string) error {
	return useError("command.tooMuch", "“"+arg+"” is too much.", map[string]any{"Argument": arg})
}

// formatOf returns the format that is asked for by name, or by the name of a file.
func formatOf(name, file string) (interchange.Format, error) {
	format := interchange.Format(strings.ToLower(cmp.Or(name, strings.TrimPrefix(filepath.Ext(file), "."), string(interchange.CSV))))
	if slices.Contains(exportFormats, format) {
		return format, nil
	}
	return "", useError("interchange.unknownOut", "Cuewire exports CSV, XLSX, JSON and HTML.", nil)
}

func (p *program) exportRundown(ctx context.Context, ref string, format interchange.Format, file string) error {
	var data []byte
	err := p.inFolder(ctx, func() error {
		return p.withCore(ctx, func(core app.Core) error {
			snap := core.Snapshot()
			room, err := chooseRoom(roomsOf(snap), ref)
			if err == nil {
				data, _, err = rundownFiles{p.catalogue}.WriteRundown(string(format), snap.Room(room.ID), p.words.Lang())
			}
			return err
		})
	}, func(other running) error {
		room, err := other.room(ctx, ref)
		if err != nil {
			return err
		}
		path := "/api/v1/rooms/" + room.ID + "/export?format=" + string(format)
		data, _, err = other.ask(ctx, http.MethodGet, path, http.Header{"Accept-Language": {p.words.Lang()}}, nil)
		return err
	})
	if err != nil {
		return err
	}
	if file == "" {
		_, err = p.out.Write(data)
	} else {
		err = writeWhole(file, data)
	}
	if err != nil {
		return &app.Error{
			Code: app.CodeUnavailable, Key: "command.cannotWrite", Message: "The file " + file + " could not be written",
			Args: map[string]any{"File": cmp.Or(file, "-"), "Reason": reason(err)}, Err: err,
		}
	}
	return nil
}

func (p *program) importRundown(ctx context.Context, ref, file string, replace bool) error {
	data, err := readBounded(file, interchange.MaxSize)
	if err != nil {
		return &app.Error{
			Code: app.CodeInvalid, Key: "command.cannotRead", Message: "The file " + file + " could not be read",
			Args: map[string]any{"File": file, "Reason": reason(err)}, Err: err,
		}
	}
	timers, _, err := rundownFiles{p.catalogue}.ReadRundown(filepath.Base(file), data)
	if err != nil {
		p.listProblems(err)
		return err
	}
	var room *app.Room
	durable := true
	err = p.inFolder(ctx, func() error {
		return p.withCore(ctx, func(core app.Core) error {
			if room, err = chooseRoom(roomsOf(core.Snapshot()), ref); err != nil {
				return err
			}
			result, err := core.Do(ctx, app.ImportTimers{RoomID: room.ID, Timers: timers, Replace: replace})
			durable = result.Durable
			return err
		})
	}, func(other running) error {
		if room, err = other.room(ctx, ref); err != nil {
			return err
		}
		query := url.Values{"name": {filepath.Base(file)}}
		if replace {
			query.Set("replace", "1")
		}
		_, header, err := other.ask(ctx, http.MethodPost, "/api/v1/rooms/"+room.ID+"/import?"+query.Encode(),
			http.Header{"Content-Type": {"application/octet-stream"}}, data)
		durable = header.Get("Cuewire-Durable") != "false"
		return err
	})
	if err != nil {
		return err
	}
	if !durable {
		return app.NewError(app.CodeUnavailable, "command.notSaved", "The timers were imported, but the disk does not take them. Look whether it is full.", nil)
	}
	fmt.Fprintln(p.out, p.words.T("command.imported", map[string]any{"Count": len(timers), "Room": room.Name}))
	return nil
}

// listProblems prints what is wrong with a file, one thing a line, if it is more
// than the file as a whole.
func (p *program) listProblems(err error) {
	wrong, ok := errors.AsType[*interchange.ImportError](err)
	if !ok || (wrong.Total == 1 && wrong.Problems[0].Row == 0) {
		return
	}
	for _, problem := range wrong.Problems {
		key, args := problem.Place()
		fmt.Fprintf(p.errOut, "%s: %s\n", p.words.T(key, args), p.words.T(problem.Key, problem.Args))
	}
	if more := wrong.Total - len(wrong.Problems); more > 0 {
		fmt.Fprintln(p.errOut, p.words.T("command.more", map[string]any{"Count": more}))
	}
}

// room returns the room of a running copy that is meant.
func (r running) room(ctx context.Context, ref string) (*app.Room, error) {
	text, _, err := r.ask(ctx, http.MethodGet, "/api/v1/auth/rooms", nil, nil)
	if err != nil {
		return nil, err
	}
	var list struct {
		Rooms []*app.Room `json:"rooms"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("list the running copy's rooms: %w", err)
	}
	return chooseRoom(list.Rooms, ref)
}

func roomsOf(snap *app.Snapshot) []*app.Room {
	var rooms []*app.Room
	for _, r := range snap.Rooms {
		rooms = append(rooms, r.Room)
	}
	return rooms
}

// chooseRoom returns the room with the id or short code, or the only one where
// none is named.
func chooseRoom(rooms []*app.Room, ref string) (*app.Room, error) {
	var codes []string
	for _, r := range rooms {
		if r.ID == ref || strings.EqualFold(r.ShortCode, ref) || (ref == "" && len(rooms) == 1) {
			return r, nil
		}
		codes = append(codes, r.ShortCode+" ("+r.Name+")")
	}
	all := map[string]any{"Code": ref, "Rooms": strings.Join(codes, ", ")}
	if ref == "" {
		return nil, useError("command.whichRoom", "There are several rooms. Name one with --room: "+strings.Join(codes, ", "), all)
	}
	return nil, app.NewError(app.CodeNotFound, "command.noRoom", "There is no room "+ref+". There are: "+strings.Join(codes, ", "), all)
}

// reason returns an error of the file system without the file's name.
func reason(err error) string {
	if wrong, ok := errors.AsType[*os.PathError](err); ok {
		return wrong.Err.Error()
	}
	return err.Error()
}

// readBounded reads a file, of one that is too long limit+1 bytes.
func readBounded(file string, limit int64) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// writeWhole writes a file that is whole or stays what it was.
func writeWhole(file string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // what matters went wrong before
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
