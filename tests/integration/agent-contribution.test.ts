// What a computer gave to its pool: jobs, time and energy, counted by a real agent over restarts.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { known, NOTHING_REPORTED } from '../../src/main/hardware/parse/reading';
import { contributionSchema } from '../../src/shared/api/gpu';
import { useAgentBench } from '../support/agent-bench';
import { gpu } from '../support/fake-hardware';
import { assignOf, resultOf, WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { until } from '../support/until';

const bench = useAgentBench();
const inState = (name: string) => path.join(bench().folder, name);
const live = (powerW: number | null) => ({
  ...NOTHING_REPORTED,
  utilizationPercent: known(80),
  ...(powerW === null ? {} : { powerW: known(powerW) }),
});

async function connected(powerW: number | null = 200) {
  bench().hardware.adapters = [gpu({ live: live(powerW) })];
  bench().hardware.share = { ownerPercent: 20, ownerMeanPercent: 20, poolMemoryGb: 2, programs: null };
  const agent = await bench().connected();
  return { agent, connection: await bench().scheduler.connection(0) };
}

test('a job: counted with its time and energy for its pool; kept over a restart', async () => {
  const folder = writeCommandModel(inState('models'), 'slow', { argv: WAIT_FOR_GO });
  const { agent, connection } = await connected();
  connection.send(assignOf('j1', { model_id: 'slow' }));
  await connection.next('job_accepted');
  await bench().readLoads(4);
  writeFileSync(path.join(folder, 'go'), '');
  await resultOf(connection, 'j1');
  await until('the job to be counted', () => agent.contribution().pools[0]?.today.jobs === 1);
  await bench().readLoads(1);
  const [pool] = contributionSchema.parse(agent.contribution()).pools;
  expect(pool).toMatchObject({ pool: bench().scheduler.url, is_current: true, today: { jobs: 1, failed_jobs: 0 } });
  // Four readings of 2.5 s at 200 W, of which the pool uses three quarters.
  expect(pool?.today.gpu_ms).toBeGreaterThanOrEqual(10_000);
  expect(pool?.today.energy_wh).toBeCloseTo(((pool?.today.gpu_ms ?? 0) * 150) / 3_600_000, 3);
  expect(pool?.jobs_by_hour.reduce((sum, jobs) => sum + jobs, 0)).toBe(1);
  const after = await bench().restarted(agent);
  expect(after.contribution().pools[0]).toEqual({ ...pool, is_current: false });
});

test('no power reported -> no energy', async () => {
  const folder = writeCommandModel(inState('models'), 'slow', { argv: WAIT_FOR_GO });
  const { agent, connection } = await connected(null);
  connection.send(assignOf('j1', { model_id: 'slow' }));
  await connection.next('job_accepted');
  await bench().readLoads(4);
  expect(agent.contribution().pools[0]?.today).toMatchObject({ energy_wh: null });
  expect(agent.contribution().pools[0]?.today.gpu_ms).toBeGreaterThanOrEqual(5000);
  writeFileSync(path.join(folder, 'go'), '');
  await resultOf(connection, 'j1');
});

test('job cancelled by its scheduler -> its time counts, and no failed job', async () => {
  writeCommandModel(inState('models'), 'slow', { argv: WAIT_FOR_GO });
  const { agent, connection } = await connected();
  connection.send(assignOf('j1', { model_id: 'slow' }));
  await connection.next('job_accepted');
  await bench().readLoads(4);
  connection.send({ type: 'job_cancel', job_id: 'j1', attempt: 1, reason: 'submitter' });
  await resultOf(connection, 'j1');
  await bench().readLoads(1);
  expect(agent.contribution().pools[0]?.today).toMatchObject({ jobs: 0, failed_jobs: 0 });
  expect(agent.contribution().pools[0]?.today.gpu_ms).toBeGreaterThanOrEqual(5000);
});

test('file damaged -> counts start again, with a log line', async () => {
  writeFileSync(inState('contribution.json'), JSON.stringify({ version: 1, days: [{ day: 'soon', pools: [] }] }));
  const agent = await bench().open();
  expect(agent.contribution().pools).toEqual([]);
  expect(bench().lines.filter(({ event }) => event === 'contribution_forgotten')).toMatchObject([
    { level: 'warn', fields: { reason: 'damaged' } },
  ]);
});
