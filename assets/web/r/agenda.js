/**
 * The running order, for everybody: what is on, what is to come, and when.
 */
import { clockText } from '../cuewire.js';
import { openConsole } from '../lib/console.js';
import { byId, setText } from '../lib/dom.js';
import { keepDrawn } from '../lib/draw.js';
import { hourText, stageOf } from '../lib/plan.js';
import { Rows } from '../lib/rows.js';
import { plan } from '../lib/schedule.js';

const HANDS_OFF = 15_000; // ms for which a list that somebody scrolled stays where it is

/** @typedef {import('../cuewire.js').Timer} Timer */
/** @typedef {import('../lib/schedule.js').Slot} Slot */

const { words, room } = await openConsole('agenda');
/** @type {{timer: Timer, slot: Slot, stage: 'done' | 'now' | 'pending', current: boolean}[]} */
let items = [];
let revealed = '';
let touched = -Infinity;
const scroll = byId('scroll');
const rows = new Rows(scroll, makeRow, fillRow);

for (const event of ['wheel', 'touchmove', 'keydown', 'pointerdown']) {
  scroll.addEventListener(event, () => (touched = performance.now()), { passive: true });
}
scroll.addEventListener('scroll', drawButton, { passive: true });
byId('to-now').addEventListener('click', () => {
  touched = -Infinity;
  rows.reveal(currentRow(), true);
});
keepDrawn(room, draw);

/** @param {number} now */
function draw(now) {
  if (!room.room) return Infinity;
  const { timers, playback } = room;
  const schedule = plan(timers, playback, room.room.timezone ?? '', now);
  const at = timers.findIndex((timer) => timer.id === playback.current_timer_id);
  items = [];
  timers.forEach((timer, i) => {
    if (timer.skip && i !== at) return;
    items.push({ timer, slot: schedule.items[i], stage: stageOf(i, at, playback.state), current: i === at });
  });
  byId('empty').hidden = items.length > 0;
  rows.update(items.length);
  const current = currentRow();
  const id = items[current]?.timer.id ?? '';
  if (id !== revealed && current >= 0 && performance.now() - touched > HANDS_OFF) {
    rows.reveal(current, revealed !== '');
    revealed = id;
  }
  drawButton();
  return 1000 - (now % 1000);
}

function currentRow() {
  return items.findIndex((item) => item.current);
}

function drawButton() {
  const current = currentRow();
  byId('to-now').hidden = current < 0 || rows.inSight(current);
}

function makeRow() {
  const content = /** @type {HTMLTemplateElement} */ (byId('row')).content;
  return /** @type {HTMLElement} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
}

/**
 * @param {HTMLElement} row
 * @param {number} index
 */
function fillRow(row, index) {
  const { timer, slot, stage, current } = items[index];
  const zone = room.room?.timezone;
  row.dataset.stage = stage;
  row.classList.toggle('current', current);
  row.style.setProperty('--label', timer.label_color || 'transparent');
  row.setAttribute('aria-setsize', String(items.length));
  row.setAttribute('aria-posinset', String(index + 1));
  if (current) row.setAttribute('aria-current', 'true');
  else row.removeAttribute('aria-current');
  const set = (/** @type {string} */ part, /** @type {string} */ text) => setText(/** @type {HTMLElement} */ (row.querySelector(part)), text);
  set('.start', hourText(slot.expectedStart || slot.plannedStart, zone));
  set('.end', hourText(slot.expectedEnd || slot.plannedEnd, zone));
  set('.name', timer.name);
  set('.speaker', timer.speaker);
  set('.length', timer.finish_at ? '' : clockText(Math.ceil(timer.duration_ms / 1000)));
  set('.stage', words(`pages.stage.${stage}`));
}
