/**
 * The library of sources as the bus tells it: what there is, and where it stands
 * in OBS's scenes.
 *
 * @typedef {object} Source
 * @property {string} id
 * @property {string} name
 * @property {string} url an address, or a path of a page of ours
 * @property {number} width
 * @property {number} height
 * @property {boolean} isActive
 * @property {string} cssCustom
 * @property {string} jsCustom
 * @property {'combined' | 'own'} way
 * @property {'preload' | 'unload'} load
 * @property {number} refreshRate frames a second
 * @property {string[]} tags
 * @property {{state: 'unknown' | 'allowed' | 'refused', reason: string, key: string}} framing
 * @property {string} [obsInput] the input of OBS that shows it, where it is shown the own way
 *
 * @typedef {object} Placement where a source stands, in pixels of OBS's canvas
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} scaleX
 * @property {number} scaleY
 * @property {number} rotation degrees, clockwise about the top left corner
 * @property {boolean} visible
 * @property {number} zIndex
 */
import { Emitter } from './emitter.js';

/** Emits `change` when a source or a placement became different. */
export class Library extends Emitter {
  /** @type {Map<string, Source>} */
  sources = new Map();
  /** @type {Map<string, Map<string, Placement>>} by scene, then by source, in the order in which they were added */
  scenes = new Map();
  /** The program scene, '' before OBS has told one. */
  scene = '';
  /** OBS's canvas, null before OBS has told it. @type {{width: number, height: number} | null} */
  canvas = null;

  /** OBS's scenes, top first, as far as OBS has told them. @type {string[]} */
  obsScenes = [];
  /** How the connection to OBS stands, '' before Cuewire has told. */
  phase = '';

  /** What the replay after a (re)connection has told; null outside of one. @type {Set<string> | null} */
  #told = null;

  /** @param {import('../cuewire.js').SourceSaver} bus of sources:*, scenes:* and obs:* */
  constructor(bus) {
    super();
    /** @type {Record<string, (data: any) => void>} */
    const takes = {
      'sources:create': ({ source }) => this.#put(source),
      'sources:update': ({ source }) => this.#put(source),
      'sources:activate': ({ sourceId }) => this.#activate(sourceId, true),
      'sources:deactivate': ({ sourceId }) => this.#activate(sourceId, false),
      'sources:delete': ({ sourceId }) => this.#drop(sourceId),
      'scenes:sourceAdded': ({ sceneName, sourceId, config }) => this.#place(sceneName, sourceId, config),
      'scenes:sourceConfigUpdated': ({ sceneName, sourceId, config }) => this.#place(sceneName, sourceId, config),
      'scenes:sourceRemoved': ({ sceneName, sourceId }) => this.scenes.get(sceneName)?.delete(sourceId),
      'obs:sceneChanged': ({ currentScene }) => (this.scene = currentScene),
      'obs:sceneRenamed': ({ previousName, sceneName }) => this.#rename(previousName, sceneName),
      'obs:sceneListChanged': ({ scenes }) => (this.obsScenes = scenes.map((/** @type {{sceneName: string}} */ scene) => scene.sceneName)),
      'obs:phaseChanged': ({ phase }) => (this.phase = phase),
      'obs:canvasChanged': ({ width, height }) => (this.canvas = { width, height }),
    };
    for (const [event, take] of Object.entries(takes)) {
      bus.on(event, (data) => {
        take(data);
        this.emit('change');
      });
    }
    // After a reconnection everything is told anew. What stays the same must not
    // even flicker, so what is gone is dropped at the end, which the first
    // heartbeat after the replay shows.
    bus.on('reset', () => (this.#told = new Set()));
    bus.on('system:heartbeat', () => this.#sweep());
  }

  /** @param {Source} source */
  #put(source) {
    this.sources.set(source.id, { ...this.sources.get(source.id), ...source });
    this.#told?.add(source.id);
  }

  /**
   * @param {string} id
   * @param {boolean} active
   */
  #activate(id, active) {
    const source = this.sources.get(id);
    if (source) this.sources.set(id, { ...source, isActive: active });
  }

  /** @param {string} id */
  #drop(id) {
    this.sources.delete(id);
    for (const placed of this.scenes.values()) placed.delete(id);
  }

  /**
   * @param {string} scene
   * @param {string} id
   * @param {Partial<Placement>} config
   */
  #place(scene, id, config) {
    const placed = this.scenes.get(scene) ?? new Map();
    this.scenes.set(scene, placed);
    placed.set(id, { ...placed.get(id), ...config });
    this.#told?.add(key(scene, id));
  }

  /**
   * @param {string} before
   * @param {string} after
   */
  #rename(before, after) {
    if (this.scene === before) this.scene = after;
    this.obsScenes = this.obsScenes.map((scene) => (scene === before ? after : scene));
    const placed = this.scenes.get(before);
    if (!placed) return;
    this.scenes.delete(before);
    this.scenes.set(after, placed);
    for (const id of placed.keys()) this.#told?.add(key(after, id));
  }

  #sweep() {
    const told = this.#told;
    if (!told) return;
    this.#told = null;
    for (const id of this.sources.keys()) if (!told.has(id)) this.sources.delete(id);
    for (const [scene, placed] of this.scenes) {
      for (const id of placed.keys()) if (!told.has(key(scene, id))) placed.delete(id);
    }
    this.emit('change');
  }
}

/**
 * @param {string} scene
 * @param {string} id
 */
function key(scene, id) {
  return `${id} ${scene}`;
}
