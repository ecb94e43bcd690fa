package spec

import (
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"cuewire/app"
)

// events is one of each event on Source Saver's bus, by what can follow from it: a
// type with several names stands here once for each.
var events = []app.EventBody{
	app.StatusChanged{},
	app.ErrorOccurred{},
	app.SettingsChanged{},
	app.SystemAlerted{},
	app.MaintenanceChanged{},
	app.StateRestored{},
	app.PerformanceUpdated{},
	app.AlertChanged{},
	app.AlertRulesChanged{},
	app.ClientConnected{},
	app.ClientUpdated{},
	app.ClientDisconnected{},
	app.RoomCreated{},
	app.RoomUpdated{},
	app.RoomDeleted{},
	app.TimerCreated{},
	app.TimerUpdated{},
	app.TimerDeleted{},
	app.TimersReordered{},
	app.TimerStarted{},
	app.TimerReachedZero{},
	app.SoundPlayed{},
	app.PlaybackChanged{},
	app.MessageChanged{Action: app.MessageCreate},
	app.MessageChanged{Action: app.MessageUpdate},
	app.MessageChanged{Action: app.MessageDelete},
	app.MessageChanged{Action: app.MessageShow},
	app.MessageChanged{Action: app.MessageHide},
	app.AuxChanged{Action: app.AuxCreate},
	app.AuxChanged{Action: app.AuxUpdate},
	app.AuxChanged{Action: app.AuxDelete},
	app.QuestionChanged{Action: app.QuestionCreate},
	app.QuestionChanged{Action: app.QuestionUpdate},
	app.QuestionChanged{Action: app.QuestionDelete},
	app.PresetChanged{},
	app.PresetChanged{Deleted: true},
	app.QuickTimerChanged{Change: app.QuickCreated},
	app.QuickTimerChanged{Change: app.QuickUpdated},
	app.QuickTimerChanged{Change: app.QuickEnded},
	app.SourceCreated{},
	app.SourceUpdated{},
	app.SourceActivated{},
	app.SourceDeactivated{},
	app.SourceDeleted{},
	app.SceneSourceAdded{},
	app.SceneSourceRemoved{},
	app.SceneSourceUpdated{},
	app.OBSConnectionChanged{},
	app.OBSPhaseChanged{},
	app.OBSStatsUpdated{},
	app.OBSExiting{},
	app.OBSVendorEvent{},
	app.OBSCustomEvent{},
	app.OBSSceneChanged{},
	app.OBSSceneListChanged{},
	app.OBSSceneCreated{},
	app.OBSSceneRemoved{},
	app.OBSSceneRenamed{},
	app.OBSPreviewChanged{},
	app.OBSStudioModeChanged{},
	app.OBSTransitionChanged{},
	app.OBSTransitionStarted{},
	app.OBSTransitionEnded{},
	app.OBSProfileChanged{},
	app.OBSCollectionChanged{},
	app.OBSStreamChanged{},
	app.OBSRecordChanged{},
	app.OBSReplayChanged{},
	app.OBSVirtualCamChanged{},
	app.OBSRecordFileChanged{},
	app.OBSFileSaved{Kind: app.RecordFile},
	app.OBSFileSaved{Kind: app.ReplayFile},
	app.OBSFileSaved{Kind: app.ScreenshotFile},
	app.OBSSceneItemCreated{},
	app.OBSSceneItemRemoved{},
	app.OBSSceneItemsReordered{},
	app.OBSSceneItemVisible{},
	app.OBSSceneItemLocked{},
	app.OBSSceneItemTransformed{},
	app.OBSInputCreated{},
	app.OBSInputRemoved{},
	app.OBSInputRenamed{},
	app.OBSInputMuted{},
	app.OBSInputVolume{},
	app.OBSInputMeters{},
	app.OBSInputActive{},
	app.OBSInputShowing{},
	app.OBSCanvasChanged{},
	app.OBSInputSettingsChanged{},
	app.OBSMediaChanged{},
	app.OBSBrowserRefreshed{},
}

