package ui

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"cuewire/app"
	"cuewire/app/ui/present"
)

func TestAppsAreMadeSwitchedRenewedAndDeleted(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	only := func() *app.BroadcastApp {
		if apps := core.Snapshot().Apps; len(apps) == 1 {
			return apps[0]
		}
		return &app.BroadcastApp{}
	}
	row := func() *appRow { return s.apps.rows[only().ID] }
	listed := func() bool { return row() != nil && row().shown == only() }
	copied := func() string { return s.cfg.App.Clipboard().Content() }

	s.loop.run(func() {
		s.openArea(present.AppsArea)
		if !s.says("No apps yet. Give the first one a name.") || !s.says("Overlays connect to ws://127.0.0.1:3000/app/KEY") {
			t.Error("without an app nothing says what to do")
		}
		name := s.apps.name
		enter(name)
		if !s.says("Write something here") {
			t.Error("an app without a name is not refused")
		}
		test.Type(name, "Alerts")
		if s.says("Write something here") {
			t.Error("what was wrong stands although it is put right")
		}
		enter(name)
	})
	s.loop.until(t, "the app is listed", listed)
	first := only()
	s.loop.run(func() {
		if !s.says("Alerts") || !s.says(first.ID) || !s.says(first.Key) || !s.says("ws://127.0.0.1:3000/app/"+first.Key) || s.says(first.Secret) {
			t.Error("the app is not shown with its id, key and address, and its secret hidden")
		}
		if s.apps.name.Text != "" || s.apps.empty.Visible() {
			t.Error("the dialog is not ready for the next one")
		}
		test.Tap(row().reveal)
		if !s.says(first.Secret) {
			t.Error("the secret is not shown when asked for")
		}
		test.Tap(row().reveal)
		if s.says(first.Secret) {
			t.Error("the secret is not hidden again")
		}
		for want, value := range map[string]*appValue{first.ID: row().id, first.Key: row().key, first.Secret: row().secret, "ws://127.0.0.1:3000/app/" + first.Key: row().address} {
			if test.Tap(value.copy); copied() != want {
				t.Errorf("copied %q, want %q", copied(), want)
			}
		}
		test.Tap(row().secret.copy)
	})
	s.loop.until(t, "that the secret was copied is told, and not the secret", func() bool {
		return s.notice.text.Text == "Copied the secret of “Alerts”"
	})

	s.loop.run(func() { test.Tap(row().enabled) })
	s.loop.until(t, "it is off", func() bool { return !only().Enabled && listed() && !row().enabled.Checked })
	on := true
	if _, err := core.Do(t.Context(), app.UpdateApp{ID: first.ID, Fields: app.AppFields{Enabled: &on}}); err != nil {
		t.Fatal(err)
	}
	s.loop.until(t, "that somebody else switched it on is shown", func() bool { return listed() && row().enabled.Checked })

	choose := func(entry string) {
		s.loop.run(func() {
			test.Tap(row().menu)
			s.entry(t, entry)
		})
	}
	choose("New key and secret…")
	s.loop.run(func() { s.press(t, "Cancel") })
	s.loop.until(t, "the apps are shown again", listed)
	if only().Key != first.Key {
		t.Error("a new key was made although the question was answered with no")
	}
	choose("New key and secret…")
	s.loop.run(func() { s.press(t, "Make new ones") })
	s.loop.until(t, "key and secret are others", func() bool {
		return listed() && only().Key != first.Key && only().Secret != first.Secret && s.says(only().Key)
	})

	choose("Delete…")
	s.loop.run(func() { s.press(t, "Delete app") })
	s.loop.until(t, "no app is left", func() bool { return len(core.Snapshot().Apps) == 0 && s.apps.empty.Visible() })
}

func TestASwitchThatTheCoreRefusesGoesBack(t *testing.T) {
	core := newFakeCore(1)
	core.refuse = app.NewError(app.CodeNotFound, "error.appNotFound", "", nil)
	core.update(func(snap *app.Snapshot, _ *app.RoomState) {
		snap.Apps = []*app.BroadcastApp{{ID: "1", Name: "Alerts", Enabled: true}}
	})
	s := show(t, core, nil)
	s.loop.run(func() {
		s.openArea(present.AppsArea)
		test.Tap(s.apps.rows["1"].enabled)
	})
	if sent, ok := core.next(t).(app.UpdateApp); !ok || sent.ID != "1" || sent.Fields.Enabled == nil || *sent.Fields.Enabled {
		t.Errorf("sent %+v", sent)
	}
	s.loop.until(t, "the refusal is told and the switch is on again", func() bool {
		return s.says("There is no app with this id.") && s.apps.rows["1"].enabled.Checked
	})
}
