/**
 * The sounds that pages make, out of plain tones: nothing is loaded.
 *
 * @typedef {import('./types.js').SoundName} SoundName
 * @typedef {{at: number, tone: number, volume: number, lasts: number}} Tone at and lasts in s, tone in Hz
 */

/** @param {number} base Hz @param {number} lasts @param {[number, number, number][]} partials ratio, volume, share of the length */
const struck = (base, lasts, partials, at = 0) => partials.map(([ratio, volume, share]) => ({ at, tone: base * ratio, volume, lasts: lasts * share }));

const BELL = /** @type {[number, number, number][]} */ ([[0.5, 0.14, 1], [1, 0.3, 0.9], [1.19, 0.12, 0.65], [2, 0.16, 0.5], [2.74, 0.08, 0.3], [3.76, 0.05, 0.2]]);
const GONG = /** @type {[number, number, number][]} */ ([[1, 0.34, 1], [1.52, 0.16, 0.8], [2.03, 0.14, 0.65], [2.61, 0.1, 0.5], [3.4, 0.06, 0.35], [4.9, 0.03, 0.2]]);
const CHIME = /** @type {[number, number, number][]} */ ([[1, 0.3, 1], [2.76, 0.08, 0.4], [5.4, 0.03, 0.2]]);

/** @type {Record<SoundName, Tone[]>} */
const SOUNDS = {
  chime: [...struck(784, 1.4, CHIME), ...struck(988, 1.4, CHIME, 0.22), ...struck(1175, 2, CHIME, 0.44)],
  bell: struck(659, 2.8, BELL),
  gong: struck(110, 5, GONG),
  beeps: [0, 0.28, 0.56].map((at) => ({ at, tone: 880, volume: 0.5, lasts: 0.2 })),
};

/** The names, in the order in which people choose. */
export const SOUND_NAMES = /** @type {SoundName[]} */ (Object.keys(SOUNDS));

/**
 * Plays a sound now.
 * @param {AudioContext} audio
 * @param {SoundName} name
 */
export function playTones(audio, name) {
  for (const { at, tone, volume, lasts } of SOUNDS[name]) {
    const start = audio.currentTime + at;
    const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
    oscillator.frequency.value = tone;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + 0.01);
    gain.gain.exponentialRampToValueAtTime(0.0005, start + lasts);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + lasts + 0.05);
  }
}
