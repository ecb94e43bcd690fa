/**
 * What a quick timer shows at a moment.
 *
 * @typedef {object} QuickTimer as the Timer API tells it
 * @property {string} id
 * @property {string} ownerId
 * @property {string | null} title
 * @property {number} allocatedDuration s
 * @property {number} elapsedTime whole s, at the time of the message
 * @property {'RUNNING' | 'PAUSED' | 'COMPLETED' | 'CANCELLED' | 'NOT_STARTED'} status
 * @property {{action: string, at: string, elapsed?: number}[]} pauseHistory
 */
import { face } from './playback.js';

/**
 * Ms that the timer has run, exact to the millisecond: the times of its history say
 * more than its whole seconds. Of a history so long that its middle was left out the
 * seconds count.
 * @param {QuickTimer} timer
 * @param {number} now Cuewire's time
 */
export function quickElapsed(timer, now) {
  let ran = 0;
  let since = NaN;
  for (const { action, at, elapsed } of timer.pauseHistory) {
    const time = Date.parse(at);
    if (!Number.isNaN(since)) ran += time - since;
    since = action === 'start' || action === 'resume' ? time : NaN;
    if (elapsed !== undefined && Math.abs(ran - elapsed * 1000 - 500) > 500) ran = elapsed * 1000;
  }
  return Number.isNaN(since) ? ran : ran + Math.max(0, now - since);
}

/**
 * What it shows: a countdown on past zero, or with up the time that has gone.
 * @param {QuickTimer} timer
 * @param {number} now Cuewire's time
 * @param {boolean} [up]
 */
export function quickFace(timer, now, up = false) {
  const duration = timer.allocatedDuration * 1000;
  const plain = {
    id: timer.id, name: timer.title ?? '', speaker: '', duration_ms: duration, wrap_yellow_ms: 0, wrap_red_ms: 0,
    appearance: /** @type {'COUNTUP' | 'COUNTDOWN'} */ (up ? 'COUNTUP' : 'COUNTDOWN'),
  };
  const off = { current_timer_id: timer.id, blackout: false, flash: false, focus: false };
  const state = /** @type {'running' | 'paused'} */ (timer.status === 'RUNNING' ? 'running' : 'paused');
  return face(plain, { ...off, state, elapsed_ms: quickElapsed(timer, now), duration_ms: duration, server_time: now }, null, now);
}
