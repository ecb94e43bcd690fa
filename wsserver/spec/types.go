package spec

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"cuewire/app"
)

// published are the types of package app that the documents name; what they are
// made of comes along.
var published = []any{
	app.Settings{},
	app.SettingsFields{},
	app.Checks{},
	app.Backup{},
	app.Recovered{},
	app.Restored{},
	app.Maintenance{},
	app.Status(""),
	app.SourcesPerformance{},
	app.Alert{},
	app.AlertRule{},
	app.MetricInfo{},
	app.Metric(""),
	app.OBSPhase(""),
	app.OBSStats{},
	app.OBSOutput{},
	app.OBSInput{},
	app.OBSInstance{},
	app.Room{},
	app.TimerView{},
	app.TimerFields{},
	app.Message{},
	app.MessageFields{},
	app.PlaybackStatus{},
	app.Action(""),
	app.AuxStatus{},
	app.AuxFields{},
	app.Question{},
	app.QuestionState(""),
	app.Preset{},
	app.QuickView{},
	app.QuickFields{},
	app.Token{},
	app.Pairing{},
	app.ReachAddress{},
	app.ReachNetwork{},
	app.Client{},
	app.Direction{},
	app.Source{},
	app.SourceFields{},
	app.SourceInOBS{},
	app.Placement{},
	app.PlacementFields{},
}

// values are those that a type of text can have, where there is a fixed set.
var values = map[reflect.Type][]any{
	reflect.TypeFor[app.Status]():   {app.Healthy, app.Degraded, app.Unhealthy},
	reflect.TypeFor[app.Severity](): {app.SeverityInfo, app.SeverityWarning, app.SeverityCritical},
	reflect.TypeFor[app.Metric]():   allMetrics(),
	reflect.TypeFor[app.OBSPhase](): {
		app.OBSOff, app.OBSSearching, app.OBSNotRunning, app.OBSServerOff, app.OBSWrongPassword, app.OBSConnecting, app.OBSConnected, app.OBSLost, app.OBSKicked,
	},
	reflect.TypeFor[app.QuickStatus]():   {app.QuickNotStarted, app.QuickRunning, app.QuickPaused, app.QuickCompleted, app.QuickCancelled},
	reflect.TypeFor[app.QuickAction]():   {app.QuickStart, app.QuickPause, app.QuickResume, app.QuickStop, app.QuickCancel},
	reflect.TypeFor[app.PlayState]():     {app.Stopped, app.Running, app.Paused},
	reflect.TypeFor[app.Role]():          {app.Viewer, app.Agenda, app.Moderator, app.Operator, app.Controller, app.Admin},
	reflect.TypeFor[app.SourceWay]():     {app.WayCombined, app.WayOwn},
	reflect.TypeFor[app.SourceLoad]():    {app.LoadKeep, app.LoadUnload},
	reflect.TypeFor[app.FramingState]():  {app.FramingUnknown, app.FramingAllowed, app.FramingRefused},
	reflect.TypeFor[app.HTTPSMode]():     {app.HTTPSOff, app.HTTPSLocal, app.HTTPSGiven},
	reflect.TypeFor[app.NetworkKind]():   {app.NetworkCable, app.NetworkWiFi, app.NetworkVirtual, app.NetworkOther},
	reflect.TypeFor[app.PairingState]():  {app.PairingWaiting, app.PairingUsed, app.PairingVoid, app.PairingCanceled, app.PairingExpired},
	reflect.TypeFor[app.DirectionKind](): {app.Identify, app.Reload, app.Redirect},
	reflect.TypeFor[app.MessageColor]():  {app.White, app.Green, app.Yellow, app.Red},
}

func allMetrics() (all []any) {
	for _, m := range app.Metrics() {
		all = append(all, m)
	}
	return all
}

// types turns Go types into JSON Schema. Those of package app that are structs, or
// have a fixed set of values, get a name and are referred to.
type types struct {
	prefix string // of references
	named  object
}

func newTypes(prefix string) *types { return &types{prefix, object{}} }

// schema returns the schema of a type, or a reference to it.
func (t *types) schema(kind reflect.Type) object {
	switch kind {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[app.QuickTime]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[json.RawMessage]():
		return object{}
	case reflect.TypeFor[app.Instant]():
		return object{"type": "integer", "description": "Milliseconds since 1970, UTC."}
	case reflect.TypeFor[app.Millis]():
		return object{"type": "integer", "description": "Milliseconds."}
	}
	switch kind.Kind() {
	case reflect.Pointer:
		return orNull(t.schema(kind.Elem()))
	case reflect.Slice, reflect.Array:
		return object{"type": "array", "items": t.schema(kind.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": t.schema(kind.Elem())}
	case reflect.Struct:
		return t.refer(kind, func() object { return t.object(kind) })
	case reflect.String:
		if known, ok := values[kind]; ok {
			return t.refer(kind, func() object { return object{"type": "string", "enum": known} })
		}
		if kind.PkgPath() != "" {
			return t.refer(kind, func() object { return object{"type": "string"} })
		}
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Interface:
		return object{}
	}
	return object{"type": "integer"}
}

// refer returns a reference to a named type, made the first time.
func (t *types) refer(kind reflect.Type, make func() object) object {
	name := kind.Name()
	if name == "" {
		return make()
	}
	if _, known := t.named[name]; !known {
		t.named[name] = object{} // it may refer to itself
		t.named[name] = make()
	}
	return object{"$ref": t.prefix + name}
}

func (t *types) object(kind reflect.Type) object {
	properties, required := object{}, []any{}
	t.fields(kind, properties, &required)
	made := object{"type": "object", "properties": properties}
	if len(required) > 0 && !strings.HasSuffix(kind.Name(), "Fields") { // of those a person may leave any out
		made["required"] = required
	}
	return made
}

// fields adds a struct's fields, those of embedded ones as encoding/json has them.
func (t *types) fields(kind reflect.Type, properties object, required *[]any) {
	for i := range kind.NumField() {
		field := kind.Field(i)
		tag, _ := field.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		if field.Anonymous && name == "" {
			embedded := field.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			t.fields(embedded, properties, required)
			continue
		}
		if !field.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = field.Name
		}
		properties[name] = t.schema(field.Type)
		if !strings.Contains(options, "omitempty") {
			*required = append(*required, name)
		}
	}
}

// orNull returns a schema that null fits too.
func orNull(schema object) object {
	if kind, ok := schema["type"].(string); ok && schema["enum"] == nil {
		schema["type"] = []any{kind, "null"}
		return schema
	}
	return object{"anyOf": []any{schema, object{"type": "null"}}}
}
