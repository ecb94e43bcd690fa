/**
 * The canvas on which sources are dragged, resized and turned: by mouse, pen and touch.
 *
 * @typedef {import('./placing.js').Box} Box
 */
import { make } from './bench.js';
import { byId, setText } from './dom.js';
import { boxOf, extentOf, fieldsFor, inside, moved, movingEdges, pointOf, resized, snap, turnedTo } from './placing.js';

const STIRS = 4; // px on the screen after which a press is a drag
const REACH = 9; // px on the screen within which a box snaps
const TURNS = 15; // degrees that turning with shift goes by
const GRIPS = [[0, 0], [0.5, 0], [1, 0], [1, 0.5], [1, 1], [0.5, 1], [0, 1], [0, 0.5]];

/**
 * @param {import('./placing-editor.js').Editor} editor
 * @returns {{draw: () => void, takeBack: () => boolean, held: () => boolean}} takeBack ends a drag as if
 *   it had not been, and says whether there was one
 */
export function placingCanvas(editor) {
  const area = byId('area');
  const canvas = byId('canvas');
  const boxes = byId('boxes');
  const guides = byId('guides');
  const frame = byId('frame');
  /** @type {Map<string, HTMLElement>} */
  const elements = new Map();
  let zoom = 1; // px on the screen of a pixel of the canvas
  /**
   * What a hand has hold of.
   * @type {{id: string, over: string, pointer: number, grip: number[] | 'turn' | null, x: number, y: number, config: import('./library.js').Placement, stirred: boolean, turned: number} | null}
   */
  let drag = null;

  for (const [across, down] of GRIPS) {
    const grip = make('i', 'grip');
    grip.dataset.grip = `${across} ${down}`;
    grip.style.left = `${across * 100}%`;
    grip.style.top = `${down * 100}%`;
    frame.append(grip);
  }
  frame.append(Object.assign(make('i', 'grip turn'), { title: editor.bench.words('composer.turn') }));
  canvas.addEventListener('pointerdown', press);
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerup', (event) => {
    if (event.pointerId === drag?.pointer) letGo();
  });
  canvas.addEventListener('pointercancel', (event) => {
    if (event.pointerId === drag?.pointer) takeBack();
  });
  canvas.addEventListener('focusin', (event) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset.id : '';
    if (id && !drag && id !== editor.selected) editor.select(id);
  });

  /** @param {PointerEvent} event */
  function press(event) {
    if (drag || event.button !== 0) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const grip = /** @type {HTMLElement | null} */ (target.closest('.grip'));
    const [x, y] = at(event);
    const over = /** @type {HTMLElement | null} */ (target.closest('.box'))?.dataset.id ?? '';
    const chosen = editor.config(editor.selected);
    // What is selected can be dragged below others too; a press without a drag chooses them.
    const id = grip || (chosen && inside(boxOf(chosen), x, y)) ? editor.selected : over;
    const config = editor.config(id);
    if (!config) return editor.select('');
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    const [middleX, middleY] = pointOf(boxOf(config), 0.5, 0.5);
    const turned = (Math.atan2(y - middleY, x - middleX) * 180) / Math.PI;
    const held = grip?.classList.contains('turn') ? 'turn' : grip ? String(grip.dataset.grip).split(' ').map(Number) : null;
    drag = { id, over: grip ? id : over, pointer: event.pointerId, grip: held, x, y, config: { ...config }, stirred: false, turned };
    elements.get(id)?.focus({ preventScroll: true });
    editor.select(id);
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (!drag || event.pointerId !== drag.pointer) return;
    const [x, y] = at(event);
    const [dx, dy] = [x - drag.x, y - drag.y];
    if (!drag.stirred && Math.hypot(dx, dy) * zoom < STIRS) return;
    const continues = drag.stirred;
    drag.stirred = true;
    const { box, lines } = dragged(drag, x, y, event);
    editor.change(drag.id, fieldsFor(drag.config, box), { held: true, continues });
    drawGuides(lines);
  }

  /**
   * @param {NonNullable<typeof drag>} held
   * @param {number} x
   * @param {number} y
   * @param {PointerEvent} event
   * @returns {{box: Box, lines: {x?: number, y?: number}[]}}
   */
  function dragged(held, x, y, event) {
    const from = boxOf(held.config);
    const [dx, dy] = [x - held.x, y - held.y];
    if (held.grip === 'turn') {
      const [middleX, middleY] = pointOf(from, 0.5, 0.5);
      const degrees = from.rotation + (Math.atan2(y - middleY, x - middleX) * 180) / Math.PI - held.turned;
      return { box: turnedTo(from, event.shiftKey ? Math.round(degrees / TURNS) * TURNS : Math.round(degrees * 10) / 10), lines: [] };
    }
    const grip = held.grip;
    const keep = event.shiftKey !== setting('keep');
    const shape = (/** @type {number} */ byX, /** @type {number} */ byY) =>
      grip ? resized(from, grip[0], grip[1], byX, byY, keep) : moved(from, byX, byY);
    const box = shape(dx, dy);
    if (event.altKey || !setting('snap') || (grip && (from.rotation !== 0 || keep))) return { box, lines: [] };
    const others = editor.order().filter(([id, config]) => id !== held.id && config.visible).map(([, config]) => extentOf(boxOf(config)));
    const snapped = snap(movingEdges(box, grip ? grip[0] : null, grip ? grip[1] : null), others, editor.canvas, REACH / zoom);
    return { box: shape(dx + snapped.dx, dy + snapped.dy), lines: snapped.guides };
  }

  function letGo() {
    const held = drag;
    drag = null;
    drawGuides([]);
    if (!held) return;
    editor.release(held.id);
    if (!held.stirred && held.over && held.over !== held.id) editor.select(held.over);
  }

  function takeBack() {
    const held = drag;
    if (!held) return false;
    drag = null;
    drawGuides([]);
    if (canvas.hasPointerCapture(held.pointer)) canvas.releasePointerCapture(held.pointer);
    if (held.stirred) {
      const { x, y, width, height, scaleX, scaleY, rotation } = held.config;
      editor.change(held.id, { x, y, width, height, scaleX, scaleY, rotation }, { continues: true });
    }
    editor.release(held.id);
    return true;
  }

  /**
   * Where a pointer is on OBS's canvas.
   * @param {PointerEvent} event
   * @returns {[number, number]}
   */
  function at(event) {
    const { left, top } = canvas.getBoundingClientRect();
    return [(event.clientX - left) / zoom, (event.clientY - top) / zoom];
  }

  /** @param {{x?: number, y?: number}[]} lines */
  function drawGuides(lines) {
    guides.replaceChildren(
      ...lines.map(({ x, y = 0 }) => {
        const line = make('i', x === undefined ? 'across' : 'down');
        if (x === undefined) line.style.top = `${y * zoom}px`;
        else line.style.left = `${x * zoom}px`;
        return line;
      }),
    );
  }

  /**
   * @param {HTMLElement} element
   * @param {Box} box
   */
  function put(element, { x, y, width, height, rotation }) {
    element.style.width = `${Math.abs(width) * zoom}px`;
    element.style.height = `${Math.abs(height) * zoom}px`;
    element.style.transform = `translate(${x * zoom}px, ${y * zoom}px) rotate(${rotation}deg) scale(${width < 0 ? -1 : 1}, ${height < 0 ? -1 : 1})`;
  }

  function draw() {
    const size = editor.canvas;
    const room = area.clientWidth - 2 * parseFloat(getComputedStyle(area).paddingLeft);
    const most = Math.max(160, window.innerHeight * 0.72);
    zoom = Math.max(0.01, Math.min(room / size.width, most / size.height));
    canvas.style.width = `${size.width * zoom}px`;
    canvas.style.height = `${size.height * zoom}px`;
    const order = editor.order();
    const ids = new Set(order.map(([id]) => id));
    for (const [id, element] of elements) {
      if (ids.has(id)) continue;
      element.remove();
      elements.delete(id);
    }
    if (drag && !ids.has(drag.id)) letGo(); // somebody has taken it out of the scene
    order.forEach(([id, config], i) => {
      const source = editor.bench.library.sources.get(id);
      let element = elements.get(id);
      if (!element) {
        element = make('div', 'box');
        element.dataset.id = id;
        element.tabIndex = 0;
        element.setAttribute('role', 'button');
        element.append(make('span', 'label'));
        elements.set(id, element);
        boxes.append(element);
      }
      element.style.zIndex = String(i); // in the order of the stack, without being moved in the page: a press would end
      element.classList.toggle('hidden-source', !config.visible);
      element.classList.toggle('inactive', !source?.isActive);
      element.setAttribute('aria-pressed', String(id === editor.selected));
      setText(/** @type {HTMLElement} */ (element.firstElementChild), source?.name ?? '');
      element.setAttribute('aria-label', source?.name ?? '');
      put(element, boxOf(config));
    });
    const config = editor.config(editor.selected);
    frame.hidden = !config;
    if (config) put(frame, boxOf(config));
  }

  return { draw, takeBack, held: () => drag !== null };
}

/**
 * Whether a switch of the editor is on.
 * @param {'keep' | 'snap'} name
 */
function setting(name) {
  return /** @type {HTMLInputElement | null} */ (document.getElementById(`set-${name}`))?.checked ?? name === 'snap';
}
