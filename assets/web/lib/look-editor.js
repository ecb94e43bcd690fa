/**
 * The sheet in which a look for pages is made and changed, with the page as it will
 * look.
 */
import { callServer } from './call.js';
import { byId } from './dom.js';
import { pressTwice } from './remote.js';

/**
 * @typedef {import('./types.js').RoomInfo} RoomInfo
 * @typedef {{name: string, params: string, css: string}} Preset
 */

const BACKGROUNDS = ['', 'transparent', '000000', '00ff00', 'ff00ff'];
const ONLY = ['', 'timer', 'progress', 'message'];
const OVERLAYS = ['timer', 'message', 'lower-third'];
const SETTLES = 400; // ms after which what was written shows

/**
 * @param {import('./texts.js').Words} words
 * @param {() => RoomInfo[]} rooms
 * @returns {(preset: Preset | null) => void} opens it, null for a new one
 */
export function lookEditor(words, rooms) {
  const sheet = /** @type {HTMLDialogElement} */ (byId('look-editor'));
  const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(`look-${id}`));
  const switches = /** @type {NodeListOf<HTMLInputElement>} */ (sheet.querySelectorAll('[data-param]'));
  const frame = /** @type {HTMLIFrameElement} */ (byId('look-preview'));
  let editing = '';
  let timer = 0;

  for (const value of BACKGROUNDS) field('background').append(new Option(words(`desk.background.${value || 'page'}`), value));
  for (const value of ONLY) field('only').append(new Option(words(`desk.only.${value || 'all'}`), value));

  const say = (/** @type {string} */ text) => {
    byId('look-refusal').textContent = text;
    byId('look-refusal').hidden = text === '';
  };
  const path = (/** @type {string} */ name) => `/api/v1/presets/${encodeURIComponent(name)}`;

  /** The parameters as they are chosen. */
  const params = () => {
    const query = new URLSearchParams();
    if (field('background').value) query.set('background', field('background').value);
    if (field('only').value) query.set('only', field('only').value);
    for (const one of switches) {
      const [name, value] = String(one.dataset.param).split('=');
      if (one.checked) query.set(name, query.has(name) ? `${query.get(name)},${value}` : value);
    }
    for (const [name, value] of new URLSearchParams(field('more').value)) query.append(name, value);
    return query.toString().replaceAll('%2C', ',');
  };
  /** @param {string} text */
  const choose = (text) => {
    const query = new URLSearchParams(text);
    for (const name of ['background', 'only']) {
      const select = field(name);
      select.value = query.get(name) ?? '';
      if (select.value !== (query.get(name) ?? '')) select.value = ''; // another one, which stays among the others
      else query.delete(name);
    }
    for (const one of switches) {
      const [name, value] = String(one.dataset.param).split('=');
      const values = query.getAll(name).join(',').split(',').filter(Boolean);
      one.checked = values.includes(value);
      if (!one.checked) continue;
      query.delete(name);
      const rest = values.filter((other) => other !== value);
      if (rest.length > 0) query.set(name, rest.join(','));
    }
    field('more').value = query.toString().replaceAll('%2C', ',');
  };

  /** Shows the page with what is chosen, saved or not. */
  const show = () => {
    const page = field('page').value;
    const url = `${page}${page.includes('?') ? '&' : '?'}${params()}`;
    if (frame.getAttribute('src') === url) dress();
    else frame.src = url;
  };
  const dress = () => {
    const inside = /** @type {(Window & typeof globalThis) | null} */ (frame.contentWindow);
    if (!inside?.document?.head) return;
    const style = new inside.CSSStyleSheet();
    style.replaceSync(field('css').value);
    inside.document.adoptedStyleSheets = [style];
  };
  frame.addEventListener('load', dress);
  sheet.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(show, SETTLES);
  });
  sheet.addEventListener('close', () => {
    clearTimeout(timer);
    frame.removeAttribute('src');
  });
  byId('look-cancel').addEventListener('click', () => sheet.close());
  byId('look-delete').addEventListener('click', () => {
    pressTwice(byId('look-delete'), words('pages.control.again'), async () => {
      if (await callServer('DELETE', path(editing), undefined, words, say)) sheet.close();
    });
  });
  byId('look-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const name = editing || field('name').value.trim();
    if (!/^[a-z0-9-]{1,40}$/.test(name)) return say(words('desk.look.name.hint'));
    if (await callServer('PUT', path(name), { params: params(), css: field('css').value }, words, say)) sheet.close();
  });

  return (preset) => {
    editing = preset?.name ?? '';
    say('');
    byId('look-title').textContent = preset ? `?preset=${preset.name}` : words('desk.look.new');
    field('name').value = editing;
    field('name').disabled = preset !== null;
    byId('look-delete').hidden = preset === null;
    field('css').value = preset?.css ?? '';
    choose(preset?.params ?? '');
    field('page').replaceChildren(
      ...rooms().map((room) => new Option(`${words('pages.page.viewer')} · ${room.name}`, `/r/${encodeURIComponent(room.short_code)}/viewer`)),
      ...OVERLAYS.map((name) => new Option(words(`pages.page.overlay.${name}`), `/overlay/${name}`)),
    );
    sheet.showModal();
    sheet.scrollTop = 0;
    show();
  };
}
