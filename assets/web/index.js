/**
 * The front page: how things stand, and every address to open or to add to OBS.
 */
import { SourceSaver, face, loadTexts } from './cuewire.js';
import { copyText } from './lib/copy.js';
import { showLink } from './lib/status.js';

/**
 * @typedef {import('./cuewire.js').RoomInfo} RoomInfo
 * @typedef {import('./cuewire.js').Timer} Timer
 * @typedef {import('./cuewire.js').Playback} Playback
 * @typedef {{info: RoomInfo, timers: Map<string, Timer>, playback: Playback | null}} RoomView
 */

/** @param {string} id */
const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const words = await loadTexts();
let timer = 0;
let toastTimer = 0;
const bus = new SourceSaver(['obs:*', 'rooms:*', 'timers:*']);
/** @type {Map<string, RoomView>} */
let rooms = new Map();
/** @type {Map<string, HTMLElement>} */
const cards = new Map();
const obs = { phase: '', scene: '', version: '', stream: false, record: false, paused: false };

bus.on('reset', () => {
  rooms = new Map();
  Object.assign(obs, { phase: '', scene: '', version: '', stream: false, record: false, paused: false });
});
listen('obs:phaseChanged', (data) => (obs.phase = data.phase));
listen('obs:connectionChanged', (data) => (obs.version = data.obsVersion ?? ''));
listen('obs:sceneChanged', (data) => (obs.scene = data.currentScene));
listen('obs:streamStateChanged', (data) => (obs.stream = data.active));
listen('obs:recordStateChanged', (data) => Object.assign(obs, { record: data.active, paused: data.paused }));
for (const event of ['rooms:create', 'rooms:update']) listen(event, (data) => putRoom(data.room));
listen('rooms:delete', (data) => rooms.delete(data.room.id));
for (const event of ['timers:create', 'timers:update']) {
  listen(event, (data) => rooms.get(data.roomId)?.timers.set(data.timer.id, data.timer));
}
listen('timers:delete', (data) => rooms.get(data.roomId)?.timers.delete(data.timerId));
listen('timers:playback', (data) => {
  const room = rooms.get(data.roomId);
  if (room) room.playback = data.playback;
});

showLink($('link'), bus, words, { always: true });
for (const [name, path, size] of [['obs', '/overlay/obs', '1920 × 1080']]) $('overlays').append(address(name, path, size));
bus.on('clock', draw);
bus.on('state', draw);
void listRooms();
draw();

/**
 * @param {string} event
 * @param {(data: any) => void} take
 */
function listen(event, take) {
  bus.on(event, (data) => {
    take(data);
    plan(30); // a snapshot comes as many events: draw it once
  });
}

/** The rooms are there at once, without waiting for the first event. */
async function listRooms() {
  try {
    const answer = await fetch('/api/v1/auth/rooms');
    if (answer.ok) for (const info of (await answer.json()).rooms) putRoom(info);
    draw();
  } catch {
    // The events bring them as soon as Cuewire is heard.
  }
}

/** @param {RoomInfo} info */
function putRoom(info) {
  const room = rooms.get(info.id);
  if (room) room.info = info;
  else rooms.set(info.id, { info, timers: new Map(), playback: null });
}

/** @param {number} ms */
function plan(ms) {
  clearTimeout(timer);
  timer = window.setTimeout(draw, ms);
}

function draw() {
  $('main').classList.toggle('waiting', bus.state !== 'live');
  drawObs();
  for (const [id, card] of cards) {
    if (rooms.has(id)) continue;
    card.remove();
    cards.delete(id);
  }
  $('rooms-empty').hidden = rooms.size > 0 || bus.state !== 'live';
  let change = Infinity;
  for (const room of rooms.values()) change = Math.min(change, drawRoom(room));
  if (change < Infinity) plan(Math.ceil(change));
}

function drawObs() {
  const known = obs.phase !== '' && bus.state !== 'connecting';
  const phase = known ? obs.phase : 'unknown';
  $('obs').dataset.phase = phase;
  $('obs-title').textContent = words(`pages.index.obs.${phase}`);
  const hint = phase === 'connected' ? words('pages.index.obs.connected.hint', { Version: obs.version }) : words(`pages.index.obs.${phase}.hint`);
  $('obs-hint').textContent = hint;
  $('obs-facts').hidden = phase !== 'connected';
  $('obs-scene').textContent = obs.scene || '–';
  setOutput($('obs-stream'), obs.stream, false);
  setOutput($('obs-record'), obs.record, obs.paused);
}

/**
 * @param {HTMLElement} el
 * @param {boolean} on
 * @param {boolean} paused
 */
function setOutput(el, on, paused) {
  el.dataset.on = String(on);
  el.textContent = words(on ? (paused ? 'pages.index.paused' : 'pages.index.on') : 'pages.index.off');
}

/**
 * Returns ms until what it shows changes.
 * @param {RoomView} room
 */
function drawRoom({ info, timers, playback }) {
  let card = cards.get(info.id);
  if (!card) {
    card = fromTemplate('room-template');
    cards.set(info.id, card);
    $('rooms').append(card);
    const at = `/r/${encodeURIComponent(info.short_code)}/viewer`;
    find(card, '.addresses').append(
      address('viewer', at, ''),
      address('timer', `${at}?background=transparent&hide=controls`, '1920 × 1080'),
    );
  }
  find(card, '.room-name').textContent = info.name;
  find(card, '.code').textContent = words('pages.index.code', { Code: info.short_code });
  const current = timers.get(playback?.current_timer_id ?? '');
  card.classList.toggle('running', playback?.state === 'running');
  if (!current || !playback) {
    find(card, '.room-digits').textContent = '';
    find(card, '.room-timer').textContent = playback ? words('pages.index.noTimer') : '';
    return Infinity;
  }
  const now = face(current, playback, info, bus.clock.now());
  card.dataset.zone = now.zone;
  find(card, '.room-digits').textContent = now.text;
  find(card, '.room-timer').textContent =
    playback.state === 'running' ? current.name : `${current.name} · ${words(`pages.viewer.${playback.state}`)}`;
  return now.change;
}

/**
 * One address with what it is for, and a button that copies it.
 * @param {string} name
 * @param {string} path
 * @param {string} size
 */
function address(name, path, size) {
  const el = fromTemplate('address-template');
  const url = new URL(path, location.href).href;
  find(el, '.name').textContent = words(`pages.index.${name}`);
  find(el, '.use').textContent = words(`pages.index.${name}.use`);
  find(el, '.size').textContent = size;
  const link = /** @type {HTMLAnchorElement} */ (find(el, '.url'));
  link.href = url;
  link.textContent = url;
  const button = find(el, '.copy');
  button.textContent = words('pages.index.copy');
  button.setAttribute('aria-label', `${words('pages.index.copy')}: ${url}`);
  button.addEventListener('click', async () => {
    const copied = await copyText(url);
    toast(words(copied ? 'pages.index.copied' : 'pages.index.notCopied'));
  });
  return el;
}

/** @param {string} text */
function toast(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => ($('toast').hidden = true), 2500);
}

/** @param {string} id */
function fromTemplate(id) {
  const content = /** @type {HTMLTemplateElement} */ ($(id)).content;
  return /** @type {HTMLElement} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
}

/**
 * @param {HTMLElement} el
 * @param {string} selector
 */
function find(el, selector) {
  return /** @type {HTMLElement} */ (el.querySelector(selector));
}
