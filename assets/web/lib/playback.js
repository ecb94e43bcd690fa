/**
 * What a timer shows at a moment: pure arithmetic on the last known playback and
 * Cuewire's time, so that nothing has to be sent for a second to pass.
 *
 * Digits follow one rule everywhere: a countdown shows the ceiling of the seconds
 * left, so that 0:00 is exactly zero; count-up and overtime show the floor.
 *
 * @typedef {import('./types.js').Timer} Timer
 * @typedef {import('./types.js').Playback} Playback
 * @typedef {import('./types.js').RoomInfo} RoomInfo
 * @typedef {'normal' | 'yellow' | 'red' | 'over'} Zone
 */

/**
 * Ms that the run has run; fractions come from now.
 * @param {Playback} playback
 * @param {number} now Cuewire's time
 */
export function elapsed(playback, now) {
  if (playback.state !== 'running') return playback.elapsed_ms;
  return playback.elapsed_ms + Math.max(0, now - playback.server_time);
}

/**
 * Seconds as a clock shows them: 0:05, 12:05, 1:02:05.
 * @param {number} seconds whole, not negative
 */
export function clockText(seconds) {
  const s = String(seconds % 60).padStart(2, '0');
  const m = Math.floor(seconds / 60) % 60;
  const h = Math.floor(seconds / 3600);
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/**
 * @typedef {object} Face
 * @property {string} text the digits; '' for a hidden timer
 * @property {string} widest the widest text of this run, to size the digits by
 * @property {Zone} zone
 * @property {number} progress 0 at the start, 1 at the end of the planned time
 * @property {number} change ms until any of this changes, Infinity for never
 */

/**
 * What the timer shows at now.
 * @param {Timer} timer
 * @param {Playback} playback
 * @param {RoomInfo | null} room for the time zone of a time of day
 * @param {number} now Cuewire's time
 * @returns {Face}
 */
export function face(timer, playback, room, now) {
  let running = playback.state === 'running';
  let ran = elapsed(playback, now);
  // One that advances by itself waits at zero for the next one, unless there is none.
  const stands = timer.overtime_mode === 'stop' || (timer.auto_advance && !playback.overtime);
  if (stands && ran > playback.duration_ms) {
    ran = Math.max(playback.duration_ms, playback.elapsed_ms);
    running = false;
  }
  const left = playback.duration_ms - ran;
  const endless = timer.appearance === 'COUNTUP' && playback.duration_ms === 0;
  const timeless = timer.appearance === 'TOD' || timer.appearance === 'HIDDEN';
  const zone = endless || timeless ? 'normal' : zoneOf(timer, left);
  const progress = playback.duration_ms > 0 ? Math.min(1, Math.max(0, ran / playback.duration_ms)) : endless ? 0 : 1;

  let { text, widest, change } = { text: '', widest: '', change: Infinity };
  if (timer.appearance === 'TOD') {
    text = timeOfDay(now, room?.timezone);
    widest = '00:00:00';
    change = 1000 - (now % 1000);
  } else if (timer.appearance !== 'HIDDEN') {
    const up = timer.appearance === 'COUNTUP';
    const over = !up && left < 0;
    const seconds = up ? Math.floor(ran / 1000) : over ? Math.floor(-left / 1000) : Math.ceil(left / 1000);
    const sign = over ? '+' : '';
    text = sign + clockText(seconds);
    // The size stays when 10:00 becomes 9:59, and grows when the hours are gone.
    const most = Math.max(seconds, over ? 0 : Math.min(3599, Math.ceil(playback.duration_ms / 1000)));
    widest = sign + clockText(most).replace(/\d/g, '0');
    if (running) change = up ? 1000 - (ran % 1000) : over ? 1000 - (-left % 1000) : left - (seconds - 1) * 1000;
  }
  if (running && !endless && !timeless) {
    for (const at of [timer.wrap_yellow_ms, timer.wrap_red_ms, 0]) if (left > at) change = Math.min(change, left - at);
  }
  return { text, widest, zone, progress, change: Math.max(change, 0) };
}

/**
 * What an auxiliary timer shows at now.
 * @param {import('./types.js').AuxTimer} aux
 * @param {number} now Cuewire's time
 */
export function auxFace(aux, now) {
  const timer = { id: aux.id, name: aux.name, speaker: '', duration_ms: aux.duration_ms, appearance: aux.direction, wrap_yellow_ms: 0, wrap_red_ms: 0 };
  const { state, elapsed_ms, run_duration_ms, server_time } = aux;
  const off = { current_timer_id: aux.id, blackout: false, flash: false, focus: false };
  return face(timer, { ...off, state, elapsed_ms, duration_ms: run_duration_ms, server_time }, null, now);
}

/**
 * @param {Timer} timer
 * @param {number} left
 * @returns {Zone}
 */
function zoneOf(timer, left) {
  if (left <= 0) return 'over';
  if (left <= timer.wrap_red_ms) return 'red';
  return left <= timer.wrap_yellow_ms ? 'yellow' : 'normal';
}

/**
 * The coloured parts of a progress bar, as shares of the run from 0 to 1.
 * @param {Timer} timer
 * @param {number} duration of the run, ms
 * @returns {{zone: Zone, from: number, to: number}[]}
 */
export function zones(timer, duration) {
  if (duration <= 0) return [{ zone: 'normal', from: 0, to: 1 }];
  const at = (/** @type {number} */ left) => Math.min(1, Math.max(0, 1 - left / duration));
  const red = at(timer.wrap_red_ms);
  const yellow = Math.min(red, at(timer.wrap_yellow_ms));
  /** @type {{zone: Zone, from: number, to: number}[]} */
  const parts = [
    { zone: 'normal', from: 0, to: yellow },
    { zone: 'yellow', from: yellow, to: red },
    { zone: 'red', from: red, to: 1 },
  ];
  return parts.filter((part) => part.to > part.from);
}

/**
 * The time of day, always as HH:MM:SS.
 * @param {number} now
 * @param {string} [zone] an IANA name; '' or an unknown one is the device's own
 */
export function timeOfDay(now, zone) {
  return formatter(zone ?? '').format(now);
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formatters = new Map();

/** @param {string} zone */
function formatter(zone) {
  let f = formatters.get(zone);
  if (!f) {
    /** @type {Intl.DateTimeFormatOptions} */
    const style = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
    try {
      f = new Intl.DateTimeFormat('en-GB', zone ? { ...style, timeZone: zone } : style);
    } catch {
      f = new Intl.DateTimeFormat('en-GB', style); // the browser does not know the zone
    }
    formatters.set(zone, f);
  }
  return f;
}

/**
 * A message's text with the published placeholders filled in.
 * @param {string} text
 * @param {Timer | undefined} current
 * @param {Timer | undefined} next
 */
export function fillIn(text, current, next) {
  /** @type {Record<string, string>} */
  const values = {
    CURRENT_TITLE: current?.name ?? '',
    CURRENT_SPEAKER: current?.speaker ?? '',
    NEXT_TITLE: next?.name ?? '',
    NEXT_SPEAKER: next?.speaker ?? '',
    CURRENT_DURATION: current ? clockText(Math.ceil(current.duration_ms / 1000)) : '',
  };
  return text.replace(/\$(CURRENT_TITLE|CURRENT_SPEAKER|NEXT_TITLE|NEXT_SPEAKER|CURRENT_DURATION)\b/g, (_, name) => values[name]);
}

/**
 * Ms that an output of OBS has been live or recording.
 * @param {import('./types.js').Output} output
 * @param {number} now Cuewire's time
 */
export function outputTime(output, now) {
  if (!output.active) return 0;
  if (output.paused) return output.duration;
  return Math.max(0, output.measured ? output.duration + now - output.measured : now - output.since);
}
