package e2e

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestTheStarterOverlay shows what a program publishes, as text, one alert after
// the other, and says what to do where it cannot.
func TestTheStarterOverlay(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	a := p.newApp("Alerts")
	b := startBrowser(t, "en")
	page := b.open(t, p.URL+"/overlay/starter?for=3&key="+a.Key, 1920, 1080, "")
	page.wait(`link.dataset.state === 'live' && link.hidden && note.hidden && document.getElementById('alert').hidden`)
	eventually(t, "the subscription", func() bool {
		return p.publish(a, "/events", `{"name":"donation","channel":"alerts","data":"{\"title\":\"Zoë <b>gave</b> 5\",\"text\":\"Good luck! <img src=x>\",\"color\":\"#eab308\"}"}`) == nil &&
			eval[bool](page, `document.getElementById('alert').classList.contains('in')`)
	})
	page.shows("#title", "Zoë <b>gave</b> 5")
	page.shows("#text", "Good luck! <img src=x>")
	page.wait(`getComputedStyle(document.getElementById('alert')).opacity === '1'`)
	shoot(t, page, "starter")
	// What came meanwhile waits for its turn; text that is no object is shown too.
	if err := p.publish(a, "/batch_events", `{"batch":[{"name":"follow","channel":"alerts","data":"Rui"},{"name":"chat","channel":"other","data":"x"},{"name":"state","channel":"alerts","data":"null"}]}`); err != nil {
		t.Fatal(err)
	}
	page.shows("#title", "follow")
	page.shows("#text", "Rui")
	page.shows("#title", "state")
	page.wait(`document.getElementById('text').hidden`)
	page.wait(`document.getElementById('alert').hidden`)

	lost := b.open(t, p.URL+"/overlay/starter?key=nobody", 1024, 768, "")
	lost.shows("#note", "Cuewire does not let this page in. Check the key and the channel in its address.")
	shoot(t, lost, "starter-refused")
	none := startBrowser(t, "pt-BR").open(t, p.URL+"/overlay/starter", 390, 844, "")
	none.shows("#note", "Acrescente ?key=CHAVE a este endereço. “cuewire app create NOME” cria uma.")
	shoot(t, none, "starter-no-key")
}

// shoot keeps a picture of the page where CUEWIRE_SHOTS names a folder.
func shoot(t *testing.T, page *tab, name string) {
	t.Helper()
	if folder := os.Getenv("CUEWIRE_SHOTS"); folder != "" {
		if err := os.WriteFile(folder+"/"+name+".png", run(page, chromedp.CaptureScreenshot()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
