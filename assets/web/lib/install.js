/**
 * Lets a device keep the page on its home screen: with a manifest where browsers
 * install pages (HTTPS, and this computer), as a shortcut elsewhere.
 * @param {string} page as the room's pages are named
 */
export function keepOnHomeScreen(page) {
  const code = location.pathname.split('/')[2] ?? '';
  add('manifest', `/r/${code}/manifest.webmanifest?page=${page}`).crossOrigin = 'use-credentials';
  add('apple-touch-icon', '/assets/icons/apple-180.png');
}

/**
 * Says how that is done, or nothing where the page is on the home screen already
 * or is a source in OBS.
 * @param {import('./texts.js').Words} words
 */
export function homeScreenHint(words) {
  if ('obsstudio' in window || matchMedia('(display-mode: standalone), (display-mode: fullscreen)').matches) return '';
  return words(isSecureContext ? 'pages.home.install' : 'pages.home.shortcut');
}

/**
 * @param {string} rel
 * @param {string} href
 */
function add(rel, href) {
  const link = Object.assign(document.createElement('link'), { rel, href });
  document.head.append(link);
  return link;
}
