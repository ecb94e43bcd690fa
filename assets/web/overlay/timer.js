/**
 * An overlay that shows the current timer in a corner.
 * docs/pages.md has its address's parameters.
 */
import { face, zones } from '../cuewire.js';
import { byId, setText } from '../lib/dom.js';
import { keepDrawn } from '../lib/draw.js';
import { bring, openOverlay } from '../lib/overlay.js';
import { drawBar } from '../lib/progress.js';

const { room } = await openOverlay();
keepDrawn(room, draw);

/** @param {number} now */
function draw(now) {
  const { current, playback } = room;
  if (!room.room || !current) {
    bring(byId('panel'), false);
    return Infinity;
  }
  const shows = face(current, playback, room.room, now);
  const panel = byId('panel');
  panel.dataset.zone = shows.zone;
  panel.dataset.play = playback.state;
  panel.dataset.appearance = current.appearance;
  panel.classList.toggle('flash', playback.flash);
  setText(byId('title'), current.name);
  setText(byId('digits'), shows.text);
  byId('digits').hidden = shows.text === '';
  const timed = current.appearance === 'COUNTDOWN' || current.appearance === 'COUNTUP';
  byId('bar').hidden = !timed || playback.duration_ms <= 0;
  drawBar(byId('bar'), zones(current, playback.duration_ms), shows.progress);
  bring(panel, !playback.blackout);
  return shows.change;
}
