/**
 * A place to try the WebSocket protocols by hand. It is there in developer mode
 * alone (cuewire --dev).
 */
import { loadTexts } from './cuewire.js';
import { byId } from './lib/dom.js';

const words = await loadTexts('playground');
const KEPT = 500; // lines of the log

/** @type {Record<string, {name: string, address: string, examples: object[]}>} */
const protocols = {
  sourceSaver: {
    name: 'Source Saver',
    address: '/',
    examples: [
      { action: 'subscribe', events: ['*'], snapshot: true },
      { action: 'subscribe', events: ['obs:sceneChanged', 'timers:*'] },
      { action: 'unsubscribe', events: ['*'] },
      { action: 'ping', timestamp: new Date().toISOString() },
    ],
  },
  palcoTimer: {
    name: 'PalcoTimer',
    address: '/ws/first?output=controller',
    examples: [
      { type: 'request_state' },
      { type: 'control', action: 'play' },
      { type: 'control', action: 'pause' },
      { type: 'control', action: 'add_time', value: 60000 },
      { type: 'control', action: 'next' },
      { type: 'ping' },
    ],
  },
  timerAPI: {
    name: 'Timer API',
    address: '/v1/ws/timers',
    examples: [
      { type: 'timer.create', payload: { allocatedDuration: 300, title: 'Warm-up' } },
      { type: 'timer.sync', payload: {} },
      { type: 'timer.pause', payload: { timerId: '' } },
      { type: 'timer.resume', payload: { timerId: '' } },
      { type: 'timer.stop', payload: { timerId: '' } },
    ],
  },
  broadcastt: {
    name: 'Broadcastt',
    address: '/app/KEY',
    examples: [
      { event: 'broadcastt:subscribe', data: { channel: 'obs' } },
      { event: 'broadcastt:unsubscribe', data: { channel: 'obs' } },
      { event: 'broadcastt:ping', data: {} },
    ],
  },
};

const protocol = /** @type {HTMLSelectElement} */ (byId('protocol'));
const address = /** @type {HTMLInputElement} */ (byId('address'));
const token = /** @type {HTMLInputElement} */ (byId('token'));
const example = /** @type {HTMLSelectElement} */ (byId('example'));
const message = /** @type {HTMLTextAreaElement} */ (byId('message'));
/** @type {WebSocket | null} */
let socket = null;
let timerID = '';

for (const [key, { name }] of Object.entries(protocols)) protocol.add(new Option(name, key));
protocol.value = new URLSearchParams(location.search).get('protocol') ?? 'timerAPI';
if (!protocols[protocol.value]) protocol.value = 'timerAPI';
protocol.addEventListener('change', choose);
example.addEventListener('change', fill);
byId('connect').addEventListener('submit', (event) => {
  event.preventDefault();
  connect();
});
byId('close').addEventListener('click', () => socket?.close(1000));
byId('clear').addEventListener('click', () => byId('log').replaceChildren());
byId('make').addEventListener('click', () => void makeToken());
byId('send').addEventListener('submit', (event) => {
  event.preventDefault();
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(message.value);
  log('out', message.value);
});
choose();
show();

function choose() {
  const chosen = protocols[protocol.value];
  address.value = location.origin.replace(/^http/, 'ws') + chosen.address;
  example.replaceChildren(...chosen.examples.map((body, i) => new Option(JSON.stringify(body), String(i))));
  fill();
}

function fill() {
  const body = structuredClone(protocols[protocol.value].examples[Number(example.value)]);
  const { payload } = /** @type {any} */ (body);
  if (payload?.timerId === '') payload.timerId = timerID;
  message.value = JSON.stringify(body, null, 2);
}

function connect() {
  socket?.close();
  let made;
  try {
    made = token.value ? new WebSocket(address.value, [`authorization.bearer.${token.value}`]) : new WebSocket(address.value);
  } catch (err) {
    log('note', String(err));
    return;
  }
  socket = made;
  made.addEventListener('open', () => {
    log('note', words('playground.opened', { Address: address.value }));
    show();
  });
  made.addEventListener('message', ({ data }) => {
    log('in', pretty(data));
    noteTimer(data);
  });
  made.addEventListener('close', ({ code, reason }) => {
    log('note', words('playground.closed', { Code: code, Reason: reason }));
    show();
  });
  show();
}

/** Gets a token of an hour for trying things out. */
async function makeToken() {
  try {
    const answer = await fetch('/api/tokens', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sub: 'playground', role: 'controller', name: 'Playground', ttl: 3600 }),
    });
    const made = await answer.json();
    if (!answer.ok) throw new Error(made.error);
    token.value = made.token;
    log('note', words('playground.made'));
  } catch (err) {
    log('note', String(err));
  }
}

/** Fills the id of the last timer into the examples. */
function noteTimer(/** @type {string} */ data) {
  try {
    const id = JSON.parse(data).payload?.timer?.id;
    if (id) timerID = id;
  } catch {
    // a frame that is no JSON is shown as it is
  }
}

function pretty(/** @type {string} */ text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 1).replace(/\n\s*/g, ' ');
  } catch {
    return text;
  }
}

/**
 * @param {'in' | 'out' | 'note'} kind
 * @param {string} text
 */
function log(kind, text) {
  const list = byId('log');
  const line = document.createElement('li');
  line.className = kind;
  const time = document.createElement('time');
  time.textContent = new Date().toISOString().slice(11, 23);
  const mark = document.createElement('span');
  mark.textContent = { in: '←', out: '→', note: '·' }[kind];
  const words = document.createElement('span');
  words.textContent = text;
  line.append(time, mark, words);
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
  list.append(line);
  while (list.childElementCount > KEPT) list.firstElementChild?.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function show() {
  const state = ['connecting', 'open', 'closing', 'closed'][socket?.readyState ?? 3];
  byId('state').textContent = words(`playground.state.${state}`);
  byId('state').dataset.state = state;
  const open = state === 'open';
  /** @type {HTMLButtonElement} */ (byId('go')).disabled = !open;
  /** @type {HTMLButtonElement} */ (byId('close')).disabled = !open && state !== 'connecting';
}
