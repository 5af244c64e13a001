// A load on every core, for tests that must pass on a busy machine. Each process of the load ends with the process that started it,
// even when that process is killed, because the stdin of the load ends then.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The loop runs in a thread, so that the process notices the end of its stdin. */
const program = `
  new (require('node:worker_threads').Worker)('for (;;);', { eval: true });
  process.stdin.resume().on('end', () => process.exit(0)).on('error', () => process.exit(0));
`;

/**
 * @param {string} node
 * @param {number} [processes] one for each core unless given
 * @returns {{ readonly pids: readonly number[], stop(): Promise<void> }}
 */
export function startLoad(node, processes = availableParallelism()) {
  const children = Array.from({ length: processes }, () => spawn(node, ['--eval', program], { stdio: ['pipe', 'ignore', 'ignore'] }));
  const ended = children.map(
    (child) =>
      new Promise((resolve) => {
        child.once('exit', resolve).once('error', resolve);
      }),
  );
  return {
    pids: children.map(({ pid }) => pid).filter((pid) => pid !== undefined),
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ended);
    },
  };
}
