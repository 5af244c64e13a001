// A process with many simulated nodes that behave as agents do, for the benchmark of large pools. It is plain JavaScript, so that Node runs it
// unbundled. Usage: node pool-nodes.mjs <count> <ws url>[,<ws url>]. The nodes are spread over the addresses.
// A node sends heartbeats at the interval of its scheduler, faster while it warms up. Its load changes with each of them, within the limits.
// It registers again when the scheduler asks, and connects again when its connection ends.
// Each line on stdin asks how many nodes have been registered since the last line `forget`. It prints the number.
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { registration, STATES } from './registration.mjs';

const [count, urls] = [Number(process.argv[2]), String(process.argv[3]).split(',')];
const CONNECTING = 64;
const SLOT_MS = 50;
const WARM_UP_BEATS = 3;
const WARM_UP_PART = 5;
const JITTER = 0.1;
const RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;
const HARDWARE = { cpu_cores: 16, memory_gb: 64, gpus: [{ name: 'NVIDIA GeForce RTX 4090', memory_gb: 24, index: 0, vendor: 'nvidia' }] };

/** @typedef {{ url: string, socket: WebSocket | null, id: string | null, token: string | null, beats: number, intervalMs: number, due: number, failures: number }} Node */

/** @type {Node[]} */
const nodes = Array.from({ length: count }, (_, i) => ({
  url: String(urls[i % urls.length]),
  socket: null,
  id: null,
  token: null,
  beats: 0,
  intervalMs: 0,
  due: 0,
  failures: 0,
}));
/** Registered since the last line `forget`. */
let registered = new Set();

/** Nodes that wait for a connection. */
const waiting = [...nodes].reverse();
let connecting = 0;

function connectNext() {
  while (connecting < CONNECTING) {
    const node = waiting.pop();
    if (node === undefined) return;
    connecting++;
    connect(node);
  }
}

/** @param {Node} node */
function connect(node) {
  let isConnecting = true;
  const answered = () => {
    if (!isConnecting) return;
    isConnecting = false;
    connecting--;
    connectNext();
  };
  const socket = new WebSocket(node.url, {
    perMessageDeflate: false,
    headers: node.id === null || node.token === null ? {} : { 'muster-node-id': node.id, 'muster-node-token': node.token },
  });
  socket.on('open', () => {
    node.socket = socket;
    register(node);
  });
  socket.on('message', (data) => {
    const text = String(data);
    if (text.startsWith('{"type":"node_register_ack"')) {
      const ack = JSON.parse(text);
      Object.assign(node, {
        id: ack.node_id,
        token: ack.node_token,
        beats: 0,
        failures: 0,
        intervalMs: ack.heartbeat_interval_seconds * 1000,
      });
      registered.add(node);
      plan(node);
      answered();
    } else if (text.includes('"NOT_REGISTERED"')) register(node);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    node.socket = null;
    const retryMs = Math.random() * Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** node.failures++);
    setTimeout(() => {
      waiting.unshift(node);
      connectNext();
    }, retryMs);
    answered();
  });
}

/** @param {Node} node */
function register(node) {
  const known = node.id === null ? {} : { node_id: node.id, node_token: node.token };
  node.socket?.send(JSON.stringify(registration({ hardware: HARDWARE, ...known })));
}

/** By time. A node that registers meanwhile is planned again: `due` of the node says when. @type {Map<number, Node[]>} */
const planned = new Map();
let slot = 0;

/** @param {Node} node */
function plan(node) {
  const ms = (node.beats < WARM_UP_BEATS ? node.intervalMs / WARM_UP_PART : node.intervalMs) * (1 + JITTER * (2 * Math.random() - 1));
  const at = slot + Math.max(1, Math.round(ms / SLOT_MS));
  const others = planned.get(at);
  node.due = at;
  if (others === undefined) planned.set(at, [node]);
  else others.push(node);
}

/** @param {number} most */
const percent = (most) => Math.round(Math.random() * most);

/** @param {Node} node */
function beat(node) {
  node.socket?.send(
    JSON.stringify({
      type: 'node_heartbeat',
      node_id: node.id,
      timestamp: Date.now(),
      resource_usage: {
        cpu_percent: percent(20),
        mem_percent: 40 + percent(5),
        gpu_percent: percent(5),
        gpu_mem_percent: 12,
        running_jobs: 0,
      },
      gpus: [
        {
          index: 0,
          utilization_percent: percent(5),
          memory_used_gb: 2.9,
          memory_total_gb: 24,
          temperature_c: 40 + percent(5),
          power_w: 50 + percent(10),
          available: true,
        },
      ],
      capability_state: STATES,
    }),
  );
  node.beats++;
  plan(node);
}

const startedAtMonotonicMs = performance.now();
setInterval(() => {
  for (const now = Math.floor((performance.now() - startedAtMonotonicMs) / SLOT_MS); slot < now; slot++) {
    const dueNodes = planned.get(slot) ?? [];
    planned.delete(slot);
    // A node that has lost its connection plans its heartbeats with its next registration.
    for (const node of dueNodes) if (node.due === slot && node.socket?.readyState === WebSocket.OPEN) beat(node);
  }
}, SLOT_MS);

connectNext();
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${String(registered.size)}\n`);
  if (line === 'forget') registered = new Set();
}
process.exit(0);
