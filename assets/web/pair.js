/**
 * Where a device gets access: with six digits, or with the one-time secret in the
 * address's fragment that a QR code holds. Cuewire answers with this page, too, in
 * place of one that the device may not open yet; from there it goes on to that page.
 */
import { loadTexts } from './lib/texts.js';
import { byId, setText } from './lib/dom.js';

/**
 * @typedef {{role: string | null, page: string | null, name: string, paired: boolean, local: boolean, withdrawn: boolean, secure: string | null}} Access
 */

const secret = location.hash.slice(1);
if (secret) history.replaceState(null, '', location.pathname + location.search); // nobody reads it off the screen, or shares it

const LOOK_EVERY = 5000; // ms after which a page that is stood in for is tried again
const RELOADED = 'cuewire-pair-reloaded';
const words = await loadTexts('pair');
document.title = words('pair.title') + ' – Cuewire';
const code = /** @type {HTMLInputElement} */ (byId('code'));
const name = /** @type {HTMLInputElement} */ (byId('name'));
const button = /** @type {HTMLButtonElement} */ (byId('go'));

code.addEventListener('input', () => {
  const digits = code.value.replace(/\D/g, '').slice(0, 6);
  code.value = digits;
  say('');
  if (digits.length === 6 && !name.matches(':focus')) void redeem({ code: digits });
});
byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (code.value.length === 6) void redeem({ code: code.value });
  else say(words('pair.short'));
});
byId('again').addEventListener('click', () => ask('pair.title', words('pair.lead')));
byId('forget').addEventListener('click', async () => {
  const answer = await fetch('/pair', { method: 'DELETE' }).catch(() => null);
  if (answer?.ok) ask('pair.forgotten', words('pair.lead'));
  else setText(byId('lead'), await reason(answer));
});
await begin();
byId('main').hidden = false;
if (location.pathname !== '/pair') setInterval(lookAgain, LOOK_EVERY);
if (!byId('form').hidden) code.focus();

async function begin() {
  const access = await findAccess();
  byId('trust').hidden = access.secure === null;
  name.value = access.name || guess();
  const anew = new URLSearchParams(location.search).has('new'); // what it has is not enough
  const sent = !anew && (location.pathname !== '/pair' || wanted() !== null);
  if (access.role !== null && sent && (await mayOpen(target('/')))) {
    // A link from elsewhere comes without the cookie; from here it goes along.
    if (sessionStorage.getItem(RELOADED) !== location.href) {
      sessionStorage.setItem(RELOADED, location.href);
      return leave(target('/'));
    }
  }
  sessionStorage.removeItem(RELOADED);
  if (secret) {
    setText(byId('title'), words('pair.pairing'));
    if (await redeem({ secret })) return;
    return ask('pair.title', words('pair.lead'));
  }
  if (access.withdrawn) return ask('pair.withdrawn', words('pair.withdrawn.lead'));
  if (!anew && (access.paired || access.local)) return tell(access);
  ask('pair.title', words(sent ? 'pair.lead.page' : 'pair.lead'));
}

/** Goes on by itself where the page has been opened to this device meanwhile. */
async function lookAgain() {
  if (code.value === '' && !button.disabled && (await mayOpen(target('/')))) leave(target('/'));
}

/**
 * Asks for the digits.
 * @param {string} title
 * @param {string} lead
 */
function ask(title, lead) {
  setText(byId('title'), words(title));
  setText(byId('lead'), lead);
  byId('choices').hidden = true;
  byId('form').hidden = false;
  code.value = '';
  code.focus();
}

/**
 * Tells a device that has access what it may do.
 * @param {Access} access
 */
function tell(access) {
  const role = words(`pair.role.${access.role}`);
  setText(byId('title'), words(access.paired ? 'pair.has' : 'pair.local'));
  setText(byId('lead'), access.paired ? words(access.name ? 'pair.has.named' : 'pair.has.lead', { Name: access.name, Role: role }) : words('pair.local.lead'));
  /** @type {HTMLAnchorElement} */ (byId('open')).href = access.page ?? '/';
  byId('forget').hidden = !access.paired;
  byId('choices').hidden = false;
}

/**
 * Redeems a code. Returns whether the device has access now.
 * @param {{code: string} | {secret: string}} what
 */
async function redeem(what) {
  if (button.disabled) return false;
  button.disabled = true;
  say('');
  try {
    const answer = await fetch('/pair', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...what, name: name.value.trim() }),
    }).catch(() => null);
    if (!answer?.ok) {
      say(await reason(answer));
      code.select();
      return false;
    }
    const got = await answer.json();
    byId('form').hidden = true;
    setText(byId('title'), words('pair.done'));
    setText(byId('lead'), words('pair.done.lead', { Role: words(`pair.role.${got.role}`) }));
    const to = target(got.page);
    leave((await mayOpen(to)) ? to : got.page);
    return true;
  } finally {
    button.disabled = false;
  }
}

/**
 * Why Cuewire refused, in the reader's words.
 * @param {Response | null} answer
 */
async function reason(answer) {
  if (answer === null) return words('pair.unreachable');
  const key = (answer.headers.get('Cuewire-Refusal') ?? '').split('?')[0];
  const text = key ? words(key) : key;
  if (text !== key) return text;
  const said = await answer.json().catch(() => null);
  return said?.error ?? words('pair.unreachable');
}

/** @param {string} text */
function say(text) {
  setText(byId('refusal'), text);
  byId('refusal').hidden = text === '';
}

/** @returns {Promise<Access>} */
async function findAccess() {
  for (let wait = 250; ; wait = Math.min(wait * 2, 3000)) {
    try {
      const answer = await fetch('/api/access', { cache: 'no-store' });
      if (answer.ok) return await answer.json();
    } catch {
      // Cuewire is not there just now.
    }
    await new Promise((done) => setTimeout(done, wait));
  }
}

/** The page of ours that ?to= names, null for none. */
function wanted() {
  const to = new URLSearchParams(location.search).get('to');
  if (!to?.startsWith('/') || new URL(to, location.href).origin !== location.origin) return null;
  return to;
}

/**
 * Where to go on to.
 * @param {string} otherwise
 */
function target(otherwise) {
  return location.pathname === '/pair' ? (wanted() ?? otherwise) : location.pathname + location.search;
}

/** @param {string} path */
async function mayOpen(path) {
  const answer = await fetch(path, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  return answer?.ok === true;
}

/** @param {string} path */
function leave(path) {
  if (path === location.pathname + location.search) location.reload();
  else location.replace(path);
}

/** What the device may be called, as its browser tells. */
function guess() {
  const agent = navigator.userAgent;
  if (/iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return 'iPad';
  if (/iPhone/.test(agent)) return 'iPhone';
  if (/Android/.test(agent)) return words(/Mobile/.test(agent) ? 'pair.guess.phone' : 'pair.guess.tablet');
  return words('pair.guess.computer');
}
