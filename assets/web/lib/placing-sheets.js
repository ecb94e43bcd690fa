/**
 * The sheets of the editor: which source to put into the scene, and where else one is to
 * stand the same.
 */
import { make, makeKey, refusalLine } from './bench.js';
import { byId, setText } from './dom.js';
import { pathOf } from './placing-editor.js';

/**
 * @param {import('./placing-editor.js').Editor} editor
 * @returns {(first?: string) => void} opens it; first is the source that is looked for
 */
export function placeSheet(editor) {
  const { bench } = editor;
  const { words, library } = bench;
  const sheet = /** @type {HTMLDialogElement} */ (byId('place-sheet'));
  const search = /** @type {HTMLInputElement} */ (byId('place-search'));
  const refuse = refusalLine('place-refusal');
  byId('place-close').addEventListener('click', () => sheet.close());
  search.addEventListener('input', draw);
  library.on('change', () => sheet.open && draw());

  function draw() {
    const text = search.value.trim().toLowerCase();
    const placed = new Set(editor.order().map(([id]) => id));
    const found = [...library.sources.values()].filter((source) => !placed.has(source.id) && source.name.toLowerCase().includes(text));
    const key = JSON.stringify(found.map((source) => [source.id, source.name, source.isActive]));
    const list = byId('place-list');
    if (list.dataset.shown === key) return;
    list.dataset.shown = key;
    list.replaceChildren(...found.sort((a, b) => a.name.localeCompare(b.name)).map(offer));
    if (found.length === 0) list.append(make('p', 'hint', words(library.sources.size === 0 ? 'composer.place.empty' : 'composer.place.all')));
  }

  /** @param {import('./library.js').Source} source */
  function offer(source) {
    const row = make('div', 'offer');
    const about = make('div', 'about');
    about.append(make('b', '', source.name), make('p', 'hint', `${source.width} × ${source.height} · ${words(source.isActive ? 'composer.active' : 'composer.inactive')}`));
    const scene = editor.scene;
    const key = makeKey('small', words('composer.place.one'), async () => {
      key.disabled = true;
      const told = await bench.call('POST', `${pathOf(scene, source.id)}?obs=optional`, {}, refuse);
      key.disabled = false;
      if (!told) return;
      sheet.close();
      editor.select(source.id);
    });
    key.setAttribute('aria-label', `${words('composer.place.one')}: ${source.name}`);
    row.dataset.id = source.id;
    row.append(about, key);
    return row;
  }

  return (first = '') => {
    refuse('');
    setText(byId('place-title'), words('composer.place.title', { Scene: editor.scene }));
    search.value = library.sources.get(first)?.name ?? '';
    byId('place-list').dataset.shown = '';
    draw();
    sheet.showModal();
  };
}

/**
 * @param {import('./placing-editor.js').Editor} editor
 * @returns {(id: string) => void} opens it
 */
export function everywhereSheet(editor) {
  const { bench } = editor;
  const { words, library } = bench;
  const sheet = /** @type {HTMLDialogElement} */ (byId('everywhere-sheet'));
  let id = '';
  byId('everywhere-close').addEventListener('click', () => sheet.close());
  byId('everywhere-placed').addEventListener('click', () => void spread(placedIn()));
  byId('everywhere-all').addEventListener('click', () => void spread(others()));

  const others = () => [...new Set([...library.obsScenes, ...library.scenes.keys()])].filter((scene) => scene !== editor.scene);
  const placedIn = () => others().filter((scene) => library.scenes.get(scene)?.has(id));

  /** @param {string[]} scenes */
  async function spread(scenes) {
    sheet.close();
    const config = editor.config(id);
    if (!config) return;
    const { x, y, width, height, scaleX, scaleY, rotation, visible } = config;
    const fields = { x, y, width, height, scaleX, scaleY, rotation, visible };
    let done = 0;
    for (const scene of scenes) {
      const there = library.scenes.get(scene)?.has(id);
      const path = pathOf(scene, id);
      if (await bench.call(there ? 'PUT' : 'POST', `${path}${there ? '/config' : ''}?obs=optional`, there ? fields : { config: fields })) done++;
      else return; // it says why
    }
    bench.say(words('composer.everywhere.done', { Count: done }), {
      label: words('desk.undo'),
      act: async () => {
        while (done-- > 0 && (await bench.call('POST', '/api/sources/undo', {})));
      },
    });
  }

  return (source) => {
    id = source;
    setText(byId('everywhere-title'), words('composer.everywhere.title', { Name: library.sources.get(id)?.name ?? '' }));
    setText(byId('everywhere-placed'), words('composer.everywhere.placed', { Count: placedIn().length }));
    setText(byId('everywhere-all'), words('composer.everywhere.all', { Count: others().length }));
    /** @type {HTMLButtonElement} */ (byId('everywhere-placed')).disabled = placedIn().length === 0;
    /** @type {HTMLButtonElement} */ (byId('everywhere-all')).disabled = others().length === 0;
    sheet.showModal();
  };
}
