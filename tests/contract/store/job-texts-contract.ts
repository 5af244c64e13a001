// Tasks and results in the database: sealed tasks of interactive jobs, damaged rows, and rows of earlier versions, which have texts.
import { expect, test } from 'vitest';
import type { JobInsert } from '../../../src/main/scheduler/jobs/job-store';
import { toStoredJob } from '../../../src/main/scheduler/jobs/machine/stored-job';
import { chatTask } from '../../support/job-pool';
import { finished, insert, TASK } from '../../support/stored-job-builders';
import { played } from '../../unit/scheduler/jobs/job-records';
import type { StoreEngine } from './store-engine';
import { useJobs } from './use-jobs';

const STORED = { text: TASK, isStreamed: false, task: chatTask() };
const interactive: JobInsert = { job: toStoredJob(played([], { jobId: 'job-1', seq: 1, interactive: true })), task: TASK, key: null };

export function jobTextsContract(engine: StoreEngine): void {
  const used = useJobs(engine);

  test('task of an interactive job: in the database -> encrypted; not readable when damaged, or by the next program', async () => {
    await used.jobs.commit({ inserts: [interactive], changes: [] });
    const [row] = await used.read('SELECT task, body, sealed FROM job_tasks');
    const sealed = Buffer.from(row?.['sealed'] as Uint8Array);
    expect([row?.['task'], row?.['body'], sealed.includes('hello')]).toEqual(['', null, false]);
    expect(await used.jobs.task(1)).toEqual(STORED);
    expect(await used.restart().task(1)).toBeNull();
    for (const damaged of [Buffer.from(sealed).fill(0, 40), sealed.subarray(0, 20)]) {
      await used.change('UPDATE job_tasks SET sealed = ?', damaged);
      expect(await used.jobs.task(1)).toBeNull();
    }
  });

  test('task of a stored job -> readable by the next program; damaged or unknown -> null', async () => {
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    expect(await used.restart().task(1)).toEqual(STORED);
    for (const damaged of ['{', '{"kind":"openai","path":"/v1/retired","body":{"model":"m"}}']) {
      await used.change('UPDATE job_tasks SET body = ?', Buffer.from(damaged));
      expect(await used.jobs.task(1)).toBeNull();
    }
  });

  test('task of an earlier version, a text -> read, also Chinese; damaged -> null; removed when its job succeeds', async () => {
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    const text = JSON.stringify(chatTask('\u4f60\u597d'));
    await used.change('UPDATE job_tasks SET task = ?, body = NULL', text);
    expect(await used.jobs.task(1)).toEqual({ text, isStreamed: false, task: chatTask('\u4f60\u597d') });
    await used.change('UPDATE job_tasks SET task = ?', '{');
    expect(await used.jobs.task(1)).toBeNull();
    await used.jobs.commit({ inserts: [], changes: [finished(1, 9)] });
    expect(await used.read('SELECT seq FROM job_tasks')).toEqual([]);
  });

  test('result of an earlier version, a text -> read in all forms', async () => {
    const { job, result } = finished(1, 9, '\u4f60\u597d');
    await used.jobs.commit({ inserts: [insert(1)], changes: [{ job, result }] });
    const forms = async () => [
      await used.jobs.result(1),
      Buffer.from((await used.jobs.resultJson(1)) ?? []).toString(),
      await used.jobs.resultWithoutOutput(1),
      await used.jobs.resultBytes('job-1'),
    ];
    const text = JSON.stringify(result);
    const expected = [result, text, { ...result, output: null }, Buffer.byteLength(text)];
    expect(await forms()).toEqual(expected);
    await used.change('UPDATE job_results SET result = ?, body = NULL, summary = NULL', text);
    expect(await forms()).toEqual(expected);
  });

  test('result without output -> read from its summary, not from the result', async () => {
    const ended = finished(1, 9);
    await used.jobs.commit({ inserts: [insert(1)], changes: [ended] });
    await used.change('UPDATE job_results SET body = ?', Buffer.from('damaged'));
    expect(await used.jobs.resultWithoutOutput(1)).toEqual({ ...ended.result, output: null });
  });

  test('no result -> null, 0 bytes', async () => {
    await used.jobs.commit({ inserts: [insert(1)], changes: [] });
    const { jobs } = used;
    expect([await jobs.result(1), await jobs.resultJson(1), await jobs.resultWithoutOutput(1)]).toEqual([null, null, null]);
    expect([await jobs.resultBytes('job-1'), await jobs.resultBytes('unknown')]).toEqual([0, 0]);
  });
}
