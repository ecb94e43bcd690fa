/**
 * The list of the library's sources, with what can be done with each.
 *
 * @typedef {import('./library.js').Source} Source
 */
import { make } from './bench.js';
import { byId, setText } from './dom.js';
import { pressTwice } from './remote.js';

const AT_ONCE = 200; // more are shown when asked for

/**
 * @param {import('./bench.js').Bench} bench
 * @param {(source: Source) => void} edit
 * @returns {() => void} draws it
 */
export function shelf(bench, edit) {
  const { words, library } = bench;
  const list = byId('list');
  const search = /** @type {HTMLInputElement} */ (byId('search'));
  const state = /** @type {HTMLSelectElement} */ (byId('state'));
  const tag = /** @type {HTMLSelectElement} */ (byId('tag'));
  /** @type {Map<string, {card: HTMLElement, source: Source | null}>} */
  const cards = new Map();
  let most = AT_ONCE;

  for (const value of ['all', 'active', 'inactive']) state.append(new Option(words(`composer.state.${value}`), value));
  for (const field of [search, state, tag]) field.addEventListener('input', draw);
  byId('more').addEventListener('click', () => {
    most += AT_ONCE;
    draw();
  });

  /** @param {Source} source */
  function wanted(source) {
    const text = search.value.trim().toLowerCase();
    return (
      (state.value === 'all' || source.isActive === (state.value === 'active')) &&
      (tag.value === '' || source.tags.includes(tag.value)) &&
      [source.name, source.url, ...source.tags].some((part) => part.toLowerCase().includes(text))
    );
  }

  function drawTags() {
    const tags = [...new Set([...library.sources.values()].flatMap((source) => source.tags))].sort((a, b) => a.localeCompare(b));
    if (tag.dataset.shown === JSON.stringify(tags)) return;
    tag.dataset.shown = JSON.stringify(tags);
    const chosen = tag.value;
    tag.replaceChildren(new Option(words('composer.tags.all'), ''), ...tags.map((name) => new Option(name, name)));
    tag.value = tags.includes(chosen) ? chosen : '';
    tag.hidden = tags.length === 0;
  }

  /**
   * @param {string} id
   * @returns {HTMLElement}
   */
  function makeCard(id) {
    const content = /** @type {HTMLTemplateElement} */ (byId('source-template')).content;
    const card = /** @type {HTMLElement} */ (/** @type {Element} */ (content.firstElementChild).cloneNode(true));
    const key = (/** @type {string} */ name) => /** @type {HTMLButtonElement} */ (card.querySelector(name));
    const path = `/api/sources/${id}`;
    card.dataset.id = id;
    setText(key('.show'), words('composer.place'));
    setText(key('.edit'), words('composer.edit'));
    setText(key('.copy-source'), words('composer.duplicate'));
    key('.show').addEventListener('click', () => bench.place(id));
    key('.edit').addEventListener('click', () => {
      const source = library.sources.get(id);
      if (source) edit(source);
    });
    key('.copy-source').addEventListener('click', async () => {
      const made = await bench.call('POST', `${path}/duplicate`, {});
      if (made) bench.say(words('composer.duplicated', { Name: made.name }));
    });
    key('.delete').addEventListener('click', () => {
      const source = library.sources.get(id);
      if (!source) return;
      if (source.isActive) pressTwice(key('.delete'), words('pages.control.again'), () => void remove(source));
      else void remove(source);
    });
    const active = /** @type {HTMLInputElement} */ (card.querySelector('[role=switch]'));
    active.addEventListener('change', async () => {
      const on = active.checked;
      active.checked = !on; // until Cuewire has done it
      await bench.call('POST', `${path}/${on ? 'activate' : 'deactivate'}`, {});
    });
    return card;
  }

  /** @param {Source} source */
  async function remove(source) {
    const path = `/api/sources/${source.id}`;
    if (source.isActive && !(await bench.call('POST', `${path}/deactivate`, {}))) return;
    if (!(await bench.call('DELETE', path))) return;
    bench.say(words('composer.deleted', { Name: source.name }), {
      label: words('desk.undo'),
      act: async () => {
        if ((await bench.call('POST', '/api/sources/undo', {})) && source.isActive) await bench.call('POST', `${path}/activate`, {});
      },
    });
  }

  /**
   * @param {HTMLElement} card
   * @param {Source} source
   */
  function fill(card, source) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (card.querySelector(name));
    const active = /** @type {HTMLInputElement} */ (card.querySelector('[role=switch]'));
    active.checked = source.isActive;
    active.setAttribute('aria-label', `${words('composer.active')}: ${source.name}`);
    card.classList.toggle('active', source.isActive);
    setText(part('.name'), source.name);
    setText(part('.way'), words(`composer.way.${source.way}`));
    part('.way').title = words(`composer.way.${source.way}.hint`);
    part('.way').dataset.way = source.way;
    part('.tag-list').replaceChildren(...source.tags.map((name) => make('span', 'badge', name)));
    setText(part('.where'), `${source.width} × ${source.height} · ${words('composer.fps', { Rate: source.refreshRate })} · ${source.url}`);
    setText(part('.framing'), framingText(source, words));
    part('.framing').hidden = source.way === 'own';
    part('.framing').dataset.state = source.framing.state;
    if (!card.querySelector('.delete.armed')) setText(part('.delete'), words(source.isActive ? 'composer.deleteActive' : 'pages.message.delete'));
  }

  function draw() {
    drawTags();
    for (const [id, { card }] of cards) {
      if (library.sources.has(id)) continue;
      card.remove();
      cards.delete(id);
    }
    const found = [...library.sources.values()].filter(wanted).sort((a, b) => a.name.localeCompare(b.name));
    byId('empty').hidden = library.sources.size > 0 || bench.bus.state === 'connecting';
    byId('none-found').hidden = found.length > 0 || library.sources.size === 0;
    const shown = found.slice(0, most);
    const elements = shown.map((source) => {
      const known = cards.get(source.id) ?? { card: makeCard(source.id), source: null };
      cards.set(source.id, known);
      if (known.source !== source) fill(known.card, source);
      known.source = source;
      return known.card;
    });
    if (elements.length !== list.childElementCount || elements.some((card, i) => list.children[i] !== card)) list.replaceChildren(...elements);
    byId('more').hidden = shown.length === found.length;
    setText(byId('more'), words('composer.more', { Count: found.length - shown.length }));
  }
  return draw;
}

/**
 * What was found out about a source's page, in words.
 * @param {Source} source
 * @param {import('./texts.js').Words} words
 */
export function framingText({ framing, way }, words) {
  if (framing.state === 'allowed') return words('composer.framing.allowed');
  const reason = framing.key ? words(framing.key) : framing.reason || words('composer.framing.unknown');
  return framing.state === 'refused' && way === 'combined' ? `${reason} ${words('composer.framing.change')}` : reason;
}
