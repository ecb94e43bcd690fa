/**
 * The queue of the audience's questions: what is on the stage first, then what is new,
 * then what is done.
 */
import { setText } from './dom.js';
import { pressTwice } from './remote.js';

/**
 * @typedef {import('../cuewire.js').Room} Room
 * @typedef {import('../cuewire.js').Question} Question
 */

const ORDER = { shown: 0, new: 1, done: 2 };
const LONGEST = 500; // characters

/**
 * @param {HTMLElement} list
 * @param {Room} room
 * @param {import('./texts.js').Words} words
 * @param {import('./remote.js').Remote} remote
 * @returns {(now: number) => void} draws the queue
 */
export function questionQueue(list, room, words, remote) {
  /** @type {Map<string, HTMLElement>} */
  const cards = new Map();
  const find = (/** @type {string} */ id) => room.questions.find((question) => question.id === id);

  const make = (/** @type {string} */ id) => {
    const card = document.createElement('article');
    card.className = 'question';
    card.dataset.id = id;
    const about = Object.assign(document.createElement('p'), { className: 'about' });
    const text = Object.assign(document.createElement('p'), { className: 'text' });
    const keys = Object.assign(document.createElement('div'), { className: 'question-keys' });
    const show = key('show');
    show.addEventListener('click', () => remote.question(id, find(id)?.state === 'shown' ? 'new' : 'shown'));
    const done = key('done');
    done.addEventListener('click', () => remote.question(id, find(id)?.state === 'done' ? 'new' : 'done'));
    const edit = key('edit', words('pages.message.edit'));
    edit.addEventListener('click', () => {
      const question = find(id);
      if (question) change(card, question);
    });
    const remove = key('delete', words('pages.message.delete'));
    remove.addEventListener('click', () => pressTwice(remove, words('pages.control.again'), () => void remote.call('DELETE', `questions/${id}`)));
    keys.append(show, done, edit, remove);
    card.append(about, text, keys);
    return card;
  };

  /**
   * Lets a person change the text before it is shown.
   * @param {HTMLElement} card
   * @param {Question} question
   */
  const change = (card, question) => {
    if (card.querySelector('form')) return;
    const form = document.createElement('form');
    const field = Object.assign(document.createElement('textarea'), { value: question.text, maxLength: LONGEST, rows: 3 });
    field.setAttribute('aria-label', words('desk.ask.text'));
    const save = Object.assign(key('save', words('pages.message.save')), { type: 'submit' });
    const cancel = key('cancel', words('desk.cancel'));
    const end = () => {
      form.remove();
      card.classList.remove('changing');
    };
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (await remote.call('PUT', `questions/${question.id}`, { text: field.value.trim() })) end();
    });
    cancel.addEventListener('click', end);
    form.append(field, save, cancel);
    card.classList.add('changing');
    card.append(form);
    field.focus();
  };

  return (now) => {
    for (const [id, card] of cards) {
      if (find(id)) continue;
      card.remove();
      cards.delete(id);
    }
    const sorted = [...room.questions].sort((a, b) => ORDER[a.state] - ORDER[b.state]); // else as they came
    sorted.forEach((question, i) => {
      let card = cards.get(question.id);
      if (!card) cards.set(question.id, (card = make(question.id)));
      if (list.children[i] !== card) list.insertBefore(card, list.children[i] ?? null);
      card.dataset.state = question.state;
      const [about, text, keys] = /** @type {HTMLElement[]} */ ([...card.children]);
      const minutes = Math.max(0, Math.floor((now - Date.parse(question.created_at)) / 60_000));
      setText(about, [question.name || words('desk.question.nobody'), minutes ? words('desk.question.ago', { Count: minutes }) : words('desk.question.now')].join(' · '));
      setText(text, question.text);
      const [show, done] = /** @type {HTMLElement[]} */ ([...keys.children]);
      setText(show, words(question.state === 'shown' ? 'pages.message.hide' : 'pages.message.show'));
      setText(done, words(question.state === 'done' ? 'desk.question.back' : 'desk.question.done'));
    });
  };
}

/**
 * @param {string} name
 * @param {string} [text]
 */
function key(name, text = '') {
  return Object.assign(document.createElement('button'), { type: 'button', className: name, textContent: text });
}
