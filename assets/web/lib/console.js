/**
 * What the pages have in common on which people work with a room or follow it:
 * the bar at the top, the state of the connection, and when to draw.
 */
import { Room, loadTexts, timeOfDay } from '../cuewire.js';
import { keepAwake } from './awake.js';
import { byId, setText } from './dom.js';
import { keepOnHomeScreen } from './install.js';
import { keepDrawn, setColors } from './draw.js';
import { makeSounds } from './sound.js';
import { showLink } from './status.js';

/** @typedef {import('./texts.js').Words} Words */

/**
 * Opens the room that the page's address names, in a role, and looks after the
 * page's #head, #link and #notice. #main is hidden while there is no room to show.
 * @param {string} output the role, as the pages are named
 */
export async function openConsole(output) {
  keepOnHomeScreen(output);
  const words = await loadTexts('pages', 'desk');
  const code = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  const room = new Room(code, { output, name: new URLSearchParams(location.search).get('name') ?? '' });
  showLink(byId('link'), room, words, { always: true });
  keepAwake(byId('awake'), words);
  makeSounds(byId('sound'), room, words);
  const title = words(`pages.page.${output}`);
  /** @type {typeof room.room} */
  let colored = null;
  keepDrawn(room, (now) => {
    const info = room.room;
    byId('main').hidden = info === null;
    byId('main').classList.toggle('waiting', room.state !== 'live');
    drawNotice(room, words, code);
    if (!info) return Infinity;
    if (info !== colored) setColors((colored = info));
    document.title = `${info.name} · ${title}`;
    setText(byId('room-name'), info.name);
    setText(byId('page-name'), title);
    byId('on-air').hidden = !room.playback.on_air;
    setText(byId('clock'), timeOfDay(now, info.timezone));
    return 1000 - (now % 1000);
  });
  return { words, code, room };
}

/**
 * Says why there is nothing to see.
 * @param {Room} room
 * @param {Words} words
 * @param {string} code
 */
function drawNotice(room, words, code) {
  const lost = room.state === 'gone' || room.state === 'refused';
  byId('notice').hidden = room.room !== null && !lost;
  const text = lost ? words(`pages.viewer.${room.state}`, { Code: code }) : words('pages.viewer.connecting', { Address: location.host });
  setText(byId('notice-text'), text);
}
