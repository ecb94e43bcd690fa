/**
 * A run's progress as a bar or a ring: the coloured zones of the time still to
 * come are bright, the time that has passed is dim.
 *
 * @typedef {{zone: string, from: number, to: number}} Part
 */

/**
 * @param {HTMLElement} bar
 * @param {Part[]} parts
 * @param {number} progress 0 to 1
 */
export function drawBar(bar, parts, progress) {
  const key = JSON.stringify(parts);
  if (bar.dataset.parts !== key) {
    bar.dataset.parts = key;
    bar.replaceChildren(
      ...parts.map(({ zone, from, to }) => {
        const el = document.createElement('i');
        el.dataset.zone = zone;
        el.style.left = `${from * 100}%`;
        el.style.width = `${(to - from) * 100}%`;
        return el;
      }),
      Object.assign(document.createElement('i'), { className: 'gone' }),
    );
  }
  const gone = /** @type {HTMLElement} */ (bar.lastElementChild);
  gone.style.width = `${progress * 100}%`;
  gone.dataset.at = progress === 0 ? 'start' : '';
}

/**
 * @param {Element} ring an SVG element with a view box of 100 by 100
 * @param {Part[]} parts
 * @param {number} progress 0 to 1
 */
export function drawRing(ring, parts, progress) {
  const arcs = parts.flatMap(({ zone, from, to }) => [
    { zone, from, to, dim: true },
    { zone, from: Math.max(from, progress), to, dim: false },
  ]);
  while (ring.children.length < arcs.length) {
    ring.append(document.createElementNS('http://www.w3.org/2000/svg', 'circle'));
  }
  while (ring.children.length > arcs.length) ring.lastElementChild?.remove();
  arcs.forEach(({ zone, from, to, dim }, i) => {
    const circle = ring.children[i];
    const length = Math.max(0, to - from) * 100;
    const values = {
      cx: '50', cy: '50', r: '47', pathLength: '100', transform: 'rotate(-90 50 50)',
      'data-zone': zone,
      class: dim ? 'track' : '',
      'stroke-dasharray': `${length} ${100 - length}`,
      'stroke-dashoffset': String(-from * 100),
      visibility: length > 0 ? 'visible' : 'hidden',
    };
    for (const [name, value] of Object.entries(values)) circle.setAttribute(name, value);
  });
}
