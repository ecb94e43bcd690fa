/**
 * Lets keys of a [role=tablist] choose which of their panels is seen.
 * @param {HTMLElement} list holds [role=tab] with aria-controls
 * @returns {(id: string) => void} chooses by a panel's id
 */
export function tabs(list) {
  const keys = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="tab"]')]);
  const panel = (/** @type {HTMLElement} */ key) => /** @type {HTMLElement} */ (document.getElementById(key.getAttribute('aria-controls') ?? ''));
  const choose = (/** @type {string} */ id) => {
    for (const key of keys) {
      const chosen = key.getAttribute('aria-controls') === id;
      key.setAttribute('aria-selected', String(chosen));
      key.tabIndex = chosen ? 0 : -1;
      panel(key).hidden = !chosen;
    }
  };
  keys.forEach((key, i) => {
    key.addEventListener('click', () => choose(panel(key).id));
    key.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const next = keys[(i + step + keys.length) % keys.length];
      choose(panel(next).id);
      next.focus();
    });
  });
  choose(panel(keys[0]).id);
  return choose;
}
