/**
 * The sheet in which a source is made and changed.
 *
 * @typedef {import('./library.js').Source} Source
 */
import { refusalLine } from './bench.js';
import { byId, setText } from './dom.js';
import { framingText } from './shelf.js';

const NUMBERS = ['width', 'height', 'refreshRate'];
const TEXTS = ['name', 'url', 'cssCustom', 'jsCustom'];
/** A new source, as Cuewire would make it. */
const NEW = { name: '', url: '', width: 1920, height: 1080, refreshRate: 30, cssCustom: '', jsCustom: '', way: 'combined', load: 'preload', tags: [] };

/**
 * @param {import('./bench.js').Bench} bench
 * @returns {(source: Source | null) => void} opens it, null for a new one
 */
export function sourceSheet(bench) {
  const { words } = bench;
  const sheet = /** @type {HTMLDialogElement} */ (byId('source-sheet'));
  const form = /** @type {HTMLFormElement} */ (byId('source-form'));
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (byId(`source-${name}`));
  const chosen = (/** @type {string} */ name) => String(new FormData(form).get(name) ?? '');
  const refuse = refusalLine('source-refusal');
  /** @type {Source | null} */
  let editing = null;

  byId('source-cancel').addEventListener('click', () => sheet.close());
  form.addEventListener('input', note);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void save();
  });

  /** Says what the choices mean for what is written. */
  function note() {
    const ours = field('url').value.trim().startsWith('/');
    const own = chosen('way') === 'own';
    byId('source-loads').hidden = own;
    field('cssCustom').disabled = !ours && !own;
    field('jsCustom').disabled = !ours;
    setText(byId('source-styling'), words(ours ? 'composer.style.ours' : own ? 'sources.style.obs' : 'sources.style.foreign'));
    const same = editing && editing.url === field('url').value.trim();
    byId('source-framing').hidden = !same || own;
    if (editing && same) {
      setText(byId('source-framing'), framingText({ ...editing, way: own ? 'own' : 'combined' }, words));
      byId('source-framing').dataset.state = editing.framing.state;
    }
  }

  /** Returns what is wrong, '' for nothing. */
  function wrong() {
    if (field('name').value.trim() === '') return words('composer.wrong.name');
    if (field('url').value.trim() === '') return words('composer.wrong.url');
    for (const name of NUMBERS) {
      const { value, min, max, validity } = field(name);
      if (value === '' || !validity.valid) return words('composer.wrong.number', { Field: words(name === 'refreshRate' ? 'composer.rate' : `composer.${name}`), Least: min, Most: max });
    }
    return '';
  }

  async function save() {
    refuse(wrong());
    if (wrong()) return;
    /** @type {Record<string, unknown>} */
    const fields = { way: chosen('way'), load: chosen('load'), tags: tagsOf(field('tags').value) };
    for (const name of TEXTS) fields[name] = /Custom$/.test(name) ? field(name).value : field(name).value.trim();
    for (const name of NUMBERS) fields[name] = Number(field(name).value);
    const was = /** @type {Record<string, unknown>} */ (editing ?? {});
    for (const [name, value] of Object.entries(fields)) if (JSON.stringify(value) === JSON.stringify(was[name])) delete fields[name];
    if (editing && Object.keys(fields).length === 0) return sheet.close();
    const made = await bench.call(editing ? 'PUT' : 'POST', editing ? `/api/sources/${editing.id}` : '/api/sources', fields, refuse);
    if (!made) return;
    sheet.close();
    if (!editing) bench.say(words('composer.made', { Name: made.name }), { label: words('composer.place'), act: () => bench.place(made.id) });
  }

  return (source) => {
    editing = source;
    const shown = /** @type {Record<string, any>} */ (source ?? NEW);
    refuse('');
    setText(byId('source-title'), source ? source.name : words('composer.new'));
    for (const name of [...TEXTS, ...NUMBERS]) field(name).value = String(shown[name]);
    field('tags').value = shown.tags.join(', ');
    for (const name of ['way', 'load']) {
      for (const choice of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`[name=${name}]`))) choice.checked = choice.value === shown[name];
    }
    /** @type {HTMLDetailsElement} */ (byId('source-style')).open = Boolean(shown.cssCustom || shown.jsCustom);
    note();
    sheet.showModal();
    sheet.scrollTop = 0;
  };
}

/** @param {string} text */
function tagsOf(text) {
  return [...new Set(text.split(',').map((tag) => tag.trim()).filter(Boolean))];
}
