/**
 * Sounds: those that cues ask for, and three beeps when a countdown without one
 * reaches zero. They are off until a person switches them on, or the address does with
 * ?sound; the device remembers that. A browser plays nothing before the page was
 * touched, and a badge says so. OBS's browser sources need no touch.
 */
import { elapsed } from './playback.js';
import { playTones } from './tones.js';

/** @typedef {import('./types.js').SoundName} SoundName */

const KEY = 'cuewire.sound';
const NEAR = 500; // ms before zero at which a timer that gives way to the next one was at zero

/**
 * @param {HTMLElement | null} button switches sounds on and off; null where the address alone does
 * @param {import('../cuewire.js').Room} room
 * @param {import('./texts.js').Words} words
 * @param {URLSearchParams} [query] the page's
 */
export function makeSounds(button, room, words, query = new URLSearchParams(location.search)) {
  /** @type {AudioContext | null} */
  let audio = null;
  const asked = query.has('sound') && query.get('sound') !== '0';
  if (!button && !asked) return;
  let on = asked || remembered();
  let timer = 0;
  let played = 0;
  let before = { run: '', timer: '', left: Infinity };
  const badge = document.createElement('button');
  badge.type = 'button';
  badge.className = 'chip tap-for-sound';
  badge.textContent = words('pages.sound.tap');
  document.body.append(badge);

  const draw = () => {
    const ready = audio?.state === 'running';
    badge.hidden = !on || ready;
    document.documentElement.dataset.sounds = String(played);
    if (!button) return;
    const label = words(!on ? 'pages.sound.off' : ready ? 'pages.sound.on' : 'pages.sound.touch');
    button.setAttribute('aria-pressed', String(on));
    button.dataset.ready = String(ready);
    button.title = label;
    button.setAttribute('aria-label', label);
  };
  const wake = async () => {
    if (!on) return;
    if (!audio) {
      audio = new AudioContext();
      audio.addEventListener('statechange', draw);
    }
    if (audio.state !== 'running') await audio.resume();
    draw();
  };
  /** @param {SoundName} name */
  const play = (name) => {
    if (!on || audio?.state !== 'running') return;
    playTones(audio, name);
    played++;
    draw();
  };
  button?.addEventListener('click', async () => {
    on = !on;
    remember(on);
    draw();
    await wake();
    if (on && audio) playTones(audio, 'beeps'); // so that one knows it works
  });
  for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, () => void wake());
  room.on('sound', ({ sound }) => play(sound));

  const look = () => {
    clearTimeout(timer);
    const { current, playback } = room;
    const running = playback.state === 'running' && current !== undefined;
    const timed = running && (current.appearance === 'COUNTDOWN' || (current.appearance === 'COUNTUP' && playback.duration_ms > 0));
    const left = timed ? playback.duration_ms - elapsed(playback, room.clock.now()) : Infinity;
    const run = timed ? `${current.id} ${playback.duration_ms}` : '';
    const reached = run !== '' && run === before.run && before.left > 0 && left <= 0;
    const gaveWay = before.run !== '' && before.timer !== playback.current_timer_id && before.left > 0 && before.left < NEAR;
    const own = room.timers.find((t) => t.id === before.timer)?.sound_zero; // Cuewire tells when that is due
    if ((reached || gaveWay) && !own) play('beeps');
    before = { run, timer: playback.current_timer_id ?? '', left };
    if (left > 0 && left < Infinity) timer = window.setTimeout(look, left > NEAR ? Math.min(left - NEAR + 100, 60_000) : left);
  };
  room.on('change', look);
  room.on('clock', look);
  draw();
  if (on && (asked || 'obsstudio' in window)) void wake(); // where no touch is needed it works at once
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
