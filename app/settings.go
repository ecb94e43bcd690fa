package app

// Settings are what a person has chosen for this Cuewire. They are stored.
type Settings struct {
	Language       string   `json:"language"`       // "en", "pt-BR", or "" for the system's
	ViewingOpen    bool     `json:"viewingOpen"`    // viewing pages need no token on the local network
	CloseToTray    bool     `json:"closeToTray"`    // closing the window leaves Cuewire serving
	AllowedOrigins []string `json:"allowedOrigins"` // foreign origins that may use the API, as scheme://host:port
	Welcomed       bool     `json:"welcomed"`       // the first steps were shown

	Sharing      bool      `json:"sharing"`      // other devices of the local network may connect
	ShareOn      string    `json:"shareOn"`      // the network interface, or an address of this computer's, where they may; "" for all
	LocalNameOff bool      `json:"localNameOff"` // while sharing, LocalName is not told on the network
	HTTPS        HTTPSMode `json:"https"`
	CertFile     string    `json:"certFile"` // PEM, the whole chain, for HTTPSGiven
	KeyFile      string    `json:"keyFile"`  // PEM, likewise

	OIDCIssuer   string `json:"oidcIssuer"`   // address of an outside issuer of access tokens, "" for none
	OIDCAudience string `json:"oidcAudience"` // whom its tokens must be for, "" for anybody

	MaxConcurrentSources int `json:"maxConcurrentSources"` // that may be active, 1 to MostSourceLimit
	MaxSourcesPerScene   int `json:"maxSourcesPerScene"`   // likewise, in one scene
}

// SettingsFields are the settings to change; nil leaves one as it is.
type SettingsFields struct {
	Language       *string   `json:"language"`
	ViewingOpen    *bool     `json:"viewingOpen"`
	CloseToTray    *bool     `json:"closeToTray"`
	AllowedOrigins *[]string `json:"allowedOrigins"`
	Welcomed       *bool     `json:"welcomed"`

	Sharing      *bool      `json:"sharing"`
	ShareOn      *string    `json:"shareOn"`
	LocalNameOff *bool      `json:"localNameOff"`
	HTTPS        *HTTPSMode `json:"https"`
	CertFile     *string    `json:"certFile"`
	KeyFile      *string    `json:"keyFile"`

	OIDCIssuer   *string `json:"oidcIssuer"`
	OIDCAudience *string `json:"oidcAudience"`

	MaxConcurrentSources *int `json:"maxConcurrentSources"`
	MaxSourcesPerScene   *int `json:"maxSourcesPerScene"`
}
