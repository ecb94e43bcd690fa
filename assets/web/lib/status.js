/**
 * Says in words how a connection stands.
 *
 * @typedef {import('./link.js').Link} Link
 * @typedef {import('./texts.js').Words} Words
 */

/**
 * Keeps a chip up to date with the connection. While nothing is heard it counts
 * the seconds; while all is well it is hidden, or says so.
 * @param {HTMLElement} chip
 * @param {Link} link
 * @param {Words} words
 * @param {{always?: boolean, never?: boolean}} [options] always: shown when all is
 *   well too; never: not shown at all
 */
export function showLink(chip, link, words, { always = false, never = false } = {}) {
  let timer = 0;
  const draw = () => {
    clearTimeout(timer);
    const state = link.state;
    chip.dataset.state = state;
    chip.hidden = never || (state === 'live' && !always) || (state === 'connecting' && !always && link.quiet < 3000);
    const seconds = Math.floor(link.quiet / 1000);
    const waiting = (state === 'connecting' || state === 'stale' || state === 'reconnecting') && seconds >= 3;
    chip.textContent = waiting ? words('pages.link.waiting', { Seconds: seconds }) : words(`pages.link.${state}`);
    if (state !== 'live') timer = window.setTimeout(draw, 1000 - (link.quiet % 1000));
  };
  link.on('state', draw);
  draw();
}
