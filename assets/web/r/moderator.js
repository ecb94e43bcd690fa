/**
 * Messages for the stage: write, change, show and hide them; and the display modes.
 */
import { face, fillIn } from '../cuewire.js';
import { openConsole } from '../lib/console.js';
import { byId, setText } from '../lib/dom.js';
import { keepDrawn } from '../lib/draw.js';
import { fitText } from '../lib/fit.js';
import { drawStageMessage } from '../lib/message.js';
import { messageList } from '../lib/messages.js';
import { Remote } from '../lib/remote.js';

/** @typedef {import('../cuewire.js').Message} Message */

const INSERTS = ['CURRENT_TITLE', 'CURRENT_SPEAKER', 'NEXT_TITLE', 'NEXT_SPEAKER', 'CURRENT_DURATION'];

const { words, room, code } = await openConsole('moderator');
const remote = new Remote(room, words, code);
const drawModes = remote.modes();
const drawMessages = messageList(byId('messages'), room, words, remote, edit);
const sizePreview = fitText(byId('preview'), { most: (box) => box.clientHeight * 0.7 });
const text = /** @type {HTMLTextAreaElement} */ (byId('text'));
const check = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));
const colors = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[name="color"]'));
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
fill(null);
keepDrawn(room, draw);

/** @param {number} now */
function draw(now) {
  if (!room.room) return Infinity;
  const { current, playback } = room;
  drawModes();
  drawMessages();
  byId('no-messages').hidden = room.messages.length > 0;
  if (editing && !room.messages.some((message) => message.id === editing)) fill(null); // somebody deleted it
  setText(byId('title'), current?.name ?? words('pages.noTimer'));
  setText(byId('speaker'), current?.speaker ?? '');
  drawPreview();
  byId('digits').hidden = !current;
  if (!current) return Infinity;
  const shows = face(current, playback, room.room, now);
  byId('now').dataset.zone = shows.zone;
  byId('now').dataset.play = playback.state;
  setText(byId('digits'), shows.text);
  return shows.change;
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
