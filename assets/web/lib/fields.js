/**
 * Fields of a form, made from a description: what is in them, and what a person made
 * of it.
 */
import { clockText } from './playback.js';
import { readDuration } from './duration.js';

/**
 * @typedef {object} Field
 * @property {string} name as Cuewire calls it
 * @property {'text' | 'long' | 'duration' | 'clock' | 'check' | 'choice' | 'color' | 'scene' | 'url'} kind
 * @property {string} label
 * @property {string} [hint]
 * @property {[string, string][]} [choices] value and label
 * @property {boolean} [required]
 * @property {number} [most] characters
 *
 * @typedef {{row: HTMLElement, input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, read: () => unknown}} MadeField
 */

/**
 * Makes a field. read returns the value as Cuewire takes it, undefined if it cannot
 * be read.
 * @param {Field} field
 * @param {any} value
 * @returns {MadeField}
 */
export function makeField(field, value) {
  const row = document.createElement('label');
  row.className = `field ${field.kind}`;
  const label = Object.assign(document.createElement('span'), { textContent: field.label });
  const input = inputOf(field, value);
  input.name = field.name;
  if (field.kind === 'check') {
    row.classList.add('switch');
    row.append(input, document.createElement('i'), label);
  } else if (field.kind === 'color') {
    row.append(label, colorRow(/** @type {HTMLInputElement} */ (input)));
  } else row.append(label, input);
  if (field.hint) row.append(Object.assign(document.createElement('small'), { className: 'quiet', textContent: field.hint }));
  return { row, input, read: () => readField(field, input) };
}

/**
 * @param {Field} field
 * @param {any} value
 */
function inputOf(field, value) {
  if (field.kind === 'long') return Object.assign(document.createElement('textarea'), { value: value ?? '', rows: 3, maxLength: field.most ?? 10_000 });
  if (field.kind === 'choice') {
    const select = document.createElement('select');
    for (const [key, label] of field.choices ?? []) select.append(new Option(label, key, false, key === value));
    return select;
  }
  const input = document.createElement('input');
  input.autocomplete = 'off';
  if (field.required) input.required = true;
  if (field.most) input.maxLength = field.most;
  switch (field.kind) {
    case 'check':
      Object.assign(input, { type: 'checkbox', checked: Boolean(value) });
      input.setAttribute('role', 'switch');
      break;
    case 'duration':
      Object.assign(input, { value: clockText(Math.round((value ?? 0) / 1000)), placeholder: '5:00' });
      input.classList.add('digits');
      break;
    case 'clock':
      Object.assign(input, { type: 'time', step: 1, value: value ?? '' });
      break;
    case 'scene':
      input.value = value ?? '';
      input.setAttribute('list', 'obs-scenes');
      break;
    case 'url':
      Object.assign(input, { type: 'url', value: value ?? '', placeholder: 'http://' });
      break;
    default:
      input.value = value ?? '';
  }
  return input;
}

const COLORS = ['', '#5eead4', '#60a5fa', '#a78bfa', '#f472b6', '#ef4444', '#ffb454', '#facc15', '#4ade80'];

/**
 * Colours to touch, and the field that holds the chosen one.
 * @param {HTMLInputElement} input
 */
function colorRow(input) {
  const row = Object.assign(document.createElement('div'), { className: 'swatches' });
  input.type = 'hidden';
  const own = Object.assign(document.createElement('input'), { type: 'color', className: 'own' });
  own.tabIndex = -1;
  const draw = () => {
    for (const key of row.querySelectorAll('button')) key.setAttribute('aria-pressed', String(key.dataset.color === input.value));
    own.value = input.value || '#000000';
  };
  for (const color of COLORS) {
    const key = Object.assign(document.createElement('button'), { type: 'button', title: color || '–' });
    key.dataset.color = color;
    key.style.setProperty('--color', color || 'transparent');
    key.addEventListener('click', () => {
      input.value = color;
      draw();
    });
    row.append(key);
  }
  own.addEventListener('input', () => {
    input.value = own.value;
    draw();
  });
  row.append(own, input);
  draw();
  return row;
}

/**
 * @param {Field} field
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} input
 */
function readField(field, input) {
  const value = input.value;
  switch (field.kind) {
    case 'check':
      return /** @type {HTMLInputElement} */ (input).checked;
    case 'duration':
      return readDuration(value) ?? undefined;
    case 'clock':
      return value === '' || value.length === 8 ? value : `${value}:00`;
    case 'long':
    case 'choice':
    case 'color':
      return value;
  }
  return value.trim();
}
