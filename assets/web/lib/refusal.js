/**
 * Why Cuewire refused something, in the reader's words. Its answers carry English
 * for programs; the catalogue has the same sentences in each language.
 */
import { fetchTexts, language, loadWords } from './texts.js';

const AREAS = ['core', 'library', 'sources', 'obs', 'server', 'rest', 'interchange'];

/** @type {Promise<Map<string, string>> | null} */
let sentences = null;
/** @type {Promise<import('./texts.js').Words> | null} */
let catalogue = null;

/**
 * Returns the sentence in the reader's language, or as it came.
 * @param {string} english
 */
export async function refusalText(english) {
  sentences ??= load();
  return (await sentences).get(english) ?? english;
}

/**
 * Returns why a call was refused: the sentence that the answer names, else the one
 * that is in it.
 * @param {Response} answer
 * @param {{error?: string}} told the answer's JSON
 */
export async function refusalOf(answer, told) {
  const [key, args] = (answer.headers.get('Cuewire-Refusal') ?? '').split('?', 2);
  if (key) {
    catalogue ??= loadWords(...AREAS);
    const text = (await catalogue)(key, Object.fromEntries(new URLSearchParams(args)));
    if (text !== key) return text;
  }
  return refusalText(String(told.error ?? answer.status));
}

async function load() {
  const [theirs, ours] = await Promise.all(['en', language()].map((lang) => fetchTexts(`/assets/i18n/core.${lang}.json`)));
  return new Map(Object.entries(theirs).map(([key, text]) => [String(text), String(ours[key] ?? text)]));
}
