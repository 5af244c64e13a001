import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { JOB_DATABASE } from '../../../../src/main/scheduler/database/migrations';
import { openDatabase } from '../../../../src/main/scheduler/database/open-database';
import { StoredTasks } from '../../../../src/main/scheduler/jobs/stored-tasks';
import { chatTask } from '../../../support/job-pool';
import { temporaryDir } from '../../../support/test-scheduler';
import { TASK } from './stored-jobs';

it('task of an interactive job: in the database -> encrypted; not readable when damaged, or by the next program', () => {
  const folder = temporaryDir();
  const opened = openDatabase(path.join(folder.dir, 'jobs.db'), JOB_DATABASE);
  if (!opened.ok) throw new Error(opened.error.code);
  const database = opened.value;
  onTestFinished(() => {
    database.close();
    folder.remove();
  });
  const tasks = new StoredTasks(database);
  tasks.insert(1, TASK, true);
  const row = database.prepare('SELECT task, sealed FROM job_tasks').get();
  const sealed = Buffer.from(row?.['sealed'] as Uint8Array);
  expect([tasks.task(1)?.text, row?.['task'], sealed.includes('hello')]).toEqual([TASK, '', false]);
  expect(tasks.task(1)).toEqual({ text: TASK, isStreamed: false, task: chatTask() });
  expect(new StoredTasks(database).task(1)).toBeNull();
  for (const damaged of [Buffer.from(sealed).fill(0, 40), sealed.subarray(0, 20)]) {
    database.prepare('UPDATE job_tasks SET sealed = ?').run(damaged);
    expect(tasks.task(1)).toBeNull();
  }
  tasks.delete(1);
  tasks.insert(1, TASK, false);
  expect([new StoredTasks(database).task(1)?.text, tasks.bytesOf(1)]).toEqual([TASK, TASK.length]);
});
