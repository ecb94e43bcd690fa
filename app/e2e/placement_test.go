package e2e

import (
	"fmt"
	"math"
	"testing"

	"cuewire/obsbridge/obstest"
)

// itemInOBS is a scene item as a client of OBS sees it that shares nothing with us.
type itemInOBS struct {
	ID        int    `json:"sceneItemId"`
	Source    string `json:"sourceName"`
	Enabled   bool   `json:"sceneItemEnabled"`
	Index     int    `json:"sceneItemIndex"` // from the bottom
	Transform struct {
		PositionX, PositionY, ScaleX, ScaleY, Rotation, SourceWidth, SourceHeight float64
		Alignment                                                                 float64
		BoundsType                                                                string
	} `json:"sceneItemTransform"`
}

// placedOBS is a program and its OBS, and what a test does with both.
type placedOBS struct {
	*program
	s   *socket
	obs *obstest.RealOBS
	c   *obstest.Client
}

func (p *placedOBS) itemsInOBS(scene string) map[string]itemInOBS {
	p.t.Helper()
	var list struct{ SceneItems []itemInOBS }
	p.c.Ask("GetSceneItemList", map[string]any{"sceneName": scene}, &list)
	items := map[string]itemInOBS{}
	for _, item := range list.SceneItems {
		items[item.Source] = item
	}
	return items
}

// ownSource adds a source shown the own way and returns its id.
func (p *placedOBS) ownSource(name string, width, height int) string {
	p.t.Helper()
	made := p.expect(201, "POST", "/api/sources", fmt.Sprintf(
		`{"name":%q,"url":"http://127.0.0.1:9/%s","width":%d,"height":%d,"way":"own","refreshRate":30}`, name, name, width, height,
	))
	return made.frame["id"].(string)
}

func (p *placedOBS) place(id, scene, config string) {
	p.t.Helper()
	p.expect(200, "POST", "/api/scenes/"+scene+"/sources/"+id, `{"config":`+config+`}`)
}

// config waits until a source's placement in the scene "Main" is as wanted.
func (p *placedOBS) config(what, id string, wanted func(c frame) bool) {
	p.t.Helper()
	var last frame
	eventually(p.t, what, func() bool {
		var list struct {
			Sources []struct {
				ID          string
				SceneConfig frame
			}
		}
		p.get("/api/scenes/Main/sources?obs=optional", &list)
		for _, s := range list.Sources {
			if s.ID == id {
				last = s.SceneConfig
				return wanted(s.SceneConfig)
			}
		}
		return wanted(nil)
	})
	p.t.Logf("%s: %v", what, last)
}

// at reports whether numbers of a placement are these, to a hundredth.
func at(wanted map[string]float64) func(frame) bool {
	return func(c frame) bool {
		for name, value := range wanted {
			if got, ok := c[name].(float64); !ok || math.Abs(got-value) > 0.01 {
				return false
			}
		}
		return c != nil
	}
}

