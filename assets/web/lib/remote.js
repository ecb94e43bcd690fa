/**
 * What the pages that control a room have in common: sending, saying why
 * something was not done, and keys that want to be pressed twice.
 */
import { callServer } from './call.js';
import { byId } from './dom.js';
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
   * Presses a control of an auxiliary timer.
   * @param {string} id
   * @param {string} action
   * @param {number} [value]
   */
  aux(id, action, value) {
    if (!this.#room.auxControl(id, action, value)) this.say(this.#words('pages.control.offline'));
  }

  /**
   * Puts a question to another state.
   * @param {string} id
   * @param {import('./types.js').Question['state']} state
   */
  question(id, state) {
    if (!this.#room.question(id, state)) this.say(this.#words('pages.control.offline'));
  }

  /**
   * Makes, changes or deletes a message. Returns the message, null if that was not done.
   * @param {'POST' | 'PUT' | 'DELETE'} method
   * @param {string} id '' for POST
   * @param {Partial<Message>} [fields]
   * @returns {Promise<Message | null>}
   */
  message(method, id, fields) {
    return this.call(method, `messages${id && `/${encodeURIComponent(id)}`}`, fields);
  }

  /**
   * Calls Cuewire about the room. Returns the answer, null if it was refused.
   * @param {'GET' | 'POST' | 'PUT' | 'DELETE'} method
   * @param {string} path below the room's, '' for the room itself
   * @param {object} [fields]
   * @returns {Promise<any>}
   */
  call(method, path, fields) {
    const at = `/api/v1/rooms/${encodeURIComponent(this.#code)}${path && `/${path}`}`;
    return callServer(method, at, fields, this.#words, (text) => this.say(text));
  }

  /**
   * Shows a sentence for some seconds.
   * @param {string} text
   * @param {{label: string, act: () => void}} [key] what can be done about it
   */
  say(text, key) {
    const toast = byId('toast');
    toast.replaceChildren(text);
    if (key) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: key.label });
      button.addEventListener('click', () => {
        toast.hidden = true;
        key.act();
      });
      toast.append(button);
    }
    toast.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (toast.hidden = true), key ? 2 * SHOWN_FOR : SHOWN_FOR);
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
