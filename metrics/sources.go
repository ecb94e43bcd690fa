package metrics

import (
	"net/url"

	"cuewire/app"
)

// maxPages is how many pages are told of: a hundred say enough.
const maxPages = 100

// sourcesOf returns what the snapshot tells of the browser sources; what their
// processes use is not in it.
func sourcesOf(snap *app.Snapshot) app.SourcesPerformance {
	p := app.SourcesPerformance{Total: len(snap.Sources.List), Pages: []app.PagePerformance{}}
	shown := map[string]*app.Source{} // by address
	for _, source := range snap.Sources.List {
		if source.Active {
			p.Active++
			shown[pageOf(source.URL)] = source
		}
	}
	at := map[string]int{} // places in p.Pages, by page
	for _, client := range snap.Clients {
		if client.Page == "" || client.FPS == nil && client.LongFrames == nil {
			continue
		}
		if client.Visible != nil && !*client.Visible {
			continue // what it told is of when it was seen
		}
		source := shown[pageOf(client.Page)]
		if source == nil && !client.InOBS {
			continue
		}
		i, known := at[client.Page]
		if !known {
			if len(p.Pages) == maxPages {
				break
			}
			i = len(p.Pages)
			at[client.Page] = i
			page := app.PagePerformance{Name: client.Page}
			if source != nil {
				page.SourceID, page.Name = source.ID, source.Name
			}
			p.Pages = append(p.Pages, page)
		}
		page := &p.Pages[i]
		if client.FPS != nil && (page.FPS == nil || *client.FPS < *page.FPS) {
			page.FPS = client.FPS
		}
		if client.LongFrames != nil && (page.LongFrames == nil || *client.LongFrames > *page.LongFrames) {
			page.LongFrames = client.LongFrames
		}
	}
	return p
}

// pageOf returns the path and query of an address: a page of ours is known by many
// names of this computer.
func pageOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}

// share hands the cost of OBS's browser processes out to the active sources.
func share(p app.SourcesPerformance, browser *app.BrowserPerformance) app.SourcesPerformance {
	p.Browser = browser
	if browser == nil || browser.Processes == 0 || p.Active == 0 {
		return p
	}
	each := func(all *float64) *float64 {
		if all == nil {
			return nil
		}
		return number(*all / float64(p.Active))
	}
	p.AverageCPUUsage, p.AverageMemoryUsage = each(browser.CPU), each(browser.Memory)
	return p
}
