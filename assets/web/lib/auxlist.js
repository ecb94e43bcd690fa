/**
 * The list of a room's auxiliary timers, each with its controls.
 */
import { auxFace, clockText } from './playback.js';
import { setText } from './dom.js';
import { readDuration } from './duration.js';
import { pressTwice } from './remote.js';

/**
 * @typedef {import('../cuewire.js').Room} Room
 * @typedef {import('../cuewire.js').AuxTimer} AuxTimer
 */

const MINUTE = 60_000;
const PLAY = 'M7 4.500v15l13-7.500z';
const PAUSE = 'M8 5v14M16 5v14';

/**
 * @param {HTMLElement} list
 * @param {Room} room
 * @param {import('./texts.js').Words} words
 * @param {import('./remote.js').Remote} remote
 * @param {boolean} editable whether names, lengths and the timers themselves can be changed
 * @returns {(now: number) => number} draws it, and tells after how many ms it changes
 */
export function auxList(list, room, words, remote, editable) {
  /** @type {Map<string, HTMLElement>} */
  const cards = new Map();
  const find = (/** @type {string} */ id) => room.aux.find((aux) => aux.id === id);

  const make = (/** @type {string} */ id) => {
    const card = document.createElement('article');
    card.className = 'aux';
    card.dataset.id = id;
    const name = Object.assign(document.createElement(editable ? 'button' : 'span'), { className: 'aux-name' });
    const digits = Object.assign(document.createElement('span'), { className: 'aux-digits digits' });
    const keys = Object.assign(document.createElement('div'), { className: 'aux-keys' });
    const play = key('play', words('pages.control.play'));
    play.append(shape());
    play.addEventListener('click', () => remote.aux(id, find(id)?.state === 'running' ? 'pause' : 'play'));
    const reset = key('reset', words('desk.aux.reset'), '↺');
    reset.addEventListener('click', () => remote.aux(id, 'stop'));
    const less = key('less digits', words('desk.aux.less'), '−1:00');
    less.addEventListener('click', () => remote.aux(id, 'add_time', -MINUTE));
    const more = key('plus digits', words('desk.aux.more'), '+1:00');
    more.addEventListener('click', () => remote.aux(id, 'add_time', MINUTE));
    keys.append(play, reset, less, more);
    card.append(name, digits, keys);
    if (editable) name.addEventListener('click', () => change(card, id));
    return card;
  };

  /**
   * Opens a card's fields: name, length, direction; and deleting.
   * @param {HTMLElement} card
   * @param {string} id
   */
  const change = (card, id) => {
    const aux = find(id);
    if (!aux || card.querySelector('form')) return;
    const form = document.createElement('form');
    const name = Object.assign(document.createElement('input'), { value: aux.name, maxLength: 255, className: 'name' });
    name.setAttribute('aria-label', words('desk.cue.name'));
    const length = Object.assign(document.createElement('input'), { value: clockText(Math.round(aux.duration_ms / 1000)), className: 'length digits' });
    length.setAttribute('aria-label', words('desk.cue.duration'));
    const direction = document.createElement('select');
    for (const way of ['COUNTDOWN', 'COUNTUP']) direction.append(new Option(words(`desk.appearance.${way}`), way, false, way === aux.direction));
    direction.setAttribute('aria-label', words('desk.cue.appearance'));
    const save = key('save', '', words('pages.message.save'));
    save.type = 'submit';
    const cancel = key('cancel', '', words('desk.cancel'));
    const remove = key('delete', '', words('pages.message.delete'));
    const end = () => {
      form.remove();
      card.classList.remove('changing');
    };
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const duration = readDuration(length.value);
      if (duration === null) return remote.say(words('desk.cue.badDuration'));
      if (await remote.call('PUT', `aux/${id}`, { name: name.value.trim(), duration_ms: duration, direction: direction.value })) end();
    });
    cancel.addEventListener('click', end);
    remove.addEventListener('click', () => pressTwice(remove, words('pages.control.again'), () => void remote.call('DELETE', `aux/${id}`)));
    form.append(name, length, direction, save, cancel, remove);
    card.classList.add('changing');
    card.append(form);
    name.select();
  };

  return (now) => {
    for (const [id, card] of cards) {
      if (find(id)) continue;
      card.remove();
      cards.delete(id);
    }
    let next = Infinity;
    room.aux.forEach((aux, i) => {
      let card = cards.get(aux.id);
      if (!card) cards.set(aux.id, (card = make(aux.id)));
      if (list.children[i] !== card) list.insertBefore(card, list.children[i] ?? null);
      const shows = auxFace(aux, now);
      card.dataset.play = aux.state;
      card.dataset.zone = shows.zone;
      const [name, digits, keys] = /** @type {HTMLElement[]} */ ([...card.children]);
      setText(name, aux.name);
      setText(digits, shows.text);
      const play = /** @type {HTMLElement} */ (keys.firstElementChild);
      play.setAttribute('aria-label', words(aux.state === 'running' ? 'pages.control.pause' : 'pages.control.play'));
      play.querySelector('path')?.setAttribute('d', aux.state === 'running' ? PAUSE : PLAY);
      next = Math.min(next, shows.change);
    });
    return next;
  };
}

/**
 * @param {string} name
 * @param {string} label for what is no word
 * @param {string} [text]
 */
function key(name, label, text = '') {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: name, textContent: text });
  if (label) {
    button.setAttribute('aria-label', label);
    button.title = label;
  }
  return button;
}

function shape() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'path'));
  return svg;
}
