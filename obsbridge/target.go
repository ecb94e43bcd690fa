package obsbridge

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"cuewire/app"
)

// DefaultPort is the port that OBS's WebSocket server listens on unless told otherwise.
const DefaultPort = 4455

// ParseTarget reads an address of an OBS: obsws://HOST:PORT/PASSWORD as OBS's
// own "Show Connect Info" gives it, or just HOST or HOST:PORT. The password is
// percent-decoded and may be missing; a missing port is [DefaultPort]. The error
// is an *app.Error with CodeInvalid and never holds the password.
func ParseTarget(text string) (app.ConnectOBS, error) {
	text = strings.TrimSpace(text)
	rest, password, isURL := text, "", false
	if scheme, after, ok := strings.Cut(text, "://"); ok {
		if s := strings.ToLower(scheme); s != "obsws" && s != "ws" {
			return app.ConnectOBS{}, badTarget("obs.target.scheme", "the address of OBS must begin with obsws://")
		}
		rest, isURL = after, true
	}
	// Cut by hand: net/url quotes what it cannot read, password and all, and a
	// password may hold an unescaped "?" or "#".
	if isURL {
		rest, password, _ = strings.Cut(rest, "/")
		decoded, err := url.PathUnescape(password)
		if err != nil {
			return app.ConnectOBS{}, badTarget("obs.target.password", "the password in the address of OBS has a % that is not followed by two hexadecimal digits; write %25 for a % sign")
		}
		password = decoded
	}
	host, port, err := splitHostPort(rest)
	if err != nil {
		return app.ConnectOBS{}, err
	}
	return app.ConnectOBS{Host: host, Port: port, Password: password}, nil
}

func splitHostPort(text string) (host string, port int, err error) {
	host, port = text, DefaultPort
	if h, p, splitErr := net.SplitHostPort(text); splitErr == nil {
		host = h
		port, err = strconv.Atoi(p)
		if err != nil || port < 1 || port > 65535 {
			return "", 0, badTarget("obs.target.port", "the port in the address of OBS must be a number from 1 to 65535")
		}
	} else if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		host = text[1 : len(text)-1]
	}
	if !goodHost(host) {
		return "", 0, badTarget("obs.target.host", "the address of OBS needs the name or IP address of a computer, as in obsws://192.168.1.20:4455/PASSWORD")
	}
	return host, port, nil
}

// goodHost reports whether host is an IP address or looks like a name.
func goodHost(host string) bool {
	address, _, _ := strings.Cut(host, "%") // an IPv6 zone
	if net.ParseIP(address) != nil {
		return true
	}
	return host != "" && len(host) <= 253 && !strings.ContainsAny(host, " \t\r\n:/?#[]@%\\\"'<>")
}

// checkTarget checks what did not come through [ParseTarget], and fills in the port.
func checkTarget(t app.ConnectOBS) (app.ConnectOBS, error) {
	if t.Port == 0 {
		t.Port = DefaultPort
	}
	if t.Port < 1 || t.Port > 65535 {
		return t, badTarget("obs.target.port", "the port in the address of OBS must be a number from 1 to 65535")
	}
	if !goodHost(t.Host) {
		return t, badTarget("obs.target.host", "the address of OBS needs the name or IP address of a computer, as in obsws://192.168.1.20:4455/PASSWORD")
	}
	return t, nil
}

func badTarget(key, message string) error {
	return app.NewError(app.CodeInvalid, key, message, nil)
}

func address(t app.ConnectOBS) string { return net.JoinHostPort(t.Host, strconv.Itoa(t.Port)) }
