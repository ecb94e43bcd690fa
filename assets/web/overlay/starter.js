/**
 * An overlay to begin with: it shows what is published to a channel, one alert
 * after the other. Copy it, with its style sheet, and make it yours.
 *
 *     /overlay/starter?key=KEY&channel=alerts&for=8
 *
 * An event's data is {"title": "…", "text": "…", "color": "#22c55e"}, each of it
 * where wanted, or any text. docs/protocols/broadcastt.md tells how to publish.
 */
import { Channels, loadTexts } from '../cuewire.js';
import { byId } from '../lib/dom.js';
import { bring } from '../lib/overlay.js';
import { showLink } from '../lib/status.js';

const MOST_WAITING = 50; // of a raid that would go on for minutes, the newest
const BETWEEN = 700; // ms, the time of the animation

const query = new URLSearchParams(location.search);
const key = query.get('key') ?? '';
const channel = query.get('channel') || 'alerts';
const shown = Math.max(1, Number(query.get('for')) || 8) * 1000;
const overlay = byId('overlay');
overlay.dataset.corner = query.get('corner') ?? overlay.dataset.corner;
const words = await loadTexts();

/** @typedef {{title: string, text: string, color: string}} Alert */
/** @type {Alert[]} */
const waiting = [];
let busy = false;

if (key) listen();
else note(words('pages.starter.noKey'));

function listen() {
  const channels = new Channels(key, [channel], { name: query.get('name') ?? '' });
  showLink(byId('link'), channels, words, { never: query.get('stale') === 'hide' });
  channels.on('state', (state) => overlay.classList.toggle('stale', state !== 'live'));
  channels.on('subscribed', () => note(''));
  channels.on('refusal', ({ message }) => {
    console.info(message);
    byId('link').remove();
    note(words('pages.starter.refused'));
  });
  channels.on('event', (name, data) => {
    waiting.push(alertOf(data, name));
    waiting.splice(0, Math.max(0, waiting.length - MOST_WAITING));
    if (!busy) void showAll();
  });
}

/**
 * What an event shows. Whatever comes in is text: it is never put in as HTML.
 * @param {any} data
 * @param {string} event
 * @returns {Alert}
 */
function alertOf(data, event) {
  if (data === null || typeof data !== 'object') return { title: event, text: data === null ? '' : String(data), color: '' };
  const line = (/** @type {unknown} */ value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
  return { title: line(data.title) || event, text: line(data.text) || line(data.message), color: line(data.color) };
}

async function showAll() {
  busy = true;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const alert = byId('alert');
    byId('title').textContent = next.title;
    byId('text').textContent = next.text;
    byId('text').hidden = next.text === '';
    alert.style.setProperty('--zone', /^#[0-9a-f]{6}$/i.test(next.color) ? next.color : '');
    bring(alert, true);
    await wait(shown);
    bring(alert, false);
    await wait(BETWEEN);
  }
  busy = false;
}

/** @param {string} text "" for none */
function note(text) {
  byId('note').textContent = text;
  byId('note').hidden = text === '';
}

/** @param {number} ms */
function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
