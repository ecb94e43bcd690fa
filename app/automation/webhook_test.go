package automation

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// received is what a receiver got.
type received struct {
	path, body, delivery string
	header               http.Header
}

// receiver answers calls as the function says and notes them.
func receiver(t *testing.T, handle http.HandlerFunc) (address string, calls chan received) {
	t.Helper()
	calls = make(chan received, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		calls <- received{r.URL.RequestURI(), string(body), r.Header.Get("Cuewire-Delivery"), r.Header}
		if handle != nil {
			handle(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, calls
}

// failures are what a caller told.
type failures struct {
	mu   sync.Mutex
	said []string
	more chan string
}

func (f *failures) tell(_ context.Context, host string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = append(f.said, host+": "+err.Error())
	f.more <- host + ": " + err.Error()
}

// testCaller returns a caller that hardly pauses.
func testCaller(t *testing.T) (*caller, *failures) {
	f := &failures{more: make(chan string, 1000)}
	c := newCaller("Cuewire/test", f.tell)
	for i := range c.pauses {
		c.pauses[i] = time.Millisecond
	}
	t.Cleanup(c.wait)
	return c, f
}

func TestWebhooksSendWhatTheySay(t *testing.T) {
	address, calls := receiver(t, nil)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1") // a proxy of the environment is not used
	c, f := testCaller(t)
	c.add(t.Context(), address+"/cue?token=secret", []byte(`{"event":"start"}`))
	got := <-calls
	if got.header.Get("Via") == "" {
		t.Error("a call to our own address would have this computer's rights")
	}
	if got.path != "/cue?token=secret" || got.body != `{"event":"start"}` || got.delivery == "" ||
		got.header.Get("Content-Type") != "application/json" || got.header.Get("User-Agent") != "Cuewire/test" {
		t.Errorf("got %+v", got)
	}
	c.wait()
	if len(f.said) > 0 {
		t.Error(f.said)
	}
}

// One host gets its calls one at a time and in their order, however many come at once.
func TestWebhooksKeepTheirOrder(t *testing.T) {
	var mu sync.Mutex
	var busy atomic.Bool
	address, calls := receiver(t, func(http.ResponseWriter, *http.Request) {
		if !mu.TryLock() {
			busy.Store(true)
			return
		}
		mu.Unlock()
	})
	c, _ := testCaller(t)
	for i := range 30 {
		c.add(t.Context(), fmt.Sprintf("%s/%d", address, i), nil)
	}
	ids := map[string]bool{}
	for i := range 30 {
		got := <-calls
		if got.path != "/"+strconv.Itoa(i) {
			t.Fatalf("call %d is %s", i, got.path)
		}
		ids[got.delivery] = true
	}
	if len(ids) != 30 || busy.Load() {
		t.Errorf("%d deliveries, two at a time: %v", len(ids), busy.Load())
	}
}

func TestWebhooksAreTriedAgain(t *testing.T) {
	for name, test := range map[string]struct {
		statuses []int // of the answers, the last for all that follow; 0 cuts the connection
		tries    int
		says     string // "" for success
	}{
		"at once":          {[]int{204}, 1, ""},
		"after a fault":    {[]int{500, 200}, 2, ""},
		"after two":        {[]int{503, 0, 200}, 3, ""},
		"never":            {[]int{500}, 3, "it answered 500"},
		"cut":              {[]int{0}, 3, "EOF"},
		"not found":        {[]int{404}, 1, "it answered 404"},
		"fault, then gone": {[]int{500, 410}, 2, "it answered 410"},
	} {
		t.Run(name, func(t *testing.T) {
			var answered atomic.Int32
			address, calls := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
				status := test.statuses[min(int(answered.Add(1)), len(test.statuses))-1]
				if status == 0 {
					panic(http.ErrAbortHandler)
				}
				w.WriteHeader(status)
			})
			c, f := testCaller(t)
			c.add(t.Context(), address+"/?token=secret", []byte("{}"))
			c.wait()
			var ids []string
			for range len(calls) {
				call := <-calls
				ids = append(ids, call.delivery)
				if call.body != "{}" {
					t.Errorf("a try sent %q", call.body)
				}
			}
			if len(ids) != test.tries || len(slices.Compact(ids)) != 1 {
				t.Errorf("tries: %v", ids)
			}
			said := strings.Join(f.said, "\n")
			if (said == "") != (test.says == "") || !strings.Contains(said, test.says) || strings.Contains(said, "secret") {
				t.Errorf("told %q", said)
			}
			if said != "" && !strings.HasPrefix(said, strings.TrimPrefix(address, "http://")+": ") {
				t.Errorf("%q does not begin with the host", said)
			}
		})
	}
}

// A receiver that is not there is told of, by its host alone.
func TestWebhooksThatReachNobody(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	c, f := testCaller(t)
	for _, address := range []string{"http://user:secret@" + gone.Addr().String() + "/?token=secret", "ftp://127.0.0.1/secret", "secret", "http:///secret", "://"} {
		c.add(t.Context(), address, nil)
		if said := <-f.more; strings.Contains(said, "secret") || said == "" {
			t.Errorf("%s: told %q", address, said)
		}
	}
}

// A call never leaves the host that it was made to, and what it sends is not lost
// on the way.
func TestWebhooksStayAtTheirHost(t *testing.T) {
	elsewhere, foreign := receiver(t, nil)
	for name, test := range map[string]struct {
		status int
		to     string
		says   string
		calls  int
	}{
		"elsewhere":         {307, elsewhere, "another host", 1},
		"within":            {308, "/done", "", 2},
		"without its body":  {302, "/done", "lose", 1},
		"round and round":   {307, "/again", "too often", 4},
		"away from https":   {307, "//" + strings.TrimPrefix(elsewhere, "http://"), "another host", 1},
		"without a address": {307, "", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			address, calls := receiver(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/done" {
					return
				}
				if test.to != "" {
					w.Header().Set("Location", test.to)
				}
				w.WriteHeader(test.status)
			})
			c, f := testCaller(t)
			c.add(t.Context(), address, []byte("sent"))
			c.wait()
			n := len(calls)
			for range n {
				if call := <-calls; call.body != "sent" {
					t.Errorf("%s got %q", call.path, call.body)
				}
			}
			said := strings.Join(f.said, "\n")
			if n != test.calls || !strings.Contains(said, test.says) || (test.says != "") != (said != "") && test.to != "" {
				t.Errorf("%d calls, told %q", n, said)
			}
			if test.to == "" && said == "" {
				t.Error("a redirect to nowhere is taken for success")
			}
		})
	}
	if len(foreign) > 0 {
		t.Error("a call went elsewhere")
	}
}

