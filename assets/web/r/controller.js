/**
 * The remote control of a room, made for a tablet; works with a keyboard too.
 */
import { clockText, face, zones } from '../cuewire.js';
import { auxList } from '../lib/auxlist.js';
import { openConsole } from '../lib/console.js';
import { cueEditor } from '../lib/cue-editor.js';
import { byId, setText } from '../lib/dom.js';
import { keepDrawn } from '../lib/draw.js';
import { readDuration } from '../lib/duration.js';
import { fitLine } from '../lib/fit.js';
import { messageList } from '../lib/messages.js';
import { drawState } from '../lib/now.js';
import { hourText, overText, stageOf } from '../lib/plan.js';
import { preflight } from '../lib/preflight.js';
import { drawBar } from '../lib/progress.js';
import { Remote, disarm, pressTwice } from '../lib/remote.js';
import { roomEditor } from '../lib/room-editor.js';
import { Rows } from '../lib/rows.js';
import { plan } from '../lib/schedule.js';
import { tabs } from '../lib/tabs.js';

const PLAY = 'M7 4.500v15l13-7.500z';
const PAUSE = 'M8 5v14M16 5v14';

const { words, room, code } = await openConsole('controller');
const remote = new Remote(room, words, code);
const drawModes = remote.modes();
const drawMessages = messageList(byId('messages'), room, words, remote);
const drawAux = auxList(byId('aux'), room, words, remote, true);
const editCue = cueEditor(/** @type {HTMLDialogElement} */ (byId('cue-editor')), room, words, remote);
const editRoom = roomEditor(/** @type {HTMLDialogElement} */ (byId('room-editor')), words);
const rollSwitch = /** @type {HTMLInputElement} */ (byId('roll'));
const sizeDigits = fitLine(byId('digits'));
const rows = new Rows(byId('scroll'), makeRow, fillRow);
/** @type {import('../lib/schedule.js').Schedule | null} */
let schedule = null;
let revealed = '';
let typed = ''; // the number of the cue to go to, as typed so far

byId('play').addEventListener('click', playOrPause);
byId('previous').addEventListener('click', () => remote.control('previous'));
byId('next').addEventListener('click', () => remote.control('next'));
for (const name of ['stop', 'reset']) {
  byId(name).addEventListener('click', () => pressTwice(byId(name), words('pages.control.again'), () => remote.control(name)));
}
for (const key of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-add]'))) {
  key.addEventListener('click', () => remote.control('add_time', { value: Number(key.dataset.add) }));
}
byId('set').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (byId('set-time'));
  const value = readDuration(field.value);
  if (value === null) return remote.say(words('pages.control.badTime'));
  remote.control('set_time', { value });
  field.value = '';
  field.blur();
});
byId('write').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (byId('write-text'));
  if (field.value.trim() === '') return;
  const made = await remote.message('POST', '', { text: field.value.trim() });
  if (!made) return;
  remote.control('show_message', { timer_id: made.id });
  field.value = '';
  field.blur();
});
tabs(/** @type {HTMLElement} */ (document.querySelector('.tabs')));
for (const name of ['undo', 'redo']) byId(name).addEventListener('click', () => void remote.call('POST', name, {}));
byId('new-cue').addEventListener('click', () => void editCue(null));
byId('room-settings').addEventListener('click', () => void editRoom(room.room?.id ?? ''));
byId('add-aux').addEventListener('click', () => {
  const number = room.aux.length + 1;
  void remote.call('POST', 'aux', { name: words('desk.aux.name', { Number: number }), duration_ms: 300_000 });
});
rollSwitch.addEventListener('change', () => {
  remote.control(rollSwitch.checked ? 'roll' : 'stop_roll');
  rollSwitch.checked = room.playback.roll === true; // until Cuewire has done it
});
preflight(byId('preflight'), room, words, (id) => void editCue(room.timers.find((timer) => timer.id === id) ?? null));
// A key that was touched must not be what the space bar presses next.
document.addEventListener('click', (event) => {
  if (event.detail > 0 && event.target instanceof Element) event.target.closest('button')?.blur();
});
document.addEventListener('keydown', onKey);
keepDrawn(room, draw);

/** @param {number} now */
function draw(now) {
  if (!room.room) return Infinity;
  const { current, playback } = room;
  schedule = plan(room.timers, playback, room.room.timezone ?? '', now);
  const at = room.timers.findIndex((timer) => timer === current);
  drawModes();
  drawMessages();
  byId('no-messages').hidden = room.messages.length > 0;
  byId('empty').hidden = room.timers.length > 0;
  setText(byId('title'), current?.name ?? words('pages.noTimer'));
  setText(byId('speaker'), current?.speaker ?? '');
  const over = overText(schedule.over, words);
  byId('over').dataset.over = over.state;
  byId('over').hidden = !playback.show_start;
  setText(byId('over'), over.text);
  const running = playback.state === 'running';
  setText(byId('play-text'), words(running ? 'pages.control.pause' : 'pages.control.play'));
  byId('play-shape').setAttribute('d', running ? PAUSE : PLAY);
  byId('play').classList.toggle('running', running);
  rows.update(room.timers.length);
  const id = current?.id ?? '';
  if (id !== revealed && at >= 0) {
    rows.reveal(at);
    revealed = id;
  }

  byId('no-aux').hidden = room.aux.length > 0;
  const counting = room.aux.filter((aux) => aux.state === 'running').length;
  byId('aux-count').hidden = counting === 0;
  setText(byId('aux-count'), String(counting));
  drawRoll();
  const second = Math.min(1000 - (now % 1000), drawAux(now));
  byId('digits').hidden = byId('bar').hidden = !current;
  if (!current) return second;
  const shows = face(current, playback, room.room, now);
  drawState(byId('now'), byId('play-state'), room, shows, words);
  setText(byId('digits'), shows.text || '–');
  sizeDigits(shows.widest || '–');
  byId('bar').hidden = playback.duration_ms <= 0;
  drawBar(byId('bar'), zones(current, playback.duration_ms), shows.progress);
  return Math.min(second, shows.change);
}

