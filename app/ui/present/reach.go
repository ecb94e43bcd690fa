package present

import (
	"slices"
	"strings"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Reach is how Cuewire is reached, in words.
type Reach struct {
	Sharing   bool
	Fixed     bool // by the command line
	Addresses []ReachAddress
	Networks  []app.ReachNetwork
	TrustURL  string // "" without our own authority
	Print     string // the fingerprint of its certificate, likewise
	Problem   string // "" for none
}

// ReachAddress is one address with where it is good.
type ReachAddress struct{ URL, About string }

// Same reports whether two look alike.
func (r Reach) Same(o Reach) bool {
	return r.Sharing == o.Sharing && r.Fixed == o.Fixed && slices.Equal(r.Addresses, o.Addresses) && r.TrustURL == o.TrustURL && r.Print == o.Print && r.Problem == o.Problem &&
		slices.EqualFunc(r.Networks, o.Networks, func(a, b app.ReachNetwork) bool {
			return a.Name == b.Name && a.Kind == b.Kind && slices.Equal(a.Addresses, b.Addresses)
		})
}

// ReachOf puts into words how Cuewire is reached.
func ReachOf(w *i18n.Words, r app.Reach) Reach {
	told := Reach{Sharing: r.Sharing, Fixed: r.Fixed, Networks: r.Interfaces, TrustURL: r.TrustURL, Print: r.Print}
	for _, a := range r.Addresses {
		about := w.T("devices.address.here", nil)
		if !a.Local {
			about = joined(w.T("devices.address.network", nil), a.Interface)
		}
		told.Addresses = append(told.Addresses, ReachAddress{a.URL, about})
	}
	var problems []string
	for _, p := range r.Problems {
		problems = append(problems, Reason(w, p))
	}
	if r.Fixed {
		problems = append(problems, w.T("devices.fixed", nil))
	}
	told.Problem = strings.Join(problems, "\n")
	return told
}

// Choices are the networks to share on, in words, and the values of
// app.Settings.ShareOn that they stand for: all of them first, and chosen among them
// even if it is not there at the moment.
func (r Reach) Choices(w *i18n.Words, chosen string) (texts, values []string) {
	texts, values = []string{w.T("devices.everywhere", nil)}, []string{""}
	for _, n := range r.Networks {
		texts = append(texts, joined(w.T("devices.kind."+string(n.Kind), nil)+" "+n.Name, strings.Join(n.Addresses[:min(1, len(n.Addresses))], "")))
		values = append(values, n.Name)
	}
	if !slices.Contains(values, chosen) {
		texts, values = append(texts, joined(chosen, w.T("devices.kind.gone", nil))), append(values, chosen)
	}
	return texts, values
}
