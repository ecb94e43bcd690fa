package insight

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"gopkg.in/natefinch/lumberjack.v2"

	"cuewire/app"
)

// The log's file, and what its older parts may come to.
const (
	LogFolder  = "logs" // in the data folder
	logName    = "cuewire.log"
	logSize    = 5       // MB, then it is put aside and a new one begun
	logBackups = 5       // that are put aside
	logDays    = 30      // after which they are removed
	logQueue   = 1024    // lines that may wait for the disk; past them lines are left out of the file
	logRecall  = 1 << 20 // bytes of the file that the ring begins with
)

// closeWait is how long Close waits for a disk that hangs.
const closeWait = time.Second

// Log is where all parts of Cuewire log to: a stream that a person may be looking
// at, the last lines in memory and, once it has a folder, a file of JSON lines. A
// file that cannot be written is told on the stream once and stops nothing.
type Log struct {
	*Redactor
	ring    *ring
	handler slog.Handler
	stream  slog.Handler // alone, for what the file says of itself

	file    atomic.Pointer[logFile]
	leftOut atomic.Uint64
}

// NewLog returns a log that writes lines for people to stream.
func NewLog(stream io.Writer, level slog.Leveler) *Log {
	l := &Log{Redactor: &Redactor{}, ring: &ring{}}
	options := &slog.HandlerOptions{Level: level}
	l.stream = slog.NewTextHandler(stream, options)
	l.handler = newHandler(l.Redactor, l.stream, slog.NewJSONHandler(lineWriter{l}, options))
	return l
}

// Logger returns the logger of a part of Cuewire, "" for none in particular.
func (l *Log) Logger(part string) *slog.Logger {
	logger := slog.New(l.handler)
	if part != "" {
		logger = logger.With(partKey, part)
	}
	return logger
}

// Logs implements [app.Logs].
func (l *Log) Logs(q app.LogQuery) app.LogPage { return l.ring.Logs(q) }

var _ app.Logs = (*Log)(nil)

// lineWriter takes the file's lines; slog writes each in one call, one after the other.
type lineWriter struct{ log *Log }

func (w lineWriter) Write(line []byte) (int, error) {
	line = bytes.Clone(line)
	w.log.ring.add(line)
	if f := w.log.file.Load(); f != nil {
		f.add(line)
	}
	return len(line), nil
}

// KeepIn writes the log to a file in the data folder too, and recalls the end of
// what stands there. It is called once, before others log much.
func (l *Log) KeepIn(dataDir string) {
	folder := filepath.Join(dataDir, LogFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		l.troubled(err)
		return
	}
	path := filepath.Join(folder, logName)
	l.Recall(dataDir)
	f := &logFile{
		log:   l,
		out:   &lumberjack.Logger{Filename: path, MaxSize: logSize, MaxBackups: logBackups, MaxAge: logDays},
		lines: make(chan []byte, logQueue), done: make(chan struct{}),
	}
	go f.run()
	l.file.Store(f)
}

// Recall puts the end of the data folder's log before the lines in memory.
func (l *Log) Recall(dataDir string) {
	old, err := tail(filepath.Join(dataDir, LogFolder, logName), logRecall)
	if err != nil {
		return // the first start, or what KeepIn will find out by writing
	}
	recalled := &ring{}
	for line := range bytes.Lines(old) {
		if _, _, ok := parse(line); ok {
			recalled.add(bytes.Clone(line))
		}
	}
	l.ring.mu.Lock()
	defer l.ring.mu.Unlock()
	l.ring.lines, l.ring.size = append(recalled.lines, l.ring.lines...), recalled.size+l.ring.size
}

// tail returns the last whole lines of a file, at most so many bytes.
func tail(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	begin := max(0, size-most)
	text := make([]byte, size-begin)
	n, err := f.ReadAt(text, begin)
	if err != nil && err != io.EOF {
		return nil, err
	}
	text = text[:n]
	if begin > 0 {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return text, nil
}

// troubled tells on the stream alone that the file cannot be written.
func (l *Log) troubled(err error) {
	record := slog.NewRecord(time.Now(), slog.LevelWarn, "the log cannot be written to its file; Cuewire goes on without it", 0)
	record.AddAttrs(slog.String("err", l.Text(err.Error())))
	_ = l.stream.Handle(context.Background(), record) // there is nowhere else to tell it
}

// Close writes what waits, for as long as the disk takes it within a second.
func (l *Log) Close() error {
	f := l.file.Swap(nil)
	if f == nil {
		return nil
	}
	f.mu.Lock()
	f.closed = true
	close(f.lines)
	f.mu.Unlock()
	select {
	case <-f.done:
		return f.out.Close()
	case <-time.After(closeWait):
		return fmt.Errorf("close the log: the disk does not answer")
	}
}

// logFile writes lines on a goroutine of its own, so that nobody waits for the disk.
type logFile struct {
	log   *Log
	out   *lumberjack.Logger
	lines chan []byte
	done  chan struct{} // closed when all is written

	mu     sync.Mutex // guards closed
	closed bool
}

// add queues a line, or leaves it out when too many wait.
func (f *logFile) add(line []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	select {
	case f.lines <- line:
	default:
		f.log.leftOut.Add(1)
	}
}

func (f *logFile) run() {
	defer close(f.done)
	troubled := false
	for line := range f.lines {
		n := f.log.leftOut.Swap(0)
		if n > 0 {
			_, _ = fmt.Fprintf(f.out, "\n"+`{"time":%q,"level":"WARN","msg":"lines were left out of this file: the disk was too slow, or full","lines":%d}`+"\n",
				time.Now().Format(time.RFC3339Nano), n) // if it fails so does what follows
		}
		if _, err := f.out.Write(line); err != nil {
			f.log.leftOut.Add(n + 1)
			if !troubled {
				f.log.troubled(err)
			}
			troubled = true
			continue
		}
		troubled = false
	}
}