// named are types that the files refer to.
var named = map[string]reflect.Type{
	"QuickView": reflect.TypeFor[app.QuickView](), "Direction": reflect.TypeFor[app.Direction](),
	"Hello": reflect.TypeFor[app.Hello](), "Action": reflect.TypeFor[app.Action](), "QuestionState": reflect.TypeFor[app.QuestionState](),
	"Room": reflect.TypeFor[app.Room](), "TimerView": reflect.TypeFor[app.TimerView](), "Message": reflect.TypeFor[app.Message](),
	"PlaybackStatus": reflect.TypeFor[app.PlaybackStatus](), "AuxStatus": reflect.TypeFor[app.AuxStatus](), "Question": reflect.TypeFor[app.Question](),
}

// AsyncAPI returns the AsyncAPI document as JSON. address is where the server can be
// opened, "" for unknown.
func AsyncAPI(version, address string) ([]byte, error) {
	doc, err := merge("asyncapi")
	if err != nil {
		return nil, err
	}
	doc["info"].(object)["version"] = version
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		doc["servers"] = object{"cuewire": object{"host": u.Host, "protocol": "ws"}}
	}
	types := newTypes("#/components/schemas/")
	for _, kind := range named {
		types.schema(kind)
	}
	delete(types.named["Hello"].(object), "required") // a client tells what it wants
	messages := doc["components"].(object)["messages"].(object)
	for _, body := range events {
		messages["sourceSaver.tell."+strings.ReplaceAll(body.EventName(), ":", ".")] = object{"payload": eventSchema(types, body)}
	}
	channels, operations := doc["channels"].(object), doc["operations"].(object)
	for _, key := range slices.Sorted(maps.Keys(messages)) {
		message := messages[key].(object)
		payload := message["payload"].(object)
		if flat, ok := payload["flat"].(string); ok { // with all that a named type has
			delete(payload, "flat")
			types.fields(named[flat], payload["properties"].(object), requiredOf(payload))
		}
		part := strings.SplitN(key, ".", 3) // channel.direction.name
		message["name"] = part[2]
		short := part[1] + "." + part[2]
		channel := channels[part[0]].(object)
		if channel["messages"] == nil {
			channel["messages"] = object{}
		}
		channel["messages"].(object)[short] = object{"$ref": "#/components/messages/" + key}
		operation := operations[part[1]+strings.ToUpper(part[0][:1])+part[0][1:]].(object)
		list, _ := operation["messages"].([]any)
		operation["messages"] = append(list, object{"$ref": "#/channels/" + part[0] + "/messages/" + short})
	}
	types.named["QuickViewLater"] = snakeKeys(types.named["QuickView"].(object))
	doc["components"].(object)["schemas"] = types.named
	return json.Marshal(doc)
}

// snakeKeys returns an object's schema with its keys in snake_case.
func snakeKeys(schema object) object {
	snake := func(key string) string {
		var b strings.Builder
		for _, r := range key {
			if 'A' <= r && r <= 'Z' {
				b.WriteByte('_')
				r += 'a' - 'A'
			}
			b.WriteRune(r)
		}
		return b.String()
	}
	properties, required := object{}, []any{}
	for key, property := range schema["properties"].(object) {
		properties[snake(key)] = property
	}
	for _, key := range schema["required"].([]any) {
		required = append(required, snake(key.(string)))
	}
	return object{"type": "object", "properties": properties, "required": required}
}

// requiredOf returns the list of a schema's required fields, which is written back
// as it grows.
func requiredOf(schema object) *[]any {
	list, _ := schema["required"].([]any)
	schema["required"] = &list
	return &list
}

// eventSchema is the frame of an event. The time stands in the data too.
func eventSchema(types *types, body app.EventBody) object {
	data := types.object(reflect.TypeOf(body))
	when := object{"type": "string", "format": "date-time"}
	data["properties"].(object)["timestamp"] = when
	required, _ := data["required"].([]any)
	data["required"] = append(required, "timestamp")
	return object{
		"type":     "object",
		"required": []any{"event", "data", "timestamp", "id"},
		"properties": object{
			"event": object{"const": body.EventName()}, "data": data, "timestamp": when, "id": object{"type": "string"},
			"snapshot": object{"const": true, "description": "On frames that tell the state."},
		},
	}
}
