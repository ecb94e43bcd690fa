/**
 * The sheet in which a cue is made and changed: all fields of a timer, in groups.
 */
import { callServer } from './call.js';
import { makeField } from './fields.js';
import { obsScenes } from './scenes.js';
import { SOUND_NAMES, playTones } from './tones.js';

/**
 * @typedef {import('../cuewire.js').Timer} Timer
 * @typedef {import('./fields.js').Field} Field
 * @typedef {import('./fields.js').MadeField} MadeField
 */

const NEW = { name: '', duration_ms: 300_000, appearance: 'COUNTDOWN', wrap_yellow_ms: 120_000, wrap_red_ms: 30_000, overtime_mode: 'continue' };

/** @type {AudioContext | null} */
let audio = null;

/**
 * @param {HTMLDialogElement} sheet empty
 * @param {import('../cuewire.js').Room} room
 * @param {import('./texts.js').Words} words
 * @param {import('./remote.js').Remote} remote
 * @returns {(timer: Timer | null) => Promise<void>} opens it, null for a new cue
 */
export function cueEditor(sheet, room, words, remote) {
  /** @type {MadeField[]} */
  let made = [];
  /** @type {Timer | null} */
  let editing = null;

  const form = document.createElement('form');
  form.method = 'dialog';
  form.noValidate = true;
  const title = Object.assign(document.createElement('h2'), { id: 'cue-title' });
  const groups = Object.assign(document.createElement('div'), { className: 'groups' });
  const scenes = Object.assign(document.createElement('datalist'), { id: 'obs-scenes' });
  const refusal = Object.assign(document.createElement('p'), { className: 'refusal', hidden: true });
  refusal.setAttribute('role', 'alert');
  const keys = Object.assign(document.createElement('div'), { className: 'keys' });
  const save = key('save', words('pages.message.save'), 'main');
  save.type = 'submit';
  const cancel = key('cancel', words('desk.cancel'));
  const more = Object.assign(document.createElement('div'), { className: 'more-keys' });
  const up = key('up', `↑ ${words('desk.cue.up')}`, 'small');
  const down = key('down', `↓ ${words('desk.cue.down')}`, 'small');
  const duplicate = key('duplicate', words('desk.cue.duplicate'), 'small');
  const remove = key('remove', words('pages.message.delete'), 'small danger');
  keys.append(save, cancel);
  more.append(up, down, duplicate, remove);
  form.append(title, groups, scenes, refusal, keys, more);
  sheet.append(form);

  const say = (/** @type {string} */ text) => {
    refusal.textContent = text;
    refusal.hidden = text === '';
    if (text) refusal.scrollIntoView({ block: 'nearest' });
  };
  const call = (/** @type {'POST' | 'PUT'} */ method, /** @type {string} */ path, /** @type {object} */ fields) =>
    callServer(method, `/api/v1/rooms/${encodeURIComponent(room.room?.id ?? '')}/timers${path}`, fields, words, say);

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    say('');
    /** @type {Record<string, unknown>} */
    const fields = {};
    for (const { input, read } of made) {
      const value = read();
      if (value === undefined || (value === '' && input.hasAttribute('required'))) {
        say(words(value === '' ? 'desk.nameMissing' : 'desk.cue.badDuration'));
        input.closest('details')?.setAttribute('open', '');
        return input.focus();
      }
      if (!editing || value !== (/** @type {any} */ (editing)[input.name] ?? (typeof value === 'string' ? '' : value))) fields[input.name] = value;
    }
    const done = editing ? await call('PUT', `/${editing.id}`, fields) : await call('POST', '', fields);
    if (done) sheet.close();
  });
  cancel.addEventListener('click', () => sheet.close());
  duplicate.addEventListener('click', async () => {
    if (editing && (await call('POST', `/${editing.id}/duplicate`, {}))) sheet.close();
  });
  const move = async (/** @type {number} */ step) => {
    const at = room.timers.findIndex((timer) => timer.id === editing?.id);
    if (at + step >= 0 && at + step < room.timers.length) await call('PUT', `/${room.timers[at].id}`, { position: at + step });
  };
  up.addEventListener('click', () => void move(-1));
  down.addEventListener('click', () => void move(1));
  remove.addEventListener('click', async () => {
    const cue = editing;
    if (!cue || !(await remote.call('DELETE', `timers/${cue.id}`))) return;
    sheet.close();
    remote.say(words('desk.cue.deleted', { Name: cue.name }), { label: words('desk.undo'), act: () => void remote.call('POST', 'undo', {}) });
  });

  return async (timer) => {
    editing = timer;
    say('');
    title.textContent = timer ? timer.name : words('desk.cue.new');
    more.hidden = !timer;
    made = [];
    const values = /** @type {any} */ (timer ?? NEW);
    groups.replaceChildren(
      ...groupsOf(words).map(({ name, fields }, i) => {
        const group = document.createElement('details');
        group.dataset.group = name;
        const used = fields.some((field) => i > 0 && values[field.name] && /^(start|obs|message|sound|webhook)/.test(field.name));
        group.open = i === 0 || used;
        group.append(Object.assign(document.createElement('summary'), { textContent: words(`desk.group.${name}`) }));
        const box = Object.assign(document.createElement('div'), { className: 'fields' });
        for (const field of fields) {
          const one = makeField(field, values[field.name]);
          made.push(one);
          if (field.name.startsWith('sound_')) one.row.append(listenKey(one.input, words));
          box.append(one.row);
        }
        group.append(box);
        return group;
      }),
    );
    sheet.showModal();
    sheet.scrollTop = 0;
    if (!timer) made[0].input.focus();
    const known = await obsScenes();
    scenes.replaceChildren(...known.scenes.map((name) => new Option(name, name)));
  };
}

