/**
 * A page of ours in a frame tells the page around it that it lives, so that the
 * combined page can load it again when it hangs.
 */

/** What it says. */
export const ALIVE = 'cuewire:alive';

const EVERY = 2000;

/** Begins to tell, in a frame; anywhere else it does nothing. */
export function tellAlive() {
  if (window.parent === window) return;
  const tell = () => window.parent.postMessage(ALIVE, '*'); // it is no secret
  tell();
  setInterval(tell, EVERY);
}
