/**
 * Why Cuewire refused something, in the reader's words. Its frames carry English
 * for programs; the catalogue has the same sentences in each language.
 */
import { fetchTexts, language } from './texts.js';

/** @type {Promise<Map<string, string>> | null} */
let sentences = null;

/**
 * Returns the sentence in the reader's language, or as it came.
 * @param {string} english
 */
export async function refusalText(english) {
  sentences ??= load();
  return (await sentences).get(english) ?? english;
}

async function load() {
  const [theirs, ours] = await Promise.all(['en', language()].map((lang) => fetchTexts(`/assets/i18n/core.${lang}.json`)));
  return new Map(Object.entries(theirs).map(([key, text]) => [String(text), String(ours[key] ?? text)]));
}
