/**
 * The combined page: every active source that is shown this way is a frame, placed
 * as it is in OBS's program scene. docs/sources.md has its address's parameters.
 */
import { SourceSaver, loadTexts } from '../cuewire.js';
import { byId, setText } from '../lib/dom.js';
import { Frames, frameAddress } from '../lib/framed.js';
import { Library } from '../lib/library.js';

const KEPT = 'cuewire.combined'; // the last scene and canvas known, for when OBS is not there
const TOGETHER = 16; // ms in which changes are drawn together

const query = new URLSearchParams(location.search);
const stage = byId('canvas');
const ours = originOfFrames();
const frames = new Frames(stage, ours);
const bus = new SourceSaver(['sources:*', 'scenes:*', 'obs:sceneChanged', 'obs:sceneRenamed', 'obs:canvasChanged']);
const library = new Library(bus);
const kept = recall();
let drawing = 0;
/** @type {import('../lib/texts.js').Words | null} */
let words = null;

library.on('change', () => (drawing ||= window.setTimeout(draw, TOGETHER)));
bus.on('state', (state) => {
  if (state === 'live') frames.retry('ours');
  else frames.reachable.ours = false;
});
window.addEventListener('online', () => frames.retry('others'));
window.addEventListener('offline', () => (frames.reachable.others = false));
window.addEventListener('resize', scale);
scale();
if (!('obsstudio' in window)) explain();

/**
 * Where our own pages are framed from: a name of this computer that nobody may
 * control from. Another computer has only the name that this page came by.
 */
function originOfFrames() {
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])\.?$/.test(location.hostname)) return location.origin;
  return `http://overlays.localhost${location.port && ':' + location.port}`;
}

function scene() {
  return query.get('scene') || library.scene || kept.scene;
}

function draw() {
  drawing = 0;
  if (library.scene) kept.scene = library.scene;
  if (library.canvas) kept.canvas = library.canvas;
  localStorage.setItem(KEPT, JSON.stringify(kept));
  scale();
  const placed = [...(library.scenes.get(scene()) ?? [])].sort(([, a], [, b]) => (a.zIndex ?? 0) - (b.zIndex ?? 0));
  const layers = new Map(placed.map(([id, at], i) => [id, { at: at.visible === false ? null : at, layer: i + 1 }]));
  /** @type {import('../lib/framed.js').Wanted[]} */
  const wanted = [];
  for (const source of library.sources.values()) {
    if (!source.isActive || source.way !== 'combined') continue;
    const { at = null, layer = 0 } = layers.get(source.id) ?? {};
    const src = frameAddress(source, ours);
    if (src && (at || source.load !== 'unload')) wanted.push({ source, src, at, layer });
  }
  frames.show(wanted);
  note(wanted);
}

/** Makes OBS's canvas as large as fits the page. */
function scale() {
  const { width, height } = kept.canvas;
  stage.style.width = `${width}px`;
  stage.style.height = `${height}px`;
  stage.style.transform = `scale(${Math.min(innerWidth / width, innerHeight / height)})`;
}

/** @returns {{scene: string, canvas: {width: number, height: number}}} */
function recall() {
  const fallback = { scene: '', canvas: { width: 1920, height: 1080 } };
  try {
    return { ...fallback, ...JSON.parse(localStorage.getItem(KEPT) ?? '{}') };
  } catch {
    return fallback; // somebody wrote something else there
  }
}

async function explain() {
  words = await loadTexts('combined');
  draw();
}

/**
 * Tells a person who opened this page in a browser why it is empty.
 * @param {import('../lib/framed.js').Wanted[]} wanted
 */
function note(wanted) {
  const el = byId('note');
  el.hidden = !words || wanted.some(({ at }) => at !== null);
  if (!words || el.hidden) return;
  const combined = [...library.sources.values()].some((source) => source.isActive && source.way === 'combined');
  setText(el, !combined ? words('combined.none') : scene() ? words('combined.notInScene', { Scene: scene() }) : words('combined.noScene'));
}
