// A process with many simulated nodes, for the benchmark of the renderer. It is plain JavaScript, so that Node runs it unbundled.
// Usage: node paced-nodes.mjs <ws url> <count> <heartbeat ms>. Prints "ready" when all nodes have passed their warm-up checks.
// Then every node sends one heartbeat per interval, evenly spread. The figures of a node change with each heartbeat. In about 2 of 100
// heartbeats the GPU is not available.
import { WebSocket } from 'ws';
import { registration, STATES } from './registration.mjs';

const [url, count, intervalMs] = [String(process.argv[2]), Number(process.argv[3]), Number(process.argv[4])];
const AT_ONCE = 50;
const WARM_UP_CHECKS = 3;
const GPUS = [
  ['NVIDIA GeForce RTX 4090', 24],
  ['NVIDIA GeForce RTX 3060', 12],
  ['NVIDIA H100 80GB HBM3', 79.6],
  ['Apple M3 Max', 36],
];

/** A random number generator (mulberry32) with a fixed seed: the same figures in every run. */
let state = 7;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** @type {{ socket: WebSocket, nodeId: string }[]} */
const nodes = [];

/** @param {number} index */
function register(index) {
  const [name, memory_gb] = GPUS[index % GPUS.length] ?? ['GPU', 8];
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once('error', reject);
    socket.once('open', () => {
      socket.send(
        JSON.stringify(
          registration({
            name: `node-${String(index + 1)}`,
            hardware: { cpu_cores: 16, memory_gb: 64, gpus: [{ name, memory_gb, index: 0, simulated: true }] },
          }),
        ),
      );
    });
    socket.once('message', (data) => {
      const { node_id: nodeId, ...answer } = JSON.parse(String(data));
      if (typeof nodeId !== 'string') {
        reject(new Error(`registration refused: ${JSON.stringify(answer)}`));
        return;
      }
      nodes.push({ socket, nodeId });
      socket.removeListener('error', reject);
      socket.on('error', () => undefined);
      socket.on('message', () => undefined);
      resolve(undefined);
    });
  });
}

/** @param {{ socket: WebSocket, nodeId: string } | undefined} node */
function beat(node, isHealthy = true) {
  node?.socket.send(
    JSON.stringify({
      type: 'node_heartbeat',
      node_id: node.nodeId,
      timestamp: Date.now(),
      resource_usage: {
        cpu_percent: Math.round(random() * 90),
        mem_percent: Math.round(random() * 90),
        gpu_percent: Math.round(random() * 90),
        gpu_mem_percent: Math.round(random() * 90),
        running_jobs: 0,
      },
      gpus: [
        {
          index: 0,
          utilization_percent: Math.round(random() * 90),
          memory_used_gb: Math.round(random() * 80) / 10,
          memory_total_gb: 12,
          temperature_c: 40 + Math.round(random() * 40),
          power_w: 60,
          available: isHealthy,
        },
      ],
      capability_state: STATES,
    }),
  );
}

let started = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (started < count) await register(started++);
  }),
);
for (let check = 0; check < WARM_UP_CHECKS; check++) for (const node of nodes) beat(node);
process.stdout.write('ready\n');

const startedAtMonotonicMs = performance.now();
let sent = 0;
setInterval(() => {
  const due = Math.floor(((performance.now() - startedAtMonotonicMs) / intervalMs) * count);
  for (; sent < due; sent++) beat(nodes[sent % count], random() > 0.02);
}, 5);
