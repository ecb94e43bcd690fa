/**
 * The geometry of placing sources on OBS's canvas: pure, in the canvas's pixels.
 *
 * @typedef {import('./library.js').Placement} Placement
 *
 * @typedef {object} Box what a source covers
 * @property {number} x of the top left corner before rotation
 * @property {number} y
 * @property {number} width as shown
 * @property {number} height
 * @property {number} rotation degrees, clockwise about that corner
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Extent
 * @typedef {{width: number, height: number}} Size
 */

export const LEAST_SCALE = 0.1;
export const MOST_SCALE = 10;
const LEAST = 8; // pixels that a box keeps while it is dragged smaller
const FURTHEST = 32768; // of a coordinate

/**
 * @param {Placement} config
 * @returns {Box}
 */
export function boxOf({ x, y, width, height, scaleX, scaleY, rotation }) {
  return { x, y, width: width * scaleX, height: height * scaleY, rotation };
}

/**
 * The fields of a placement that make it stand as the box does. The scale changes with
 * the size, and where that would be past its limits, what is scaled.
 * @param {Placement} config as it is
 * @param {Box} box
 */
export function fieldsFor(config, box) {
  const across = scaled(config.width, config.scaleX, box.width);
  const down = scaled(config.height, config.scaleY, box.height);
  return {
    x: clamp(box.x, -FURTHEST, FURTHEST),
    y: clamp(box.y, -FURTHEST, FURTHEST),
    width: across.length,
    height: down.length,
    scaleX: across.scale,
    scaleY: down.scale,
    rotation: turn(box.rotation),
  };
}

/**
 * @param {number} length
 * @param {number} scale as it is
 * @param {number} shown
 */