// The steps build on each other.
func TestPlacementsAgreeWithOBS(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main", "Other"}})
	p := &placedOBS{program: start(t, t.TempDir(), "--obs", obs.URL()), obs: obs, c: obs.Connect(t)}
	p.s = p.subscribe(`"obs:connectionChanged","scenes:*","sources:*"`)
	p.s.event("obs:connectionChanged", connected(true))

	// A placement set over REST stands in OBS to the pixel, turned and scaled.
	id := p.ownSource("Alerts", 800, 600)
	p.place(id, "Main", `{"x":100.5,"y":50.25,"scaleX":1.5,"scaleY":0.75,"rotation":33.5,"width":400,"height":300}`)
	if items := p.itemsInOBS("Main"); len(items) != 0 {
		t.Errorf("OBS shows an inactive source: %+v", items)
	}
	p.expect(200, "POST", "/api/sources/"+id+"/activate", "")
	p.inOBS("the placement", "Main", "Alerts", func(i itemInOBS) bool {
		w := i.Transform
		return i.Enabled && near(w.PositionX, 100.5) && near(w.PositionY, 50.25) && near(w.ScaleX*w.SourceWidth, 600) && near(w.ScaleY*w.SourceHeight, 225) &&
			near(w.Rotation, 33.5) && w.Alignment == 5 && w.BoundsType == "OBS_BOUNDS_NONE"
	})
	p.expect(200, "PUT", "/api/scenes/Main/sources/"+id+"/config", `{"x":-40,"rotation":359.99,"visible":false}`)
	p.inOBS("the change", "Main", "Alerts", func(i itemInOBS) bool {
		return !i.Enabled && near(i.Transform.PositionX, -40) && near(i.Transform.Rotation, 359.99)
	})

	// What is moved in OBS comes back, with what changed.
	item := p.itemsInOBS("Main")["Alerts"].ID
	p.transform("Main", item, map[string]any{"positionX": 320, "positionY": 180.75, "rotation": 45.25})
	moved := p.s.event("scenes:sourceConfigUpdated", func(data frame) bool { return data["config"].(map[string]any)["rotation"] == 45.25 })
	for _, change := range moved["changes"].([]any) {
		if change == "scaleX" || change == "scaleY" || change == "visible" {
			t.Errorf("a move is told as %v", moved)
		}
	}
	p.config("moved in OBS", id, at(map[string]float64{"x": 320, "y": 180.75, "rotation": 45.25, "scaleX": 1.5, "scaleY": 0.75}))
	p.transform("Main", item, map[string]any{"scaleX": 0.03125, "scaleY": 2})
	p.config("scaled in OBS, past the limit", id, at(map[string]float64{"scaleX": 0.0625, "scaleY": 4, "width": 400, "height": 300}))
	p.c.Ask("SetSceneItemEnabled", map[string]any{"sceneName": "Main", "sceneItemId": item, "sceneItemEnabled": true}, nil)
	p.config("shown in OBS", id, func(c frame) bool { return c["visible"] == true })

	// Fit to screen and other alignments are the same place in other words.
	p.transform("Main", item, map[string]any{
		"positionX": 0, "positionY": 0, "rotation": 0, "scaleX": 1, "scaleY": 1, "boundsType": "OBS_BOUNDS_SCALE_INNER", "boundsAlignment": 0,
		"boundsWidth": 1280, "boundsHeight": 720,
	})
	p.config("fitted in OBS", id, at(map[string]float64{"x": 160, "y": 0, "scaleX": 2.4, "scaleY": 2.4, "rotation": 0}))
	p.inOBS("fitted, told plainly", "Main", "Alerts", func(i itemInOBS) bool {
		return i.Transform.BoundsType == "OBS_BOUNDS_NONE" && near(i.Transform.PositionX, 160) && near(i.Transform.ScaleX*i.Transform.SourceWidth, 960)
	})
	p.transform("Main", item, map[string]any{"positionX": 640, "positionY": 360, "scaleX": 1, "scaleY": 1, "alignment": 0})
	p.config("centred in OBS", id, at(map[string]float64{"x": 240, "y": 60, "scaleX": 2, "scaleY": 2}))

	p.stacking(id)
	p.away(id)
	p.removal(id)
	p.adoption()
}

func near(a, b float64) bool { return math.Abs(a-b) <= 0.01 }

func (p *placedOBS) transform(scene string, item int, values map[string]any) {
	p.t.Helper()
	p.c.Ask("SetSceneItemTransform", map[string]any{"sceneName": scene, "sceneItemId": item, "sceneItemTransform": values}, nil)
}

func (p *placedOBS) inOBS(what, scene, input string, wanted func(itemInOBS) bool) {
	p.t.Helper()
	eventually(p.t, what, func() bool {
		item, there := p.itemsInOBS(scene)[input]
		return there && wanted(item)
	})
}

// stacking puts a second source below the first, with something of the person's between.
func (p *placedOBS) stacking(alerts string) {
	p.t.Helper()
	p.c.Ask("CreateInput", map[string]any{"sceneName": "Main", "inputName": "Photo", "inputKind": "image_source"}, nil)
	chat := p.ownSource("Chat", 400, 600)
	p.expect(200, "POST", "/api/sources/"+chat+"/activate", "")
	p.place(chat, "Main", `{"zIndex":-1}`)
	order := func(alerts, photo, chat int) func() bool {
		return func() bool {
			items := p.itemsInOBS("Main")
			return len(items) == 3 && items["Alerts"].Index == alerts && items["Photo"].Index == photo && items["Chat"].Index == chat
		}
	}
	// Photo came on top of Alerts, and Chat on top of both: the two of ours change places.
	eventually(p.t, "Chat goes behind Alerts", order(2, 1, 0))
	p.c.Ask("SetSceneItemIndex", map[string]any{"sceneName": "Main", "sceneItemId": p.itemsInOBS("Main")["Chat"].ID, "sceneItemIndex": 2}, nil)
	p.config("Chat is in front in OBS", chat, func(c frame) bool { return c["zIndex"] == 0.0 })
	p.config("Alerts is behind it", alerts, func(c frame) bool { return c["zIndex"] == -1.0 })
}

