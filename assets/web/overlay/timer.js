/**
 * An overlay that shows the current timer in a corner, or with ?aux= one beside the
 * rundown. docs/pages.md has its address's parameters.
 */
import { auxFace, face, zones } from '../cuewire.js';
import { findAux } from '../lib/auxtimer.js';
import { byId, setText } from '../lib/dom.js';
import { keepDrawn } from '../lib/draw.js';
import { bring, openOverlay } from '../lib/overlay.js';
import { drawBar, drawRing } from '../lib/progress.js';

const { query, room } = await openOverlay();
const beside = query.get('aux') ?? '';
const ring = query.get('progress') === 'ring';
byId('overlay').classList.toggle('with-ring', ring);
keepDrawn(room, draw);

/** What is to be shown: a name, what it shows now, and how far it is. */
function shown(/** @type {number} */ now) {
  const { current, playback } = room;
  if (beside) {
    const aux = findAux(room.aux, beside);
    if (!aux) return null;
    const plain = { ...aux, speaker: '', appearance: aux.direction, wrap_yellow_ms: 0, wrap_red_ms: 0 };
    return { name: aux.name, shows: auxFace(aux, now), timer: plain, duration: aux.run_duration_ms, state: aux.state };
  }
  if (!current || !room.room) return null;
  return { name: current.name, shows: face(current, playback, room.room, now), timer: current, duration: playback.duration_ms, state: playback.state };
}

/** @param {number} now */
function draw(now) {
  const what = room.room && shown(now);
  if (!what) {
    bring(byId('panel'), false);
    return Infinity;
  }
  const { name, shows, timer, duration, state } = what;
  const panel = byId('panel');
  panel.dataset.zone = shows.zone;
  panel.dataset.play = state;
  panel.dataset.appearance = timer.appearance;
  panel.classList.toggle('flash', room.playback.flash);
  setText(byId('title'), name);
  setText(byId('digits'), shows.text);
  byId('digits').hidden = shows.text === '';
  const timed = (timer.appearance === 'COUNTDOWN' || timer.appearance === 'COUNTUP') && duration > 0;
  byId('bar').hidden = ring || !timed;
  byId('ring').toggleAttribute('hidden', !ring || !timed);
  (ring ? drawRing : drawBar)(byId(ring ? 'ring' : 'bar'), zones(timer, duration), shows.progress);
  bring(panel, !room.playback.blackout);
  return shows.change;
}
