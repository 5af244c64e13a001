// Which jobs the store removes, and that their space is free afterwards.
import { expect, test } from 'vitest';
import { chatTask } from '../../support/job-pool';
import { finished, insert } from '../../support/stored-job-builders';
import { at } from '../../unit/scheduler/lifecycle/records';
import type { StoreEngine } from './store-engine';
import { useJobs } from './use-jobs';

const DAY_MS = 86_400_000;
const RETENTION = { keepMs: 1000, leastKeepMs: 0, maxFinished: 100, maxBytes: 1_000_000_000, keyMs: DAY_MS };

export function jobPruningContract(engine: StoreEngine): void {
  const used = useJobs(engine);
  const removed = (value: number) => ({ ok: true, value });

  test('job ends -> its task is removed; job removed -> its space is free', async () => {
    const { jobs } = used;
    const bytes = async () => {
      await jobs.measure();
      return jobs.usedBytes();
    };
    const large = 'x'.repeat(500_000);
    await jobs.commit({ inserts: [{ ...insert(1), task: JSON.stringify(chatTask(large)) }], changes: [] });
    const before = await bytes();
    await jobs.commit({ inserts: [], changes: [finished(1, 5)] });
    const ended = await bytes();
    expect(before - ended).toBeGreaterThan(400_000);
    await jobs.commit({ inserts: [], changes: [finished(1, 5, large)] });
    await jobs.prune(RETENTION, at(5000).wallMs, 10);
    expect(jobs.usedBytes()).toBeLessThanOrEqual(ended);
    expect(await bytes()).toBe(jobs.usedBytes());
  });

  test('too old or too many -> the oldest removed in batches, never live jobs or jobs with a key', async () => {
    const { jobs } = used;
    await jobs.commit({
      inserts: [insert(1), insert(2), insert(3), insert(4, 'k'), insert(5)],
      changes: [finished(1, 10), finished(2, 20), finished(3, 30), finished(4, 5)],
    });
    expect(await jobs.prune(RETENTION, at(1000).wallMs, 10)).toEqual(removed(0));
    expect(await jobs.prune({ ...RETENTION, maxFinished: 3 }, at(1000).wallMs, 10)).toEqual(removed(1));
    expect(await used.seqs()).toEqual([5, 4, 3, 2]);
    expect(await jobs.prune(RETENTION, at(5000).wallMs, 1)).toEqual(removed(1));
    expect(await used.seqs()).toEqual([5, 4, 3]);
    await jobs.prune(RETENTION, at(5000).wallMs, 10);
    expect(await used.seqs()).toEqual([5, 4]);
    await jobs.prune(RETENTION, at(DAY_MS + 5000).wallMs, 10);
    expect([await used.seqs(), await jobs.keyed('k', 0)]).toEqual([[5], null]);
    const left = await Promise.all(
      ['job_tasks', 'job_results', 'job_nodes'].map((table) => used.read(`SELECT seq FROM ${table} WHERE seq < 5`)),
    );
    expect(left).toEqual([[], [], []]);
  });

  test('too many bytes -> the oldest finished jobs removed, no more than needed', async () => {
    const { jobs } = used;
    const large = 'x'.repeat(1_000_000);
    await jobs.commit({
      inserts: [insert(1, 'k'), insert(2), insert(3), insert(4), { ...insert(5), task: JSON.stringify(chatTask(large)) }],
      changes: [finished(1, 1, large), finished(2, 2, large), finished(3, 3, large), finished(4, 4, large)],
    });
    expect(await jobs.prune({ ...RETENTION, maxBytes: 4_500_000 }, at(5).wallMs, 100)).toEqual(removed(1));
    expect(await used.seqs()).toEqual([5, 4, 3, 1]);
    expect(await jobs.prune({ ...RETENTION, maxBytes: 0, leastKeepMs: 10 }, at(5).wallMs, 100)).toEqual(removed(0));
    expect(await jobs.prune({ ...RETENTION, maxBytes: 4_500_000 }, at(5).wallMs, 100)).toEqual(removed(0));
    expect(await jobs.prune({ ...RETENTION, maxBytes: 0 }, at(5).wallMs, 1)).toEqual(removed(1));
    await jobs.prune({ ...RETENTION, maxBytes: 0 }, at(5).wallMs, 100);
    expect(await used.seqs()).toEqual([5, 1]);
  });

  test('large jobs -> smaller batches', async () => {
    const large = 'x'.repeat(10 * 1024 * 1024);
    await used.jobs.commit({
      inserts: [insert(1), insert(2), insert(3)],
      changes: [finished(1, 1, large), finished(2, 2, large), finished(3, 3, large)],
    });
    for (const value of [2, 1, 0]) expect(await used.jobs.prune(RETENTION, at(5000).wallMs, 100)).toEqual(removed(value));
  });
}
