/**
 * The viewer's own buttons: full screen and mirror. They show while somebody
 * moves the pointer, touches the screen or uses the keyboard, and go to sleep
 * after that. Keys: F for full screen, M for mirror.
 * @param {HTMLElement} controls holds #fullscreen and #mirror
 * @param {HTMLElement} root gets the class "mirror"
 */
export function wakeControls(controls, root) {
  const fullscreen = /** @type {HTMLElement} */ (controls.querySelector('#fullscreen'));
  const mirror = /** @type {HTMLElement} */ (controls.querySelector('#mirror'));
  controls.hidden = false;

  let timer = 0;
  const wake = () => {
    controls.classList.remove('asleep');
    root.style.cursor = '';
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (controls.querySelector(':focus-visible')) return;
      controls.classList.add('asleep');
      root.style.cursor = 'none';
    }, 3000);
  };
  for (const event of ['pointermove', 'pointerdown', 'keydown', 'focusin']) window.addEventListener(event, wake);
  wake();

  const setMirror = () => mirror.setAttribute('aria-pressed', String(root.classList.contains('mirror')));
  const toggleMirror = () => {
    root.classList.toggle('mirror');
    setMirror();
  };
  const toggleFullscreen = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {}); // refused by the browser: nothing to add
  };
  const setFullscreen = () => {
    fullscreen.hidden = !document.fullscreenEnabled || document.fullscreenElement !== null;
  };
  mirror.addEventListener('click', toggleMirror);
  fullscreen.addEventListener('click', toggleFullscreen);
  document.addEventListener('fullscreenchange', setFullscreen);
  window.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'f' && document.fullscreenEnabled) toggleFullscreen();
    if (event.key === 'm') toggleMirror();
  });
  setMirror();
  setFullscreen();
}
