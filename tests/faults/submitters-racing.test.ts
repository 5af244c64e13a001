// Many submitters use one idempotency key at once, over sockets and as programs, also while the scheduler is killed at its kill
// points. The result is always one job.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { FaultPool } from '../support/faults/fault-pool';
import type { KillPoint } from '../support/faults/fault-scheduler';
import { MODEL } from '../support/faults/fault-node';
import { useFaultPool } from '../support/faults/use-fault-pool';
import { until } from '../support/until';

const SOCKETS = 40;
const PROGRAMS = 3;
const WAIT_LIMIT_MS = 30_000;

const pool = useFaultPool({ nodes: 1 });

interface Race {
  readonly name: string;
  readonly key: string;
}

/** Repeats a request that got no answer, as a submitter that needs its job does. */
const insist = (lab: FaultPool, race: Race): Promise<string> =>
  until(
    `an answer to ${race.key}`,
    async () => {
      const answer = await lab.submit(race).catch(() => null);
      if (answer === null) return null;
      if (answer.status !== 202) throw new Error(`${String(answer.status)} ${answer.text}`);
      return (answer.json() as { readonly job_id: string }).job_id;
    },
    WAIT_LIMIT_MS,
  );

const newRace = (lab: FaultPool): Race => {
  const name = lab.newName();
  return { name, key: `key-of-${name}` };
};
const sockets = (lab: FaultPool, race: Race): Promise<string>[] => Array.from({ length: SOCKETS }, () => insist(lab, race));
const idsOf = async (answers: readonly Promise<string>[]): Promise<readonly string[]> => [...new Set(await Promise.all(answers))];

test('idempotency key: sockets and programs race -> one job, another body refused', async () => {
  const lab = pool();
  const race = newRace(lab);
  const file = path.join(lab.lab.folder, 'job.json');
  const body = { model: MODEL, stream: false, messages: [{ role: 'user', content: `${race.name}|say` }] };
  writeFileSync(file, JSON.stringify({ task: { kind: 'openai', path: '/v1/chat/completions', body }, max_attempts: 3 }));
  const programs = Array.from({ length: PROGRAMS }, async () => {
    const { stdout, stderr } = await lab.lab.run([
      'submit',
      file,
      '--url',
      `http://127.0.0.1:${String(lab.port)}`,
      // With the owner key, as the sockets: keys count per submitter.
      '--data-dir',
      path.join(lab.lab.folder, 'scheduler-data'),
      '--idempotency-key',
      race.key,
      '--json',
    ]);
    if (stdout === '') throw new Error(stderr);
    return (JSON.parse(stdout) as { readonly job_id: string }).job_id;
  });
  const ids = await idsOf([...programs, ...sockets(lab, race)]);
  expect(ids).toHaveLength(1);
  expect(await lab.storedCount()).toBe(1);
  const other = await lab.submit({ ...race, behaviour: 'wait 1' });
  expect(other.status).toBe(422);
  expect(other.json()).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_REUSED' } });
});

const KILLS: readonly KillPoint[] = [
  { side: 'after', act: 'receive:POST /api/v1/jobs', nth: 5 },
  { side: 'before', act: 'commit:key', nth: 1 },
  { side: 'after', act: 'commit:key', nth: 1 },
  { side: 'before', act: 'answer:POST /api/v1/jobs', nth: 1 },
  { side: 'after', act: 'answer:POST /api/v1/jobs', nth: 7 },
];

test.each(KILLS)('idempotency key: scheduler killed $side $act -> one job', async (point) => {
  const lab = pool();
  const before = await lab.storedCount();
  await lab.killScheduler();
  await lab.startScheduler(point);
  const race = newRace(lab);
  const answers = sockets(lab, race);
  await lab.recordSchedulerEnd();
  expect(lab.scheduler.output).toContain(`killed ${point.side} ${point.act}`);
  await lab.startScheduler();
  expect(await idsOf(answers)).toHaveLength(1);
  expect(await lab.storedCount()).toBe(before + 1);
});
