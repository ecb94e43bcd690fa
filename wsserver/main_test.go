package wsserver

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(audienceEnv) != "" {
		beAudience()
		return
	}
	if os.Getenv(timedEnv) != "" {
		beTimedCrowd()
		return
	}
	goleak.VerifyTestMain(m)
}
