// Reading the result of a job that another key sent is an act in the audit log.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AuditEntry, Role } from '../../src/shared/api/members';
import { sendRequest } from '../support/http-api';
import { submit } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;
beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(() => scheduler.stop());

async function keyOf(name: string, roles: readonly Role[]): Promise<Record<string, string>> {
  const made = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body: { name, roles } });
  return { authorization: `Bearer ${(made.json() as { key: string }).key}` };
}

it('operator reads and follows a job of another key -> two entries; own jobs, and jobs without contents -> none', async () => {
  const [client, operator, viewer] = [
    await keyOf('client', ['client']),
    await keyOf('operator', ['operator']),
    await keyOf('viewer', ['viewer']),
  ];
  const jobOf = async (headers: Record<string, string>): Promise<string> =>
    ((await submit(scheduler.port, {}, headers)).json() as { job_id: string }).job_id;
  const [foreign, own] = [await jobOf(client), await jobOf(operator)];
  const read = (id: string, headers: Record<string, string>) => sendRequest(scheduler.port, { path: `/api/v1/jobs/${id}`, headers });
  for (const [id, headers] of [
    [foreign, client],
    [foreign, viewer],
    [own, operator],
    [foreign, operator],
  ] as const)
    expect((await read(id, headers)).status).toBe(200);
  const events = await fetch(`${scheduler.url}/api/v1/jobs/${foreign}/events`, { headers: operator });
  expect(events.status).toBe(200);
  await events.body?.cancel();
  const { entries } = (await sendRequest(scheduler.port, { path: '/api/v1/audit' })).json() as { entries: readonly AuditEntry[] };
  const reads = entries.filter(({ action }) => action === 'job.read_content');
  expect(new Set(reads.map(({ who_name: who, target }) => `${who} ${String(target)}`))).toEqual(new Set([`operator ${foreign}`]));
  expect(reads.reduce((sum, entry) => sum + entry.count, 0)).toBe(2);
});
