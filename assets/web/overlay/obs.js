/**
 * An overlay that shows OBS's program scene and whether it streams and records.
 * docs/pages.md has its address's parameters.
 */
import { SourceSaver, clockText, loadTexts, outputTime } from '../cuewire.js';
import { byId, setText } from '../lib/dom.js';
import { openLook } from '../lib/look.js';
import { showLink } from '../lib/status.js';

/** @typedef {import('../lib/types.js').Output} Output */

const { query, follow } = await openLook();
byId('overlay').dataset.corner = query.get('corner') ?? 'top-left';

const words = await loadTexts();
const bus = new SourceSaver(['obs:*', 'presets:*']);
let scene = '';
let phase = '';
let timer = 0;
/** @type {Record<'stream' | 'record', Output | null>} */
const outputs = { stream: null, record: null };

listen('obs:sceneChanged', (data) => (scene = data.currentScene));
listen('obs:phaseChanged', (data) => {
  phase = data.phase;
  if (phase !== 'connected') outputs.stream = outputs.record = null; // a new OBS tells only what it does
});
listen('obs:streamStateChanged', (data) => (outputs.stream = data));
listen('obs:recordStateChanged', (data) => (outputs.record = data));

for (const event of ['presets:update', 'presets:delete']) bus.on(event, ({ preset }) => bus.emit('preset', preset));
follow(bus);
showLink(byId('link'), bus, words, { never: query.get('stale') === 'hide' });
bus.on('clock', draw);
bus.on('state', draw);
draw();

/**
 * @param {string} event
 * @param {(data: any) => void} take
 */
function listen(event, take) {
  bus.on(event, (data) => {
    take(data);
    draw();
  });
}

function draw() {
  clearTimeout(timer);
  const connected = phase === 'connected';
  byId('overlay').classList.toggle('stale', bus.state !== 'live');
  setText(byId('scene'), scene);
  byId('scene').hidden = !connected || scene === '';
  byId('phase').hidden = connected || phase === '';
  if (phase !== '') setText(byId('phase'), words(`pages.obs.short.${phase}`));
  const waits = [drawOutput('stream', connected), drawOutput('record', connected)];
  const change = Math.min(...waits);
  if (change < Infinity) timer = window.setTimeout(draw, Math.ceil(change));
}

/**
 * Returns ms until its digits change.
 * @param {'stream' | 'record'} name
 * @param {boolean} connected
 */
function drawOutput(name, connected) {
  const output = outputs[name];
  const el = byId(name);
  el.hidden = !connected || !output?.active;
  if (el.hidden || !output) return Infinity;
  const ms = outputTime(output, bus.clock.now());
  /** @type {HTMLElement} */ (el.lastElementChild).textContent = clockText(Math.floor(ms / 1000));
  el.classList.toggle('paused', output.paused);
  return output.paused ? Infinity : 1000 - (ms % 1000);
}
