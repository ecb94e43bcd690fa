/**
 * What the overlays of a room have in common: which room, whether they hear from
 * Cuewire, and the parameters of their address. docs/pages.md has those.
 */
import { Room, loadTexts } from '../cuewire.js';
import { byId } from './dom.js';
import { setColors } from './draw.js';
import { showLink } from './status.js';

const AGAIN = 3000;

/** Opens the room that ?room= names, else Cuewire's first one. */
export async function openOverlay() {
  const query = new URLSearchParams(location.search);
  const overlay = byId('overlay');
  overlay.dataset.corner = query.get('corner') ?? overlay.dataset.corner;
  overlay.dataset.hide = query.getAll('hide').join(' ').replace(/,/g, ' ');
  overlay.dataset.only = query.get('only') ?? '';
  document.documentElement.classList.toggle('mirror', query.has('mirror') && query.get('mirror') !== '0');
  const words = await loadTexts();
  const code = query.get('room') || (await firstRoom());
  const room = new Room(code, { output: 'viewer', name: query.get('name') ?? '' });
  showLink(byId('link'), room, words, { never: query.get('stale') === 'hide' });
  /** @type {typeof room.room} */
  let colored = null;
  room.on('change', () => {
    if (room.room && room.room !== colored) setColors((colored = room.room));
  });
  room.on('state', (state) => {
    overlay.classList.toggle('stale', state !== 'live');
    if (state === 'gone' && !query.get('room')) setTimeout(() => location.reload(), AGAIN); // another one is the first now
  });
  return { query, words, room };
}

/** The short code of the first room; waits until Cuewire tells it. */
async function firstRoom() {
  for (;;) {
    try {
      const answer = await fetch('/api/v1/auth/rooms');
      if (answer.ok) {
        const { rooms } = await answer.json();
        if (rooms.length > 0) return rooms[0].short_code;
      }
    } catch {
      // Cuewire is not there just now.
    }
    await new Promise((done) => setTimeout(done, AGAIN));
  }
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
