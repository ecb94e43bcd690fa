/**
 * Messages for the stage: write, change, show and hide them; and the display modes.
 */
import { face, fillIn } from '../cuewire.js';
import { openConsole } from '../lib/console.js';
import { copyText } from '../lib/copy.js';
import { byId, setText } from '../lib/dom.js';
import { keepDrawn } from '../lib/draw.js';
import { fitText } from '../lib/fit.js';
import { drawStageMessage } from '../lib/message.js';
import { messageList } from '../lib/messages.js';
import { questionQueue } from '../lib/questions.js';
import { Remote, pressTwice } from '../lib/remote.js';
import { tabs } from '../lib/tabs.js';

/** @typedef {import('../cuewire.js').Message} Message */

const INSERTS = ['CURRENT_TITLE', 'CURRENT_SPEAKER', 'NEXT_TITLE', 'NEXT_SPEAKER', 'CURRENT_DURATION'];

const { words, room, code } = await openConsole('moderator');
const remote = new Remote(room, words, code);
const drawModes = remote.modes();
const drawMessages = messageList(byId('messages'), room, words, remote, edit);
const drawQuestions = questionQueue(byId('questions'), room, words, remote);
const chooseTab = tabs(/** @type {HTMLElement} */ (document.querySelector('.tabs')));
const sizePreview = fitText(byId('preview'), { most: (box) => box.clientHeight * 0.7 });
const text = /** @type {HTMLTextAreaElement} */ (byId('text'));
const check = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));
const colors = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[name="color"]'));
const askOpen = /** @type {HTMLInputElement} */ (byId('ask-open'));
const dialog = /** @type {HTMLDialogElement} */ (byId('address'));
let tabChosen = false; // by what the room is about, once it is known
let editing = ''; // the id of the message being changed, '' for a new one

for (const name of INSERTS) {
  const key = Object.assign(document.createElement('button'), { type: 'button', textContent: words(`pages.insert.${name}`) });
  key.addEventListener('click', () => {
    text.setRangeText(`$${name}`, text.selectionStart, text.selectionEnd, 'end');
    text.focus();
    drawPreview();
  });
  byId('inserts').append(key);
}
byId('editor').addEventListener('input', drawPreview);
byId('editor').addEventListener('submit', (event) => {
  event.preventDefault();
  void save(/** @type {SubmitEvent} */ (event).submitter?.id === 'save-show');
});
text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save(true);
});
byId('cancel').addEventListener('click', () => fill(null));
askOpen.addEventListener('change', async () => {
  const done = await remote.call('PUT', 'questions/open', { questions_open: askOpen.checked });
  if (!done) askOpen.checked = !askOpen.checked;
});
byId('clear-questions').addEventListener('click', () => {
  pressTwice(byId('clear-questions'), words('pages.control.again'), () => void remote.call('POST', 'questions/clear', {}));
});
byId('ask-address').addEventListener('click', () => void showAddress());
byId('close-address').addEventListener('click', () => dialog.close());
byId('copy-address').addEventListener('click', async () => {
  const copied = await copyText(byId('ask-link').textContent ?? '');
  setText(byId('copy-address'), words(copied ? 'pages.index.copied' : 'pages.index.notCopied'));
});
fill(null);
keepDrawn(room, draw);

/** @param {number} now */
function draw(now) {
  if (!room.room) return Infinity;
  const { current, playback } = room;
  drawModes();
  drawMessages();
  byId('no-messages').hidden = room.messages.length > 0;
  drawQuestions(now);
  drawQueue();
  if (editing && !room.messages.some((message) => message.id === editing)) fill(null); // somebody deleted it
  setText(byId('title'), current?.name ?? words('pages.noTimer'));
  setText(byId('speaker'), current?.speaker ?? '');
  drawPreview();
  byId('digits').hidden = !current;
  const minute = room.questions.length > 0 ? 60_000 : Infinity; // how long ago they came
  if (!current) return minute;
  const shows = face(current, playback, room.room, now);
  byId('now').dataset.zone = shows.zone;
  byId('now').dataset.play = playback.state;
  setText(byId('digits'), shows.text);
  return Math.min(minute, shows.change);
}

/** What stands around the questions. */
function drawQueue() {
  const open = room.room?.questions_open === true;
  if (!tabChosen) {
    tabChosen = true;
    if (!open && room.questions.length === 0) chooseTab('messages-panel');
  }
  askOpen.checked = open;
  setText(byId('ask-state'), words(open ? 'desk.questions.open' : 'desk.questions.closed'));
  const waiting = room.questions.filter((question) => question.state === 'new').length;
  byId('questions-count').hidden = waiting === 0;
  setText(byId('questions-count'), String(waiting));
  byId('no-questions').hidden = room.questions.length > 0;
  setText(byId('no-questions'), words(open ? 'desk.questions.none' : 'desk.questions.hint'));
  byId('clear-questions').hidden = !room.questions.some((question) => question.state === 'done');
}

/** Shows where the audience asks, as an address and as a code for cameras. */
async function showAddress() {
  const told = await remote.call('GET', 'questions');
  if (!told) return;
  const url = new URL(told.ask_url);
  const link = /** @type {HTMLAnchorElement} */ (byId('ask-link'));
  link.href = link.textContent = url.href;
  /** @type {HTMLImageElement} */ (byId('qr')).src = `/qr.svg?url=${encodeURIComponent(url.href)}`;
  const here = /^(localhost|127\.|\[::1\])/.test(url.hostname);
  setText(byId('address-hint'), words(here ? 'desk.questions.address.here' : 'desk.questions.address.hint'));
  setText(byId('copy-address'), words('pages.index.copy'));
  dialog.showModal();
}

/** @returns {Pick<Message, 'text' | 'color' | 'bold' | 'uppercase' | 'flash'>} */
function written() {
  const color = /** @type {Message['color']} */ ([...colors].find((field) => field.checked)?.value ?? 'white');
  return { text: text.value.trim(), color, bold: check('bold').checked, uppercase: check('uppercase').checked, flash: check('message-flash').checked };
}

function drawPreview() {
  const message = written();
  const filled = fillIn(message.text, room.current, room.next);
  const preview = byId('preview');
  const before = preview.outerHTML;
  drawStageMessage(preview, message, filled);
  if (preview.outerHTML !== before) sizePreview();
  for (const id of ['save', 'save-show']) /** @type {HTMLButtonElement} */ (byId(id)).disabled = message.text === '';
}

/** @param {boolean} show */
async function save(show) {
  const fields = written();
  if (fields.text === '') return;
  const saved = editing ? await remote.message('PUT', editing, fields) : await remote.message('POST', '', fields);
  if (!saved) return;
  if (show) remote.control('show_message', { timer_id: saved.id });
  fill(null);
}

/** @param {Message} message */
function edit(message) {
  fill(message);
  text.focus();
}

/**
 * Puts a message into the editor, or none for a new one.
 * @param {Message | null} message
 */
function fill(message) {
  editing = message?.id ?? '';
  text.value = message?.text ?? '';
  for (const field of colors) field.checked = field.value === (message?.color ?? 'white');
  check('bold').checked = message?.bold ?? false;
  check('uppercase').checked = message?.uppercase ?? false;
  check('message-flash').checked = message?.flash ?? false;
  setText(byId('editor-title'), words(editing ? 'pages.message.change' : 'pages.message.new'));
  byId('cancel').hidden = editing === '';
  drawPreview();
}
