/**
 * Shows a message's text as it looks on the stage.
 * @param {HTMLElement} el
 * @param {Pick<import('./types.js').Message, 'color' | 'bold' | 'uppercase' | 'flash'>} message
 * @param {string} text with the placeholders filled in
 */
export function drawStageMessage(el, message, text) {
  el.dataset.color = message.color;
  for (const look of /** @type {const} */ (['bold', 'uppercase', 'flash'])) el.classList.toggle(look, message[look]);
  if (el.textContent !== text) el.textContent = text;
}
