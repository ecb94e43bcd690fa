/**
 * The picture of the scene behind the boxes, taken by OBS every few seconds while somebody sees it.
 */
import { byId } from './dom.js';

const EVERY = 3000;
const MOST = 1280; // px across

/**
 * @param {import('./bench.js').Bench} bench
 * @param {() => string} sceneShown
 * @returns {() => void} looks whether another one is due
 */
export function screenshots(bench, sceneShown) {
  let shown = ''; // the scene whose picture stands there
  let loading = '';
  let tried = '';
  let due = 0;
  let timer = 0;

  const wanted = () => !byId('placing-panel').hidden && document.visibilityState === 'visible' && bench.library.phase === 'connected';
  document.addEventListener('visibilitychange', look);

  function look() {
    const scene = sceneShown();
    const present = wanted() && bench.library.obsScenes.includes(scene);
    if (!present || shown !== scene) byId('shot').hidden = true;
    if (!present || loading === scene || (tried === scene && performance.now() < due)) return;
    take(scene);
  }

  /** @param {string} scene */
  function take(scene) {
    loading = tried = scene;
    const across = Math.min(MOST, Math.round(byId('canvas').clientWidth * devicePixelRatio)) || MOST;
    const query = new URLSearchParams({ source: scene, width: String(across), format: 'jpg', at: String(Date.now()) });
    const picture = Object.assign(new Image(), { id: 'shot', alt: '', draggable: false });
    const next = (/** @type {boolean} */ came) => {
      if (loading === scene) loading = '';
      due = performance.now() + EVERY;
      if (came && scene === sceneShown()) {
        byId('shot').replaceWith(picture);
        shown = scene;
      }
      clearTimeout(timer);
      timer = window.setTimeout(look, EVERY);
    };
    picture.addEventListener('load', () => next(true));
    picture.addEventListener('error', () => next(false));
    picture.src = `/api/obs/screenshot?${query}`;
  }
  return look;
}
