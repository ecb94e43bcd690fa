package wsserver

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"cuewire/app"
	"cuewire/wsserver/spec"
)

// documents are the served documents, made strict: what they don't mention is wrong.
// Every answer that a test gets through call, and every frame of a transcript, is
// held against them.
var documents = sync.OnceValue(func() *documented {
	d := &documented{schemas: map[string]*jsonschema.Schema{}, routes: http.NewServeMux()}
	for name, write := range map[string]func(string, string) ([]byte, error){"openapi": spec.OpenAPI, "asyncapi": spec.AsyncAPI} {
		text, err := write("test", "http://127.0.0.1:3000")
		if err != nil {
			panic(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			panic(err)
		}
		if name == "openapi" {
			d.open = doc.(map[string]any)
		} else {
			d.async = doc.(map[string]any)
		}
	}
	for path := range d.open["paths"].(map[string]any) {
		d.routes.HandleFunc(path, func(http.ResponseWriter, *http.Request) {})
	}
	strict(d.open["paths"])
	for _, doc := range []map[string]any{d.open, d.async} {
		components := doc["components"].(map[string]any)
		for _, schema := range components["schemas"].(map[string]any) {
			strictWithin(schema.(map[string]any))
		}
		if messages, ok := components["messages"].(map[string]any); ok {
			strict(messages)
		}
	}
	d.compiler = jsonschema.NewCompiler()
	d.compiler.AssertFormat()
	for url, doc := range map[string]any{"openapi.json": d.open, "asyncapi.json": d.async} {
		if err := d.compiler.AddResource(url, doc); err != nil {
			panic(err)
		}
	}
	return d
})

type documented struct {
	open, async map[string]any
	routes      *http.ServeMux // knows which path of the document a request is for

	mu       sync.Mutex // guards what follows
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
}

// strict makes every schema below a part of a document strict.
func strict(part any) {
	switch p := part.(type) {
	case map[string]any:
		for key, inner := range p {
			if schema, ok := inner.(map[string]any); ok && (key == "schema" || key == "payload") {
				strictly(schema)
				continue
			}
			strict(inner)
		}
	case []any:
		for _, inner := range p {
			strict(inner)
		}
	}
}

// strictly makes a schema, which stands for a whole value, and those within it strict.
func strictly(schema map[string]any) {
	_, ref := schema["$ref"]
	_, properties := schema["properties"]
	_, all := schema["allOf"]
	if _, open := schema["additionalProperties"]; (ref || properties || all) && !open {
		schema["unevaluatedProperties"] = false
	}
	strictWithin(schema)
}

func strictWithin(schema map[string]any) {
	if properties, ok := schema["properties"].(map[string]any); ok {
		for _, inner := range properties {
			strictly(inner.(map[string]any))
		}
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if inner, ok := schema[key].(map[string]any); ok {
			strictly(inner)
		}
	}
	if either, ok := schema["anyOf"].([]any); ok {
		for _, inner := range either {
			strictly(inner.(map[string]any))
		}
	}
	if all, ok := schema["allOf"].([]any); ok {
		for _, inner := range all {
			strictWithin(inner.(map[string]any))
		}
	}
}

// at returns the schema at a place in a document.
func (d *documented) at(t testing.TB, url string, steps ...string) *jsonschema.Schema {
	t.Helper()
	for _, step := range steps {
		url += "/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(step)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, ok := d.schemas[url]; ok {
		return known
	}
	schema, err := d.compiler.Compile(url)
	if err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	d.schemas[url] = schema
	return schema
}

// documentedPath reports whether a path is for programs.
func documentedPath(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/broadcasting/") || strings.HasPrefix(path, "/apps/") && strings.Count(path, "/") > 2
}

// answered holds an answer of REST against the document. What it does not know is a
// 404 or not for programs.
func (d *documented) answered(t testing.TB, method string, resp *http.Response, text string) {
	t.Helper()
	if method == http.MethodHead || method == http.MethodOptions || !documentedPath(resp.Request.URL.Path) {
		return
	}
	where := method + " " + resp.Request.URL.EscapedPath() + " " + resp.Status
	request := resp.Request.Clone(resp.Request.Context())
	request.Method = http.MethodGet
	_, path := d.routes.Handler(request)
	if path == "" || resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return
	}
	operation, known := d.open["paths"].(map[string]any)[path].(map[string]any)[strings.ToLower(method)].(map[string]any)
	if !known {
		if resp.StatusCode != http.StatusMethodNotAllowed && resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s is not documented", where)
		}
		return
	}
	status := strconv.Itoa(resp.StatusCode)
	responses := operation["responses"].(map[string]any)
	answer, ok := responses[status].(map[string]any)
	if !ok {
		if resp.StatusCode < 400 {
			t.Errorf("%s: the document has no such status", where)
			return
		}
		status, answer = "default", responses["default"].(map[string]any)
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	content, _ := answer["content"].(map[string]any)
	if text == "" && content == nil {
		return
	}
	media, ok := content[kind].(map[string]any)
	if !ok {
		t.Errorf("%s: the document has no %s", where, kind)
		return
	}
	if media["schema"] == nil {
		return
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = d.at(t, "openapi.json#", "paths", path, strings.ToLower(method), "responses", status, "content", kind, "schema").Validate(value)
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", where, err, text)
	}
}