// away changes a placement while OBS is away, which is done when it is back.
func (p *placedOBS) away(id string) {
	p.t.Helper()
	p.obs.Quit()
	p.s.event("obs:connectionChanged", connected(false))
	p.expect(503, "PUT", "/api/scenes/Main/sources/"+id+"/config", `{"x":7}`)
	p.expect(200, "PUT", "/api/scenes/Main/sources/"+id+"/config?obs=optional", `{"x":7,"y":8,"scaleX":0.5,"scaleY":0.5,"rotation":90}`)
	p.obs.Start()
	p.s.event("obs:connectionChanged", connected(true))
	p.c = p.obs.Connect(p.t)
	p.inOBS("the library's word stands", "Main", "Alerts", func(i itemInOBS) bool {
		w := i.Transform
		return near(w.PositionX, 7) && near(w.PositionY, 8) && near(w.ScaleX*w.SourceWidth, 200) && near(w.Rotation, 90)
	})
}

// removal takes sources out on either side.
func (p *placedOBS) removal(id string) {
	p.t.Helper()
	p.expect(200, "POST", "/api/sources/"+id+"/deactivate", "")
	eventually(p.t, "OBS shows it no more", func() bool { _, there := p.itemsInOBS("Main")["Alerts"]; return !there })
	p.expect(200, "POST", "/api/sources/"+id+"/activate", "")
	p.inOBS("it is back where it was", "Main", "Alerts", func(i itemInOBS) bool { return i.Enabled && near(i.Transform.PositionX, 7) })
	p.c.Ask("RemoveSceneItem", map[string]any{"sceneName": "Main", "sceneItemId": p.itemsInOBS("Main")["Alerts"].ID}, nil)
	p.s.event("scenes:sourceRemoved", named("sourceId", id))
	p.expect(200, "POST", "/api/sources/undo", "") // of what people did here, not of that
	p.place(id, "Other", `{"x":1}`)
	p.inOBS("it is in the other scene", "Other", "Alerts", func(i itemInOBS) bool { return near(i.Transform.PositionX, 1) })
	p.c.Ask("SetSceneName", map[string]any{"sceneName": "Other", "newSceneName": "Palco/1"}, nil)
	p.s.event("scenes:sourceAdded", named("sceneName", "Palco/1"))
	p.expect(200, "DELETE", "/api/scenes/Palco%2F1/sources/"+id, "")
	eventually(p.t, "OBS has it no more", func() bool { return len(p.itemsInOBS("Palco/1")) == 0 })
}

// adoption takes a browser source into the library that somebody has made in OBS.
func (p *placedOBS) adoption() {
	p.t.Helper()
	p.c.Ask("CreateInput", map[string]any{"sceneName": "Main", "inputName": "Goal", "inputKind": "browser_source", "inputSettings": map[string]any{
		"url": "http://127.0.0.1:9/goal", "width": 300, "height": 100,
	}}, nil)
	p.transform("Main", p.itemsInOBS("Main")["Goal"].ID, map[string]any{"positionX": 12.5, "scaleX": 2, "alignment": 5})
	adopted := p.expect(200, "POST", "/api/sources/adopt", `{"inputNames":["Goal"]}`)
	source := adopted.frame["sources"].([]any)[0].(map[string]any)
	id := source["id"].(string)
	if source["isActive"] != true || source["way"] != "own" || source["width"] != 300.0 {
		p.t.Errorf("adopted as %v", source)
	}
	p.config("as it stands", id, at(map[string]float64{"x": 12.5, "scaleX": 2, "width": 300}))
	item := p.itemsInOBS("Main")["Goal"].ID

	// Its settings are kept in step both ways.
	p.expect(200, "PUT", "/api/sources/"+id, `{"url":"http://127.0.0.1:9/goal?v=2","cssCustom":"p{}"}`)
	var settings struct{ InputSettings frame }
	eventually(p.t, "OBS has the address", func() bool {
		p.c.Ask("GetInputSettings", map[string]any{"inputName": "Goal"}, &settings)
		return settings.InputSettings["url"] == "http://127.0.0.1:9/goal?v=2"
	})
	p.c.Ask("SetInputSettings", map[string]any{"inputName": "Goal", "inputSettings": map[string]any{"width": 640}}, nil)
	p.s.event("sources:update", func(data frame) bool {
		changed := data["source"].(map[string]any)
		return changed["id"] == id && changed["width"] == 640.0
	})
	p.config("the shown size is OBS's", id, at(map[string]float64{"width": 300, "scaleX": 1280.0 / 300}))

	p.expect(200, "POST", "/api/sources/"+id+"/deactivate", "")
	p.inOBS("it is hidden", "Main", "Goal", func(i itemInOBS) bool { return !i.Enabled && i.ID == item })
	p.c.Ask("SetInputName", map[string]any{"inputName": "Goal", "newInputName": "Meta"}, nil)
	p.expect(200, "POST", "/api/sources/"+id+"/activate", "")
	p.inOBS("it is shown under its new name", "Main", "Meta", func(i itemInOBS) bool { return i.Enabled && i.ID == item })
}
