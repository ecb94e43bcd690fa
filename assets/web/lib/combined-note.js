/**
 * Says whether OBS shows the page of all combined sources, and adds it by one press.
 */
import { byId, setText } from './dom.js';

const PAGE = '/overlay/combined';

/**
 * @param {import('./bench.js').Bench} bench
 * @returns {() => void} draws it
 */
export function combinedNote(bench) {
  const { words, library } = bench;
  const key = /** @type {HTMLButtonElement} */ (byId('combined-add'));
  /** Whether OBS has it, null before that was asked. @type {boolean | null} */
  let there = null;
  let asked = '';

  key.addEventListener('click', async () => {
    key.disabled = true;
    const { width, height } = library.canvas ?? { width: 1920, height: 1080 };
    const told = await bench.call('POST', '/api/obs/browser-sources', { sceneName: '', url: PAGE, name: words('composer.combined.name'), width, height });
    key.disabled = false;
    if (!told) return;
    void look();
    bench.say(words('composer.combined.added', { Name: told.inputName }), {
      label: words('desk.undo'),
      act: () => void bench.call('POST', '/api/obs/browser-sources/undo', {}).then(look),
    });
  });
  document.addEventListener('visibilitychange', () => {
    asked = ''; // OBS may have been worked with meanwhile
    draw();
  });

  async function look() {
    const told = await bench.call('GET', '/api/obs/browser-sources', undefined, () => {});
    const sources = /** @type {{page?: string}[] | undefined} */ (told?.browserSources);
    there = sources ? sources.some((source) => source.page?.split('?')[0] === PAGE) : null;
    draw();
  }

  function draw() {
    const combined = [...library.sources.values()].some((source) => source.way === 'combined');
    byId('combined').hidden = !combined;
    if (!combined) return;
    const connected = library.phase === 'connected';
    if (!connected) there = null;
    const state = connected ? library.scene : '';
    if (connected && asked !== state) {
      asked = state;
      void look();
    } else if (!connected) asked = '';
    key.hidden = !connected || there !== false;
    byId('combined').dataset.state = connected ? (there === null ? 'unknown' : String(there)) : 'away';
    setText(byId('combined-text'), words(connected ? `composer.combined.${there ?? 'asking'}` : 'composer.combined.away'));
  }
  return draw;
}
