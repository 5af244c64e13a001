// The pause of a real agent at a real scheduler over restarts of both, a sleep and its end, each with a manual clock.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Agent } from '../../src/main/agent/agent';
import { pauseFileOf, writePause } from '../../src/main/agent/pause-file';
import { linkIs, useAgentBench } from '../support/agent-bench';
import { nodeOf } from '../support/job-pool';
import { startTestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';
import { useKeptScheduler } from '../support/use-kept-scheduler';

const HOUR_MS = 3_600_000;
const bench = useAgentBench();
const pool = useKeptScheduler();
async function join(agent: Agent): Promise<void> {
  agent.connectTo({ url: pool.scheduler.url.replace(/^http/, 'ws'), joinToken: null });
  await agent.start();
  await linkIs(agent, 'connected');
}

const stateIs = (agent: Agent, state: string) =>
  until(`the availability ${state}`, () => agent.view().node_status?.message.availability?.state === state);

/** What the pool knows of the node. */
const seen = (agent: Agent) => nodeOf(pool.scheduler.port, agent.view().node_id ?? '');

test('paused, agent restarts, scheduler restarts, end passes -> paused on both sides until its end', async () => {
  const first = await bench().open();
  await join(first);
  // Shorter than the time after which a silent connection is closed.
  const end = bench().clock.wallMs() + 20_000;
  first.pause(end, 'finish');
  await stateIs(first, 'paused');
  expect(await seen(first)).toMatchObject({ pause: { reason_code: 'owner', until: end, running_jobs: 'finish' } });

  await first.stop({ timeoutMs: 5000 });
  const second = await bench().open();
  expect(second.view().pause).toEqual(first.view().pause);
  await join(second);
  await stateIs(second, 'paused');
  expect(await seen(second)).toMatchObject({ online: true, pause: { until: end } });

  const { port } = pool.scheduler;
  await pool.scheduler.stop();
  await linkIs(second, 'reconnecting');
  await pool.start(port);
  bench().clock.advance(1000);
  await linkIs(second, 'connected');
  await stateIs(second, 'paused');
  expect(await seen(second)).toMatchObject({ online: true, pause: { until: end } });

  bench().clock.advance(end - bench().clock.wallMs());
  expect(second.view().pause).toBeNull();
  await until('the pool to know', async () => (await seen(second)).pause === null);
  expect(await seen(second)).toMatchObject({ status: 'registering', pause: null });
});

test('end passes while the agent is stopped -> comes back unpaused', async () => {
  const first = await bench().open();
  await join(first);
  first.pause(bench().clock.wallMs() + HOUR_MS, 'finish');
  await stateIs(first, 'paused');
  await first.stop({ timeoutMs: 0 });
  bench().clock.sleep(2 * HOUR_MS);
  const second = await bench().open();
  await join(second);
  expect(second.view().pause).toBeNull();
  await stateIs(second, 'registering');
  expect(await seen(second)).toMatchObject({ status: 'registering', pause: null });
});

test('end passes while the machine sleeps -> unpaused after it wakes', async () => {
  const agent = await bench().open();
  await join(agent);
  agent.pause(bench().clock.wallMs() + HOUR_MS, 'finish');
  await stateIs(agent, 'paused');
  await agent.suspend();
  bench().clock.sleep(2 * HOUR_MS);
  await agent.wake();
  await linkIs(agent, 'connected');
  await stateIs(agent, 'registering');
  expect(await seen(agent)).toMatchObject({ pause: null });
});

test('another process writes the pause, then asks to share -> applied without a restart', async () => {
  const agent = await bench().open();
  await join(agent);
  const owner = { sinceWallMs: bench().clock.wallMs(), untilWallMs: null, runningJobs: 'finish' } as const;
  writePause(pauseFileOf(bench().folder), { owner, overridden: [], isShareRequested: false });
  bench().clock.advance(2000);
  await stateIs(agent, 'paused');
  writePause(pauseFileOf(bench().folder), { owner: null, overridden: [], isShareRequested: true });
  bench().clock.advance(2000);
  await stateIs(agent, 'registering');
});

test('paused, joins another pool -> paused there too', async () => {
  const agent = await bench().open();
  await join(agent);
  agent.pause(null, 'finish');
  await stateIs(agent, 'paused');
  const other = await startTestScheduler();
  try {
    agent.connectTo({ url: other.url.replace(/^http/, 'ws'), joinToken: null });
    await until('the other pool to pause it', async () => {
      const id = agent.view().node_id;
      return id !== null && agent.view().link.state === 'connected' && (await nodeOf(other.port, id)).pause?.reason_code === 'owner';
    });
  } finally {
    agent.connectTo(null);
    await other.stop();
  }
});

test('identity is lost while paused -> the new node is paused', async () => {
  const first = await bench().open();
  await join(first);
  first.pause(null, 'finish');
  await stateIs(first, 'paused');
  const { node_id: before } = first.view();
  await first.stop({ timeoutMs: 0 });
  rmSync(path.join(bench().folder, 'identity.json'));
  const second = await bench().open();
  await join(second);
  await stateIs(second, 'paused');
  expect(second.view().node_id).not.toBe(before);
  expect(await seen(second)).toMatchObject({ pause: { reason_code: 'owner' } });
});
