/**
 * Makes text as large as its box allows. Sizes are worked out when the box, the
 * fonts or the text change, never while nothing does.
 */

const GLYPHS = 0.84; // the height of digits, with a little air, at a font size of 1

/**
 * Keeps one line of text as large as fits its parent element.
 * @param {HTMLElement} line
 * @param {{round?: boolean}} [options] round: it has to fit the circle in the box
 * @returns {(widest: string) => void} tells the widest text that has to fit
 */
export function fitLine(line, { round = false } = {}) {
  const box = /** @type {HTMLElement} */ (line.parentElement);
  let widest = '';
  let ems = 0; // width of the widest text at a font size of 1
  const fit = () => {
    if (ems === 0) return;
    const [width, height] = [box.clientWidth, box.clientHeight];
    const room = round ? Math.min(width, height) * 0.74 : width;
    const size = Math.floor(Math.min(room / ems, height / GLYPHS));
    if (size > 0) line.style.fontSize = `${size}px`;
  };
  const measure = () => {
    const probe = /** @type {HTMLElement} */ (line.cloneNode(false));
    probe.removeAttribute('id');
    probe.textContent = widest;
    Object.assign(probe.style, { position: 'absolute', visibility: 'hidden', fontSize: '100px' });
    box.append(probe);
    ems = probe.getBoundingClientRect().width / 100;
    probe.remove();
    fit();
  };
  new ResizeObserver(fit).observe(box);
  document.fonts.addEventListener('loadingdone', measure);
  return (text) => {
    if (text === widest) return;
    widest = text;
    measure();
  };
}

/**
 * Keeps wrapping text as large as fits its parent element, between two sizes in px.
 * @param {HTMLElement} text
 * @param {{least?: number, most?: (box: HTMLElement) => number}} [options]
 * @returns {() => void} to call when the text has changed
 */
export function fitText(text, { least = 14, most = (box) => box.clientHeight * 0.6 } = {}) {
  const box = /** @type {HTMLElement} */ (text.parentElement);
  const fit = () => {
    if (box.clientHeight === 0) return;
    let [low, high] = [least, Math.max(least, most(box))];
    while (high - low > 1) {
      const size = (low + high) / 2;
      text.style.fontSize = `${size}px`;
      if (text.scrollHeight <= box.clientHeight && text.scrollWidth <= box.clientWidth) low = size;
      else high = size;
    }
    text.style.fontSize = `${Math.floor(low)}px`;
  };
  new ResizeObserver(fit).observe(box);
  document.fonts.addEventListener('loadingdone', fit);
  return fit;
}
