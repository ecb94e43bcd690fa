/**
 * An overlay that shows the quick timers that have not ended.
 * docs/pages.md has its address's parameters.
 */
import { SourceSaver, loadTexts } from '../cuewire.js';
import { byId, setText } from '../lib/dom.js';
import { openLook } from '../lib/look.js';
import { quickFace } from '../lib/quicktimer.js';
import { showLink } from '../lib/status.js';

/** @typedef {import('../lib/quicktimer.js').QuickTimer} QuickTimer */

const { query, follow } = await openLook();
byId('overlay').dataset.corner = query.get('corner') ?? 'top-left';
const wanted = (query.get('timer') ?? '').toLowerCase();
const owner = query.get('owner') ?? '';
const most = Number(query.get('max')) || 5;
const up = query.get('direction') === 'up';

const words = await loadTexts();
const bus = new SourceSaver(['quickTimers:*', 'presets:*']);
/** @type {Map<string, QuickTimer>} in the order in which they were made */
const timers = new Map();
/** @type {Map<string, HTMLElement>} */
const rows = new Map();
let next = 0;

bus.on('reset', () => {
  timers.clear();
  draw();
});
for (const event of ['quickTimers:create', 'quickTimers:update']) {
  bus.on(event, ({ timer }) => {
    timers.set(timer.id, timer);
    draw();
  });
}
bus.on('quickTimers:complete', ({ timer }) => {
  timers.delete(timer.id);
  draw();
});
for (const event of ['presets:update', 'presets:delete']) bus.on(event, ({ preset }) => bus.emit('preset', preset));
follow(bus);
showLink(byId('link'), bus, words, { never: query.get('stale') === 'hide' });
bus.on('clock', draw);
bus.on('state', (state) => byId('overlay').classList.toggle('stale', state !== 'live'));

/** The timers to be shown: the ones asked for, the newest of them where there are too many. */
function shown() {
  const list = [...timers.values()].filter(
    (timer) => (owner === '' || timer.ownerId === owner) && (wanted === '' || timer.id === wanted || (timer.title ?? '').toLowerCase() === wanted),
  );
  return list.slice(-most);
}

function draw() {
  clearTimeout(next);
  const now = bus.clock.now();
  let change = Infinity;
  const list = shown();
  for (const [id, row] of rows) {
    if (list.some((timer) => timer.id === id)) continue;
    row.remove();
    rows.delete(id);
  }
  for (const timer of list) {
    const face = quickFace(timer, now, up);
    const row = rowOf(timer.id);
    row.dataset.zone = face.zone;
    row.dataset.status = timer.status;
    setText(/** @type {HTMLElement} */ (row.firstElementChild), timer.title ?? '');
    setText(/** @type {HTMLElement} */ (row.lastElementChild), face.text);
    change = Math.min(change, face.change);
  }
  if (change < Infinity) next = window.setTimeout(draw, Math.ceil(change));
}

/** @param {string} id */
function rowOf(id) {
  let row = rows.get(id);
  if (!row) {
    row = document.createElement('div');
    row.className = 'tag';
    row.dataset.timer = id;
    const name = document.createElement('span');
    name.className = 'name';
    const digits = document.createElement('span');
    digits.className = 'digits';
    row.append(name, digits);
    rows.set(id, row);
    byId('list').append(row);
  }
  return row;
}
