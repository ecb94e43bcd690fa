package obsbridge

import (
	"log/slog"

	"cuewire/app"
)

type instances struct{}

func openInstances(dir string, noKeyring bool, log *slog.Logger) *instances { return &instances{} }

func (*instances) activeTarget() *app.ConnectOBS { return nil }
