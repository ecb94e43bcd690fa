package e2e

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cuewire/app"
	"cuewire/obsbridge/obstest"
)

// give chooses a file for a file field.
func (p *tab) give(selector, name, content string) {
	p.t.Helper()
	p.exec(fmt.Sprintf(`void ((e) => { const d = new DataTransfer(); d.items.add(new File([%s], %s)); e.files = d.files; e.dispatchEvent(new Event('change')); })(document.querySelector(%q))`,
		quote(content), quote(name), selector))
}

// card waits for the source's card and returns a selector for what is in it.
func (p *tab) card(name string) func(part string) string {
	p.t.Helper()
	find := `[...document.querySelectorAll('.source')].find((e) => e.querySelector('.name').textContent === ` + quote(name) + `)`
	p.wait(find)
	id := eval[string](p, find+`.dataset.id`)
	return func(part string) string { return fmt.Sprintf(`.source[data-id="%s"] %s`, id, part) }
}

func (m *mix) sources() map[string]*app.Source {
	found := map[string]*app.Source{}
	for _, source := range m.core.Snapshot().Sources.List {
		found[source.Name] = source
	}
	return found
}

// The steps build on each other.
func TestSourcesPage(t *testing.T) {
	m := startMix(t)
	m.overlay("goal/index.html", "<title>Goal bar</title>")
	b := startBrowser(t, "en-US")
	front := b.open(t, m.url+"/", 1280, 800, "")
	front.shows("#sources-link", "Open")
	p := b.open(t, m.url+"/sources", 1280, 800, "")
	p.tolerate("the server responded with a status of 4") // refusals

	// Nothing there: the first step is offered.
	p.shows("#empty h2", "No sources yet")
	p.press("#empty-add")
	p.wait(`document.querySelector('#add-mine .offer b')?.textContent === 'Goal bar'`)
	p.press(`#add-mine [data-url="/overlay/my/goal/"] button`)
	p.card("Goal bar")
	if p.visible("#empty") || p.visible("#add-sheet") {
		t.Error("the first source is there, and the page still offers to begin")
	}
	p.press("#add")
	p.press(`#add-ours [data-url="/overlay/timer"] button`)
	p.card("Timer in a corner")
	if got := m.sources()["Timer in a corner"]; got == nil || got.URL != "/overlay/timer" || got.Way != app.WayCombined || got.Active {
		t.Errorf("added: %+v", got)
	}

	// Any page by its address, and what is wrong with it in words.
	p.press("#add")
	p.press("#add-page")
	p.press("#source-form [type=submit]")
	p.shows("#source-refusal", "Give the source a name.")
	p.fill("#source-name", "Goal bar")
	p.fill("#source-url", "ftp://example.com/x")
	p.fill("#source-width", "9000")
	p.press("#source-form [type=submit]")
	p.shows("#source-refusal", "Width of the page: a number from 1 to 7680.")
	p.fill("#source-width", "800")
	p.press("#source-form [type=submit]")
	p.wait(`/must begin with http/.test(document.querySelector('#source-refusal').textContent)`)
	p.fill("#source-url", "http://127.0.0.1:9/alerts")
	p.press("#source-form [type=submit]")
	p.shows("#source-refusal", "Another source has this name already. Choose a different one.")
	p.fill("#source-name", "Alerts")
	p.fill("#source-tags", "stream, stream , sponsors")
	if !eval[bool](p, `document.querySelector('#source-cssCustom').disabled && /own way/.test(document.querySelector('#source-styling').textContent)`) {
		t.Error("a style is offered for a foreign page in a frame")
	}
	p.press(`#source-form [name=way][value=own]`)
	p.wait(`!document.querySelector('#source-cssCustom').disabled && document.querySelector('#source-jsCustom').disabled`)
	p.fill("#source-cssCustom", "body { color: red }")
	p.press("#source-form [type=submit]")
	card := p.card("Alerts")
	if got := m.sources()["Alerts"]; got.Way != app.WayOwn || got.Width != 800 || len(got.Tags) != 2 || got.CSS == "" {
		t.Errorf("made: %+v", got)
	}

	// On and off, by search and tag, a change, a copy.
	p.press(card("[role=switch]"))
	p.wait(fmt.Sprintf(`document.querySelector('%s').checked`, card("[role=switch]")))
	if !m.sources()["Alerts"].Active {
		t.Error("the switch did not activate it")
	}
	p.fill("#search", "SPONS")
	p.wait(`document.querySelectorAll('.source').length === 1`)
	p.fill("#search", "nothing like it")
	p.shows("#none-found", "No source is like that. Change the search or the filters.")
	p.fill("#search", "")
	p.fill("#tag", "sponsors")
	p.wait(`document.querySelectorAll('.source').length === 1`)
	p.press(card(".edit"))
	p.fill("#source-name", "Alert box")
	p.press("#source-form [type=submit]")
	p.shows(card(".name"), "Alert box")
	p.press(card(".copy-source"))
	p.card("Alert box 2")
	p.fill("#tag", "")

	// An active one is deactivated and deleted by two presses, and comes back whole.
	p.shows(card(".delete"), "Deactivate and delete")
	p.press(card(".delete"))
	p.shows(card(".delete"), "Press again")
	eventually(t, "it is deleted", func() bool { // a press too soon after the first is none
		p.exec(fmt.Sprintf(`document.querySelector('%s')?.click()`, card(".delete")))
		return m.sources()["Alert box"] == nil
	})
	p.wait(`/“Alert box” was deleted/.test(toast.textContent)`)
	p.press("#toast button")
	eventually(t, "it is back and active", func() bool { s := m.sources()["Alert box"]; return s != nil && s.Active })

	// The library as a file.
	answer, err := http.Get(eval[string](p, `document.querySelector('#export').href`))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("export: %s", answer.Status)
	}
	if answer, err = http.Get(m.url + "/sources"); err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if policy := answer.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors 'none'") {
		t.Errorf("others may frame the page: %s", policy)
	}
	p.give("#import-file", "notes.txt", "no JSON")
	p.wait(`/“notes.txt” is not a JSON file/.test(toast.textContent)`)
	p.give("#import-file", "sources.json", `{"format":"cuewire-sources","version":1,"sources":[{"name":"Alert box","url":"https://example.com/a"}]}`)
	p.wait(`toast.textContent.startsWith('1 source was imported.')`)
	p.card("Alert box 3")
	p.press("#undo")
	p.wait(`![...document.querySelectorAll('.source .name')].some((e) => e.textContent === 'Alert box 3')`)
	p.press("#redo")
	p.card("Alert box 3")

	// Browser sources of a scene collection.
	p.press("#adopt")
	p.shows("#adopt-state", "OBS is not connected. Start OBS, or choose a scene collection file.")

	// Refusals in the reader's language.
	pt := b.open(t, m.url+"/sources?lang=pt-BR", 1280, 800, "")
	pt.tolerate("the server responded with a status of 4")
	pt.wait(`link.dataset.state === 'live'`) // its keys work
	pt.press("#add")
	pt.press("#add-page")
	pt.fill("#source-name", "Alert box")
	pt.fill("#source-url", "https://example.com")
	pt.press("#source-form [type=submit]")
	pt.shows("#source-refusal", "Outra fonte já tem este nome. Escolha um diferente.")
}

