/**
 * The sheet in which a room is made, changed and deleted.
 */
import { callServer } from './call.js';
import { makeField } from './fields.js';
import { pressTwice } from './remote.js';

/** @typedef {import('./types.js').RoomInfo} RoomInfo */

/**
 * @param {HTMLDialogElement} sheet empty
 * @param {import('./texts.js').Words} words
 * @returns {(id: string) => Promise<void>} opens it for the room with that id, '' for a new one
 */
export function roomEditor(sheet, words) {
  /** @type {import('./fields.js').MadeField[]} */
  let made = [];
  let editing = '';
  const form = document.createElement('form');
  form.method = 'dialog';
  form.noValidate = true;
  const title = Object.assign(document.createElement('h2'), { id: 'room-title' });
  const box = Object.assign(document.createElement('div'), { className: 'fields' });
  const zones = Object.assign(document.createElement('datalist'), { id: 'time-zones' });
  const refusal = Object.assign(document.createElement('p'), { className: 'refusal', hidden: true });
  refusal.setAttribute('role', 'alert');
  const keys = Object.assign(document.createElement('div'), { className: 'keys' });
  const save = Object.assign(document.createElement('button'), { type: 'submit', className: 'main', textContent: words('pages.message.save') });
  const cancel = Object.assign(document.createElement('button'), { type: 'button', textContent: words('desk.cancel') });
  const remove = Object.assign(document.createElement('button'), { type: 'button', className: 'danger', textContent: words('pages.message.delete') });
  remove.dataset.key = 'remove';
  keys.append(save, cancel, remove);
  form.append(title, box, zones, refusal, keys);
  sheet.append(form);
  for (const zone of Intl.supportedValuesOf('timeZone')) zones.append(new Option(zone, zone));

  const say = (/** @type {string} */ text) => {
    refusal.textContent = text;
    refusal.hidden = text === '';
  };
  const path = (/** @type {string} */ id) => `/api/v1/rooms${id && `/${encodeURIComponent(id)}`}`;
  cancel.addEventListener('click', () => sheet.close());
  remove.addEventListener('click', () => {
    pressTwice(remove, words('desk.room.deleteAgain'), async () => {
      if (await callServer('DELETE', path(editing), undefined, words, say)) sheet.close();
    });
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    say('');
    if (made[0].input.value.trim() === '') return say(words('desk.nameMissing'));
    const fields = Object.fromEntries(made.map(({ input, read }) => [input.name, read()]));
    if (editing) {
      if (await callServer('PUT', path(editing), fields, words, say)) sheet.close();
      return;
    }
    const room = await callServer('POST', path(''), { name: fields.name }, words, say);
    if (!room) return;
    editing = room.id; // a second try changes this one
    if (await callServer('PUT', path(editing), fields, words, say)) sheet.close();
  });

  return async (id) => {
    say('');
    editing = id;
    const room = id ? await callServer('GET', path(id), undefined, words, say) : { name: '', timezone: '', color_normal: '#22c55e', color_yellow: '#eab308', color_red: '#ef4444' };
    title.textContent = words(id ? 'desk.room.settings' : 'desk.room.new');
    remove.hidden = id === '';
    if (room) {
      made = [
        makeField({ name: 'name', kind: 'text', label: words('desk.room.name'), required: true, most: 255 }, room.name),
        makeField({ name: 'timezone', kind: 'text', label: words('desk.room.zone'), hint: words('desk.room.zone.hint') }, room.timezone),
        ...['normal', 'yellow', 'red'].map((color) => {
          const one = makeField({ name: `color_${color}`, kind: 'text', label: words(`desk.room.${color}`) }, room[`color_${color}`]);
          Object.assign(one.input, { type: 'color' });
          return one;
        }),
        makeField({ name: 'questions_open', kind: 'check', label: words('desk.questions.open') }, room.questions_open),
      ];
      made[1].input.setAttribute('list', 'time-zones');
      box.replaceChildren(...made.map(({ row }) => row));
    }
    sheet.showModal();
    if (!id) made[0].input.focus();
  };
}