// A receiver that hangs delays nobody else, what waits for it is bounded, and it
// does not outlive the director.
func TestAHangingReceiverDelaysNobody(t *testing.T) {
	release := make(chan struct{})
	hanging, stuck := receiver(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	prompt, calls := receiver(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c, f := testCaller(t)
	c.add(ctx, hanging, nil)
	<-stuck // the first is under way
	for range maxCalls + 3 {
		c.add(ctx, hanging, nil)
	}
	for range 3 {
		if said := <-f.more; !strings.Contains(said, errCalls.Error()) {
			t.Error(said)
		}
	}
	c.add(ctx, prompt, nil)
	<-calls
	cancel()
	c.wait()
	if len(f.more) > 0 || len(c.queue) > 0 {
		t.Errorf("after the end: %d told, %d waiting", len(f.more), len(c.queue))
	}
}

// No answer in time is a failure like others: tried again, then told.
func TestWebhooksTimeOut(t *testing.T) {
	release := make(chan struct{})
	hanging, calls := receiver(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	c, f := testCaller(t)
	c.client.Timeout = 500 * time.Millisecond
	c.add(t.Context(), hanging, nil)
	if said := <-f.more; !strings.Contains(said, "Timeout") || len(calls) < 2 {
		t.Errorf("%d calls, told %q", len(calls), said)
	}
}

// An answer without an end is not read to it.
func TestAnswersAreReadInPart(t *testing.T) {
	sent := make(chan int, 10)
	address, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		n := 0
		for chunk := make([]byte, 32<<10); ; n += len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				sent <- n
				return
			}
		}
	})
	c, f := testCaller(t)
	c.add(t.Context(), address, nil)
	<-sent // it ended because we hung up
	c.wait()
	if len(f.said) > 0 {
		t.Error(f.said)
	}
}

// The number of hosts that are called at one time is bounded.
func TestReceiversAreBounded(t *testing.T) {
	release := make(chan struct{})
	hanging, stuck := receiver(t, func(http.ResponseWriter, *http.Request) { <-release })
	u, err := url.Parse(hanging)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c, f := testCaller(t)
	c.client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, u.Host)
	}
	for i := range maxReceivers {
		c.add(ctx, fmt.Sprintf("http://receiver%d.invalid/", i), nil)
	}
	for range maxReceivers {
		<-stuck
	}
	c.add(ctx, "http://one-more.invalid/", nil)
	if said := <-f.more; said != "one-more.invalid: "+errReceivers.Error() {
		t.Error(said)
	}
	close(release)
}
