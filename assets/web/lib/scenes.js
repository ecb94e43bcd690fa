/**
 * The names of OBS's scenes as the server knows them, for lists to pick from. Without
 * OBS there are none.
 * @returns {Promise<{connected: boolean, scenes: string[]}>}
 */
export async function obsScenes() {
  try {
    const status = await (await fetch('/api/obs/status')).json();
    if (!status.connected) return { connected: false, scenes: [] };
    const answer = await fetch('/api/obs/scenes');
    if (!answer.ok) return { connected: false, scenes: [] };
    const { scenes } = await answer.json();
    return { connected: true, scenes: scenes.map((/** @type {{sceneName: string}} */ scene) => scene.sceneName) };
  } catch {
    return { connected: false, scenes: [] }; // not reached just now: names can be typed
  }
}
