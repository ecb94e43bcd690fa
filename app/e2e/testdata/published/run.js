/**
 * Runs a published example in Node: node run.js EXAMPLE PUBLISHED_ADDRESS OUR_ADDRESS
 * Afterwards each line of its input is run as if it stood at the example's end.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { runInThisContext } from 'node:vm';
import WebSocket from 'ws';

const [file, published, ours] = process.argv.slice(2);
globalThis.WebSocket = WebSocket; // Node's own came with Node 22
runInThisContext(readFileSync(file, 'utf8').replaceAll(published, ours), file);
for await (const line of createInterface({ input: process.stdin })) runInThisContext(line);
process.exit();
