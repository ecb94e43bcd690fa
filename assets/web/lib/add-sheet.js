/**
 * The sheet from which a source is added: Cuewire's own overlays and the streamer's
 * by one press, anything else by its address.
 */
import { make, makeKey, refusalLine } from './bench.js';
import { byId, setText } from './dom.js';

const OURS = ['timer', 'message', 'lower-third', 'obs'];

/**
 * @param {import('./bench.js').Bench} bench
 * @param {(source: null) => void} edit opens the sheet for any page
 * @returns {() => Promise<void>} opens it
 */
export function addSheet(bench, edit) {
  const { words, library } = bench;
  const sheet = /** @type {HTMLDialogElement} */ (byId('add-sheet'));
  const refuse = refusalLine('add-refusal');
  byId('add-close').addEventListener('click', () => sheet.close());
  byId('add-page').addEventListener('click', () => {
    sheet.close();
    edit(null);
  });

  /**
   * A page and the key that adds it.
   * @param {string} name
   * @param {string} about
   * @param {string} url
   */
  function offer(name, about, url) {
    const row = make('div', 'offer');
    const text = make('div', 'about');
    text.append(make('b', '', name), make('p', 'hint', about));
    const key = makeKey('small', words('composer.add.one'), async () => {
      key.disabled = true;
      const made = await bench.call('POST', '/api/sources', { name: freeName(name), url }, refuse);
      key.disabled = false;
      if (!made) return;
      refuse('');
      sheet.close();
      bench.say(words('composer.made', { Name: made.name }), { label: words('composer.place'), act: () => bench.place(made.id) });
    });
    key.setAttribute('aria-label', `${words('composer.add.one')}: ${name}`);
    row.dataset.url = url;
    row.append(text, key);
    return row;
  }

  /** @param {string} name */
  function freeName(name) {
    const taken = new Set([...library.sources.values()].map((source) => source.name));
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
    return free;
  }

  return async () => {
    refuse('');
    byId('add-ours').replaceChildren(...OURS.map((name) => offer(words(`pages.page.overlay.${name}`), words(`pages.page.overlay.${name}.use`), `/overlay/${name}`)));
    sheet.showModal();
    sheet.scrollTop = 0;
    const told = await bench.call('GET', '/api/overlays', undefined, refuse);
    if (!told) return;
    const folder = words(told.folder ? 'composer.add.folder' : 'composer.add.noFolder', { Folder: told.folder });
    setText(byId('add-folder'), folder);
    byId('add-mine').replaceChildren(...told.overlays.map((/** @type {{name: string, path: string, title: string}} */ page) => offer(page.title || page.name, page.path, page.path)));
  };
}
