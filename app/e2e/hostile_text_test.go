package e2e

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// hostileTexts are what runs where a text is taken for markup, script or a template.
var hostileTexts = []string{
	`<script>globalThis.hacked=1</script><img src=x onerror="globalThis.hacked=1">`,
	`"><svg onload=globalThis.hacked=1><a href="javascript:globalThis.hacked=1">hacked</a>`,
	`</style></textarea></title><script>globalThis.hacked=1</script>'-globalThis.hacked=1-'`,
	`javascript:globalThis.hacked=1//"onfocus=globalThis.hacked=1 autofocus x="`,
	"${globalThis.hacked=1}{{constructor.constructor('globalThis.hacked=1')()}}`+globalThis.hacked+`",
	`&lt;img src=x onerror=globalThis.hacked=1&gt;<iframe srcdoc="&lt;script&gt;parent.hacked=1&lt;/script&gt;"></iframe>`,
}

// what a text that was taken for markup leaves behind.
const hostileTraces = `[...(function* all(root) {
	for (const e of root.querySelectorAll('*')) { yield e; if (e.shadowRoot) yield* all(e.shadowRoot) }
})(document)].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on') || /^(href|src|action|formaction)$/.test(a.name) && /^\s*javascript:/i.test(a.value) || a.name === 'srcdoc')
	|| e.getAttribute('src') === 'x' || e.localName === 'script' && e.textContent.includes('hacked')).map((e) => e.outerHTML.slice(0, 200)).join('\n')`

// Every text that somebody can write is filled with scripts and markup, and every page and
// overlay opened: nothing runs, nothing becomes an element, and no page's policy has
// anything to report. What a page complains of fails the test by itself.
func TestScriptInEveryField(t *testing.T) {
	s := startStage(t)
	s.fillWithHostileTexts()
	b := startBrowser(t, "en-US")
	odd := "name=" + escape(hostileTexts[0]) + "&title=" + escape(hostileTexts[1]) + "&lang=" + escape(hostileTexts[2]) + "&source=" + escape(hostileTexts[3]) + "&logo=" + escape(hostileTexts[3]) +
		"&channel=" + escape(hostileTexts[4]) + "&key=" + escape(hostileTexts[5]) + "&scene=" + escape(hostileTexts[1])
	shown := 0
	for _, path := range everyPage(t, s.code) {
		for _, query := range []string{"preset=hostile&room=" + s.code, odd} {
			t.Run(strings.TrimSuffix(path+"?"+strings.SplitN(query, "=", 2)[0], "?"), func(t *testing.T) {
				v := b.open(t, s.URL+path+"?"+query, 1280, 720, "")
				if query == odd { // what is not there is not found, and addresses that make no sense are told
					v.tolerate("")
				}
				v.wait(`document.readyState === 'complete' && (!document.getElementById('link') || link.dataset.state === 'live' || document.getElementById('note')?.hidden === false || ` + quote(query) + `.includes('name='))`)
				v.exec(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 200))))`) // what it was told is drawn
				if eval[bool](v, `'hacked' in globalThis`) {
					t.Error("a script ran")
				}
				if traces := eval[string](v, hostileTraces); traces != "" {
					t.Errorf("a text became an element:\n%s", traces)
				}
				if eval[bool](v, `document.documentElement.textContent.includes('globalThis.hacked')`) {
					shown++
				}
			})
		}
	}
	if shown < 10 {
		t.Errorf("only %d pages show the texts at all", shown)
	}
}

func escape(text string) string {
	return strings.NewReplacer("%", "%25", "&", "%26", "#", "%23", "+", "%2B", " ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "`", "%60", "{", "%7B", "}", "%7D").Replace(text)
}

// everyPage lists the pages that there are files for.
func everyPage(t *testing.T, code string) []string {
	t.Helper()
	pages := []string{"/", "/sources"}
	for folder, prefix := range map[string]string{"r": "/r/" + code + "/", "overlay": "/overlay/"} {
		files, err := filepath.Glob("../../assets/web/" + folder + "/*.html")
		if err != nil || len(files) < 5 {
			t.Fatalf("%v %v", files, err)
		}
		for _, file := range files {
			pages = append(pages, prefix+strings.TrimSuffix(filepath.Base(file), ".html"))
		}
	}
	return pages
}

// fillWithHostileTexts puts them wherever REST takes a text.
func (s *stage) fillWithHostileTexts() {
	s.t.Helper()
	text := func(i int) string {
		quoted, err := json.Marshal(hostileTexts[i%len(hostileTexts)])
		if err != nil {
			s.t.Fatal(err)
		}
		return string(quoted)
	}
	base := "/api/v1/rooms/" + s.code
	s.call("PUT", base, `{"name":`+text(0)+`,"questions_open":true}`)
	for i := range hostileTexts {
		message := s.call("POST", base+"/messages", `{"text":`+text(i)+`,"color":"red"}`)
		s.call("POST", base+"/timers", `{"name":`+text(i)+`,"speaker":`+text(i+1)+`,"notes":`+text(i+2)+`,"duration_ms":600000,"obs_scene_start":`+text(i+3)+`,"obs_scene_zero":`+text(i+4)+`,"start_on_scene":`+text(i+5)+`}`)
		s.call("POST", base+"/aux", `{"name":`+text(i)+`,"duration_ms":600000}`)
		question := s.call("POST", base+"/questions", `{"text":`+text(i)+`,"name":`+text(i+1)+`}`)
		if i == 0 {
			s.call("PUT", base+"/questions/"+question["id"].(string), `{"state":"shown"}`)
			s.act("show_message", `,"timer_id":"`+message["id"].(string)+`"`)
		}
		s.call("POST", "/api/v1/quick-timers", `{"title":`+text(i)+`,"description":`+text(i+1)+`,"allocatedDuration":600}`)
		s.call("POST", "/api/v1/apps", `{"name":`+text(i)+`}`)
		s.call("POST", "/api/tokens", `{"sub":`+text(i)+`,"name":`+text(i+1)+`,"role":"viewer","ttl":3600}`)
		s.call("POST", "/api/sources", `{"name":`+text(i)+`,"url":"https://localhost:1/","width":100,"height":100,"refreshRate":30,"load":"unload","tags":["<img src=x onerror=globalThis.hacked=1>"]}`)
		if status := s.status("POST", "/api/sources", `{"name":"address","url":`+text(3)+`,"width":100,"height":100,"refreshRate":30}`); status != http.StatusBadRequest {
			s.t.Errorf("a source whose address is a script: %d", status)
		}
		client := s.dial("/?name=" + escape(hostileTexts[i]))
		client.send(`{"action":"hello","page":` + text(i) + `,"version":` + text(i+1) + `}`)
	}
	s.call("PUT", "/api/v1/presets/hostile", `{"params":"background=`+text(3)[1:len(text(3))-1]+`&hide=<script>","css":`+text(2)+`}`)
	s.act("go_to", `,"timer_id":"`+s.timerID(5)+`"`)
	s.act("play", "")
}

// status is call for an answer that may be a refusal.
func (p *program) status(method, path, body string) int {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
