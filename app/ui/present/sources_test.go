package present

import (
	"strings"
	"testing"

	"cuewire/app"
)

func TestPagesForOBS(t *testing.T) {
	in := input(t, "en")
	if got := PageForOBS(in, ViewerLink); got != (Page{"/r/ABC234/viewer?background=transparent&hide=controls", "Timer Main"}) {
		t.Errorf("viewer %+v", got)
	}
	if got := PageForOBS(in, OverlayLink); got != (Page{"/overlay/obs", "Cuewire overlay"}) {
		t.Errorf("overlay %+v", got)
	}
	in.Snapshot.Rooms = nil
	if got := PageForOBS(in, ViewerLink); got != (Page{}) {
		t.Errorf("without a room %+v", got)
	}
}

func TestEveryPhaseButTheQuietOnesHasAButton(t *testing.T) {
	for phase, want := range map[app.OBSPhase]OBSAction{
		app.OBSOff: OBSFind, app.OBSSearching: "", app.OBSNotRunning: OBSTry, app.OBSServerOff: OBSTry, app.OBSConnected: "",
		app.OBSWrongPassword: OBSPassword, app.OBSConnecting: "", app.OBSLost: OBSTry, app.OBSKicked: OBSAgain,
	} {
		for _, lang := range []string{"en", "pt-BR"} {
			in := input(t, lang)
			in.Snapshot.OBS.Phase = phase
			if got := Of(in).OBS.Action; got != want {
				t.Errorf("%s: %q, want %q", phase, got, want)
			}
			if key := "window.obs.action." + string(want); want != "" && in.Words.T(key, nil) == key {
				t.Errorf("%s has no words in %s", want, lang)
			}
		}
	}
}

func TestOldAddressesAreCounted(t *testing.T) {
	in := input(t, "en")
	in.Snapshot.OBS.Phase, in.Local.Outdated = app.OBSConnected, 2
	if got := Of(in).OBS.Outdated; got != "2 sources in OBS go to an old address of Cuewire." {
		t.Errorf("%q", got)
	}
	in.Snapshot.OBS.Phase = app.OBSLost
	if got := Of(in).OBS.Outdated; got != "" {
		t.Errorf("not connected, yet %q", got)
	}
}

func TestAQuietNoticeWaitsForTheOneThatStands(t *testing.T) {
	in := input(t, "en")
	in.Local = Local{Notice: "Added", NoticeTill: start + 500, Undo: true, Later: "Refreshed", LaterTill: start + 900}
	if v := Of(in); v.Notice != "Added" || !v.Undo || v.Change != 500 {
		t.Errorf("%q, undo %v, changes after %d ms", v.Notice, v.Undo, v.Change)
	}
	in.Now += 500
	if v := Of(in); v.Notice != "Refreshed" || v.Undo || v.Change != 400 {
		t.Errorf("%q, undo %v, changes after %d ms", v.Notice, v.Undo, v.Change)
	}
	in.Now += 400
	if v := Of(in); v.Notice != "" || v.Change != 0 {
		t.Errorf("%q, changes after %d ms", v.Notice, v.Change)
	}
}

func TestAServerSwitchedOffIsExplainedClickByClick(t *testing.T) {
	in := input(t, "en")
	in.Snapshot.OBS.Phase = app.OBSServerOff
	for _, what := range []string{"Tools", "WebSocket Server Settings", "Enable WebSocket server", "OK"} {
		if hint := Of(in).OBS.Hint; !strings.Contains(hint, what) {
			t.Errorf("%q does not name %q", hint, what)
		}
	}
}
