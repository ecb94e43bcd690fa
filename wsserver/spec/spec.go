// Package spec has the documents that describe what the server serves: OpenAPI 3.1
// for REST, AsyncAPI 3 for the WebSocket endpoints. They are written in the YAML
// files of its folders, one for an area, in a short form; what a Go type of package
// app is as JSON is taken from the type itself.
//
// An operation in openapi/*.yaml:
//
//	summary, description
//	role: who may call it: viewer, moderator, operator, admin
//	query: its parameters by name, each a schema, with its description
//	body, optionalBody: the JSON that it takes; fileBody: true for a file
//	status: of success, 200 unless given; ok: its JSON; media: its types where it is none
//	also: further JSON answers by status
//	durable: true for a change, whose answer has the header Cuewire-Durable
//
// A schema may be the name of one of components/schemas. Parameters of the path and
// the answer to what fails are filled in.
package spec

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed openapi/*.yaml asyncapi/*.yaml
var files embed.FS

type object = map[string]any

// OpenAPI returns the OpenAPI document as JSON. address is where the server can be
// opened, "" for unknown.
func OpenAPI(version, address string) ([]byte, error) {
	doc, err := merge("openapi")
	if err != nil {
		return nil, err
	}
	doc["info"].(object)["version"] = version
	if address != "" {
		doc["servers"] = []any{object{"url": address}}
	}
	for path, item := range doc["paths"].(object) {
		for method, short := range item.(object) {
			item.(object)[method] = operation(path, method, short.(object))
		}
	}
	types := newTypes("#/components/schemas/")
	for _, sample := range published {
		types.schema(reflect.TypeOf(sample))
	}
	schemas := doc["components"].(object)["schemas"].(object)
	for name, schema := range types.named {
		schemas[name] = schema
	}
	return json.Marshal(doc)
}

// merge returns the base document of a folder with all others of it put in.
func merge(folder string) (object, error) {
	names, err := fs.Glob(files, folder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	doc := object{}
	slices.SortFunc(names, func(a, b string) int { // the base first
		if isBase := strings.HasSuffix(a, "/base.yaml"); isBase != strings.HasSuffix(b, "/base.yaml") {
			if isBase {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var area object
		if err := yaml.Unmarshal(text, &area); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := put(doc, area, name); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

// put puts what an area has into the document: objects are joined, lists appended.
func put(doc, area object, name string) error {
	for key, value := range area {
		known, there := doc[key]
		switch v := value.(type) {
		case object:
			if !there {
				doc[key] = v
			} else if inner, ok := known.(object); !ok || put(inner, v, name) != nil {
				return fmt.Errorf("%s: %s is there already", name, key)
			}
		case []any:
			list, _ := known.([]any)
			doc[key] = append(list, v...)
		default:
			if there {
				return fmt.Errorf("%s: %s is there already", name, key)
			}
			doc[key] = value
		}
	}
	return nil
}

var inPath = regexp.MustCompile(`\{([a-zA-Z]+)(\.\.\.)?\}`)

// operation returns the long form of an operation.
func operation(path, method string, short object) object {
	long := object{"summary": short["summary"], "operationId": operationID(method, path), "tags": []any{tagOf(path)}}
	if text, ok := short["description"]; ok {
		long["description"] = text
	}
	long["x-role"] = short["role"]
	var parameters []any
	for _, found := range inPath.FindAllStringSubmatch(path, -1) {
		parameters = append(parameters, object{"$ref": "#/components/parameters/" + found[1]})
	}
	if query, ok := short["query"].(object); ok {
		for _, name := range slices.Sorted(maps.Keys(query)) {
			parameter := object{"name": name, "in": "query", "schema": query[name]}
			if text, ok := query[name].(object)["description"]; ok {
				parameter["description"] = text
			}
			parameters = append(parameters, parameter)
		}
	}
	if parameters != nil {
		long["parameters"] = parameters
	}
	switch {
	case short["body"] != nil:
		long["requestBody"] = object{"required": true, "content": jsonContent(short["body"])}
	case short["optionalBody"] != nil:
		long["requestBody"] = object{"required": false, "content": jsonContent(short["optionalBody"])}
	case short["fileBody"] != nil:
		long["requestBody"] = object{"required": true, "content": object{"*/*": object{}}}
	}
	good := object{"description": "Done."}
	if short["ok"] != nil {
		good["content"] = jsonContent(short["ok"])
		if short["durable"] == true {
			good["content"] = jsonContent(object{"allOf": []any{schemaOf(short["ok"]), object{"properties": object{"durable": object{"const": false}}}}})
		}
	}
	if media, ok := short["media"].([]any); ok {
		content := object{}
		for _, kind := range media {
			content[kind.(string)] = object{}
		}
		good["content"] = content
	}
	if short["durable"] == true {
		good["headers"] = object{"Cuewire-Durable": object{"$ref": "#/components/headers/durable"}}
	}
	status := "200"
	if given, ok := short["status"]; ok {
		status = fmt.Sprint(given)
	}
	answers := object{status: good, "default": object{"description": "Why it was not done.", "content": jsonContent("Error")}}
	if also, ok := short["also"].(object); ok {
		for status, schema := range also {
			answers[status] = object{"description": "As described.", "content": jsonContent(schema)}
		}
	}
	long["responses"] = answers
	return long
}

func jsonContent(schema any) object {
	return object{"application/json": object{"schema": schemaOf(schema)}}
}

// schemaOf returns a schema that may be given by its name.
func schemaOf(schema any) any {
	if name, ok := schema.(string); ok {
		return object{"$ref": "#/components/schemas/" + name}
	}
	return schema
}

// operationID names an operation by its path: getApiObsScenesByScene.
func operationID(method, path string) string {
	var name strings.Builder
	name.WriteString(method)
	for part := range strings.FieldsFuncSeq(path, func(r rune) bool { return strings.ContainsRune("/-._", r) }) {
		if found := inPath.FindStringSubmatch(part); found != nil {
			part = "by" + strings.ToUpper(found[1][:1]) + found[1][1:]
		}
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}

// tagOf returns the area that a path belongs to.
func tagOf(path string) string {
	for _, area := range []struct{ within, tag string }{
		{"/api/performance/", "performance"},
		{"/api/obs/", "obs"},
		{"/api/sources", "sources"},
		{"/api/scenes", "sources"},
		{"/api/overlays", "sources"},
		{"/api/access", "devices"},
		{"/api/pairing", "devices"},
		{"/api/sharing", "devices"},
		{"/api/clients", "devices"},
		{"/api/v1/apps", "apps"},
		{"/apps/", "channels"},
		{"/broadcasting/", "channels"},
		{"/api/v1/", "rooms"},
	} {
		if strings.HasPrefix(path, area.within) {
			return area.tag
		}
	}
	return "system"
}
