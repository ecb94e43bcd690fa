package app

// Maintenance is what a person announces to everybody: that something will not work
// for a while. It is announced and nothing more: Cuewire goes on.
type Maintenance struct {
	Enabled           bool    `json:"enabled"`
	EstimatedDuration *Millis `json:"estimatedDuration"` // null when nobody knows
	Message           string  `json:"message"`
}

// SetMaintenance announces maintenance, or its end. It is not stored.
type SetMaintenance struct{ Maintenance Maintenance }

// MaintenanceChanged is system:maintenanceMode.
type MaintenanceChanged struct{ Maintenance }

func (SetMaintenance) command() {}

func (MaintenanceChanged) EventName() string { return "system:maintenanceMode" }
