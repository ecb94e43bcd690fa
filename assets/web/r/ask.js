/**
 * Where the audience asks, on a phone: a question and, if one likes, a name. It opens
 * and closes by itself with the room's questions.
 */
import { Room, loadTexts } from '../cuewire.js';
import { byId, setText } from '../lib/dom.js';
import { setColors } from '../lib/draw.js';
import { keepOnHomeScreen } from '../lib/install.js';
import { refusalText } from '../lib/refusal.js';
import { showLink } from '../lib/status.js';

const NAME = 'cuewire.asker';
const MOST = 500; // characters, as Cuewire counts them

keepOnHomeScreen('ask');
const words = await loadTexts('pages', 'desk');
const code = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const room = new Room(code, { output: 'viewer' });
const text = /** @type {HTMLTextAreaElement} */ (byId('text'));
const name = /** @type {HTMLInputElement} */ (byId('name'));
const button = /** @type {HTMLButtonElement} */ (byId('send'));
let sent = ''; // the question that was sent last, while that is shown
let sending = false;
let waitUntil = 0; // performance.now() before which nothing is taken
let timer = 0;

name.value = stored(() => localStorage.getItem(NAME)) ?? '';
showLink(byId('link'), room, words);
text.addEventListener('input', draw);
byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
byId('another').addEventListener('click', () => {
  sent = '';
  draw();
  text.focus();
});
room.on('change', draw);
room.on('state', draw);
draw();

function draw() {
  clearTimeout(timer);
  const info = room.room;
  const lost = room.state === 'gone' || room.state === 'refused';
  const open = !lost && info?.questions_open === true;
  byId('notice').hidden = info !== null && !lost;
  setText(byId('notice-text'), lost ? words(`desk.ask.${room.state}`) : words('pages.link.connecting'));
  byId('form').hidden = !open || sent !== '';
  byId('sent').hidden = lost || sent === '';
  byId('another').hidden = !open;
  byId('closed').hidden = !info || lost || open || sent !== '';
  setText(byId('sent-text'), sent);
  if (info) {
    setColors(info);
    setText(byId('room-name'), info.name);
    document.title = `${info.name} · ${words('desk.ask.title')}`;
  }
  const length = [...text.value.trim()].length;
  setText(byId('left'), String(MOST - [...text.value].length));
  const wait = Math.ceil((waitUntil - performance.now()) / 1000);
  button.disabled = sending || length === 0 || wait > 0;
  setText(button, wait > 0 ? words('desk.ask.wait', { Seconds: wait }) : words('desk.ask.send'));
  if (wait > 0) timer = window.setTimeout(draw, 250);
}

async function send() {
  const question = text.value.trim();
  if (question === '' || button.disabled) return;
  refuse('');
  sending = true;
  draw();
  try {
    const answer = await fetch(`/api/v1/rooms/${encodeURIComponent(code)}/questions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: question, name: name.value.trim() }),
      signal: AbortSignal.timeout(10_000),
    });
    const told = await answer.json();
    if (answer.ok) {
      sent = question;
      text.value = '';
      stored(() => localStorage.setItem(NAME, name.value.trim()));
    } else if (answer.status === 429) {
      waitUntil = performance.now() + 1000 * Number(answer.headers.get('Retry-After') ?? 20);
      refuse(words('desk.ask.tooMany'));
    } else refuse(await refusalText(String(told.error ?? answer.status)));
  } catch {
    refuse(words('desk.ask.offline'));
  }
  sending = false;
  draw();
}

/** @param {string} why '' for nothing */
function refuse(why) {
  byId('refusal').hidden = why === '';
  setText(byId('refusal'), why);
}

/**
 * @template T
 * @param {() => T} use
 */
function stored(use) {
  try {
    return use();
  } catch {
    return undefined; // the browser keeps nothing for pages
  }
}
