/**
 * What the parts of the page of sources work with.
 *
 * @typedef {object} Bench
 * @property {import('./texts.js').Words} words
 * @property {import('../cuewire.js').SourceSaver} bus
 * @property {import('./library.js').Library} library
 * @property {(text: string, key?: {label: string, act: () => void}) => void} say shows a sentence for some seconds
 * @property {(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, fields?: object, complain?: (text: string) => void) => Promise<any>} call
 *   returns the answer; null if it was refused, which complain tells
 * @property {(id: string) => void} place goes where a source is put into a scene
 */
import { byId } from './dom.js';

/**
 * Returns what shows a refusal in a sheet, '' for none.
 * @param {string} id of the element
 */
export function refusalLine(id) {
  const line = byId(id);
  return (/** @type {string} */ text) => {
    line.textContent = text;
    line.hidden = text === '';
    if (text) line.scrollIntoView({ block: 'nearest' });
  };
}

/**
 * Makes an element with a class and a text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, className, text = '') {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

/**
 * Makes a key.
 * @param {string} className
 * @param {string} text
 * @param {() => void} act
 */
export function makeKey(className, text, act) {
  const key = make('button', className, text);
  key.type = 'button';
  key.addEventListener('click', act);
  return key;
}
