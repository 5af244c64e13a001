// The trial of a node with waiting jobs of which some are held for another node.
import { expect, test } from 'vitest';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import { NodeTrial } from '../../../../src/main/scheduler/jobs/node-trial';
import { aRecord } from '../lifecycle/records';
import { aJob } from './job-records';

test('node trial: 20 held jobs -> 16 judged again, then the jobs that are not held', () => {
  const waiting = new WaitingJobs();
  for (let seq = 1; seq <= 22; seq++)
    waiting.add(aJob({ jobId: `job-${String(seq)}`, seq, requirements: { requiredModels: [], public: true } }));
  const isHeld = (jobId: string): boolean => Number(jobId.slice(4)) <= 20;
  const node = aRecord();
  const trial = new NodeTrial({ nodeId: node.nodeId, groups: waiting.groupsFor(node), suits: () => true, isHeld });
  trial.search(() => true);
  const judged: string[] = [];
  for (let job = trial.next(); job !== null; job = trial.next()) {
    judged.push(job.jobId);
    if (isHeld(job.jobId)) trial.skip(job);
    else waiting.delete(job);
  }
  expect(judged).toEqual([...Array.from({ length: 16 }, (_, i) => `job-${String(i + 1)}`), 'job-21', 'job-22']);
});
