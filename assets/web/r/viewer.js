/**
 * The stage timer of a room, full screen. docs/pages.md has its address's parameters.
 */
import { Room, auxFace, face, fillIn, loadTexts, zones } from '../cuewire.js';
import { findAux } from '../lib/auxtimer.js';
import { keepAwake } from '../lib/awake.js';
import { byId, setText } from '../lib/dom.js';
import { AHEAD, setColors } from '../lib/draw.js';
import { fitLine, fitText } from '../lib/fit.js';
import { homeScreenHint, keepOnHomeScreen } from '../lib/install.js';
import { openLook } from '../lib/look.js';
import { drawBar, drawRing } from '../lib/progress.js';
import { showLink } from '../lib/status.js';
import { makeSounds } from '../lib/sound.js';
import { wakeControls } from '../lib/controls.js';

keepOnHomeScreen('viewer');
const { query, follow } = await openLook();
const only = query.get('only') ?? '';
const hide = query.getAll('hide').join(' ').replace(/,/g, ' ');
const ring = query.get('progress') === 'ring';
const transparent = query.get('background') === 'transparent';
const root = document.documentElement;
root.classList.toggle('mirror', query.has('mirror') && query.get('mirror') !== '0');
const viewer = byId('viewer');
viewer.dataset.only = only;
viewer.dataset.hide = hide;
viewer.classList.toggle('with-ring', ring);

const words = await loadTexts();
const code = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const room = new Room(code, { output: 'viewer', name: query.get('name') ?? '' });
let timer = 0;
/** @type {typeof room.room} */
let colored = null; // the room whose colours are set
const sizeDigits = fitLine(byId('digits'), { round: ring });
const sizeMessage = fitText(byId('message'));

showLink(byId('link'), room, words, { never: query.get('stale') === 'hide' });
if (only === '' && !/\bcontrols\b/.test(hide)) {
  wakeControls(byId('controls'), root);
  tellOfHomeScreen();
}
if (!transparent) keepAwake(byId('awake'), words);
makeSounds(byId('sound'), room, words, query);
follow(room);

room.on('change', draw);
room.on('clock', draw);
room.on('state', draw);
document.addEventListener('visibilitychange', draw);
draw();

/** The button that says how the page is kept on the device's home screen. */
function tellOfHomeScreen() {
  const button = byId('home');
  const hint = byId('home-hint');
  hint.textContent = homeScreenHint(words);
  button.hidden = hint.textContent === '';
  button.addEventListener('click', () => {
    hint.hidden = !hint.hidden;
    button.setAttribute('aria-expanded', String(!hint.hidden));
  });
}

/** Puts what is true now on the screen, and comes back when that changes. */
function draw() {
  clearTimeout(timer);
  const known = room.room !== null;
  const aux = findAux(room.aux, query.get('aux') ?? '');
  const empty = room.timers.length === 0 && !room.message && !aux;
  byId('stage').hidden = !known || empty;
  drawNotice(known, empty);
  if (!known) return;

  const { current, playback } = room;
  if (room.room && room.room !== colored) setColors((colored = room.room));
  const title = `${room.room?.name} – Cuewire`;
  if (document.title !== title) document.title = title;
  viewer.classList.toggle('blackout', playback.blackout);
  byId('dark').hidden = !playback.blackout;
  viewer.classList.toggle('flash', playback.flash && !playback.blackout);
  setText(byId('title'), current?.name ?? '');
  setText(byId('speaker'), current?.speaker ?? '');
  byId('on-air').hidden = !playback.on_air;
  byId('next').hidden = !room.next;
  setText(byId('next-name'), room.next?.name ?? '');
  drawMessage();
  const auxChange = drawAux(aux);
  byId('time').hidden = !current;
  byId('bottom').hidden = !current && !aux;
  byId('bar').hidden = true;
  if (!current) return comeBack(auxChange);

  const now = face(current, playback, room.room, room.clock.now() + AHEAD);
  viewer.dataset.zone = now.zone;
  viewer.dataset.play = playback.state;
  viewer.dataset.appearance = current.appearance;
  if (now.text === '' && !ring) byId('time').hidden = true;
  setText(byId('digits'), now.text);
  sizeDigits(now.widest);
  drawState(now.zone === 'over' && current.overtime_mode !== 'stop');
  const plain = current.appearance !== 'TOD' && current.appearance !== 'HIDDEN' && playback.duration_ms > 0;
  byId('bar').hidden = ring || !plain || only === 'timer';
  byId('ring').toggleAttribute('hidden', !ring || !plain);
  (ring ? drawRing : drawBar)(byId(ring ? 'ring' : 'bar'), zones(current, playback.duration_ms), now.progress);
  comeBack(Math.min(now.change, auxChange));
}

/** @param {number} ms */
function comeBack(ms) {
  if (ms < Infinity) timer = window.setTimeout(draw, Math.ceil(ms));
}

/**
 * Shows a clock beside the timer's. Returns ms until it changes.
 * @param {import('../cuewire.js').AuxTimer | undefined} aux
 */
function drawAux(aux) {
  byId('aux').hidden = !aux;
  if (!aux) return Infinity;
  const shows = auxFace(aux, room.clock.now());
  byId('aux').dataset.zone = shows.zone;
  byId('aux').dataset.play = aux.state;
  setText(byId('aux-name'), aux.name);
  setText(byId('aux-digits'), shows.text);
  return shows.change;
}

/** @param {boolean} over */
function drawState(over) {
  const state = room.playback.state === 'running' ? (over ? 'over' : '') : room.playback.state;
  const chip = byId('play-state');
  chip.hidden = state === '';
  chip.dataset.state = state;
  if (state) setText(chip, words(`pages.viewer.${state}`));
}

function drawMessage() {
  const message = room.message;
  const panel = byId('message-panel');
  const shown = message !== undefined && only !== 'timer' && only !== 'progress';
  viewer.classList.toggle('focus', shown && room.playback.focus);
  viewer.classList.toggle('with-message', shown);
  panel.hidden = !shown;
  if (!shown) return;
  const el = byId('message');
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

/**
 * @param {boolean} known whether the room's state has come
 * @param {boolean} empty whether there is nothing to show
 */
function drawNotice(known, empty) {
  const lost = room.state === 'gone' || room.state === 'refused';
  byId('notice').hidden = (known && !empty) || only !== '';
  if (lost) setText(byId('notice-text'), words(`pages.viewer.${room.state}`, { Code: code }));
  else if (known) setText(byId('notice-text'), words('pages.viewer.empty'));
  else setText(byId('notice-text'), words('pages.viewer.connecting', { Address: location.host }));
}
