// A process with many registered nodes, for the benchmark of the scheduler. It is plain JavaScript, so that Node runs it unbundled.
// Usage: node many-sockets.mjs <ws url> <count>. It answers lines on stdin: "beat" sends one heartbeat of every node, "beat 40" one with
// this load of the CPU.
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { registration, STATES } from './registration.mjs';

const [url, count] = [String(process.argv[2]), Number(process.argv[3])];
const AT_ONCE = 150;
const HARDWARE = {
  cpu_cores: 16,
  memory_gb: 64,
  gpus: [{ name: 'NVIDIA GeForce RTX 4090', memory_gb: 24, index: 0, uuid: 'GPU-00000000-0000-0000-0000-000000000000', vendor: 'nvidia' }],
};

/** @type {{ socket: WebSocket, nodeId: string }[]} */
const nodes = [];

function register() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once('error', reject);
    socket.once('open', () => {
      socket.send(JSON.stringify(registration({ hardware: HARDWARE })));
    });
    socket.once('message', (data) => {
      const ack = JSON.parse(String(data));
      nodes.push({ socket, nodeId: ack.node_id });
      socket.removeListener('error', reject);
      socket.on('error', () => undefined);
      resolve(undefined);
    });
  });
}

/** @param {number} cpuPercent */
function beat(cpuPercent) {
  for (const { socket, nodeId } of nodes) {
    socket.send(
      JSON.stringify({
        type: 'node_heartbeat',
        node_id: nodeId,
        timestamp: Date.now(),
        resource_usage: { cpu_percent: cpuPercent, mem_percent: 20, gpu_percent: 3, gpu_mem_percent: 12, running_jobs: 0 },
        gpus: [
          { index: 0, utilization_percent: 3, memory_used_gb: 2.9, memory_total_gb: 24, temperature_c: 41, power_w: 60, available: true },
        ],
        capability_state: STATES,
      }),
    );
  }
}

let started = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (started < count) {
      started++;
      await register();
    }
  }),
);
process.stdout.write('registered\n');
for await (const line of createInterface({ input: process.stdin })) if (line.startsWith('beat')) beat(Number(line.slice(5) || 10));
process.exit(0);