/** Says whether the clock chooses the cues, and which comes when. */
function drawRoll() {
  const { roll, roll_at } = room.playback;
  rollSwitch.checked = roll === true;
  const at = roll && roll_at ? hourText(roll_at, room.room?.timezone) : '';
  setText(byId('roll-state'), words(!roll ? 'desk.roll.off' : at ? 'desk.roll.next' : 'desk.roll.on', { Time: at }));
}

function playOrPause() {
  remote.control(room.playback.state === 'running' ? 'pause' : 'play');
}

/**
 * Goes to a cue; while one runs, the cue wants to be pressed twice.
 * @param {HTMLElement} row
 */
function goTo(row) {
  const timer = room.timers[Number(row.dataset.index)];
  if (!timer) return;
  const go = () => remote.control('go_to', { timer_id: timer.id });
  if (room.playback.state === 'running') pressTwice(row, words('pages.control.againGo'), go);
  else go();
}

function makeRow() {
  const content = /** @type {HTMLTemplateElement} */ (byId('row')).content;
  const row = /** @type {HTMLElement} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
  const cue = /** @type {HTMLElement} */ (row.firstElementChild);
  const more = /** @type {HTMLElement} */ (row.lastElementChild);
  cue.addEventListener('click', () => goTo(cue));
  more.addEventListener('click', () => void editCue(room.timers[Number(cue.dataset.index)] ?? null));
  more.setAttribute('aria-label', words('desk.cue.edit'));
  more.title = words('desk.cue.edit');
  return row;
}

/**
 * @param {HTMLElement} holder
 * @param {number} index
 */
function fillRow(holder, index) {
  const row = /** @type {HTMLElement} */ (holder.firstElementChild);
  const timer = room.timers[index];
  const slot = schedule?.items[index];
  const at = room.timers.findIndex((t) => t.id === room.playback.current_timer_id);
  if (row.dataset.index !== String(index) && row.classList.contains('armed')) disarm();
  row.dataset.index = String(index);
  row.dataset.stage = stageOf(index, at, room.playback.state);
  for (const el of [holder, row]) el.classList.toggle('current', index === at);
  row.classList.toggle('skip', Boolean(timer.skip));
  row.style.setProperty('--label', timer.label_color || 'transparent');
  const set = (/** @type {string} */ part, /** @type {string} */ text) => setText(/** @type {HTMLElement} */ (row.querySelector(part)), text);
  set('.number', String(index + 1));
  set('.name', timer.name);
  set('.speaker', timer.speaker);
  set('.length', clockText(Math.ceil(timer.duration_ms / 1000)));
  set('.start', slot ? hourText(slot.expectedStart || slot.plannedStart, room.room?.timezone) : '');
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = event.target;
  const writing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
  if (document.querySelector('dialog[open]')) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !writing) {
    event.preventDefault();
    void remote.call('POST', event.shiftKey ? 'redo' : 'undo', {});
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    type('');
    disarm();
    if (writing) target.blur();
    return;
  }
  if (writing) return;
  /** @type {Record<string, () => void>} */
  const keys = {
    ' ': playOrPause,
    ArrowRight: () => remote.control('next'),
    ArrowLeft: () => remote.control('previous'),
    ArrowUp: () => remote.control('add_time', { value: event.shiftKey ? 10_000 : 60_000 }),
    ArrowDown: () => remote.control('add_time', { value: event.shiftKey ? -10_000 : -60_000 }),
    n: () => void editCue(null),
    e: () => room.current && void editCue(room.current),
    Backspace: () => type(typed.slice(0, -1)),
  };
  let act = keys[event.key];
  if (/^\d$/.test(event.key)) act = () => type((typed + event.key).slice(-5));
  if (event.key === 'Enter' && typed !== '') act = goToTyped;
  if (!act) return;
  event.preventDefault();
  const once = event.key === ' ' || event.key === 'ArrowRight' || event.key === 'ArrowLeft';
  if (!(event.repeat && once)) act(); // a key that is held goes on only where that is meant
}

function goToTyped() {
  const timer = room.timers[Number(typed) - 1];
  const number = typed;
  type('');
  if (timer) remote.control('go_to', { timer_id: timer.id });
  else remote.say(words('pages.control.noCue', { Number: number }));
}

/** @param {string} text */
function type(text) {
  typed = text.replace(/^0+/, '');
  const timer = room.timers[Number(typed) - 1];
  setText(byId('goto'), typed && words('pages.control.goto', { Number: typed, Name: timer?.name ?? '–' }));
}
