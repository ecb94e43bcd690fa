/**
 * How a page is to look: the parameters of its address, and of the preset that it
 * names with ?preset=NAME. The address's own go before. A preset's style sheet comes
 * after the page's. What is changed in a preset shows at once.
 */

const AGAIN = 3000;

/** @typedef {{query: URLSearchParams, follow: (link: import('./link.js').Link) => void}} Look */

/**
 * Reads the look; waits for the preset.
 * @returns {Promise<Look>}
 */
export async function openLook() {
  const own = new URLSearchParams(location.search);
  const name = own.get('preset') ?? '';
  const params = name ? await presetParams(name) : null;
  const query = new URLSearchParams(params ?? '');
  for (const key of new Set(own.keys())) {
    query.delete(key);
    for (const value of own.getAll(key)) query.append(key, value);
  }
  setBackground(query.get('background') ?? '');
  if (name && params !== null) dress(name);
  return { query, follow: (link) => name && follow(link, name, params) };
}

/**
 * Keeps to the preset as it changes.
 * @param {import('./link.js').Link} link emits preset
 * @param {string} name
 * @param {string | null} params as they were taken
 */
function follow(link, name, params) {
  const look = async () => {
    const now = await presetParams(name);
    if (now !== params) location.reload();
    else if (now !== null) dress(name);
  };
  link.on('preset', (changed) => {
    if (changed.name === name) void look();
  });
  let lost = false;
  link.on('state', (state) => {
    if (state === 'live' && lost) void look(); // it may have changed meanwhile
    lost = state !== 'live';
  });
}

/**
 * Returns the preset's parameters, null if there is no such preset.
 * @param {string} name
 * @returns {Promise<string | null>}
 */
async function presetParams(name) {
  for (;;) {
    try {
      const answer = await fetch(`/presets/${encodeURIComponent(name)}.json`);
      if (answer.ok) return (await answer.json()).params;
      if (answer.status < 500) return null;
    } catch {
      // Cuewire is not there just now.
    }
    await new Promise((done) => setTimeout(done, AGAIN));
  }
}

/**
 * Puts the preset's style sheet on the page; the one before stays until it is there.
 * @param {string} name
 */
function dress(name) {
  const before = document.querySelectorAll('link[data-preset]');
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = `/presets/${encodeURIComponent(name)}.css?${before.length ? Date.now() : ''}`;
  link.dataset.preset = name;
  link.onload = link.onerror = () => before.forEach((old) => old.remove());
  document.head.append(link);
}

/**
 * Sets what is behind everything: 'transparent', or a colour like 00ff00 or black.
 * @param {string} background
 */
function setBackground(background) {
  document.documentElement.classList.toggle('transparent', background === 'transparent');
  const color = /^([0-9a-f]{3}|[0-9a-f]{6})$/i.test(background) ? `#${background}` : background;
  if (color && color !== 'transparent' && CSS.supports('color', color)) document.documentElement.style.background = color;
}
