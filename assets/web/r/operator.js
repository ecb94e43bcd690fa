/**
 * Backstage: all that the person who runs the show wants to see at a glance.
 */
import { clockText, face, fillIn, zones } from '../cuewire.js';
import { auxList } from '../lib/auxlist.js';
import { openConsole } from '../lib/console.js';
import { byId, setText } from '../lib/dom.js';
import { keepDrawn } from '../lib/draw.js';
import { fitLine } from '../lib/fit.js';
import { drawStageMessage } from '../lib/message.js';
import { drawState } from '../lib/now.js';
import { hourText, overText, stageOf } from '../lib/plan.js';
import { drawBar } from '../lib/progress.js';
import { Remote } from '../lib/remote.js';
import { plan } from '../lib/schedule.js';

/** @typedef {import('../lib/schedule.js').Schedule} Schedule */

const BEFORE = 1; // cues in the strip before the current one
const AFTER = 8;

const { words, room, code } = await openConsole('operator');
const drawAux = auxList(byId('aux'), room, words, new Remote(room, words, code), false);
const sizeDigits = fitLine(byId('digits'));
keepDrawn(room, draw);

/** @param {number} now */
function draw(now) {
  if (!room.room) return Infinity;
  const { current, playback, next } = room;
  const zone = room.room.timezone;
  const schedule = plan(room.timers, playback, zone ?? '', now);
  const at = room.timers.findIndex((timer) => timer === current);

  setText(byId('title'), current?.name ?? words('pages.noTimer'));
  setText(byId('speaker'), current?.speaker ?? '');
  setText(byId('notes'), current?.notes || words('pages.notes.none'));
  byId('notes-card').classList.toggle('none', !current?.notes);
  const over = overText(schedule.over, words);
  byId('over').dataset.state = over.state;
  setText(byId('over-text'), playback.show_start ? over.text : words('pages.plan.notBegun'));
  setText(byId('end'), hourText(schedule.expectedEnd, zone) || '–');
  const planned = hourText(schedule.plannedEnd, zone);
  setText(byId('end-planned'), planned ? words('pages.plan.planned', { Time: planned }) : '');

  const shown = room.message;
  byId('message-card').hidden = !shown;
  if (shown) drawStageMessage(byId('message'), shown, fillIn(shown.text, current, next));
  setText(byId('next-name'), next?.name ?? words('pages.next.none'));
  const about = next ? [next.speaker, clockText(Math.ceil(next.duration_ms / 1000))].filter(Boolean).join(' · ') : '';
  const start = next ? hourText(schedule.items[room.timers.indexOf(next)].expectedStart, zone) : '';
  setText(byId('next-about'), [about, start].filter(Boolean).join(' · '));
  drawStrip(schedule, at);
  for (const mode of /** @type {const} */ (['blackout', 'flash', 'focus'])) byId(mode).hidden = !playback[mode];

  byId('aux-card').hidden = room.aux.length === 0;
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

/**
 * The cues around the current one.
 * @param {Schedule} schedule
 * @param {number} at
 */
function drawStrip(schedule, at) {
  const strip = byId('strip');
  const from = Math.max(0, at - BEFORE);
  const cues = room.timers.slice(from, from + BEFORE + 1 + AFTER);
  while (strip.children.length > cues.length) strip.lastElementChild?.remove();
  cues.forEach((timer, i) => {
    let el = /** @type {HTMLElement | undefined} */ (strip.children[i]);
    if (!el) {
      el = document.createElement('div');
      el.className = 'cue';
      el.setAttribute('role', 'listitem');
      for (const name of ['when', 'name', 'length']) el.append(Object.assign(document.createElement('span'), { className: name }));
      strip.append(el);
    }
    const slot = schedule.items[from + i];
    const [when, name, length] = /** @type {HTMLElement[]} */ ([...el.children]);
    el.dataset.stage = from + i === at ? 'now' : stageOf(from + i, at, room.playback.state);
    el.classList.toggle('skip', Boolean(timer.skip));
    el.style.setProperty('--label', timer.label_color || 'transparent');
    setText(when, hourText(slot.expectedStart || slot.plannedStart, room.room?.timezone));
    setText(name, timer.name);
    setText(length, clockText(Math.ceil(timer.duration_ms / 1000)));
  });
}
