/**
 * Keeps the screen from going dark. Over HTTPS and on this computer the browser
 * does so when asked. Over plain HTTP it does not let a page ask; there an empty
 * picture is played behind everything, which browsers keep the screen lit for.
 */
import { setText } from './dom.js';

/**
 * @param {HTMLElement} badge says that it works; hidden while it does not
 * @param {import('./texts.js').Words} words
 */
export function keepAwake(badge, words) {
  if ('obsstudio' in window) return; // a browser source has no screen of its own
  const say = (/** @type {boolean} */ awake) => {
    badge.hidden = !awake;
    if (awake) setText(badge, words('pages.awake'));
  };
  const hold = 'wakeLock' in navigator ? byLock(say) : byVideo(say);
  const wanted = () => {
    if (document.visibilityState === 'visible') void hold();
  };
  document.addEventListener('visibilitychange', wanted);
  for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, wanted);
  wanted();
}

/** @param {(awake: boolean) => void} say */
function byLock(say) {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let asking = false;
  return async () => {
    if (asking || (lock && !lock.released)) return;
    asking = true;
    try {
      lock = await navigator.wakeLock.request('screen');
      lock.addEventListener('release', () => say(false));
      say(true);
    } catch {
      say(false); // not now: a battery that is nearly empty, a window that is not seen
    }
    asking = false;
  };
}

/** @param {(awake: boolean) => void} say */
function byVideo(say) {
  const video = document.createElement('video');
  Object.assign(video, { loop: true, muted: true, playsInline: true, disablePictureInPicture: true, src: '/assets/awake.webm' });
  video.className = 'awake-video';
  video.setAttribute('aria-hidden', 'true');
  video.tabIndex = -1;
  video.addEventListener('playing', () => say(true));
  video.addEventListener('pause', () => say(false));
  document.body.prepend(video);
  return async () => {
    if (!video.paused) return;
    try {
      await video.play();
    } catch {
      say(false); // the browser wants a touch first, and gets another chance then
    }
  };
}
