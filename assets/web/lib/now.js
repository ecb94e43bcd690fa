/**
 * How the current timer stands: its zone and play state, on a card.
 *
 * @typedef {import('../cuewire.js').Room} Room
 */
import { setText } from './dom.js';

/**
 * @param {HTMLElement} card gets data-zone, data-play and data-appearance
 * @param {HTMLElement} chip says paused, stopped or overtime; hidden while it runs
 * @param {Room} room has a current timer
 * @param {import('./playback.js').Face} shows
 * @param {import('./texts.js').Words} words
 */
export function drawState(card, chip, { current, playback }, shows, words) {
  card.dataset.zone = shows.zone;
  card.dataset.play = playback.state;
  card.dataset.appearance = current?.appearance ?? '';
  const over = shows.zone === 'over' && current?.overtime_mode !== 'stop';
  const state = playback.state === 'running' ? (over ? 'over' : '') : playback.state;
  chip.hidden = state === '';
  chip.dataset.state = state;
  if (state) setText(chip, words(`pages.viewer.${state}`));
}
