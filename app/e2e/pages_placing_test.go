package e2e

import (
	"fmt"
	"math"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"cuewire/app"
)

// mouse does something with the left button of the mouse.
func (p *tab) mouse(what input.DispatchMouseEventType, x, y float64, modifiers int64) {
	p.t.Helper()
	run(p, chromedp.MouseEvent(what, x, y, chromedp.ButtonLeft, func(e *input.DispatchMouseEventParams) {
		e.ClickCount, e.Buttons, e.Modifiers = 1, 1, modifiers
		if what == input.DispatchMouseEventTypeMouseReleased {
			e.Buttons = 0
		}
	}))
}

// The keys that are held with the mouse, in Chromium's numbers.
const (
	withAlt   = 1
	withShift = 8
)

// middle returns where an element's middle is on the screen.
func (p *tab) middle(selector string) (x, y float64) {
	p.t.Helper()
	at := eval[[]float64](p, fmt.Sprintf(`(({left, top, width, height}) => [left + width / 2, top + height / 2])(document.querySelector(%q).getBoundingClientRect())`, selector))
	return at[0], at[1]
}

// pull drags what a selector finds by so many pixels of OBS's canvas.
func (p *tab) pull(selector string, dx, dy float64, modifiers int64) {
	p.t.Helper()
	zoom := eval[float64](p, `document.querySelector('#canvas').clientWidth / 1920`)
	x, y := p.middle(selector)
	p.mouse(input.DispatchMouseEventTypeMousePressed, x, y, modifiers)
	for i := 1.0; i <= 4; i++ {
		p.mouse(input.DispatchMouseEventTypeMouseMoved, x+dx*zoom*i/4, y+dy*zoom*i/4, modifiers)
	}
	p.mouse(input.DispatchMouseEventTypeMouseReleased, x+dx*zoom, y+dy*zoom, modifiers)
}

// stands waits until a source's placement is as wanted, to two pixels: the screen has fewer than the canvas.
func (m *mix) stands(what, scene, id string, wanted func(app.Placement) bool) {
	m.t.Helper()
	var last app.Placement
	defer func() {
		if m.t.Failed() {
			m.t.Logf("it stands at %+v", last)
		}
	}()
	eventually(m.t, what, func() bool {
		placed := m.core.Snapshot().Sources.Placed(scene, id)
		if placed != nil {
			last = placed.Config
		}
		return placed != nil && wanted(last)
	})
}

func about(a, b float64) bool { return math.Abs(a-b) <= 2 }