// told holds a frame that a socket sent against the document.
func (d *documented) told(t testing.TB, frame string) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(frame))
	if err != nil {
		t.Errorf("%v in %s", err, frame)
		return
	}
	fields, _ := value.(map[string]any)
	key := "palcoTimer.tell." + str(fields["type"])
	if _, ok := fields["payload"]; ok {
		key = "timerAPI.tell." + str(fields["type"])
	}
	if event := str(fields["event"]); event != "" {
		key = "sourceSaver.tell." + strings.ReplaceAll(event, ":", ".")
		if _, written := fields["data"].(string); written {
			key = "broadcastt.tell.event"
			space, name, _ := strings.Cut(event, ":")
			if space, _, _ = strings.Cut(space, "_internal"); space == "broadcastt" || space == "pusher" {
				key = "broadcastt.tell." + name
			}
		}
	}
	if _, known := d.async["components"].(map[string]any)["messages"].(map[string]any)[key]; !known {
		t.Errorf("not documented: %s", frame)
		return
	}
	if err := d.at(t, "asyncapi.json#", "components", "messages", key, "payload").Validate(value); err != nil {
		t.Errorf("%v\n%s", err, frame)
	}
}

func str(value any) string {
	text, _ := value.(string)
	return text
}

// Every call that is served is documented, and the other way round.
func TestEveryRouteIsDocumented(t *testing.T) {
	s := listening(t, newScripted(), func(c *Config) {
		c.Files = struct{ app.RundownFiles }{}
		c.Collections = struct{ app.SceneCollections }{}
		c.Backups = struct{ app.Backups }{}
		c.Logs, c.Support = &fakeInsight{}, &fakeInsight{}
	})
	t.Cleanup(func() { _ = s.Close() })
	served := map[string][]string{}
	for path, methods := range s.routes {
		if documentedPath(path) {
			served[path] = methods
		}
	}
	documented := map[string][]string{}
	for path, item := range documents().open["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			documented[path] = append(documented[path], strings.ToUpper(method))
		}
		slices.Sort(documented[path])
	}
	for _, path := range slices.Sorted(maps.Keys(served)) {
		if !slices.Equal(served[path], documented[path]) {
			t.Errorf("%s is served with %v, documented with %v", path, served[path], documented[path])
		}
		delete(documented, path)
	}
	for path, methods := range documented {
		t.Errorf("%v %s is documented and not served", methods, path)
	}
}