/**
 * Plays the sound that is chosen beside it.
 * @param {MadeField['input']} choice
 * @param {import('./texts.js').Words} words
 */
function listenKey(choice, words) {
  const listen = key('listen', words('desk.cue.listen'), 'small');
  const draw = () => (listen.disabled = choice.value === '');
  choice.addEventListener('change', draw);
  listen.addEventListener('click', async () => {
    audio ??= new AudioContext();
    await audio.resume();
    playTones(audio, /** @type {import('./tones.js').SoundName} */ (choice.value));
    listen.dataset.played = choice.value;
  });
  draw();
  return listen;
}

/**
 * @param {string} id
 * @param {string} text
 * @param {string} [look]
 */
function key(id, text, look = '') {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: look, textContent: text });
  button.dataset.key = id;
  return button;
}

/**
 * All fields, in the groups in which people look for them.
 * @param {import('./texts.js').Words} words
 * @returns {{name: string, fields: Field[]}[]}
 */
function groupsOf(words) {
  /** @type {(name: string, kind: Field['kind'], label: string, rest?: Partial<Field>) => Field} */
  const field = (name, kind, label, rest) => ({ name, kind, label: words(`desk.cue.${label}`), ...rest });
  /** @type {(values: string[], label: (value: string) => string) => [string, string][]} */
  const choices = (values, label) => values.map((value) => [value, label(value)]);
  const sounds = choices(['', ...SOUND_NAMES], (name) => words(`desk.sound.${name || 'none'}`));
  const hint = (/** @type {string} */ name) => ({ hint: words(`desk.cue.${name}.hint`) });
  return [
    {
      name: 'basics',
      fields: [
        field('name', 'text', 'name', { required: true, most: 255 }),
        field('speaker', 'text', 'speaker', { most: 255 }),
        field('duration_ms', 'duration', 'duration'),
        field('notes', 'long', 'notes', { most: 10_000, ...hint('notes') }),
        field('skip', 'check', 'skip'),
      ],
    },
    {
      name: 'time',
      fields: [
        field('start_at', 'clock', 'startAt', hint('startAt')),
        field('linked_start', 'check', 'linked'),
        field('finish_at', 'clock', 'finishAt', hint('finishAt')),
        field('overtime_mode', 'choice', 'overtime', { choices: choices(['continue', 'stop'], (mode) => words(`desk.overtime.${mode}`)) }),
        field('auto_advance', 'check', 'autoAdvance'),
      ],
    },
    {
      name: 'look',
      fields: [
        field('appearance', 'choice', 'appearance', { choices: choices(['COUNTDOWN', 'COUNTUP', 'TOD', 'HIDDEN'], (face) => words(`desk.appearance.${face}`)) }),
        field('wrap_yellow_ms', 'duration', 'yellow'),
        field('wrap_red_ms', 'duration', 'red'),
        field('label_color', 'color', 'label'),
      ],
    },
    {
      name: 'start',
      fields: [
        field('start_on_scene', 'scene', 'startOnScene', hint('startOnScene')),
        field('start_on_stream', 'check', 'startOnStream'),
        field('obs_scene_start', 'scene', 'scene'),
        field('message_start', 'text', 'message'),
        field('sound_start', 'choice', 'sound', { choices: sounds }),
        field('webhook_start', 'url', 'webhook', hint('webhook')),
      ],
    },
    {
      name: 'zero',
      fields: [
        field('obs_scene_zero', 'scene', 'scene'),
        field('message_zero', 'text', 'message'),
        field('sound_zero', 'choice', 'sound', { choices: sounds }),
        field('webhook_zero', 'url', 'webhook'),
      ],
    },
  ];
}
