/**
 * The front page: how things stand, and every address to open or to add to OBS.
 */
import { SourceSaver, face, loadTexts } from './cuewire.js';
import { byId, setText } from './lib/dom.js';
import { copyText } from './lib/copy.js';
import { lookEditor } from './lib/look-editor.js';
import { roomEditor } from './lib/room-editor.js';
import { showLink } from './lib/status.js';

/**
 * @typedef {import('./cuewire.js').RoomInfo} RoomInfo
 * @typedef {import('./cuewire.js').Timer} Timer
 * @typedef {import('./cuewire.js').Playback} Playback
 * @typedef {{info: RoomInfo, timers: Map<string, Timer>, playback: Playback | null}} RoomView
 */

const RANKS = ['', 'viewer', 'moderator', 'operator', 'controller', 'admin'];
/** @type {Record<string, string>} the pages of a room, and the role that may open each */
const OPENERS = { viewer: 'viewer', controller: 'controller', operator: 'operator', moderator: 'moderator', agenda: 'viewer', ask: 'viewer' };
const OVERLAYS = ['obs', 'timer', 'message', 'lower-third'];

const role = await findRole();
for (const el of document.querySelectorAll('[data-needs]')) /** @type {HTMLElement} */ (el).hidden = !may(/** @type {HTMLElement} */ (el).dataset.needs ?? '');
const words = await loadTexts('pages', 'desk', 'composer');
const PAGES = Object.keys(OPENERS).filter((page) => may(OPENERS[page]));
let timer = 0;
let toastTimer = 0;
const bus = new SourceSaver(['obs:*', 'rooms:*', 'timers:*', 'presets:*']);
/** @type {Map<string, RoomView>} */
let rooms = new Map();
/** @type {Map<string, HTMLElement>} */
const cards = new Map();
/** @type {Map<string, import('./lib/look-editor.js').Preset>} */
let presets = new Map();
const editRoom = roomEditor(/** @type {HTMLDialogElement} */ (byId('room-editor')), words);
const editLook = lookEditor(words, () => [...rooms.values()].map((room) => room.info));
const silent = { stream: false, record: false, paused: false };
const obs = { phase: '', scene: '', version: '', ...silent };

bus.on('reset', () => {
  rooms = new Map();
  presets = new Map();
});
listen('obs:phaseChanged', (data) => {
  obs.phase = data.phase;
  if (obs.phase !== 'connected') Object.assign(obs, silent); // a new OBS tells only what it does
});
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

listen('presets:update', (data) => presets.set(data.preset.name, data.preset));
listen('presets:delete', (data) => presets.delete(data.preset.name));
byId('new-room').addEventListener('click', () => void editRoom(''));
byId('new-look').addEventListener('click', () => editLook(null));

showLink(byId('link'), bus, words, { always: true });
byId('overlays').append(...OVERLAYS.map((name) => address(`overlay.${name}`, `/overlay/${name}`, '1920 × 1080')));
bus.on('clock', draw);
bus.on('state', () => plan(30));
void listRooms();
draw();

/** What this device may be: this page offers no more than that. */
async function findRole() {
  for (let wait = 250; ; wait = Math.min(wait * 2, 3000)) {
    try {
      const answer = await fetch('/api/access', { cache: 'no-store' });
      if (answer.ok) return String((await answer.json()).role ?? '');
    } catch {
      // Cuewire is not there just now.
    }
    await new Promise((done) => setTimeout(done, wait));
  }
}

/** @param {string} needed a role */
function may(needed) {
  return RANKS.indexOf(role === 'agenda' ? 'viewer' : role) >= RANKS.indexOf(needed);
}

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
  if (!may('operator')) return;
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
  byId('main').classList.toggle('waiting', bus.state !== 'live');
  drawObs();
  drawLooks();
  for (const [id, card] of cards) {
    if (rooms.has(id)) continue;
    card.remove();
    cards.delete(id);
  }
  byId('rooms-empty').hidden = rooms.size > 0 || bus.state !== 'live';
  let change = Infinity;
  for (const room of rooms.values()) change = Math.min(change, drawRoom(room));
  if (change < Infinity) plan(Math.ceil(change));
}

