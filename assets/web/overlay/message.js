/**
 * An overlay that shows the message that is on the stage, while there is one.
 * docs/pages.md has its address's parameters.
 */
import { fillIn } from '../cuewire.js';
import { byId } from '../lib/dom.js';
import { fitText } from '../lib/fit.js';
import { drawStageMessage } from '../lib/message.js';
import { bring, openOverlay } from '../lib/overlay.js';

const { room } = await openOverlay();
const el = byId('message');
const size = fitText(el, { most: (box) => box.clientHeight * 0.62 });
room.on('change', draw);

function draw() {
  const message = room.message;
  const shown = message !== undefined && !room.playback.blackout;
  if (message) {
    const before = el.outerHTML;
    drawStageMessage(el, message, fillIn(message.text, room.current, room.next));
    bring(byId('panel'), shown);
    if (el.outerHTML !== before) size();
  } else bring(byId('panel'), false); // with its text, until it has left
}
