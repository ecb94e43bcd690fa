package interchange

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"cuewire/app"
)

// kind is how a column's values are written and checked.
type kind int

const (
	name     kind = iota // string, not blank
	line                 // string
	text                 // string of several lines
	duration             // app.Millis
	clock                // app.ClockTime
	color                // string
	choice               // string, one of the column's choices
	address              // string, of a webhook
	yesNo                // bool
)

// column is one field of a timer in all formats. Its values are of its kind's type.
type column struct {
	field   string // the JSON name
	title   string // the English heading; the other languages' are in the catalogue
	kind    kind
	also    string              // further headings, separated by commas, in any language
	choices map[string][]string // by value, what else it may be called
	get     func(*app.Timer) any
	set     func(*app.TimerFields, any)
}

// columns are all of them, in the order in which they are written.
var columns = []column{
	{
		field: "name", title: "Name", kind: name, also: "nome,title,título,cue title,item,segment,segmento,atividade",
		get: func(t *app.Timer) any { return t.Name }, set: func(f *app.TimerFields, v any) { f.Name = to[string](v) },
	},
	{
		field: "speaker", title: "Speaker", kind: line, also: "palestrante,presenter,apresentador,apresentadora,host,orador",
		get: func(t *app.Timer) any { return t.Speaker }, set: func(f *app.TimerFields, v any) { f.Speaker = to[string](v) },
	},
	{
		field: "duration_ms", title: "Duration", kind: duration, also: "duração,length,tempo,duration h:mm:ss",
		get: func(t *app.Timer) any { return t.Duration }, set: func(f *app.TimerFields, v any) { f.Duration = to[app.Millis](v) },
	},
	{
		field: "start_at", title: "Start", kind: clock, also: "início,start time,time start,hora de início,start at,horário",
		get: func(t *app.Timer) any { return t.StartAt }, set: func(f *app.TimerFields, v any) { f.StartAt = to[app.ClockTime](v) },
	},
	{
		field: "finish_at", title: "Finish", kind: clock, also: "fim,término,end,finish time,end time,time end,hora de término,finish at",
		get: func(t *app.Timer) any { return t.FinishAt }, set: func(f *app.TimerFields, v any) { f.FinishAt = to[app.ClockTime](v) },
	},
	{
		field: "linked_start", title: "Linked start", kind: yesNo, also: "início vinculado,link start,linked",
		get: func(t *app.Timer) any { return t.LinkedStart }, set: func(f *app.TimerFields, v any) { f.LinkedStart = to[bool](v) },
	},
	{
		field: "notes", title: "Notes", kind: text, also: "notas,note,nota,observações,observação,obs,comments,comentários",
		get: func(t *app.Timer) any { return t.Notes }, set: func(f *app.TimerFields, v any) { f.Notes = to[string](v) },
	},
	{
		field: "appearance", title: "Appearance", kind: choice, also: "aparência,timer type,tipo",
		choices: map[string][]string{
			string(app.Countdown): {"contagem regressiva", "regressiva"},
			string(app.CountUp):   {"contagem progressiva", "progressiva"},
			string(app.TimeOfDay): {"time of day", "clock", "hora do dia", "relógio", "hora"},
			string(app.Hidden):    {"none", "oculto", "oculta", "nenhum"},
		},
		get: func(t *app.Timer) any { return string(t.Appearance) },
		set: func(f *app.TimerFields, v any) { f.Appearance = to[app.Appearance](app.Appearance(v.(string))) },
	},
	{
		field: "wrap_yellow_ms", title: "Yellow at", kind: duration, also: "amarelo em,wrap yellow,yellow,amarelo,warning,time warning,aviso",
		get: func(t *app.Timer) any { return t.WrapYellow }, set: func(f *app.TimerFields, v any) { f.WrapYellow = to[app.Millis](v) },
	},
	{
		field: "wrap_red_ms", title: "Red at", kind: duration, also: "vermelho em,wrap red,red,vermelho,danger,time danger,perigo",
		get: func(t *app.Timer) any { return t.WrapRed }, set: func(f *app.TimerFields, v any) { f.WrapRed = to[app.Millis](v) },
	},
	{
		field: "label_color", title: "Label colour", kind: color, also: "cor,cor da etiqueta,cor do rótulo,label color,colour,color",
		get: func(t *app.Timer) any { return t.LabelColor }, set: func(f *app.TimerFields, v any) { f.LabelColor = to[string](v) },
	},
	{
		field: "overtime_mode", title: "Overtime", kind: choice, also: "tempo extra,overtime mode,hora extra,depois do zero",
		choices: map[string][]string{
			string(app.OvertimeContinue): {"continuar", "continua", "keep counting"},
			string(app.OvertimeStop):     {"parar", "para", "stop at zero"},
		},
		get: func(t *app.Timer) any { return string(t.Overtime) },
		set: func(f *app.TimerFields, v any) { f.Overtime = to[app.Overtime](app.Overtime(v.(string))) },
	},
	{
		field: "auto_advance", title: "Auto advance", kind: yesNo, also: "avanço automático,avançar automaticamente,auto",
		get: func(t *app.Timer) any { return t.AutoAdvance }, set: func(f *app.TimerFields, v any) { f.AutoAdvance = to[bool](v) },
	},
	{
		field: "skip", title: "Skip", kind: yesNo, also: "pular,ignorar,skipped",
		get: func(t *app.Timer) any { return t.Skip }, set: func(f *app.TimerFields, v any) { f.Skip = to[bool](v) },
	},
	{
		field: "obs_scene_start", title: "OBS scene at start", kind: line, also: "cena do obs no início,obs scene,cena do obs,cena,scene,scene start,obs scene start",
		get: func(t *app.Timer) any { return t.SceneStart }, set: func(f *app.TimerFields, v any) { f.SceneStart = to[string](v) },
	},
	{
		field: "obs_scene_zero", title: "OBS scene at zero", kind: line, also: "cena do obs no zero,cena no zero,scene zero,obs scene zero",
		get: func(t *app.Timer) any { return t.SceneZero }, set: func(f *app.TimerFields, v any) { f.SceneZero = to[string](v) },
	},
	{
		field: "start_on_scene", title: "Start on scene", kind: line, also: "iniciar na cena,start on obs scene,trigger scene,cena que inicia",
		get: func(t *app.Timer) any { return t.TriggerScene }, set: func(f *app.TimerFields, v any) { f.TriggerScene = to[string](v) },
	},
	{
		field: "start_on_stream", title: "Start on stream", kind: yesNo, also: "iniciar com a transmissão,start on streaming,inicia com a transmissão",
		get: func(t *app.Timer) any { return t.TriggerStream }, set: func(f *app.TimerFields, v any) { f.TriggerStream = to[bool](v) },
	},
	{
		field: "message_start", title: "Message at start", kind: text, also: "mensagem no início,message start",
		get: func(t *app.Timer) any { return t.MessageStart }, set: func(f *app.TimerFields, v any) { f.MessageStart = to[string](v) },
	},
	{
		field: "message_zero", title: "Message at zero", kind: text, also: "mensagem no zero,message zero",
		get: func(t *app.Timer) any { return t.MessageZero }, set: func(f *app.TimerFields, v any) { f.MessageZero = to[string](v) },
	},
	{
		field: "sound_start", title: "Sound at start", kind: choice, also: "som no início,sound start",
		choices: sounds,
		get:     func(t *app.Timer) any { return string(t.SoundStart) },
		set:     func(f *app.TimerFields, v any) { f.SoundStart = to[app.Sound](app.Sound(v.(string))) },
	},
	{
		field: "sound_zero", title: "Sound at zero", kind: choice, also: "som no zero,sound,som",
		choices: sounds,
		get:     func(t *app.Timer) any { return string(t.SoundZero) },
		set:     func(f *app.TimerFields, v any) { f.SoundZero = to[app.Sound](app.Sound(v.(string))) },
	},
	{
		field: "webhook_start", title: "Webhook at start", kind: address, also: "webhook no início,webhook start",
		get: func(t *app.Timer) any { return t.WebhookStart }, set: func(f *app.TimerFields, v any) { f.WebhookStart = to[string](v) },
	},
	{
		field: "webhook_zero", title: "Webhook at zero", kind: address, also: "webhook no zero,webhook,webhook zero",
		get: func(t *app.Timer) any { return t.WebhookZero }, set: func(f *app.TimerFields, v any) { f.WebhookZero = to[string](v) },
	},
}

