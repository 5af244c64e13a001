// The first commands of the README on a computer whose cores are all in use by other programs (docs/dispatch.md, Limits).
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLoad } from '../../scripts/busy-load.mjs';
import type { NodeView } from '../../src/shared/api/node-view';
import { sendRequest } from '../support/http-api';
import { MusterLab } from '../support/muster-process';
import { until } from '../support/until';

const GPU = ['--simulate-gpu', 'RTX 4090:24'];
const QUICK_HEARTBEATS = '[server]\nport = 0\n[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = 10\n';
const DEFAULT_CPU_LIMIT_PERCENT = 60;
/** All cores are busy, so every process starts slowly. */
const WAIT_LIMIT_MS = 40_000;

let lab: MusterLab;
let load: ReturnType<typeof startLoad>;
beforeEach(() => {
  lab = new MusterLab();
  load = startLoad(process.execPath);
});
afterEach(async () => {
  await load.stop();
  await lab.close();
});

test('pool of one computer, all cores busy -> job assigned at once; with a second node -> busy, and its job waits', async () => {
  const folder = lab.dataDir('pool', QUICK_HEARTBEATS, { models: false });
  const pool = lab.start(['pool', '--data-dir', folder, ...GPU]);
  const url = await pool.url();
  const { node_id: nodeId } = await pool.line('node_status_changed', { to: 'ready' });
  const node = (): Promise<NodeView> =>
    sendRequest(Number(new URL(url).port), { path: `/api/v1/nodes/${String(nodeId)}` }).then((answer) => answer.json() as NodeView);
  await until(
    "the owner's load to be over the default limit",
    async () => ((await node()).resource_usage?.owner_cpu_percent ?? 0) >= DEFAULT_CPU_LIMIT_PERCENT,
    WAIT_LIMIT_MS,
  );
  const submit = ['submit', '--url', url, '--data-dir', folder, '--task', 'command', '--model', 'simulated-model', '--prompt', 'hello'];

  expect(await lab.run([...submit, '--wait'])).toMatchObject({ code: 0 });
  // Every decision that finds no node has this line, so the job found its node at the first one.
  expect(pool.lines.filter(({ event }) => event === 'dispatch_no_candidate')).toEqual([]);
  expect(pool.lines.filter(({ event }) => event === 'node_availability_changed').map(({ to }) => to)).not.toContain('busy');

  lab.start(['agent', '--data-dir', lab.dataDir('second'), '--scheduler', url.replace(/^http/, 'ws'), ...GPU]);
  await pool.line('node_availability_changed', { node_id: nodeId, to: 'busy' });
  expect((await node()).limits).toMatchObject({ cpu_percent: DEFAULT_CPU_LIMIT_PERCENT, set_by: { cpu: 'default' } });
  expect(await lab.run(submit)).toMatchObject({ code: 0 });
  expect((await pool.line('dispatch_no_candidate'))['reasons']).toMatchObject({ resource_threshold_exceeded: { examples: [nodeId] } });
});
