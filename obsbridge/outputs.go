package obsbridge

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/andreykaipov/goobs/api/requests/general"
	"github.com/andreykaipov/goobs/api/requests/inputs"
	"github.com/andreykaipov/goobs/api/requests/record"
	"github.com/andreykaipov/goobs/api/requests/sources"
	"github.com/andreykaipov/goobs/api/requests/stream"

	"cuewire/app"
)

// stopStream asks OBS itself whether it is live: the guard must not depend on news
// that may be a moment old.
func (l *link) stopStream(ctx context.Context, c app.StopStream) error {
	if !c.Confirm {
		var status stream.GetStreamStatusResponse
		if err := l.ask(ctx, &stream.GetStreamStatusParams{}, &status); err != nil {
			return err
		}
		if status.OutputActive {
			return app.NewError(app.CodeConflict, "obs.confirmStop", "OBS is live; stopping the stream must be confirmed", nil)
		}
	}
	return l.ask(ctx, &stream.StopStreamParams{}, nil)
}

func (l *link) stopRecord(ctx context.Context) (string, error) {
	var stopped record.StopRecordResponse
	err := l.ask(ctx, &record.StopRecordParams{}, &stopped)
	return stopped.OutputPath, err
}

func (l *link) inputs(ctx context.Context, kind string) ([]app.OBSInput, error) {
	params := &inputs.GetInputListParams{}
	if kind != "" {
		params.InputKind = &kind
	}
	var list inputs.GetInputListResponse
	if err := l.ask(ctx, params, &list); err != nil {
		return nil, err
	}
	found := make([]app.OBSInput, 0, len(list.Inputs))
	for _, i := range list.Inputs {
		input := app.OBSInput{Name: i.InputName, UUID: i.InputUuid, Kind: i.InputKind}
		// OBS refuses to tell the volume of an input without sound.
		var mute inputs.GetInputMuteResponse
		if err := l.ask(ctx, &inputs.GetInputMuteParams{InputName: &i.InputName}, &mute); err == nil {
			input.Muted = &mute.InputMuted
		} else if !isRefusal(err) {
			return nil, err
		}
		if input.Muted != nil {
			var volume inputs.GetInputVolumeResponse
			if err := l.ask(ctx, &inputs.GetInputVolumeParams{InputName: &i.InputName}, &volume); err == nil {
				input.VolumeDB = &volume.InputVolumeDb
			} else if !isRefusal(err) {
				return nil, err
			}
		}
		found = append(found, input)
	}
	return found, nil
}

func (l *link) screenshot(ctx context.Context, c app.TakeScreenshot) (app.OBSScreenshot, error) {
	format := strings.ToLower(c.Format)
	if format == "" || format == "jpeg" {
		format = "jpg"
	}
	if format != "jpg" && format != "png" {
		return app.OBSScreenshot{}, app.NewError(app.CodeInvalid, "obs.screenshotFormat", "a screenshot is a png or a jpg", nil)
	}
	if c.Width != 0 && (c.Width < 8 || c.Width > 4096) {
		return app.OBSScreenshot{}, app.NewError(app.CodeInvalid, "obs.screenshotWidth", "a screenshot is 8 to 4096 pixels wide", nil)
	}
	params := &sources.GetSourceScreenshotParams{SourceName: &c.Source, ImageFormat: &format}
	if c.Width != 0 {
		width := float64(c.Width)
		params.ImageWidth = &width
	}
	var shot sources.GetSourceScreenshotResponse
	if err := l.ask(ctx, params, &shot); err != nil {
		return app.OBSScreenshot{}, err
	}
	head, text, _ := strings.Cut(shot.ImageData, ";base64,") // data:image/png;base64,…
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(data) == 0 {
		return app.OBSScreenshot{}, app.NewError(app.CodeInternal, "obs.fault", "OBS sent no picture", nil)
	}
	kind := strings.TrimPrefix(head, "data:")
	if kind == "image/jpg" {
		kind = "image/jpeg" // the type's registered name
	}
	return app.OBSScreenshot{ContentType: kind, Data: data}, nil
}

func (l *link) callVendor(ctx context.Context, c app.CallVendor) (map[string]any, error) {
	var answer general.CallVendorRequestResponse
	err := l.ask(ctx, &general.CallVendorRequestParams{VendorName: &c.Vendor, RequestType: &c.Request, RequestData: c.Data}, &answer)
	return answer.ResponseData, err
}
