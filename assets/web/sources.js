/**
 * The page of the library of sources, and of where they stand in OBS's scenes.
 */
import { SourceSaver, loadTexts } from './cuewire.js';
import { addSheet } from './lib/add-sheet.js';
import { adoptSheet } from './lib/adopt-sheet.js';
import { callServer } from './lib/call.js';
import { combinedNote } from './lib/combined-note.js';
import { byId } from './lib/dom.js';
import { Library } from './lib/library.js';
import { placingEditor } from './lib/placing-editor.js';
import { shelf } from './lib/shelf.js';
import { sourceSheet } from './lib/source-sheet.js';
import { showLink } from './lib/status.js';
import { tabs } from './lib/tabs.js';

const TOGETHER = 40; // ms in which changes are drawn together
const SHOWN_FOR = 4000; // ms that a sentence is shown

const words = await loadTexts('pages', 'desk', 'composer', 'sources');
document.title = `${words('composer.title')} · Cuewire`;
const bus = new SourceSaver(['sources:*', 'scenes:*', 'obs:*']);
const library = new Library(bus);
const choose = tabs(byId('tabs'));
let drawing = 0;
let toastTimer = 0;

/**
 * Shows a sentence for some seconds.
 * @param {string} text
 * @param {{label: string, act: () => void}} [key] what can be done about it
 */
function say(text, key) {
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
  clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => (toast.hidden = true), key ? 2 * SHOWN_FOR : SHOWN_FOR);
}

/** @type {import('./lib/bench.js').Bench} */
const bench = {
  words,
  bus,
  library,
  say,
  call: (method, path, fields, complain = say) => callServer(method, path, fields, words, complain),
  place: (id) => {
    choose('placing-panel');
    placing.offer(id);
  },
};

const edit = sourceSheet(bench);
const add = addSheet(bench, edit);
const adopt = adoptSheet(bench);
const drawShelf = shelf(bench, edit);
const drawCombined = combinedNote(bench);
const placing = placingEditor(bench);

showLink(byId('link'), bus, words, { always: true });
if (location.hash === '#placing') choose('placing-panel');
for (const name of ['library', 'placing']) {
  byId(`tab-${name}`).addEventListener('click', () => {
    history.replaceState(null, '', `#${name}`);
    plan();
  });
}
for (const name of ['undo', 'redo']) byId(name).addEventListener('click', () => void bench.call('POST', `/api/sources/${name}`, {}));
document.addEventListener('keydown', (event) => {
  const writing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  if (writing || document.querySelector('dialog[open]') || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
  event.preventDefault();
  void bench.call('POST', `/api/sources/${event.shiftKey ? 'redo' : 'undo'}`, {});
});
for (const id of ['add', 'empty-add']) byId(id).addEventListener('click', () => void add());
for (const id of ['adopt', 'empty-adopt']) byId(id).addEventListener('click', () => void adopt());
byId('import').addEventListener('click', () => byId('import-file').click());
byId('import-file').addEventListener('change', () => void importFile());
library.on('change', plan);
bus.on('state', plan);
draw();

function plan() {
  drawing ||= window.setTimeout(draw, TOGETHER); // a replay comes as many events: draw it once
}

function draw() {
  drawing = 0;
  byId('main').classList.toggle('waiting', bus.state !== 'live');
  drawShelf();
  drawCombined();
  placing.draw();
}

async function importFile() {
  const field = /** @type {HTMLInputElement} */ (byId('import-file'));
  const file = field.files?.[0];
  field.value = '';
  if (!file) return;
  let sources;
  try {
    sources = JSON.parse(await file.text());
  } catch {
    return say(words('composer.import.notJson', { Name: file.name }));
  }
  const told = await bench.call('POST', '/api/sources/import', sources);
  if (told) say(words('composer.import.done', { Count: told.imported }), { label: words('desk.undo'), act: () => void bench.call('POST', '/api/sources/undo', {}) });
}
