/**
 * What the pages that control a room have in common: sending, saying why
 * something was not done, and keys that want to be pressed twice.
 */
import { byId, setText } from './dom.js';
import { refusalText } from './refusal.js';

/**
 * @typedef {import('../cuewire.js').Room} Room
 * @typedef {import('../cuewire.js').Message} Message
 * @typedef {import('./texts.js').Words} Words
 */

const SHOWN_FOR = 4000;
const ARMED_FOR = 3000;
const BOUNCE = 250; // ms: a trembling finger's second touch is no second press

/** Speaks for a page to Cuewire. Refusals show in the page's #toast. */
export class Remote {
  #room;
  #words;
  #code;
  #timer = 0;

  /**
   * @param {Room} room
   * @param {Words} words
   * @param {string} code
   */
  constructor(room, words, code) {
    this.#room = room;
    this.#words = words;
    this.#code = code;
    room.on('refusal', ({ message }) => void refusalText(message).then((text) => this.say(text)));
  }

  /**
   * Sends a control of the room's playback.
   * @param {string} action
   * @param {{timer_id?: string, value?: number}} [rest]
   */
  control(action, rest) {
    if (!this.#room.control(action, rest)) this.say(this.#words('pages.control.offline'));
  }

  /**
   * Makes, changes or deletes a message. Returns the message, null if that was not done.
   * @param {'POST' | 'PUT' | 'DELETE'} method
   * @param {string} id '' for POST
   * @param {Partial<Message>} [fields]
   * @returns {Promise<Message | null>}
   */
  async message(method, id, fields) {
    const path = `/api/v1/rooms/${encodeURIComponent(this.#code)}/messages${id && `/${encodeURIComponent(id)}`}`;
    try {
      const body = fields && JSON.stringify(fields);
      const answer = await fetch(path, { method, body, headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(10_000) });
      const made = await answer.json();
      if (answer.ok) return made;
      this.say(await refusalText(String(made.error ?? answer.status)));
    } catch {
      this.say(this.#words('pages.control.offline'));
    }
    return null;
  }

  /**
   * Shows a sentence for some seconds.
   * @param {string} text
   */
  say(text) {
    setText(byId('toast'), text);
    byId('toast').hidden = false;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (byId('toast').hidden = true), SHOWN_FOR);
  }

  /**
   * Lets the page's display mode keys, [data-mode], switch modes.
   * @returns {() => void} shows which are on
   */
  modes() {
    const keys = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-mode]'));
    const isOn = (/** @type {HTMLElement} */ key) => this.#room.playback[/** @type {'flash'} */ (key.dataset.mode)];
    for (const key of keys) {
      key.addEventListener('click', () => this.control(isOn(key) ? `stop_${key.dataset.mode}` : String(key.dataset.mode)));
    }
    return () => {
      for (const key of keys) key.setAttribute('aria-pressed', String(isOn(key)));
    };
  }
}

/** @type {{key: HTMLElement, since: number, disarm: () => void} | null} */
let armed = null;

/**
 * Does something at the second press within three seconds; the first one says so on
 * the key. Other keys that wait for their second press stop waiting.
 * @param {HTMLElement} key
 * @param {string} again what the key says while it waits
 * @param {() => void} act
 */
export function pressTwice(key, again, act) {
  if (armed?.key === key) {
    if (performance.now() - armed.since < BOUNCE) return;
    armed.disarm();
    act();
    return;
  }
  armed?.disarm();
  const text = key.textContent ?? '';
  const plain = key.childElementCount === 0;
  key.classList.add('armed');
  key.style.setProperty('--again', JSON.stringify(again)); // for keys that hold more than words
  if (plain) key.textContent = again;
  const disarm = () => {
    clearTimeout(timer);
    armed = null;
    key.classList.remove('armed');
    key.style.removeProperty('--again');
    if (plain) key.textContent = text;
  };
  const timer = setTimeout(disarm, ARMED_FOR);
  armed = { key, since: performance.now(), disarm };
}

/** Ends the waiting for a second press. */
export function disarm() {
  armed?.disarm();
}
