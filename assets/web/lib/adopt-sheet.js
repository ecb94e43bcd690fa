/**
 * The sheet in which browser sources that OBS has are taken into the library.
 */
import { make, refusalLine } from './bench.js';
import { byId, setText } from './dom.js';

/**
 * @param {import('./bench.js').Bench} bench
 * @returns {() => Promise<void>} opens it
 */
export function adoptSheet(bench) {
  const { words, library } = bench;
  const sheet = /** @type {HTMLDialogElement} */ (byId('adopt-sheet'));
  const go = /** @type {HTMLButtonElement} */ (byId('adopt-go'));
  const file = /** @type {HTMLInputElement} */ (byId('adopt-file'));
  const refuse = refusalLine('adopt-refusal');
  /** The scene collection that is shown, undefined for the OBS that runs. @type {object | undefined} */
  let collection;

  byId('adopt-cancel').addEventListener('click', () => sheet.close());
  byId('adopt-live').addEventListener('click', () => void fromOBS());
  byId('adopt-choose').addEventListener('click', () => file.click());
  file.addEventListener('change', () => void fromFile());
  byId('adopt-list').addEventListener('change', count);
  go.addEventListener('click', () => void take());

  /**
   * Shows what there is to choose from.
   * @param {{inputName: string, source: {url: string, width: number, height: number}, scenes: {sceneName: string}[], sourceId?: string}[]} found
   */
  function show(found) {
    setText(byId('adopt-state'), found.length > 0 ? '' : words('composer.adopt.none'));
    byId('adopt-list').replaceChildren(
      ...found.map(({ inputName, source, scenes, sourceId }) => {
        const row = make('label', 'offer');
        const tick = Object.assign(document.createElement('input'), { type: 'checkbox', value: inputName, checked: !sourceId, disabled: Boolean(sourceId) });
        const text = make('div', 'about');
        const where = sourceId ? words('composer.adopt.known') : scenes.length > 0 ? scenes.map((scene) => scene.sceneName).join(', ') : words('composer.adopt.nowhere');
        text.append(make('b', '', inputName), make('p', 'hint', `${source.width} × ${source.height} · ${source.url}`), make('p', 'hint', where));
        row.append(tick, text);
        return row;
      }),
    );
    count();
  }

  const ticked = () => [...byId('adopt-list').querySelectorAll('input')].filter((tick) => tick.checked && !tick.disabled).map((tick) => tick.value);

  function count() {
    const names = ticked().length;
    go.disabled = names === 0;
    setText(go, names === 0 ? words('composer.adopt.go') : words('composer.adopt.count', { Count: names }));
  }

  async function fromOBS() {
    collection = undefined;
    refuse('');
    show([]);
    if (library.phase !== 'connected') return setText(byId('adopt-state'), words('composer.adopt.away'));
    setText(byId('adopt-state'), words('composer.adopt.asking'));
    const told = await bench.call('GET', '/api/sources/adoptable', undefined, refuse);
    if (collection) return; // a file was chosen meanwhile
    if (told) show(told.sources);
    else setText(byId('adopt-state'), '');
  }

  async function fromFile() {
    const chosen = file.files?.[0];
    file.value = '';
    if (!chosen) return;
    refuse('');
    try {
      collection = JSON.parse(await chosen.text());
    } catch {
      collection = undefined;
      return refuse(words('composer.import.notJson', { Name: chosen.name }));
    }
    show([]);
    const told = await bench.call('POST', '/api/sources/adoptable', collection, refuse);
    if (told) show(told.sources);
  }

  async function take() {
    refuse('');
    const told = await bench.call('POST', '/api/sources/adopt', { inputNames: ticked(), collection }, refuse);
    if (!told) return;
    sheet.close();
    bench.say(words('composer.adopt.done', { Count: told.adopted }));
  }

  return async () => {
    sheet.showModal();
    sheet.scrollTop = 0;
    await fromOBS();
  };
}
