/**
 * When a page of a room draws, and in which colours.
 *
 * @typedef {import('../cuewire.js').Room} Room
 */

/** Ms by which pages draw ahead: a timer fires a little late, and a screen shows it a frame after that. */
export const AHEAD = 4;

/**
 * Calls draw whenever what it shows may have changed, and after the ms that it
 * returns (Infinity for never).
 * @param {Room} room
 * @param {(now: number) => number} draw is told the time of Cuewire's to draw
 * @returns {() => void} draws at once
 */
export function keepDrawn(room, draw) {
  let timer = 0;
  const again = () => {
    clearTimeout(timer);
    const wait = draw(room.clock.now() + AHEAD);
    if (wait < Infinity) timer = window.setTimeout(again, Math.ceil(wait));
  };
  for (const event of ['change', 'clock', 'state']) room.on(event, again);
  document.addEventListener('visibilitychange', again);
  again();
  return again;
}

/**
 * Puts the room's colours on the page.
 * @param {NonNullable<Room['room']>} info
 */
export function setColors({ color_normal, color_yellow, color_red }) {
  for (const [name, color] of Object.entries({ normal: color_normal, yellow: color_yellow, red: color_red })) {
    if (color && CSS.supports('color', color)) document.documentElement.style.setProperty(`--${name}`, color);
  }
}
