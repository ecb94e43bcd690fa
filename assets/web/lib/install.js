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
 * @param {string} rel
 * @param {string} href
 */
function add(rel, href) {
  const link = Object.assign(document.createElement('link'), { rel, href });
  document.head.append(link);
  return link;
}