// TestSourcesPageWithOBS looks at the page on every kind of screen, beside an OBS that
// takes the picture of the scene.
func TestSourcesPageWithOBS(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main Scene", "Interview", "Break"}, NoAuth: true})
	p := start(t, t.TempDir(), "--obs", obs.URL())
	s := p.subscribe(`"obs:connectionChanged"`)
	s.event("obs:connectionChanged", connected(true))
	made := func(fields string) string {
		return p.expect(201, "POST", "/api/sources", "{"+fields+"}").frame["id"].(string)
	}
	ids := []string{
		made(`"name":"Stage timer","url":"/overlay/timer?corner=top-left","tags":["show"]`),
		made(`"name":"Lower third","url":"/overlay/lower-third","tags":["show"],"load":"unload"`),
		made(`"name":"Chat","url":"http://127.0.0.1:9/chat","width":420,"height":720,"way":"own","tags":["stream"]`),
		made(`"name":"Alerts","url":"http://127.0.0.1:9/alertbox","width":800,"height":600,"tags":["stream"]`),
	}
	for i, config := range []string{
		`{"x":8,"y":8,"scaleX":0.15,"scaleY":0.15}`, `{"x":24,"y":250,"scaleX":0.25,"scaleY":0.1,"width":1600}`, `{"x":480,"y":40,"scaleX":0.35,"scaleY":0.35}`, `{"x":200,"y":90,"scaleX":0.25,"scaleY":0.25,"rotation":8}`,
	} {
		p.expect(200, "POST", "/api/scenes/Main%20Scene/sources/"+ids[i], `{"config":`+config+`}`)
		if i < 3 {
			p.expect(200, "POST", "/api/sources/"+ids[i]+"/activate", "")
		}
	}

	stagePicture(t, obs)

	b := startBrowser(t, "en-US")
	v := b.open(t, p.URL+"/sources", 1280, 800, "")
	v.tolerate("Failed to load resource") // of pages that the combined one cannot reach
	v.shows("#combined-add", "Add the combined page to OBS")
	v.press("#combined-add")
	v.wait(`document.querySelector('#combined').dataset.state === 'true' && !document.querySelector('#combined-add').checkVisibility()`)
	for _, scene := range []string{"Main%20Scene", "Interview", "Break"} {
		p.expect(200, "GET", "/api/obs/scenes/"+scene+"/items", "")
	}
	v.press("#adopt")
	v.wait(`/library already/.test(document.querySelector('#adopt-list').textContent)`)

	for i, name := range []string{"sources", "placing"} {
		for k, screen := range screens {
			for l, lang := range []string{"en", "pt-BR"} {
				if !*pictures && (i+k)%2 != l {
					continue
				}
				t.Run(name+" "+screen.name+" "+lang, func(t *testing.T) {
					v := b.open(t, p.URL+"/sources?lang="+lang+"#"+name, screen.width, screen.height, "")
					v.wait(`link.dataset.state === 'live' && document.querySelectorAll('.source').length === 4`)
					if name == "placing" {
						v.wait(`!shot.hidden && shot.naturalWidth > 0 && document.querySelectorAll('.box').length === 4`)
						v.press(`.item[data-id="` + ids[2] + `"]`)
						v.wait(`details.checkVisibility()`)
					}
					fits(v, false)
					if *pictures && name == "sources" && screen.name == "tablet" {
						v.press(`.source[data-id="` + ids[3] + `"] .edit`)
						take(v, "source-edit-"+screen.name+"."+lang)
						v.press("#source-cancel")
					}
					take(v, name+"-"+screen.name+"."+lang)
				})
			}
		}
	}
}

// stagePicture puts a picture into OBS's scene, so that there is something behind the boxes.
func stagePicture(t *testing.T, obs *obstest.RealOBS) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 640, 360))
	for y := range 360 {
		for x := range 640 {
			glow := max(0, 150-math.Hypot(float64(x-320)/1.6, float64(y-150)))
			img.Set(x, y, color.RGBA{uint8(30 + glow), uint8(26 + glow/2 + float64(y)/12), uint8(58 + float64(x)/12), 255})
		}
	}
	path := filepath.Join(t.TempDir(), "stage.png")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, img); err != nil {
		t.Fatal(err)
	}
	c := obs.Connect(t)
	c.Ask("CreateInput", map[string]any{"sceneName": "Main Scene", "inputName": "Stage", "inputKind": "image_source", "inputSettings": map[string]any{"file": path}}, nil)
	var list struct{ SceneItems []itemInOBS }
	c.Ask("GetSceneItemList", map[string]any{"sceneName": "Main Scene"}, &list)
	for _, item := range list.SceneItems {
		if item.Source == "Stage" {
			c.Ask("SetSceneItemIndex", map[string]any{"sceneName": "Main Scene", "sceneItemId": item.ID, "sceneItemIndex": 0}, nil)
		}
	}
}
