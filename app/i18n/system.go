package i18n

import (
	"os"
	"strings"
)

// variables say the language of a Unix system, the first that is set.
var variables = []string{"LC_ALL", "LC_MESSAGES", "LANG"}

// System returns the language that the system is set to, "" if it does not say.
func System() string { return system }

var system = func() string {
	for _, name := range variables {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}()

// init gives the locale "C", which is no language, that of its texts: the window's
// toolkit reads the environment while it is initialized, after this package, and
// complains to the terminal of a locale that it does not know.
func init() {
	for _, name := range variables {
		if v, _, _ := strings.Cut(os.Getenv(name), "."); v == "C" || v == "POSIX" {
			_ = os.Setenv(name, "en_US.UTF-8") // fails for no name of ours
		}
	}
}
