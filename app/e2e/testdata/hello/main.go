// Command hello is the least that a Fyne window can be, to hold Cuewire's against:
// it says hello in a window as large as Cuewire's. A line on its input hides it.
package main

import (
	"bufio"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("io.github.cuewire.hello")
	w := a.NewWindow("Hello")
	w.SetContent(widget.NewLabel("Hello"))
	w.Resize(fyne.NewSize(1180, 760))
	go func() {
		if bufio.NewScanner(os.Stdin).Scan() {
			fyne.Do(w.Hide)
		}
	}()
	w.ShowAndRun()
}
