/**
 * What whoever runs Cuewire tells this page to do.
 */

const SHOWN_FOR = 8000; // ms that the name is shown

/**
 * Follows a direction: shows which device this is, loads the page anew, or opens
 * another page of Cuewire.
 * @param {{do: string, path?: string, name?: string}} direction
 */
export function follow(direction) {
  if (direction.do === 'identify') identify(direction.name ?? '');
  if (direction.do === 'reload') location.reload();
  if (direction.do === 'redirect' && direction.path?.startsWith('/')) {
    const to = new URL(direction.path, location.href);
    if (to.origin === location.origin) location.assign(to);
  }
}

/** @param {string} name */
function identify(name) {
  document.getElementById('cuewire-identity')?.remove();
  const sign = document.createElement('div');
  sign.id = 'cuewire-identity';
  sign.setAttribute('role', 'alert');
  sign.textContent = name;
  Object.assign(sign.style, {
    position: 'fixed',
    inset: '0',
    zIndex: '2147483647',
    display: 'grid',
    placeItems: 'center',
    padding: '5vw',
    background: '#5eead4',
    color: '#04201c',
    font: '700 min(12vw, 18vh)/1.1 Inter, system-ui, sans-serif',
    textAlign: 'center',
    overflowWrap: 'anywhere',
  });
  const remove = () => sign.remove();
  sign.addEventListener('click', remove);
  setTimeout(remove, SHOWN_FOR);
  document.body.append(sign);
}
