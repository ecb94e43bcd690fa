/**
 * The list of a room's messages, each with a key that shows or hides it.
 */
import { fillIn } from '../cuewire.js';
import { setText } from './dom.js';
import { drawStageMessage } from './message.js';
import { pressTwice } from './remote.js';

/**
 * @typedef {import('../cuewire.js').Room} Room
 * @typedef {import('../cuewire.js').Message} Message
 */

/**
 * @param {HTMLElement} list
 * @param {Room} room
 * @param {import('./texts.js').Words} words
 * @param {import('./remote.js').Remote} remote
 * @param {(message: Message) => void} [edit] where messages can be edited and deleted
 * @returns {() => void} draws the list
 */
export function messageList(list, room, words, remote, edit) {
  /** @type {Map<string, HTMLElement>} */
  const cards = new Map();
  const find = (/** @type {string} */ id) => room.messages.find((message) => message.id === id);

  const make = (/** @type {string} */ id) => {
    const card = document.createElement('div');
    card.className = 'message-card';
    card.dataset.id = id;
    const text = Object.assign(document.createElement('p'), { className: 'stage-message' });
    const show = key('show');
    show.addEventListener('click', () => {
      if (find(id)?.visible) remote.control('hide_message');
      else remote.control('show_message', { timer_id: id });
    });
    card.append(text, show);
    if (edit) {
      const change = key('edit');
      change.textContent = words('pages.message.edit');
      change.addEventListener('click', () => {
        const message = find(id);
        if (message) edit(message);
      });
      const remove = key('delete');
      remove.textContent = words('pages.message.delete');
      remove.addEventListener('click', () => pressTwice(remove, words('pages.control.again'), () => void remote.message('DELETE', id)));
      card.append(change, remove);
    }
    return card;
  };

  return () => {
    const messages = room.messages;
    for (const [id, card] of cards) {
      if (find(id)) continue;
      card.remove();
      cards.delete(id);
    }
    messages.forEach((message, i) => {
      let card = cards.get(message.id);
      if (!card) cards.set(message.id, (card = make(message.id)));
      if (list.children[i] !== card) list.insertBefore(card, list.children[i] ?? null);
      card.classList.toggle('visible', message.visible);
      const [text, show] = /** @type {HTMLElement[]} */ ([...card.children]);
      drawStageMessage(text, message, fillIn(message.text, room.current, room.next));
      setText(show, words(message.visible ? 'pages.message.hide' : 'pages.message.show'));
      show.setAttribute('aria-pressed', String(message.visible));
    });
  };
}

/** @param {string} name */
function key(name) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = name;
  return button;
}
