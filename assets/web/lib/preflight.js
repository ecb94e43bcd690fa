/**
 * Looks whether OBS has the scenes that cues name, and says in a line what to fix.
 */
import { setText } from './dom.js';

const EVERY = 20_000; // ms: scenes are renamed in OBS too
const SETTLES = 1500; // ms after a change of the rundown

/**
 * @param {HTMLElement} line shows what is wrong, and opens the first cue; hidden when all is well
 * @param {import('../cuewire.js').Room} room
 * @param {import('./texts.js').Words} words
 * @param {(id: string) => void} open a cue
 */
export function preflight(line, room, words, open) {
  let timer = 0;
  let cue = '';
  let looked = '';
  line.addEventListener('click', () => cue && open(cue));
  const scenes = () => JSON.stringify(room.timers.map((t) => [t.id, t.skip, t.obs_scene_start, t.obs_scene_zero, t.start_on_scene]));
  const named = () => room.timers.some((t) => t.obs_scene_start || t.obs_scene_zero || t.start_on_scene);

  const look = async () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), EVERY);
    looked = scenes();
    const missing = named() && document.visibilityState === 'visible' ? await missingScenes(room.room?.id ?? '') : [];
    cue = missing[0]?.timer_id ?? '';
    line.hidden = missing.length === 0;
    if (missing.length > 0) setText(line, words('desk.preflight', { Count: missing.length, Name: missing[0].name, Scene: missing[0].scene }));
  };
  room.on('change', () => {
    if (scenes() === looked) return;
    looked = scenes();
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), SETTLES);
  });
}

/**
 * @param {string} room its id
 * @returns {Promise<{timer_id: string, name: string, scene: string}[]>}
 */
async function missingScenes(room) {
  try {
    const status = await (await fetch('/api/obs/status')).json();
    if (!status.connected) return []; // nothing can be said without OBS
    const answer = await fetch(`/api/v1/rooms/${encodeURIComponent(room)}/preflight`);
    return answer.ok ? (await answer.json()).missing : [];
  } catch {
    return []; // not reached just now
  }
}
