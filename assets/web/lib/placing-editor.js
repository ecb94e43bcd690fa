/**
 * The editor of where sources stand in a scene: the canvas, and what stands beside it.
 *
 * @typedef {import('./library.js').Placement} Placement
 * @typedef {import('./placing.js').Box} Box
 */
import { byId, setText } from './dom.js';
import { placingCanvas } from './placing-canvas.js';
import { placingDetails } from './placing-details.js';
import { everywhereSheet, placeSheet } from './placing-sheets.js';
import { Sender } from './placing-sender.js';
import { screenshots } from './screenshots.js';
import { stacked } from './placing.js';

const USUAL = { width: 1920, height: 1080 }; // the canvas, before OBS has told it
const STEPS_JOIN = 1000; // ms in which steps by arrow keys count as one change

/**
 * @param {import('./bench.js').Bench} bench
 * @returns {{draw: () => void, offer: (id: string) => void}} offer goes on to putting a source
 *   into the scene, or shows it there
 */
export function placingEditor(bench) {
  const { words, library } = bench;
  const select = /** @type {HTMLSelectElement} */ (byId('scene'));
  const follow = /** @type {HTMLInputElement} */ (byId('follow'));
  const sender = new Sender(async (scene, id, fields, continues) =>
    Boolean(await bench.call('PUT', `${pathOf(scene, id)}/config?obs=optional&continues=${continues}`, fields)));
  let scene = '';
  let selected = '';
  let stepped = { id: '', at: -Infinity };

  /** @type {Editor} */
  const editor = {
    bench,
    get scene() {
      return scene;
    },
    get selected() {
      return selected;
    },
    get canvas() {
      return library.canvas ?? USUAL;
    },
    order: () => stacked(new Map([...(library.scenes.get(scene) ?? [])].filter(([id]) => library.sources.has(id)).map(([id, config]) => [id, sender.now(scene, id) ?? config]))),
    config: (id) => sender.now(scene, id) ?? library.scenes.get(scene)?.get(id),
    select: (id) => {
      selected = id;
      draw();
    },
    change: (id, fields, options) => {
      const config = editor.config(id);
      if (config) sender.change(scene, id, config, fields, options);
    },
    release: (id) => sender.release(scene, id),
    remove: () => void remove(),
    everywhere: () => everywhere(selected),
    step: (dx, dy) => {
      const config = editor.config(selected);
      if (!config) return;
      const continues = stepped.id === `${selected} ${scene}` && performance.now() - stepped.at < STEPS_JOIN;
      stepped = { id: `${selected} ${scene}`, at: performance.now() };
      editor.change(selected, { x: config.x + dx, y: config.y + dy }, { continues });
    },
  };
  const canvas = placingCanvas(editor);
  const drawDetails = placingDetails(editor);
  const openPlace = placeSheet(editor);
  const everywhere = everywhereSheet(editor);
  const shoot = screenshots(bench, () => scene);

  follow.checked = localStorage.getItem('cuewire.follow') === 'true';
  follow.addEventListener('change', () => {
    localStorage.setItem('cuewire.follow', String(follow.checked));
    draw();
  });
  select.addEventListener('input', () => {
    follow.checked = false;
    localStorage.setItem('cuewire.follow', 'false');
    show(select.value);
  });
  byId('place').addEventListener('click', () => openPlace());
  byId('tab-placing').addEventListener('click', () => draw());
  new ResizeObserver(() => draw()).observe(byId('area'));
  sender.on('change', () => draw());
  document.addEventListener('keydown', onKey);

  /** @param {string} name */
  function show(name) {
    canvas.takeBack();
    scene = name;
    selected = '';
    draw();
  }

  async function remove() {
    const id = selected;
    const from = scene;
    if (!(await bench.call('DELETE', `${pathOf(from, id)}?obs=optional`))) return;
    bench.say(words('composer.removed', { Name: library.sources.get(id)?.name ?? '', Scene: from }), {
      label: words('desk.undo'),
      act: () => void bench.call('POST', '/api/sources/undo', {}),
    });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const writing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement || event.target instanceof HTMLTextAreaElement;
    if (writing || byId('placing-panel').hidden || document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => editor.step(-far, 0),
      ArrowRight: () => editor.step(far, 0),
      ArrowUp: () => editor.step(0, -far),
      ArrowDown: () => editor.step(0, far),
      Delete: () => void remove(),
      Escape: () => canvas.takeBack() || editor.select(''),
    };
    const inList = event.target instanceof Element && event.target.closest('[role=tab], [role=listbox]') && event.key.startsWith('Arrow');
    if (!keys[event.key] || !selected || inList) return;
    event.preventDefault();
    keys[event.key]();
  }

  function drawScenes() {
    const all = [...new Set([...library.obsScenes, ...library.scenes.keys()])].filter((name) => library.obsScenes.includes(name) || (library.scenes.get(name)?.size ?? 0) > 0);
    if ((follow.checked && library.scene && !canvas.held()) || !all.includes(scene)) {
      const next = (follow.checked || !scene) && library.scene ? library.scene : all.includes(scene) ? scene : (library.scene || all[0] || '');
      if (next !== scene) {
        scene = next;
        selected = '';
      }
    }
    const shown = JSON.stringify([all, library.scene, scene]);
    if (select.dataset.shown !== shown) {
      select.dataset.shown = shown;
      select.replaceChildren(...all.map((name) => new Option(name === library.scene ? words('composer.scene.live', { Scene: name }) : name, name)));
      select.value = scene;
    }
    select.disabled = all.length === 0;
    /** @type {HTMLButtonElement} */ (byId('place')).disabled = scene === '';
    byId('place-none').hidden = scene !== '' && editor.order().length > 0;
    setText(byId('place-none'), scene ? words('composer.place.none', { Scene: scene }) : words('composer.scene.none'));
  }

  function drawNote() {
    const connected = library.phase === 'connected';
    const missing = connected && scene !== '' && !library.obsScenes.includes(scene);
    const away = `${words(`pages.index.obs.${library.phase || 'unknown'}`)}. ${words('composer.away')}`;
    const size = words('composer.canvas.size', { Width: editor.canvas.width, Height: editor.canvas.height });
    setText(byId('obs-note'), missing ? words('composer.scene.missing') : connected ? size : away);
    byId('obs-note').dataset.state = missing || !connected ? 'away' : 'good';
  }

  function draw() {
    if (byId('placing-panel').hidden) return;
    drawScenes();
    drawNote();
    if (selected && !editor.config(selected)) selected = '';
    canvas.draw();
    drawDetails();
    shoot();
  }

  return {
    draw,
    offer: (id) => {
      draw();
      if (editor.config(id)) editor.select(id);
      else if (scene) openPlace(id);
    },
  };
}

/**
 * The path of a source in a scene.
 * @param {string} scene
 * @param {string} id
 */
export function pathOf(scene, id) {
  return `/api/scenes/${encodeURIComponent(scene)}/sources/${id}`;
}

/**
 * What the parts of the editor work with.
 *
 * @typedef {object} Editor
 * @property {import('./bench.js').Bench} bench
 * @property {string} scene that is shown, '' for none
 * @property {string} selected the source's id, '' for none
 * @property {import('./placing.js').Size} canvas OBS's
 * @property {() => [string, Placement][]} order of the scene's sources, the back first
 * @property {(id: string) => Placement | undefined} config where a source stands
 * @property {(id: string) => void} select
 * @property {(id: string, fields: Partial<Placement>, options?: {held?: boolean, continues?: boolean}) => void} change see Sender
 * @property {(id: string) => void} release
 * @property {() => void} remove takes the selected one out of the scene
 * @property {() => void} everywhere asks where else it is to stand like this
 * @property {(dx: number, dy: number) => void} step moves the selected one
 */
