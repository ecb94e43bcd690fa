/**
 * What the overlays of a room have in common: which room, whether they hear from
 * Cuewire, and the parameters of their address. docs/pages.md has those.
 */
import { Room, loadTexts } from '../cuewire.js';
import { byId } from './dom.js';
import { setColors } from './draw.js';
import { openLook } from './look.js';
import { makeSounds } from './sound.js';
import { showLink } from './status.js';

/** Opens the room that ?room= names, else Cuewire's first one. */
export async function openOverlay() {
  const { query, follow } = await openLook();
  const overlay = byId('overlay');
  overlay.dataset.corner = query.get('corner') ?? overlay.dataset.corner;
  overlay.dataset.hide = query.getAll('hide').join(' ').replace(/,/g, ' ');
  overlay.dataset.only = query.get('only') ?? '';
  document.documentElement.classList.toggle('mirror', query.has('mirror') && query.get('mirror') !== '0');
  const words = await loadTexts();
  const room = new Room(query.get('room') || 'first', { output: 'viewer', name: query.get('name') ?? '' });
  showLink(byId('link'), room, words, { never: query.get('stale') === 'hide' });
  makeSounds(null, room, words, query);
  follow(room);
  /** @type {typeof room.room} */
  let colored = null;
  room.on('change', () => {
    if (room.room && room.room !== colored) setColors((colored = room.room));
  });
  room.on('state', (state) => overlay.classList.toggle('stale', state !== 'live'));
  return { query, words, room };
}

/**
 * Shows or hides an element with its animation: the class "in" brings it in, and
 * when it has left it takes no part any more.
 * @param {HTMLElement} el
 * @param {boolean} shown
 */
export function bring(el, shown) {
  if (el.classList.contains('in') === shown) return;
  if (shown) {
    el.hidden = false;
    void el.offsetWidth; // so that it starts from where it comes
  }
  el.classList.toggle('in', shown);
  if (shown) return;
  const left = () => {
    if (!el.classList.contains('in')) el.hidden = true;
  };
  void Promise.allSettled(el.getAnimations().map((animation) => animation.finished)).then(left);
}
