package engine

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"cuewire/app"
)

// setSource changes a source, all of it or nothing.
func setSource(s *app.Source, v app.SourceFields) (changed []string, err error) {
	next, f := *s, fields{}
	set(&f, "name", &next.Name, v.Name, checkName)
	set(&f, "url", &next.URL, v.URL, checkSourceURL)
	set(&f, "width", &next.Width, v.Width, between(1, app.MaxSourceWidth))
	set(&f, "height", &next.Height, v.Height, between(1, app.MaxSourceHeight))
	set(&f, "refreshRate", &next.RefreshRate, v.RefreshRate, between(1, app.MaxRefreshRate))
	set(&f, "cssCustom", &next.CSS, v.CSS, checkCode)
	set(&f, "jsCustom", &next.JS, v.JS, checkCode)
	set(&f, "way", &next.Way, v.Way, oneOf(app.WayCombined, app.WayOwn))
	set(&f, "load", &next.Load, v.Load, oneOf(app.LoadKeep, app.LoadUnload))
	if f.err == nil && v.Tags != nil {
		var tags []string
		if tags, f.err = cleanTags(*v.Tags); f.err == nil && !slices.Equal(tags, next.Tags) {
			next.Tags = tags
			f.changed = append(f.changed, "tags")
		}
	}
	if f.err == nil && isFile(next.URL) && next.Way != app.WayOwn {
		f.err = invalid("url", "error.fileCombined", `{field} is a local file, which only a source shown the own way can show (way "own").`)
	}
	if f.err == nil {
		*s = next
	}
	return f.changed, f.err
}

func isFile(address string) bool {
	return len(address) >= 5 && strings.EqualFold(address[:5], "file:")
}

// checkSourceURL allows http, https, pages of ours by their path, and local files.
func checkSourceURL(field, v string) error {
	switch {
	case strings.TrimSpace(v) == "":
		return invalid(field, "error.fieldEmpty", "{field} must not be empty.")
	case len(v) > app.MaxSourceURL:
		return invalid(field, "error.fieldTooLong", "{field} is too long.")
	case !utf8.ValidString(v):
		return invalid(field, "error.fieldText", "{field} is not valid text.")
	}
	u, err := url.Parse(v)
	if err != nil {
		return invalid(field, "error.urlBroken", "{field} is not an address.") // the cause holds the address, and that may hold a key
	}
	switch u.Scheme {
	case "http", "https":
		if u.Hostname() == "" {
			return invalid(field, "error.urlNoHost", "{field} has no host: it must be like https://example.com/page.")
		}
		return nil
	case "file":
		if (u.Host != "" && u.Host != "localhost") || len(u.Path) < 2 || u.Path[0] != '/' {
			return invalid(field, "error.urlFile", "{field} must name a file on OBS's computer, like file:///home/me/overlay.html.")
		}
		return nil
	case "":
		return checkOwnPage(field, v, u)
	case "javascript", "vbscript":
		return refusedScheme(field, u.Scheme, "error.urlScript", "is a script and not a page")
	case "data", "blob", "about":
		return refusedScheme(field, u.Scheme, "error.urlContent", "holds a page instead of saying where one is")
	}
	return refusedScheme(field, u.Scheme, "error.urlOther", "is nothing that a browser source can show")
}

// checkOwnPage allows the pages that are made to be shown, and no way to the API.
func checkOwnPage(field, v string, u *url.URL) error {
	page := u.Host == "" && (strings.HasPrefix(u.Path, "/overlay/") || strings.HasPrefix(u.Path, "/r/"))
	switch {
	case !strings.HasPrefix(v, "/"):
		return invalid(field, "error.urlScheme", "{field} must begin with http:// or https://, or be the path of a page of Cuewire like /overlay/obs.")
	case !page || strings.Contains(u.Path, `\`) || path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/"):
		return invalid(field, "error.urlPage", "{field} must be the path of a page of Cuewire that begins with /overlay/ or /r/.")
	case u.Path == "/overlay/combined":
		return invalid(field, "error.urlCombined", "{field} is the page that shows all combined sources; it cannot be one of them.")
	}
	return nil
}

func refusedScheme(field, scheme, key, why string) error {
	return app.NewError(app.CodeInvalid, key, field+" must begin with http:// or https://: a "+scheme+": address "+why+".",
		map[string]any{"Field": field, "Scheme": scheme})
}

func checkCode(field, v string) error {
	switch {
	case len(v) > app.MaxSourceCode:
		return invalid(field, "error.fieldTooLong", "{field} is too long.")
	case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
		return invalid(field, "error.fieldText", "{field} is not valid text.")
	}
	return nil
}

// cleanTags returns tags without spaces around them, each once, in their order.
func cleanTags(tags []string) ([]string, error) {
	clean := []string{}
	for _, tag := range tags {
		tag = strings.TrimSpace(tag)
		if err := checkName("tags", tag); err != nil {
			return nil, err
		}
		if utf8.RuneCountInString(tag) > app.MaxTagLength {
			return nil, invalid("tags", "error.fieldTooLong", "{field} is too long.")
		}
		if !slices.Contains(clean, tag) {
			clean = append(clean, tag)
		}
	}
	if len(clean) > app.MaxTags {
		return nil, invalid("tags", "error.tooManyTags", "{field} may hold 20 tags.")
	}
	return clean, nil
}
