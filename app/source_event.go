package app

import "time"

// The events about sources.
type (
	// SourceCreated is sources:create.
	SourceCreated struct {
		Source *Source `json:"source"`
	}
	// SourceUpdated is sources:update. Changes are the JSON names of the changed fields.
	SourceUpdated struct {
		Source  *Source  `json:"source"`
		Changes []string `json:"changes"`
	}
	// SourceActivated is sources:activate.
	SourceActivated struct {
		SourceID    string    `json:"sourceId"`
		SourceName  string    `json:"sourceName"`
		Active      bool      `json:"isActive"` // true
		ActivatedAt time.Time `json:"activatedAt"`
	}
	// SourceDeactivated is sources:deactivate.
	SourceDeactivated struct {
		SourceID      string    `json:"sourceId"`
		SourceName    string    `json:"sourceName"`
		Active        bool      `json:"isActive"` // false
		DeactivatedAt time.Time `json:"deactivatedAt"`
	}
	// SourceDeleted is sources:delete.
	SourceDeleted struct {
		SourceID   string `json:"sourceId"`
		SourceName string `json:"sourceName"`
	}

	// SceneSourceAdded is scenes:sourceAdded.
	SceneSourceAdded struct {
		SceneName  string    `json:"sceneName"`
		SourceID   string    `json:"sourceId"`
		SourceName string    `json:"sourceName"`
		Config     Placement `json:"config"`
	}
	// SceneSourceRemoved is scenes:sourceRemoved.
	SceneSourceRemoved struct {
		SceneName  string `json:"sceneName"`
		SourceID   string `json:"sourceId"`
		SourceName string `json:"sourceName"`
	}
	// SceneSourceUpdated is scenes:sourceConfigUpdated. Config is all of the placement,
	// Changes are the JSON names of the fields that changed.
	SceneSourceUpdated struct {
		SceneName  string    `json:"sceneName"`
		SourceID   string    `json:"sourceId"`
		SourceName string    `json:"sourceName"`
		Config     Placement `json:"config"`
		Changes    []string  `json:"changes"`
	}
)

func (SourceCreated) EventName() string      { return "sources:create" }
func (SourceUpdated) EventName() string      { return "sources:update" }
func (SourceActivated) EventName() string    { return "sources:activate" }
func (SourceDeactivated) EventName() string  { return "sources:deactivate" }
func (SourceDeleted) EventName() string      { return "sources:delete" }
func (SceneSourceAdded) EventName() string   { return "scenes:sourceAdded" }
func (SceneSourceRemoved) EventName() string { return "scenes:sourceRemoved" }
func (SceneSourceUpdated) EventName() string { return "scenes:sourceConfigUpdated" }
