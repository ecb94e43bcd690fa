/**
 * The stage timer of a room, full screen. docs/pages.md has its address's parameters.
 */
import { Room, face, fillIn, loadTexts, zones } from '../cuewire.js';
import { fitLine, fitText } from '../lib/fit.js';
import { drawBar, drawRing } from '../lib/progress.js';
import { showLink } from '../lib/status.js';
import { wakeControls } from '../lib/controls.js';

/** @param {string} id */
const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const query = new URLSearchParams(location.search);
const only = query.get('only') ?? '';
const hide = query.getAll('hide').join(' ').replace(/,/g, ' ');
const ring = query.get('progress') === 'ring';
const transparent = query.get('background') === 'transparent';
const root = document.documentElement;
root.classList.toggle('transparent', transparent);
root.classList.toggle('mirror', query.has('mirror') && query.get('mirror') !== '0');
const viewer = $('viewer');
viewer.dataset.only = only;
viewer.dataset.hide = hide;
viewer.classList.toggle('with-ring', ring);

const words = await loadTexts();
const code = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const room = new Room(code, { output: 'viewer', name: query.get('name') ?? '' });
let timer = 0;
const sizeDigits = fitLine($('digits'), { round: ring });
const sizeMessage = fitText($('message'));

showLink($('link'), room, words, { never: query.get('stale') === 'hide' });
if (only === '' && !/\bcontrols\b/.test(hide)) wakeControls($('controls'), root);

room.on('change', draw);
room.on('clock', draw);
room.on('state', draw);
document.addEventListener('visibilitychange', draw);
draw();

/** Puts what is true now on the screen, and comes back when that changes. */
function draw() {
  clearTimeout(timer);
  const known = room.room !== null;
  $('stage').hidden = !known || room.timers.length === 0;
  drawNotice(known);
  if (!known) return;

  const { current, playback } = room;
  setColors();
  document.title = `${room.room?.name} – Cuewire`;
  viewer.classList.toggle('blackout', playback.blackout);
  $('dark').hidden = !playback.blackout;
  viewer.classList.toggle('flash', playback.flash && !playback.blackout);
  $('title').textContent = current?.name ?? '';
  $('speaker').textContent = current?.speaker ?? '';
  $('on-air').hidden = !playback.on_air;
  $('next').hidden = !room.next;
  $('next-name').textContent = room.next?.name ?? '';
  drawMessage();
  if (!current) return;

  const now = face(current, playback, room.room, room.clock.now());
  viewer.dataset.zone = now.zone;
  viewer.dataset.play = playback.state;
  viewer.dataset.appearance = current.appearance;
  $('time').hidden = now.text === '' && !ring;
  $('digits').textContent = now.text;
  sizeDigits(now.widest);
  drawState(now.zone === 'over' && current.overtime_mode !== 'stop');
  const plain = current.appearance !== 'TOD' && current.appearance !== 'HIDDEN' && playback.duration_ms > 0;
  $('bar').hidden = ring || !plain || only === 'timer';
  $('ring').toggleAttribute('hidden', !ring || !plain);
  (ring ? drawRing : drawBar)($(ring ? 'ring' : 'bar'), zones(current, playback.duration_ms), now.progress);
  if (now.change < Infinity) timer = window.setTimeout(draw, Math.ceil(now.change));
}

/** @param {boolean} over */
function drawState(over) {
  const state = room.playback.state === 'running' ? (over ? 'over' : '') : room.playback.state;
  const chip = $('play-state');
  chip.hidden = state === '';
  chip.dataset.state = state;
  if (state) chip.textContent = words(`pages.viewer.${state}`);
}

function drawMessage() {
  const message = room.message;
  const panel = $('message-panel');
  const shown = message !== undefined && only !== 'timer' && only !== 'progress';
  viewer.classList.toggle('focus', shown && room.playback.focus);
  viewer.classList.toggle('with-message', shown);
  panel.hidden = !shown;
  if (!shown) return;
  const el = $('message');
  el.dataset.color = message.color;
  el.classList.toggle('bold', message.bold);
  el.classList.toggle('uppercase', message.uppercase);
  el.classList.toggle('flash', message.flash);
  const text = fillIn(message.text, room.current, room.next);
  const style = `${text}|${message.bold}|${message.uppercase}|${room.playback.focus}`;
  if (el.dataset.style === style) return;
  el.dataset.style = style;
  el.textContent = text;
  sizeMessage();
}

/** @param {boolean} known whether the room's state has come */
function drawNotice(known) {
  const lost = room.state === 'gone' || room.state === 'refused';
  const empty = known && room.timers.length === 0;
  $('notice').hidden = (known && !empty) || only !== '';
  if (lost) $('notice-text').textContent = words(`pages.viewer.${room.state}`, { Code: code });
  else if (empty) $('notice-text').textContent = words('pages.viewer.empty');
  else $('notice-text').textContent = words('pages.viewer.connecting', { Address: location.host });
}

function setColors() {
  const { color_normal, color_yellow, color_red } = room.room ?? {};
  for (const [name, color] of Object.entries({ normal: color_normal, yellow: color_yellow, red: color_red })) {
    if (color && CSS.supports('color', color)) root.style.setProperty(`--${name}`, color);
  }
}