// The steps build on each other.
func TestPlacingPage(t *testing.T) {
	m := startMix(t)
	b := startBrowser(t, "en-US")
	p := b.open(t, m.url+"/sources#placing", 1400, 900, "")
	p.tolerate("the server responded with a status of 4") // refusals
	p.wait(`/Start OBS: its scenes come by themselves/.test(document.querySelector('#place-none').textContent)`)
	m.do(app.OBSScenesFact{Scenes: []app.OBSScene{{Name: "Main"}, {Name: "Break"}, {Name: "End"}}})
	m.scene("Main")
	p.wait(`scene.value === 'Main' && scene.selectedOptions[0].textContent === 'Main (on program)'`)
	p.wait(`/You can place sources all the same/.test(document.querySelector('#obs-note').textContent)`)

	// A source is put into the scene.
	chat := m.source("Chat", "http://127.0.0.1:9/chat", nil, nil)
	p.press("#place")
	p.press(fmt.Sprintf(`#place-list [data-id="%s"] button`, chat))
	box := fmt.Sprintf(`.box[data-id="%s"]`, chat)
	p.wait(fmt.Sprintf(`document.querySelector('%s') && details.checkVisibility()`, box))
	p.shows("#details h2", "Chat")

	// Dragged, and what is taken back in the midst of it.
	p.pull(box, 300, 210, withAlt)
	m.stands("dragged", "Main", chat, func(c app.Placement) bool { return about(c.X, 300) && about(c.Y, 210) })
	before := m.core.Snapshot().Sources.Placed("Main", chat).Config
	x, y := p.middle(box)
	p.mouse(input.DispatchMouseEventTypeMousePressed, x, y, withAlt)
	p.mouse(input.DispatchMouseEventTypeMouseMoved, x+60, y+30, withAlt)
	p.mouse(input.DispatchMouseEventTypeMouseMoved, x+90, y+60, withAlt)
	m.stands("moves with the hand", "Main", chat, func(c app.Placement) bool { return c.X > before.X+60 })
	// Somebody else's change does not pull it from the hand.
	m.do(app.UpdatePlacement{Scene: "Main", SourceID: chat, Fields: app.PlacementFields{ZIndex: ptr(5), X: ptr(1500.0)}})
	p.mouse(input.DispatchMouseEventTypeMouseMoved, x+92, y+60, withAlt)
	if left := eval[float64](p, fmt.Sprintf(`new DOMMatrix(document.querySelector('%s').style.transform).e / (document.querySelector('#canvas').clientWidth / 1920)`, box)); left > 700 {
		t.Errorf("the box jumped to %v while it was held", left)
	}
	run(p, chromedp.KeyEvent("\u001b"))
	m.stands("taken back", "Main", chat, func(c app.Placement) bool { return c.X == before.X && c.Y == before.Y })
	p.mouse(input.DispatchMouseEventTypeMouseReleased, x+92, y+60, 0)

	// Snapping to the canvas's edge, with a line that shows it; and by a grip.
	p.pull(box, -before.X+7, 0, 0)
	m.stands("snapped to the left edge", "Main", chat, func(c app.Placement) bool { return c.X == 0 })
	p.pull(`.grip[data-grip="1 1"]`, 200, 60, withAlt)
	m.stands("made larger", "Main", chat, func(c app.Placement) bool {
		return about(c.Width*c.ScaleX, 600) && about(c.Height*c.ScaleY, 360) && c.Width == 400 && c.X == 0
	})
	p.pull(`.grip[data-grip="1 1"]`, 600, 0, withAlt|withShift)
	m.stands("in proportion", "Main", chat, func(c app.Placement) bool {
		return about(c.Width*c.ScaleX, 1200) && about(c.Height*c.ScaleY, 720)
	})

	// By numbers, and what is out of bounds in words.
	p.fill("#at-x", "120.5")
	p.fill("#at-y", "40")
	p.fill("#at-scale", "150")
	p.fill("#at-rotation", "-90")
	m.stands("by numbers", "Main", chat, func(c app.Placement) bool {
		return c.X == 120.5 && c.Y == 40 && c.ScaleX == 1.5 && c.ScaleY == 1.5 && c.Rotation == 270
	})
	p.fill("#at-scale", "5000")
	p.shows("#toast", "Scale %: a number from 10 to 1000.")
	p.wait(`document.querySelector('#at-scale').value === '150'`)
	p.fill("#at-rotation", "0")
	p.fill("#at-width", "30")
	m.stands("smaller than the scale allows", "Main", chat, func(c app.Placement) bool { return math.Abs(c.Width*c.ScaleX-30) < 0.01 && c.ScaleX == 0.1 })
	p.fill("#at-width", "400")
	p.press(`[data-align="right"]`)
	p.press(`[data-align="bottom"]`)
	m.stands("aligned", "Main", chat, func(c app.Placement) bool { return near(c.X, 1520) && near(c.Y, 1080-450) })

	// Arrow keys, and undo takes the steps back as one.
	p.exec(`document.querySelector('#canvas').focus()`)
	run(p, chromedp.KeyEvent("\u0302")) // left
	run(p, chromedp.KeyEvent("\u0302", chromedp.KeyModifiers(chromedp.ModifierShift)))
	m.stands("stepped", "Main", chat, func(c app.Placement) bool { return near(c.X, 1509) })

	p.press("#undo")
	m.stands("both steps are taken back", "Main", chat, func(c app.Placement) bool { return near(c.X, 1520) })

	// Somebody else's change shows.
	m.do(app.UpdatePlacement{Scene: "Main", SourceID: chat, Fields: app.PlacementFields{X: ptr(640.0), Visible: ptr(false)}})
	p.wait(`document.querySelector('#at-x').value === '640' && !document.querySelector('#visible').checked`)
	p.wait(fmt.Sprintf(`Math.abs(new DOMMatrix(document.querySelector('%s').style.transform).e / (document.querySelector('#canvas').clientWidth / 1920) - 640) < 1`, box))
	p.press("#undo")
	m.stands("undone", "Main", chat, func(c app.Placement) bool { return c.Visible })

	// The stack, other scenes, and out of the scene again.
	goal := m.source("Goal", "http://127.0.0.1:9/goal", nil, map[string]app.PlacementFields{"Main": {}})
	p.wait(`document.querySelectorAll('.item').length === 2 && document.querySelector('.item b').textContent === 'Goal'`)
	p.press(`[data-order="front"]`)
	p.wait(`document.querySelector('.item b').textContent === 'Chat'`)
	p.press("#everywhere")
	p.shows("#everywhere-all", "In all 2 other scenes")
	p.press("#everywhere-all")
	for _, scene := range []string{"Break", "End"} {
		m.stands("there too", scene, chat, func(c app.Placement) bool { return c.X == m.core.Snapshot().Sources.Placed("Main", chat).Config.X })
	}
	p.press("#remove")
	p.wait(`document.querySelectorAll('.item').length === 1 && !details.checkVisibility()`)
	p.press("#toast button")
	p.wait(`document.querySelectorAll('.item').length === 2`)

	// It follows the program when that is wished.
	m.scene("Break")
	p.wait(`scene.selectedOptions[0].textContent === 'Main' && [...scene.options].some((o) => o.textContent === 'Break (on program)')`)
	p.press("#follow")
	p.wait(`scene.value === 'Break' && document.querySelectorAll('.item').length === 1`)
	m.scene("Main")
	p.wait(`scene.value === 'Main'`)
	m.do(app.DeactivateSource{ID: goal})
	p.wait(fmt.Sprintf(`document.querySelector('.box[data-id="%s"]').classList.contains('inactive')`, goal))
}