function drawLooks() {
  const sorted = [...presets.values()].sort((a, b) => a.name.localeCompare(b.name));
  const list = byId('looks');
  const key = JSON.stringify(sorted);
  if (list.dataset.shown === key) return;
  list.dataset.shown = key;
  list.replaceChildren(
    ...sorted.map((preset) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'small', textContent: preset.name });
      button.addEventListener('click', () => editLook(preset));
      return button;
    }),
  );
}

function drawObs() {
  const known = obs.phase !== '' && bus.state !== 'connecting';
  const phase = known ? obs.phase : 'unknown';
  byId('obs').dataset.phase = phase;
  setText(byId('obs-title'), words(`pages.index.obs.${phase}`));
  const hint = phase === 'connected' ? words('pages.index.obs.connected.hint', { Version: obs.version }) : words(`pages.index.obs.${phase}.hint`);
  setText(byId('obs-hint'), hint);
  byId('obs-facts').hidden = phase !== 'connected';
  setText(byId('obs-scene'), obs.scene || '–');
  setOutput(byId('obs-stream'), obs.stream, false);
  setOutput(byId('obs-record'), obs.record, obs.paused);
}

/**
 * @param {HTMLElement} el
 * @param {boolean} on
 * @param {boolean} paused
 */
function setOutput(el, on, paused) {
  el.dataset.on = String(on);
  setText(el, words(on ? (paused ? 'pages.index.paused' : 'pages.index.on') : 'pages.index.off'));
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
    byId('rooms').append(card);
    const settings = find(card, '.settings');
    settings.textContent = words('desk.room.edit');
    settings.hidden = !may('operator');
    settings.addEventListener('click', () => void editRoom(info.id));
    const at = `/r/${encodeURIComponent(info.short_code)}`;
    find(card, '.addresses').append(
      ...PAGES.map((name) => address(name, `${at}/${name}`, '')),
      address('timer', `${at}/viewer?background=transparent&hide=controls`, '1920 × 1080'),
    );
  }
  setText(find(card, '.room-name'), info.name);
  setText(find(card, '.code'), words('pages.index.code', { Code: info.short_code }));
  const current = timers.get(playback?.current_timer_id ?? '');
  card.classList.toggle('running', playback?.state === 'running');
  if (!current || !playback) {
    setText(find(card, '.room-digits'), '');
    setText(find(card, '.room-timer'), playback ? words('pages.index.noTimer') : '');
    return Infinity;
  }
  const now = face(current, playback, info, bus.clock.now());
  card.dataset.zone = now.zone;
  setText(find(card, '.room-digits'), now.text);
  const state = playback.state === 'running' ? '' : ` · ${words(`pages.viewer.${playback.state}`)}`;
  setText(find(card, '.room-timer'), current.name + state);
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
  el.dataset.name = name;
  const url = new URL(path, location.href).href;
  setText(find(el, '.name'), words(`pages.page.${name}`));
  setText(find(el, '.use'), words(`pages.page.${name}.use`));
  setText(find(el, '.size'), size);
  const link = /** @type {HTMLAnchorElement} */ (find(el, '.url'));
  link.href = url;
  link.append(...(url.match(/[^/?&]*[/?&]?/g) ?? []).flatMap((part) => [part, document.createElement('wbr')])); // breaks there, if anywhere
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
  setText(byId('toast'), text);
  byId('toast').hidden = false;
  clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => (byId('toast').hidden = true), 2500);
}

/** @param {string} id */
function fromTemplate(id) {
  const content = /** @type {HTMLTemplateElement} */ (byId(id)).content;
  return /** @type {HTMLElement} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
}

/**
 * @param {HTMLElement} el
 * @param {string} selector
 */
function find(el, selector) {
  return /** @type {HTMLElement} */ (el.querySelector(selector));
}