function scaled(length, scale, shown) {
  if (shown === length * scale) return { length, scale };
  const wanted = shown / length;
  if (wanted >= LEAST_SCALE && wanted <= MOST_SCALE) return { length, scale: wanted };
  const limit = clamp(wanted, LEAST_SCALE, MOST_SCALE);
  return { length: clamp(Math.abs(shown) / limit, 1, FURTHEST), scale: limit };
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
export function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

/**
 * Returns degrees from 0 up to 360.
 * @param {number} degrees
 */
export function turn(degrees) {
  return ((degrees % 360) + 360) % 360;
}

/**
 * Turns a vector clockwise.
 * @param {number} x
 * @param {number} y
 * @param {number} degrees
 * @returns {[number, number]}
 */
function turned(x, y, degrees) {
  if (degrees === 0) return [x, y];
  const angle = (degrees * Math.PI) / 180;
  return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
}

/**
 * Returns a point of a box; 0, 0 is its top left corner, 1, 1 the one opposite.
 * @param {Box} box
 * @param {number} across
 * @param {number} down
 * @returns {[number, number]}
 */
export function pointOf(box, across, down) {
  const [x, y] = turned(box.width * across, box.height * down, box.rotation);
  return [box.x + x, box.y + y];
}

/**
 * Reports whether a point is in a box.
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 */
export function inside(box, x, y) {
  const [across, down] = turned(x - box.x, y - box.y, -box.rotation);
  const [partX, partY] = [across / box.width, down / box.height];
  return partX >= 0 && partX <= 1 && partY >= 0 && partY <= 1;
}

/**
 * Returns the smallest upright rectangle around a box.
 * @param {Box} box
 * @returns {Extent}
 */
export function extentOf(box) {
  const corners = [pointOf(box, 0, 0), pointOf(box, 1, 0), pointOf(box, 1, 1), pointOf(box, 0, 1)];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/**
 * @param {Box} box
 * @param {number} dx
 * @param {number} dy
 * @returns {Box} on whole pixels
 */
export function moved(box, dx, dy) {
  return { ...box, x: Math.round(box.x + dx), y: Math.round(box.y + dy) };
}

/**
 * Returns the box after a grip was dragged. What is opposite stays where it is.
 * @param {Box} box
 * @param {number} across where the grip is: 0 left, 1 right, 0.5 between
 * @param {number} down likewise
 * @param {number} dx
 * @param {number} dy
 * @param {boolean} keep the proportions
 * @returns {Box}
 */
export function resized(box, across, down, dx, dy, keep) {
  const [x, y] = turned(dx, dy, -box.rotation);
  let width = across === 0.5 ? box.width : sized(box.width, box.width + x * (2 * across - 1));
  let height = down === 0.5 ? box.height : sized(box.height, box.height + y * (2 * down - 1));
  if (keep) {
    const byWidth = width / box.width;
    const byHeight = height / box.height;
    const factor = down === 0.5 || (across !== 0.5 && Math.abs(byWidth - 1) > Math.abs(byHeight - 1)) ? byWidth : byHeight;
    [width, height] = [box.width * factor, box.height * factor];
  }
  const [fixedX, fixedY] = pointOf(box, 1 - across, 1 - down);
  const [fromX, fromY] = turned(width * (1 - across), height * (1 - down), box.rotation);
  return { ...box, x: fixedX - fromX, y: fixedY - fromY, width, height };
}

/**
 * @param {number} was
 * @param {number} length
 */
function sized(was, length) {
  return was < 0 ? Math.min(-LEAST, Math.round(length)) : Math.max(LEAST, Math.round(length));
}

/**
 * Returns the box turned about its middle.
 * @param {Box} box
 * @param {number} degrees that it is to have
 * @returns {Box}
 */
export function turnedTo(box, degrees) {
  const [middleX, middleY] = pointOf(box, 0.5, 0.5);
  const rotation = turn(degrees);
  const [x, y] = turned(box.width / 2, box.height / 2, rotation);
  return { ...box, x: middleX - x, y: middleY - y, rotation };
}

/**
 * Returns the box moved to a side of the canvas, or its middle.
 * @param {Box} box
 * @param {string} how left, centre, right, top, middle, bottom
 * @param {Size} canvas
 * @returns {Box}
 */
export function aligned(box, how, canvas) {
  const { left, top, right, bottom } = extentOf(box);
  /** @type {Record<string, [number, number]>} */
  const by = {
    left: [-left, 0],
    centre: [(canvas.width - left - right) / 2, 0],
    right: [canvas.width - right, 0],
    top: [0, -top],
    middle: [0, (canvas.height - top - bottom) / 2],
    bottom: [0, canvas.height - bottom],
  };
  const [dx, dy] = by[how];
  return { ...box, x: box.x + dx, y: box.y + dy };
}

/**
 * Returns the box as large as fits the canvas, in its middle, upright.
 * @param {Box} box
 * @param {Size} canvas
 * @returns {Box}
 */
export function fitted(box, canvas) {
  const factor = Math.min(canvas.width / Math.abs(box.width), canvas.height / Math.abs(box.height));
  const [width, height] = [Math.abs(box.width) * factor, Math.abs(box.height) * factor];
  return { x: (canvas.width - width) / 2, y: (canvas.height - height) / 2, width, height, rotation: 0 };
}

/**
 * Finds how far to shift edges so that one lies on a line: of the canvas, or of another box.
 * @param {number[]} edges
 * @param {number[]} lines
 * @param {number} reach
 * @returns {{shift: number, line: number | null}}
 */
function nearest(edges, lines, reach) {
  let shift = 0;
  let least = reach;
  /** @type {number | null} */
  let found = null;
  for (const line of lines) {
    for (const edge of edges) {
      if (Math.abs(line - edge) >= least) continue;
      least = Math.abs(line - edge);
      shift = line - edge;
      found = line;
    }
  }
  return { shift, line: found };
}

/**
 * How far to shift a part of a box so that it snaps to the canvas's edges and middle and
 * to other boxes, and the lines that it lies on then.
 * @param {{xs: number[], ys: number[]}} part the edges that move
 * @param {Extent[]} others
 * @param {Size} canvas
 * @param {number} reach within which it snaps
 * @returns {{dx: number, dy: number, guides: {x?: number, y?: number}[]}}
 */
export function snap(part, others, canvas, reach) {
  const xs = [0, canvas.width / 2, canvas.width, ...others.flatMap((o) => [o.left, (o.left + o.right) / 2, o.right])];
  const ys = [0, canvas.height / 2, canvas.height, ...others.flatMap((o) => [o.top, (o.top + o.bottom) / 2, o.bottom])];
  const across = nearest(part.xs, xs, reach);
  const down = nearest(part.ys, ys, reach);
  const guides = [];
  if (across.line !== null) guides.push({ x: across.line });
  if (down.line !== null) guides.push({ y: down.line });
  return { dx: across.shift, dy: down.shift, guides };
}

/**
 * The edges of a box that a grip moves; of a box that is moved, all of them and its middle.
 * @param {Box} box
 * @param {number | null} across of the grip, null for none
 * @param {number | null} down
 */
export function movingEdges(box, across, down) {
  const { left, top, right, bottom } = extentOf(box);
  if (across === null || down === null) return { xs: [left, (left + right) / 2, right], ys: [top, (top + bottom) / 2, bottom] };
  return { xs: across === 0.5 ? [] : [across === 0 ? left : right], ys: down === 0.5 ? [] : [down === 0 ? top : bottom] };
}

/**
 * The order of a scene's sources, the back first: by zIndex, those with the same one as
 * they were added.
 * @param {Map<string, Placement>} placed
 */
export function stacked(placed) {
  return [...placed].sort(([, a], [, b]) => a.zIndex - b.zIndex);
}

/**
 * The zIndexes to set so that a source goes a step or all the way.
 * @param {[string, Placement][]} order the back first
 * @param {string} id
 * @param {'front' | 'forward' | 'backward' | 'back'} how
 * @returns {[string, number][]} none where it is there already
 */
export function restacked(order, id, how) {
  const at = order.findIndex(([other]) => other === id);
  const last = order.length - 1;
  const to = { front: last, forward: Math.min(last, at + 1), backward: Math.max(0, at - 1), back: 0 }[how];
  if (at < 0 || to === at) return [];
  if (to === last) return [[id, order[last][1].zIndex + 1]];
  if (to === 0) return [[id, order[0][1].zIndex - 1]];
  const ids = order.map(([other]) => other);
  ids.splice(to, 0, ...ids.splice(at, 1));
  const clear = order.every(([, config], i) => i === 0 || config.zIndex > order[i - 1][1].zIndex);
  // The places stay as they are where no two sources share one.
  const places = clear ? order.map(([, config]) => config.zIndex) : order.map((_, i) => order[0][1].zIndex + i);
  const configs = new Map(order);
  return ids.flatMap((other, i) => (configs.get(other)?.zIndex === places[i] ? [] : [/** @type {[string, number]} */ ([other, places[i]])]));
}
