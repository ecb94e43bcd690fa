/**
 * A rundown's plan beside what is to be expected of it: the same arithmetic as
 * Cuewire's own (app/timing/schedule.go), so that a page draws it at any moment
 * without asking. A test compares the two.
 *
 * @typedef {import('./types.js').Timer} Timer
 * @typedef {import('./types.js').Playback} Playback
 */
import { elapsed } from './playback.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LATE = 2 * HOUR; // a timer that finishes at a time of day counts as late for so long

/**
 * One timer's place; instants are ms since 1970, 0 for none. Skipped timers have
 * none of it, timers that playback has passed expect nothing.
 * @typedef {object} Slot
 * @property {number} plannedStart
 * @property {number} plannedEnd
 * @property {number} expectedStart
 * @property {number} expectedEnd
 *
 * @typedef {object} Schedule
 * @property {Slot[]} items one for each timer, in rundown order
 * @property {number} over ms by which the current timer will end later than planned,
 *   negative when earlier, 0 while the show has not begun
 * @property {number} plannedEnd the last timer's, 0 in an empty rundown
 * @property {number} expectedEnd likewise
 */

/**
 * Lays the rundown out at a moment. A timer is planned to start when the one before
 * is planned to end, or at its own time of day on the nearest day; the first when
 * the show began, or now. What is expected goes on from the current timer's time left.
 * @param {Timer[]} timers
 * @param {Playback} playback
 * @param {string} zone the room's time zone, '' for the device's
 * @param {number} at Cuewire's time; fractions are left out
 * @returns {Schedule}
 */
export function plan(timers, playback, zone, at) {
  const now = Math.floor(at);
  const position = timers.findIndex((timer) => timer.id === playback.current_timer_id);
  const begun = Boolean(playback.show_start);
  /** @type {Schedule} */
  const schedule = { items: [], over: 0, plannedEnd: 0, expectedEnd: 0 };
  let planned = playback.show_start || now;
  let expected = 0;
  let first = true;
  timers.forEach((timer, i) => {
    /** @type {Slot} */
    const slot = { plannedStart: 0, plannedEnd: 0, expectedStart: 0, expectedEnd: 0 };
    schedule.items.push(slot);
    if (timer.skip && i !== position) return;
    const fixed = Boolean(timer.start_at) && (first || !timer.linked_start);
    if (fixed) planned = nearest(timer.start_at ?? '', planned, zone);
    slot.plannedStart = planned;
    slot.plannedEnd = planned = endOf(timer, planned, zone);
    first = false;
    if (position < 0 || i < position) return;
    if (i === position) {
      [slot.expectedStart, slot.expectedEnd] = currently(playback, timer, slot, begun, now, zone);
      if (begun) schedule.over = slot.expectedEnd - slot.plannedEnd;
    } else {
      if (fixed) expected = Math.max(expected, slot.plannedStart);
      slot.expectedStart = expected;
      slot.expectedEnd = endOf(timer, expected, zone);
    }
    expected = slot.expectedEnd;
    schedule.plannedEnd = slot.plannedEnd;
    schedule.expectedEnd = slot.expectedEnd;
  });
  return schedule;
}

/**
 * When the current timer began and will end, as things stand.
 * @param {Playback} playback
 * @param {Timer} timer
 * @param {Slot} slot
 * @param {boolean} begun
 * @param {number} now
 * @param {string} zone
 * @returns {[number, number]}
 */
function currently(playback, timer, slot, begun, now, zone) {
  if (playback.state === 'stopped') {
    let start = now;
    if (playback.roll) start = Math.max(now, playback.roll_at ?? 0);
    else if (!begun && timer.start_at) start = Math.max(now, slot.plannedStart);
    return [start, timer.finish_at ? endOf(timer, start, zone) : start + playback.duration_ms];
  }
  const ran = elapsed(playback, now);
  let duration = playback.duration_ms;
  if (playback.state === 'paused' && timer.finish_at) {
    duration = Math.max(0, ran + clockAfter(timer.finish_at, now - LATE, zone) - now);
  }
  return [now - ran, now + Math.max(0, duration - ran)];
}

/**
 * When a timer that starts at start ends by its plan.
 * @param {Timer} timer
 * @param {number} start
 * @param {string} zone
 */
function endOf(timer, start, zone) {
  return timer.finish_at ? clockAfter(timer.finish_at, start, zone) : start + timer.duration_ms;
}

/**
 * The moment with that time of day that is nearest to at.
 * @param {string} clock
 * @param {number} at
 * @param {string} zone
 */
function nearest(clock, at, zone) {
  return clockAfter(clock, at - 12 * HOUR, zone);
}

/**
 * The first moment at or after t with that time of day. One that a day leaves out
 * (clocks go forward) is as much later as they went; of one that a day has twice it
 * is the first.
 * @param {string} clock HH:MM:SS
 * @param {number} t
 * @param {string} zone
 */
export function clockAfter(clock, t, zone) {
  for (let day = Math.floor((t + offset(t, zone)) / DAY) - 1; ; day++) {
    const at = clockOn(clock, day, zone);
    if (at >= t) return at;
  }
}

/**
 * The moment with that time of day on a day, counted from 1970.
 * @param {string} clock
 * @param {number} day
 * @param {string} zone
 */
function clockOn(clock, day, zone) {
  return remembered(zoneOf(zone).clocks, `${day} ${clock}`, () => {
    const [hour, minute, second] = clock.split(':').map(Number);
    const wall = day * DAY + ((hour * 60 + minute) * 60 + second) * 1000;
    let at = wall - offset(wall - offset(wall, zone), zone);
    for (const turn of [HOUR, HOUR / 2]) {
      const earlier = at - turn + offset(at - turn, zone);
      if (Math.floor((earlier % DAY) / 60_000) === hour * 60 + minute) at -= turn;
    }
    return at;
  });
}

const QUARTER = 900_000; // clocks are turned on a quarter of an hour

/**
 * What is known of a zone: its offsets by quarter of an hour, and what its clocks'
 * times of day are by day.
 * @typedef {{format: Intl.DateTimeFormat, offsets: Map<number, number>, clocks: Map<string, number>}} Zone
 */

/** @type {Map<string, Zone>} */
const zones = new Map();

/**
 * How far the zone's clocks are ahead of UTC at a moment, ms.
 * @param {number} at
 * @param {string} name
 */
function offset(at, name) {
  const zone = zoneOf(name);
  const quarter = Math.floor(at / QUARTER);
  return remembered(zone.offsets, quarter, () => {
    const parts = Object.fromEntries(zone.format.formatToParts(quarter * QUARTER).map((part) => [part.type, Number(part.value)]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - quarter * QUARTER;
  });
}

/**
 * @param {string} name an IANA name; '' or an unknown one is the device's own zone
 * @returns {Zone}
 */
function zoneOf(name) {
  let zone = zones.get(name);
  if (!zone) zones.set(name, (zone = { format: wallClock(name), offsets: new Map(), clocks: new Map() }));
  return zone;
}

/**
 * @template K
 * @param {Map<K, number>} known
 * @param {K} key
 * @param {() => number} find
 */
function remembered(known, key, find) {
  let value = known.get(key);
  if (value === undefined) {
    value = find();
    if (known.size > 50_000) known.clear();
    known.set(key, value);
  }
  return value;
}

/** @param {string} zone */
function wallClock(zone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' };
  try {
    return new Intl.DateTimeFormat('en-US', zone ? { ...style, timeZone: zone } : style);
  } catch {
    return new Intl.DateTimeFormat('en-US', style);
  }
}