// sounds are the sounds by name, and what else they may be called.
var sounds = map[string][]string{
	"":                {"none", "nenhum", "sem som"},
	string(app.Chime): {"carrilhão"},
	string(app.Bell):  {"sino"},
	string(app.Gong):  {"gongo"},
	string(app.Beeps): {"bipes"},
}

// headings gives the column of a heading as fold spells it.
var headings = func() map[string]int {
	all := map[string]int{}
	for i, c := range columns {
		for _, heading := range append([]string{c.field, c.title}, strings.Split(c.also, ",")...) {
			all[fold(heading)] = i
		}
	}
	return all
}()

func to[T any](v any) *T {
	value := v.(T)
	return &value
}

// fold spells a word so that case, accents, blanks and punctuation do not matter.
func fold(s string) string {
	if len(s) > 1000 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}

// choose returns the value that a word means.
func (c column) choose(word string) (string, bool) {
	for value, also := range c.choices {
		if fold(value) == fold(word) || slices.ContainsFunc(also, func(a string) bool { return fold(a) == fold(word) }) {
			return value, true
		}
	}
	return "", false
}

// english are the words of a file when nobody asked for a language.
type english struct{}

func (english) Lang() string { return "en" }

func (english) T(key string, args map[string]any) string {
	for _, c := range columns {
		if key == c.key() {
			return c.title
		}
	}
	return englishWords[key]
}

var englishWords = map[string]string{
	"interchange.yes": "yes", "interchange.no": "no", "interchange.number": "No.", "interchange.total": "Total",
}

// key names the column's heading in the catalogue.
func (c column) key() string { return "interchange.column." + c.field }
