package auth

import (
	"crypto/md5" //nolint:gosec // what the published API uses; the signature is what counts
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cuewire/app"
)

// signedFor is how far a signed request's time may be from ours.
const signedFor = 600 * time.Second

// JudgeSigned finds out whether an app's secret signed a request, as Pusher's
// server libraries do: the query's auth_signature is the HMAC of method, path and
// all other parameters, which hold the app's key, the time and the body's MD5. It
// returns nil, or an *app.Error of CodeUnauthorized that says what is not right.
func JudgeSigned(r *http.Request, body []byte, a *app.BroadcastApp, now time.Time) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return unsigned("The query cannot be read.")
	}
	parameters := make([]string, 0, len(query))
	seen := map[string]bool{}
	for name, values := range query {
		lower := strings.ToLower(name)
		if len(values) != 1 || seen[lower] {
			return unsigned("The parameter " + lower + " stands more than once in the query.")
		}
		seen[lower] = true
		if lower != "auth_signature" {
			parameters = append(parameters, lower+"="+values[0])
		}
	}
	slices.Sort(parameters)
	sent, err := strconv.ParseInt(query.Get("auth_timestamp"), 10, 64)
	switch {
	case query.Get("auth_key") != a.Key:
		return unsigned("auth_key is not the key of this app.")
	case query.Get("auth_version") != "1.0":
		return unsigned("auth_version must be 1.0.")
	case err != nil:
		return unsigned("auth_timestamp must be the time in seconds since 1970.")
	case sent < now.Add(-signedFor).Unix() || sent > now.Add(signedFor).Unix():
		return unsigned("auth_timestamp is more than 600 seconds from Cuewire's time. Check both clocks.")
	case !a.Signed(r.Method+"\n"+r.URL.EscapedPath()+"\n"+strings.Join(parameters, "&"), query.Get("auth_signature")):
		return unsigned("auth_signature is not right for this request and the app's secret.")
	}
	if len(body) > 0 || query.Has("body_md5") {
		if sum := md5.Sum(body); query.Get("body_md5") != hex.EncodeToString(sum[:]) { //nolint:gosec // see above
			return unsigned("body_md5 is not the MD5 of the body.")
		}
	}
	return nil
}

func unsigned(message string) error {
	return app.NewError(app.CodeUnauthorized, "broadcastt.unsigned", message, nil)
}
