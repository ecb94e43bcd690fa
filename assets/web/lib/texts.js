/**
 * The page's words in the reader's language, from Cuewire's catalogue.
 */

const LANGUAGES = ['en', 'pt-BR'];

/** The language: ?lang= in the address, else the first known one that the browser asks for. */
export function language() {
  const asked = new URLSearchParams(location.search).get('lang');
  for (const want of asked ? [asked, ...navigator.languages] : navigator.languages) {
    const main = want.toLowerCase().split(/[-_]/)[0];
    const found = LANGUAGES.find((lang) => lang.toLowerCase().split('-')[0] === main);
    if (found) return found;
  }
  return LANGUAGES[0];
}

/**
 * Finds words. A {{.Name}} in a text is filled in from args; where there is a
 * plural, args.Count picks the form. A key without a text comes back as it is.
 * @typedef {(key: string, args?: Record<string, string | number>) => string} Words
 */

/**
 * Loads the words, writes them into every element with `data-text` (content),
 * `data-label` (tooltip and name for screen readers) or `data-hint` (placeholder), and returns them. It tries
 * until it succeeds.
 * @param {...string} areas of the catalogue, 'pages' if none is named
 * @returns {Promise<Words>}
 */
export async function loadTexts(...areas) {
  document.documentElement.lang = language();
  const words = await loadWords(...(areas.length > 0 ? areas : ['pages']));
  for (const el of document.querySelectorAll('[data-text]')) {
    el.textContent = words(/** @type {string} */ (el.getAttribute('data-text')));
  }
  for (const el of document.querySelectorAll('[data-label]')) {
    const label = words(/** @type {string} */ (el.getAttribute('data-label')));
    el.setAttribute('aria-label', label);
    el.setAttribute('title', label);
  }
  for (const el of document.querySelectorAll('[data-hint]')) {
    const hint = words(/** @type {string} */ (el.getAttribute('data-hint')));
    el.setAttribute('aria-label', hint);
    el.setAttribute('placeholder', hint);
  }
  return words;
}

/**
 * Loads the words of areas of the catalogue. It tries until it succeeds.
 * @param {...string} areas
 * @returns {Promise<Words>}
 */
export async function loadWords(...areas) {
  const lang = language();
  /** @type {Record<string, string | Record<string, string>>} */
  const texts = Object.assign({}, ...(await Promise.all(areas.map((area) => fetchTexts(`/assets/i18n/${area}.${lang}.json`)))));
  const plurals = new Intl.PluralRules(lang);
  return (key, args = {}) => {
    let text = texts[key] ?? key;
    if (typeof text !== 'string') text = text[plurals.select(Number(args.Count))] ?? text.other;
    return text.replace(/\{\{\.(\w+)\}\}/g, (_, name) => String(args[name] ?? ''));
  };
}

/**
 * Fetches a file of the catalogue, until that succeeds.
 * @param {string} url
 * @returns {Promise<Record<string, string | Record<string, string>>>}
 */
export async function fetchTexts(url) {
  for (let wait = 250; ; wait = Math.min(wait * 2, 3000)) {
    try {
      const answer = await fetch(url);
      if (answer.ok) return await answer.json();
    } catch {
      // Cuewire is not there just now.
    }
    await new Promise((done) => setTimeout(done, wait));
  }
}
