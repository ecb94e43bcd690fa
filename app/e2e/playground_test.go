package e2e

import (
	"net/http"
	"testing"
)

// TestPlayground tries the Timer API by hand, as a developer does, and looks that
// nobody else has the page.
func TestPlayground(t *testing.T) {
	plain := start(t, t.TempDir(), "--no-obs")
	answer, err := http.Get(plain.URL + "/playground")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("without --dev: %s", answer.Status)
	}
	p := start(t, t.TempDir(), "--no-obs", "--dev")
	b := startBrowser(t, "pt-BR")
	page := b.open(t, p.URL+"/playground", 1280, 800, "")
	page.wait(`state.textContent === 'Desconectado'`)
	page.exec(`connect.requestSubmit()`)
	page.wait(`log.textContent.includes('"UNAUTHORIZED"') && log.textContent.includes('Fechado com 1008')`)
	page.exec(`make.click()`)
	page.wait(`token.value !== ''`)
	page.exec(`connect.requestSubmit()`)
	page.wait(`state.textContent === 'Conectado'`)
	page.exec(`document.getElementById('send').requestSubmit()`)
	page.wait(`log.textContent.includes('timer.created')`)
	page.exec(`example.value = '2'; example.dispatchEvent(new Event('change')); document.getElementById('send').requestSubmit()`)
	page.wait(`log.textContent.includes('"PAUSED"')`)
	for _, other := range []string{"sourceSaver", "palcoTimer"} {
		page.exec(`protocol.value = '` + other + `'; protocol.dispatchEvent(new Event('change')); connect.requestSubmit(); clear.click()`)
		page.wait(`state.textContent === 'Conectado'`)
		page.exec(`document.getElementById('send').requestSubmit()`)
		page.wait(`[...log.querySelectorAll('.in')].length > 0`)
	}
}

// TestOverlayShowsQuickTimers makes, changes and stops quick timers and looks at
// the overlay.
func TestOverlayShowsQuickTimers(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	b := startBrowser(t, "en-US")
	first := p.call("POST", "/api/v1/quick-timers", `{"allocatedDuration":3600,"title":"Doors"}`)["id"].(string)
	page := b.open(t, p.URL+"/overlay/quick", 1280, 720, "")
	page.wait(`list.children.length === 1 && /^(1:00:00|59:\d\d)$/.test(list.querySelector('.digits').textContent)`)
	p.call("POST", "/api/v1/quick-timers", `{"allocatedDuration":1}`)
	page.wait(`list.children.length === 2`)
	page.wait(`/^\+0:\d\d$/.test(list.children[1].querySelector('.digits').textContent) && list.children[1].dataset.zone === 'over'`)
	p.call("POST", "/api/v1/quick-timers/"+first+"/pause", `{}`)
	page.wait(`list.children[0].dataset.status === 'PAUSED'`)
	p.call("PATCH", "/api/v1/quick-timers/"+first, `{"title":"Entrance"}`)
	page.wait(`list.children[0].querySelector('.name').textContent === 'Entrance'`)
	one := b.open(t, p.URL+"/overlay/quick?timer=entrance&direction=up&corner=bottom-right", 1280, 720, "")
	one.wait(`list.children.length === 1 && /^0:\d\d$/.test(list.querySelector('.digits').textContent)`)
	p.call("POST", "/api/v1/quick-timers/"+first+"/stop", `{}`)
	page.wait(`list.children.length === 1`)
	one.wait(`list.children.length === 0`)
}
