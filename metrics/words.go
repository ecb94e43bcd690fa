package metrics

import (
	"math"
	"runtime"
	"strconv"
	"strings"
)

var cores = float64(runtime.NumCPU())

// texts are the English of the catalogue's alert.* entries: protocols and logs
// have it without asking for a language.
var texts = map[string]string{
	"alert.high_cpu_usage":           "System CPU usage is above threshold: {{.Value}} % (limit {{.Threshold}} %).",
	"alert.high_cpu_usage.ended":     "System CPU usage is fine again: {{.Value}} %.",
	"alert.high_memory_usage":        "System memory usage is above threshold: {{.Value}} % (limit {{.Threshold}} %).",
	"alert.high_memory_usage.ended":  "System memory usage is fine again: {{.Value}} %.",
	"alert.high_obs_cpu_usage":       "OBS uses {{.Value}} % of the processor (limit {{.Threshold}} %).",
	"alert.high_obs_cpu_usage.ended": "OBS uses less of the processor again: {{.Value}} %.",
	"alert.render_lag":               "OBS renders {{.Value}} % of its frames too late (limit {{.Threshold}} %): viewers see stutter.",
	"alert.render_lag.ended":         "OBS renders its frames in time again.",
	"alert.encoder_overload":         "The encoder skips {{.Value}} % of the frames (limit {{.Threshold}} %): viewers see stutter.",
	"alert.encoder_overload.ended":   "The encoder keeps up again.",
	"alert.dropped_frames":           "{{.Value}} % of the stream's frames are dropped on the way to the streaming service (limit {{.Threshold}} %).",
	"alert.dropped_frames.ended":     "The stream's frames reach the streaming service again.",
	"alert.network_congestion":       "The stream is congested: {{.Value}} % (limit {{.Threshold}} %). Frames may be dropped soon.",
	"alert.network_congestion.ended": "The stream is no longer congested.",
	"alert.low_fps":                  "OBS reaches only {{.Value}} % of its frame rate (limit {{.Threshold}} %).",
	"alert.low_fps.ended":            "OBS reaches its frame rate again.",
	"alert.low_disk_space":           "Only {{.Value}} MiB are free where OBS records (limit {{.Threshold}} MiB).",
	"alert.low_disk_space.ended":     "There is room to record again: {{.Value}} MiB.",
	"alert.low_source_fps":           "A browser source shows only {{.Value}} frames a second (limit {{.Threshold}}).",
	"alert.low_source_fps.ended":     "The browser sources run smoothly again: {{.Value}} frames a second.",
	"alert.source_stalls":            "A browser source stalled {{.Value}} times in a minute (limit {{.Threshold}}).",
	"alert.source_stalls.ended":      "The browser sources no longer stall.",

	"alert.cause.cpu_obs":          "OBS itself uses most of the processor. Choose a faster encoder preset or a hardware encoder, or a lower resolution or frame rate.",
	"alert.cause.cpu_browser":      "The browser sources in OBS use much of the processor. Deactivate those that are not needed, lower their frame rate, or show them combined.",
	"alert.cause.cpu_cuewire":      "Cuewire itself uses much of the processor. Close pages and programs that are connected to it and not needed.",
	"alert.cause.cpu_other":        "Another program uses most of the processor. Close what the show does not need.",
	"alert.cause.memory_browser":   "The browser sources in OBS use much of the memory. Deactivate those that are not needed, or show them combined.",
	"alert.cause.memory_obs":       "OBS uses much of the memory. Remove media and sources that are not needed, and restart OBS before the show.",
	"alert.cause.memory_other":     "Other programs use most of the memory. Close what the show does not need.",
	"alert.cause.obs_scene":        "OBS works hard without streaming or recording: its scenes are heavy. Remove filters and sources that are not needed.",
	"alert.cause.render_cpu":       "The processor is too busy for OBS to draw in time. Close what the show does not need, or lower OBS's frame rate.",
	"alert.cause.render_memory":    "The computer is short of memory, which slows everything down. Close what the show does not need.",
	"alert.cause.render_scene":     "The scene takes too long to draw. Remove filters and sources from it, or lower the canvas size or the frame rate in OBS.",
	"alert.cause.render_gpu":       "The graphics card is busy, most likely with a game or another program. Limit the game's frame rate; on Windows, run OBS as administrator.",
	"alert.cause.encoder_cpu":      "The processor is too busy for the encoder. Choose a faster preset or a hardware encoder (NVENC, Quick Sync, AMF), and close what the show does not need.",
	"alert.cause.encoder_gpu":      "The graphics card has too much to do: it draws late and encodes late. Limit the game's frame rate, or lower OBS's output resolution or frame rate.",
	"alert.cause.encoder_settings": "The encoder is too slow for this resolution and frame rate. Choose a faster preset, or lower one of them in OBS's settings.",
	"alert.cause.network_lost":     "OBS lost the streaming service and tries again. Check that the internet works; look at the service's status page.",
	"alert.cause.network_cpu":      "The processor is so busy that OBS cannot send in time. Close what the show does not need.",
	"alert.cause.network":          "The network does not carry the stream. Lower the bitrate in OBS, use a cable instead of Wi-Fi, and stop other uploads.",
	"alert.cause.disk_recording":   "The recording fills the disk. Free some space now; after this recording, choose another folder in OBS's settings.",
	"alert.cause.disk_other":       "The disk that OBS records to is nearly full. Free some space, or choose another folder in OBS's settings.",
	"alert.cause.page_cpu":         "The processor is too busy to draw the page in time. Close what the show does not need.",
	"alert.cause.page_obs":         "OBS itself draws too late, and the page with it. Lower OBS's frame rate or canvas size, or limit the game's frame rate.",
	"alert.cause.page":             "The page has too much to draw. Make it smaller, use fewer effects, or refresh it in OBS.",
}

// english returns a text filled in.
func english(key string, args map[string]any) string {
	text := texts[key]
	for name, value := range args {
		if word, ok := value.(string); ok {
			text = strings.ReplaceAll(text, "{{."+name+"}}", word)
		}
	}
	return text
}

// shown is a number as sentences have it: whole from ten on, else to one decimal.
func shown(x float64) string {
	if math.Abs(x) >= 10 {
		return strconv.FormatFloat(math.Round(x), 'f', -1, 64)
	}
	return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64)
}