// Every event is documented.
func TestEveryEventIsDocumented(t *testing.T) {
	paths, err := filepath.Glob("../app/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	messages := documents().async["components"].(map[string]any)["messages"].(map[string]any)
	found := 0
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Name.Name != "EventName" || method.Recv == nil {
				continue
			}
			ast.Inspect(method.Body, func(n ast.Node) bool {
				literal, ok := n.(*ast.BasicLit)
				if !ok {
					return true
				}
				name, err := strconv.Unquote(literal.Value)
				if err != nil || !strings.Contains(name, ":") {
					return true
				}
				if strings.HasPrefix(name, "apps:") || strings.HasPrefix(name, "channels:") {
					return true // Cuewire's own, see app.VisibleBody
				}
				found++
				key := "sourceSaver.tell." + strings.ReplaceAll(name, ":", ".")
				for message := range messages {
					if message == key || strings.HasSuffix(name, ":") && strings.HasPrefix(message, key) {
						return true
					}
				}
				t.Errorf("%s: %s is not documented", path, name)
				return true
			})
		}
	}
	if found < 70 {
		t.Errorf("found %d events: is that all?", found)
	}
}

// The documents are what they say they are.
func TestDocumentsAreValid(t *testing.T) {
	s := start(t, newScripted())
	for path, schema := range map[string]string{
		"/api/openapi.json": "testdata/openapi-3.1.schema.json", "/api/asyncapi.json": "testdata/asyncapi-3.0.0.schema.json.gz",
	} {
		t.Run(path, func(t *testing.T) {
			_, text := call(t, s, "GET", path, "")
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			compiler := jsonschema.NewCompiler()
			if err := compiler.AddResource("document.schema.json", readSchema(t, schema)); err != nil {
				t.Fatal(err)
			}
			compiled, err := compiler.Compile("document.schema.json")
			if err != nil {
				t.Fatal(err)
			}
			if err := compiled.Validate(doc); err != nil {
				t.Error(err)
			}
			var object map[string]any
			if err := json.Unmarshal([]byte(text), &object); err != nil {
				t.Fatal(err)
			}
			resolve(t, object, object, "#")
		})
	}
}

func readSchema(t *testing.T, path string) any {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var reader io.Reader = bytes.NewReader(content)
	if strings.HasSuffix(path, ".gz") {
		if reader, err = gzip.NewReader(reader); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := jsonschema.UnmarshalJSON(reader)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// resolve checks that every reference leads somewhere.
func resolve(t *testing.T, doc map[string]any, part any, where string) {
	switch p := part.(type) {
	case map[string]any:
		if ref, ok := p["$ref"].(string); ok {
			var target any = doc
			for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
				object, _ := target.(map[string]any)
				target = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
			}
			if target == nil {
				t.Errorf("%s: nothing is at %s", where, ref)
			}
		}
		for key, inner := range p {
			resolve(t, doc, inner, where+"/"+key)
		}
	case []any:
		for i, inner := range p {
			resolve(t, doc, inner, where+"/"+strconv.Itoa(i))
		}
	}
}

// The check has teeth.
func TestTheDocumentsRefuse(t *testing.T) {
	health := documents().at(t, "openapi.json#", "paths", "/api/health", "get", "responses", "200", "content", "application/json", "schema")
	for text, want := range map[string]bool{
		`{"status":"healthy","timestamp":"2026-01-15T16:35:00.000Z","uptime":1,"version":"1","environment":"production"}`:         true,
		`{"status":"healthy","timestamp":"2026-01-15T16:35:00.000Z","uptime":1,"version":"1","environment":"production","new":1}`: false,
		`{"status":"well","timestamp":"2026-01-15T16:35:00.000Z","uptime":1,"version":"1","environment":"production"}`:            false,
		`{"status":"healthy","timestamp":"yesterday","uptime":1,"version":"1","environment":"production"}`:                        false,
		`{"status":"healthy","timestamp":"2026-01-15T16:35:00.000Z","version":"1","environment":"production"}`:                    false,
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := health.Validate(value) == nil; got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
