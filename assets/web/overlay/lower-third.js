/**
 * An overlay that says who speaks: it comes in when that changes, and leaves again
 * after ?for= seconds (0: it stays). docs/pages.md has its address's parameters.
 */
import { byId, setText } from '../lib/dom.js';
import { bring, openOverlay } from '../lib/overlay.js';

const CHANGES_IN = 600; // ms: what is shown leaves before the next comes in

const { query, room } = await openOverlay();
const seconds = Math.max(0, Number(query.get('for') ?? 10) || 0);
const panel = byId('panel');
let shown = ''; // what came in last
let timer = 0;
room.on('change', draw);

function draw() {
  const { current, playback } = room;
  const wanted = current && playback.state !== 'stopped' && !playback.blackout ? JSON.stringify([current.id, current.speaker, current.name]) : '';
  if (wanted === shown) return;
  const was = shown;
  shown = wanted;
  clearTimeout(timer);
  bring(panel, false);
  if (wanted === '') return;
  timer = window.setTimeout(enter, was === '' ? 0 : CHANGES_IN);
}

function enter() {
  const current = room.current;
  if (!current) return;
  setText(byId('name'), current.speaker || current.name);
  setText(byId('about'), current.speaker ? current.name : '');
  byId('about').hidden = !current.speaker;
  panel.style.setProperty('--label', current.label_color || 'var(--accent)');
  bring(panel, true);
  if (seconds > 0) timer = window.setTimeout(() => bring(panel, false), seconds * 1000);
}
