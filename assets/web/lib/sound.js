/**
 * A sound when a countdown reaches zero. It is off until a person switches it on;
 * the device remembers that. A browser plays nothing before the page was touched,
 * and the button says so.
 */
import { elapsed } from './playback.js';

const KEY = 'cuewire.sound';
const NEAR = 500; // ms before zero at which a timer that gives way to the next one was at zero

/**
 * @param {HTMLElement} button
 * @param {import('../cuewire.js').Room} room
 * @param {import('./texts.js').Words} words
 */
export function soundAtZero(button, room, words) {
  /** @type {AudioContext | null} */
  let audio = null;
  let on = remembered();
  let timer = 0;
  let before = { run: '', timer: '', left: Infinity };

  const draw = () => {
    const ready = audio?.state === 'running';
    const label = words(!on ? 'pages.sound.off' : ready ? 'pages.sound.on' : 'pages.sound.touch');
    button.setAttribute('aria-pressed', String(on));
    button.dataset.ready = String(ready);
    button.title = label;
    button.setAttribute('aria-label', label);
  };
  const wake = async () => {
    if (!on) return;
    audio ??= new AudioContext();
    if (audio.state !== 'running') await audio.resume();
    draw();
  };
  button.addEventListener('click', async () => {
    on = !on;
    remember(on);
    draw();
    await wake();
    if (on && audio) beep(audio, 1); // so that one knows it works
  });
  for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, () => void wake());

  const look = () => {
    clearTimeout(timer);
    const { current, playback } = room;
    const running = playback.state === 'running' && current !== undefined;
    const timed = running && (current.appearance === 'COUNTDOWN' || (current.appearance === 'COUNTUP' && playback.duration_ms > 0));
    const left = timed ? playback.duration_ms - elapsed(playback, room.clock.now()) : Infinity;
    const run = timed ? `${current.id} ${playback.duration_ms}` : '';
    const reached = run !== '' && run === before.run && before.left > 0 && left <= 0;
    const gaveWay = before.run !== '' && before.timer !== playback.current_timer_id && before.left > 0 && before.left < NEAR;
    if ((reached || gaveWay) && on && audio?.state === 'running') {
      beep(audio, 3);
      button.dataset.played = String(Number(button.dataset.played ?? 0) + 1);
    }
    before = { run, timer: playback.current_timer_id ?? '', left };
    if (left > 0 && left < Infinity) timer = window.setTimeout(look, left > NEAR ? Math.min(left - NEAR + 100, 60_000) : left);
  };
  room.on('change', look);
  room.on('clock', look);
  draw();
}

function remembered() {
  try {
    return localStorage.getItem(KEY) === 'on';
  } catch {
    return false; // the browser keeps nothing for pages
  }
}

/** @param {boolean} on */
function remember(on) {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // It holds until the page is left.
  }
}

/**
 * @param {AudioContext} audio
 * @param {number} times
 */
function beep(audio, times) {
  for (let i = 0; i < times; i++) {
    const at = audio.currentTime + i * 0.28;
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = 880;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.5, at + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  }
}
