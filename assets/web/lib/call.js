/**
 * Calls of Cuewire's REST interface.
 */
import { refusalOf } from './refusal.js';

/**
 * Sends fields as JSON. Returns the answer; null if it was refused, which say tells.
 * @param {'GET' | 'POST' | 'PUT' | 'DELETE'} method
 * @param {string} path
 * @param {object | undefined} fields
 * @param {import('./texts.js').Words} words
 * @param {(text: string) => void} say
 * @returns {Promise<any>}
 */
export async function callServer(method, path, fields, words, say) {
  try {
    const body = fields && JSON.stringify(fields);
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(path, { method, body, headers, signal: AbortSignal.timeout(10_000) });
    const told = await answer.json();
    if (answer.ok) return told;
    say(await refusalOf(answer, told));
  } catch {
    say(words('pages.control.offline'));
  }
  return null;
}
