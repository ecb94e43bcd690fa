package wsserver

import (
	"errors"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"

	"cuewire/app"
)

// The bounds of the list of own overlays: how deep it looks, how many files it
// looks at, and how far into one for its title.
const (
	overlayDepth = 4
	overlayLooks = 5000
	overlayHead  = 16 << 10
)

// OwnOverlay is a page of the streamer's own.
type OwnOverlay struct {
	Name  string `json:"name"`  // of its folder or file
	Path  string `json:"path"`  // what a source's url is
	Title string `json:"title"` // that it gives itself, "" for none
}

// overlays lists the pages of the folder for own overlays, by path.
func (s *Server) overlays(w http.ResponseWriter, r *http.Request) {
	found, err := s.OwnOverlays()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"overlays": list(found), "folder": s.config.Overlays})
}

// OwnOverlays returns the pages of the folder for own overlays, by path. It may be
// called from any goroutine.
func (s *Server) OwnOverlays() ([]OwnOverlay, error) {
	if s.config.Overlays == "" {
		return nil, nil
	}
	found, err := ownOverlays(s.config.Overlays)
	if err != nil {
		s.log.Error("own overlays could not be listed", "err", err)
		return nil, app.NewError(app.CodeUnavailable, "sources.overlays.unreadable",
			"The folder for your own overlays cannot be read. Check that it is there and that you may open it.", nil)
	}
	return found, nil
}

// ownOverlays finds the pages in a folder; one that is not there has none.
func ownOverlays(dir string) ([]OwnOverlay, error) {
	folder, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	var list []OwnOverlay
	looks := 0
	err = fs.WalkDir(folder.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if looks++; looks > overlayLooks {
			return fs.SkipAll
		}
		switch _, plain := overlayPath(name); {
		case name == ".":
			return err
		case err != nil || !plain || entry.IsDir() && strings.Count(name, "/") >= overlayDepth-1:
			if entry != nil && entry.IsDir() {
				return fs.SkipDir // of the rest there may be something to tell
			}
			return nil
		case entry.IsDir() || !strings.HasPrefix(overlayType(name), "text/html"):
			return nil
		}
		if info, err := folder.Stat(name); err != nil || !info.Mode().IsRegular() {
			return nil // a link that leads out of the folder
		}
		at := "/overlay/my/" + name
		label := strings.TrimSuffix(path.Base(name), path.Ext(name))
		if path.Base(name) == "index.html" && name != "index.html" {
			at = "/overlay/my/" + path.Dir(name) + "/"
			label = path.Base(path.Dir(name))
		}
		list = append(list, OwnOverlay{Name: label, Path: (&url.URL{Path: at}).EscapedPath(), Title: titleOf(folder, name)})
		return nil
	})
	return list, err
}

var titlePattern = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// titleOf returns the title that a page's head gives it.
func titleOf(folder *os.Root, name string) string {
	file, err := folder.Open(name)
	if err != nil {
		return ""
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, overlayHead))
	if err != nil {
		return ""
	}
	found := titlePattern.FindSubmatch(head)
	if found == nil {
		return ""
	}
	return strings.Join(strings.Fields(html.UnescapeString(strings.ToValidUTF8(string(found[1]), ""))), " ")
}
