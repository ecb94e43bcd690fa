package ui

import "cuewire/app/ui/present"

// chooseTheme shows the window in another theme, one of themeChoices.
func (w *Window) chooseTheme(choice int) {
	if choice < 0 || choice >= len(themeChoices) {
		return
	}
	w.prefs.setTheme(choice)
	w.apply(w.present())
}

// retheme has everything drawn in a theme. Page, focus and what is chosen stay: Fyne
// draws each object anew, and inks are looked up then.
func (w *Window) retheme(theme present.Theme) {
	if w.themed && present.Used() == theme {
		return
	}
	w.themed = true
	present.Use(theme)
	w.cfg.App.Settings().SetTheme(newLook())
	for _, a := range w.areas {
		if a, ok := a.(themed); ok {
			a.rethemed()
		}
	}
}

// rethemed reports whether the row was filled last in another theme. Rows that a list
// keeps out of sight hear of no theme.
func (r *clickRow) rethemed() bool {
	was := r.theme
	r.theme = present.Used()
	if was == r.theme {
		return false
	}
	r.cells.Refresh()
	return true
}
