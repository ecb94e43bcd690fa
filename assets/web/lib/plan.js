/**
 * How a plan is put into words.
 *
 * @typedef {import('./texts.js').Words} Words
 */
import { clockText, timeOfDay } from './playback.js';

/**
 * A time of day without its seconds, '' for none.
 * @param {number} at ms since 1970, 0 for none
 * @param {string} [zone]
 */
export function hourText(at, zone) {
  return at ? timeOfDay(at, zone).slice(0, 5) : '';
}

/**
 * How far the show is off its plan: "2:10 late". Under a second counts as on time.
 * @param {number} over ms
 * @param {Words} words
 * @returns {{state: 'late' | 'early' | 'onTime', text: string}}
 */
export function overText(over, words) {
  const seconds = Math.floor(Math.abs(over) / 1000);
  const state = seconds === 0 ? 'onTime' : over > 0 ? 'late' : 'early';
  return { state, text: words(`pages.plan.${state}`, { Time: clockText(seconds) }) };
}

/**
 * Where a timer stands in the show.
 * @param {number} at its position
 * @param {number} current the current timer's position, -1 for none
 * @param {string} play the play state
 * @returns {'done' | 'now' | 'pending'}
 */
export function stageOf(at, current, play) {
  if (at < current) return 'done';
  return at === current && play !== 'stopped' ? 'now' : 'pending';
}
