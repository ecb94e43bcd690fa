/**
 * Beside the canvas: the stack of the scene's sources, the front first, and the
 * numbers and keys of the one that is selected.
 */
import { make, makeKey } from './bench.js';
import { byId, setText } from './dom.js';
import { aligned, boxOf, clamp, fieldsFor, fitted, restacked, turn, LEAST_SCALE, MOST_SCALE } from './placing.js';

const ALIGNS = ['left', 'centre', 'right', 'top', 'middle', 'bottom'];
/** The shapes of their keys. @type {Record<string, string>} */
const SHAPES = {
  left: 'M4 4v16M8 8h11v8H8z', centre: 'M12 3v18M6 8h12v8H6z', right: 'M20 4v16M5 8h11v8H5z',
  top: 'M4 4h16M8 8h8v11H8z', middle: 'M3 12h18M8 6h8v12H8z', bottom: 'M4 20h16M8 5h8v11H8z',
};
const ORDERS = /** @type {const} */ (['front', 'forward', 'backward', 'back']);

/**
 * @param {import('./placing-editor.js').Editor} editor
 * @returns {() => void} draws them
 */
export function placingDetails(editor) {
  const { words, library } = editor.bench;
  const items = byId('items');
  const details = byId('details');
  /** @type {Map<string, HTMLInputElement>} */
  const numbers = new Map();

  const title = make('h2', '');
  const note = make('p', 'hint');
  const activate = makeKey('small lead', words('composer.activate'), () => void editor.bench.call('POST', `/api/sources/${editor.selected}/activate`, {}));
  const visible = switchOf('visible', words('composer.visible'), () => editor.change(editor.selected, { visible: visible.input.checked }));
  const grid = make('div', 'numbers');
  for (const name of ['x', 'y', 'width', 'height', 'scale', 'rotation']) grid.append(number(name));
  const aligns = make('div', 'key-row');
  for (const how of ALIGNS) {
    const key = makeKey('tool', '', () => shape((box) => aligned(box, how, editor.canvas)));
    key.setAttribute('aria-label', words(`composer.align.${how}`));
    key.title = words(`composer.align.${how}`);
    key.dataset.align = how;
    key.append(picture(SHAPES[how]));
    aligns.append(key);
  }
  const orders = make('div', 'key-row words');
  for (const how of ORDERS) {
    const key = makeKey('small', words(`composer.order.${how}`), () => restack(how));
    key.dataset.order = how;
    orders.append(key);
  }
  const keep = switchOf('set-keep', words('composer.keep'), () => localStorage.setItem('cuewire.keep', String(keep.input.checked)));
  const snap = switchOf('set-snap', words('composer.snap'), () => localStorage.setItem('cuewire.snap', String(snap.input.checked)));
  keep.input.checked = localStorage.getItem('cuewire.keep') === 'true';
  snap.input.checked = localStorage.getItem('cuewire.snap') !== 'false';
  const settings = make('div', 'settings');
  settings.append(keep.row, snap.row);
  const more = make('div', 'row-keys');
  const everywhere = makeKey('small', words('composer.everywhere'), () => editor.everywhere());
  everywhere.id = 'everywhere';
  const remove = makeKey('small danger', words('composer.remove'), () => editor.remove());
  remove.id = 'remove';
  more.append(makeKey('small', words('composer.fit'), () => shape((box) => fitted(box, editor.canvas))), everywhere, remove);
  details.append(title, note, activate, visible.row, grid, aligns, orders, settings, more);

  items.addEventListener('keydown', (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const rows = /** @type {HTMLElement[]} */ ([...items.children]);
    const at = rows.findIndex((row) => row.dataset.id === editor.selected);
    if (!step || rows.length === 0) return;
    event.preventDefault();
    const row = rows[clamp(at + step, 0, rows.length - 1)];
    editor.select(String(row.dataset.id));
    items.querySelector(`[data-id="${row.dataset.id}"]`)?.scrollIntoView({ block: 'nearest' });
    /** @type {HTMLElement | null} */ (items.querySelector(`[data-id="${row.dataset.id}"]`))?.focus();
  });

  /** @param {(box: import('./placing.js').Box) => import('./placing.js').Box} how */
  function shape(how) {
    const config = editor.config(editor.selected);
    if (config) editor.change(editor.selected, fieldsFor(config, how(boxOf(config))));
  }

  /** @param {typeof ORDERS[number]} how */
  function restack(how) {
    restacked(editor.order(), editor.selected, how).forEach(([id, zIndex], i) => editor.change(id, { zIndex }, { continues: i > 0 }));
  }

  /** @param {string} name */
  function number(name) {
    const row = make('label', 'field');
    const input = Object.assign(document.createElement('input'), { type: 'number', step: 'any', inputMode: 'decimal' });
    input.id = `at-${name}`;
    numbers.set(name, input);
    input.addEventListener('change', () => type(name, input));
    row.append(make('span', '', words(`composer.at.${name}`)), input);
    return row;
  }

  /**
   * Takes a number that was typed.
   * @param {string} name
   * @param {HTMLInputElement} input
   */
  function type(name, input) {
    const config = editor.config(editor.selected);
    const value = input.valueAsNumber;
    if (!config) return;
    const box = boxOf(config);
    const [least, most] = limits(name);
    if (!(value >= least && value <= most)) {
      editor.bench.say(words('composer.wrong.number', { Field: words(`composer.at.${name}`), Least: least, Most: most }));
      input.value = ''; // what is true comes back
      draw();
      return;
    }
    /** @type {Record<string, () => Partial<import('./library.js').Placement>>} */
    const set = {
      x: () => ({ x: value }),
      y: () => ({ y: value }),
      width: () => fieldsFor(config, { ...box, width: value * Math.sign(box.width) }),
      height: () => fieldsFor(config, { ...box, height: value * Math.sign(box.height) }),
      scale: () => ({ scaleX: value / 100, scaleY: value / 100 }),
      rotation: () => ({ rotation: turn(value) }),
    };
    editor.change(editor.selected, set[name]());
  }

  function drawItems() {
    const order = editor.order().reverse();
    const key = JSON.stringify(order.map(([id, config]) => [id, config.visible, library.sources.get(id)?.name, library.sources.get(id)?.isActive]));
    if (items.dataset.shown !== key) {
      items.dataset.shown = key;
      items.replaceChildren(
        ...order.map(([id, config]) => {
          const source = library.sources.get(id);
          const row = make('div', 'item');
          row.dataset.id = id;
          row.setAttribute('role', 'option');
          row.classList.toggle('hidden-source', !config.visible);
          const state = !source?.isActive ? words('composer.inactive') : config.visible ? '' : words('composer.hidden');
          row.append(make('b', '', source?.name ?? ''), make('small', 'quiet', state));
          row.addEventListener('click', () => editor.select(id));
          return row;
        }),
      );
    }
    for (const row of /** @type {Iterable<HTMLElement>} */ (items.children)) {
      row.setAttribute('aria-selected', String(row.dataset.id === editor.selected));
      row.tabIndex = row.dataset.id === editor.selected || (!editor.selected && row === items.firstElementChild) ? 0 : -1;
    }
  }

  function draw() {
    drawItems();
    const config = editor.config(editor.selected);
    const source = library.sources.get(editor.selected);
    details.hidden = !config || !source;
    byId('choose').hidden = !details.hidden || items.childElementCount === 0;
    if (!config || !source) return;
    setText(title, source.name);
    setText(note, words(source.isActive ? `composer.way.${source.way}` : 'composer.inactive.hint'));
    activate.hidden = source.isActive;
    visible.input.checked = config.visible;
    const box = boxOf(config);
    const even = Math.abs(config.scaleX - config.scaleY) < 1e-6;
    /** @type {Record<string, number | null>} */
    const shown = {
      x: config.x, y: config.y, width: Math.abs(box.width), height: Math.abs(box.height),
      scale: even ? config.scaleX * 100 : null, rotation: config.rotation,
    };
    for (const [name, input] of numbers) {
      const value = shown[name];
      const text = value === null ? '' : String(Math.round(value * 100) / 100);
      if (input !== document.activeElement || input.value === '' || input.dataset.of !== editor.selected) input.value = text;
      input.dataset.of = editor.selected;
    }
    const scale = /** @type {HTMLInputElement} */ (numbers.get('scale'));
    scale.placeholder = even ? '' : `${Math.round(config.scaleX * 100)} × ${Math.round(config.scaleY * 100)}`;
  }
  return draw;
}

/**
 * @param {string} name
 * @returns {[number, number]} the least and the most
 */
function limits(name) {
  switch (name) {
    case 'x':
    case 'y':
      return [-32768, 32768];
    case 'scale':
      return [LEAST_SCALE * 100, MOST_SCALE * 100];
    case 'rotation':
      return [-360, 360];
  }
  return [1, 32768];
}

/**
 * @param {string} id
 * @param {string} text
 * @param {() => void} act
 */
function switchOf(id, text, act) {
  const row = make('label', 'switch');
  const input = Object.assign(document.createElement('input'), { type: 'checkbox', id });
  input.setAttribute('role', 'switch');
  input.addEventListener('change', act);
  row.append(input, document.createElement('i'), make('span', '', text));
  return { row, input };
}

/** @param {string} path */
function picture(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
