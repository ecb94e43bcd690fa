/**
 * Explains how a device comes to trust the certificate authority of this Cuewire.
 */
import { loadTexts } from './lib/texts.js';
import { byId, setText } from './lib/dom.js';

const STEPS = 6; // at most

const words = await loadTexts('pair');
document.title = words('trust.title') + ' – Cuewire';
for (const list of document.querySelectorAll('[data-steps]')) {
  for (let n = 1; n <= STEPS; n++) {
    const key = `trust.${/** @type {HTMLElement} */ (list).dataset.steps}.${n}`;
    const text = words(key);
    if (text === key) break;
    list.append(Object.assign(document.createElement('li'), { textContent: text }));
  }
}
const here = document.querySelector(`[data-system="${system()}"]`);
if (here instanceof HTMLDetailsElement) {
  here.open = true;
  here.parentElement?.insertBefore(here, document.querySelector('details'));
}
await look();
byId('main').hidden = false;

/** Shows the fingerprint, or that there is nothing to trust. */
async function look() {
  const [file, access] = await Promise.all([
    fetch('/trust/cuewire-authority.crt', { method: 'HEAD', cache: 'no-store' }).catch(() => null),
    fetch('/api/access', { cache: 'no-store' })
      .then((answer) => answer.json())
      .catch(() => null),
  ]);
  byId('there').hidden = !file?.ok;
  if (!file?.ok) setText(byId('lead'), words('trust.none'));
  setText(byId('print'), file?.headers.get('Cuewire-Fingerprint') ?? '');
  if (access?.secure && location.protocol !== 'https:') {
    const link = /** @type {HTMLAnchorElement} */ (byId('try'));
    link.href = `${access.secure}/pair`;
    link.hidden = false;
  }
}

/** Which of the lists is for this device. */
function system() {
  const agent = navigator.userAgent;
  if (/iPad|iPhone/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return 'ios';
  if (/Firefox/.test(agent) && !/Android/.test(agent)) return 'firefox';
  if (/Android/.test(agent)) return 'android';
  if (/Windows/.test(agent)) return 'windows';
  if (/Macintosh/.test(agent)) return 'macos';
  return 'linux';
}
