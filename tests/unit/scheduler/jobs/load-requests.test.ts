// The rounds of `load_request`: which nodes are asked, and how much one round reads.
import { expect, it } from 'vitest';
import { silentLogger } from '../../../../src/main/platform/logger';
import { LoadRequests, type LoadRequestsOptions } from '../../../../src/main/scheduler/jobs/load-requests';
import { WaitingJobs } from '../../../../src/main/scheduler/jobs/machine/waiting-jobs';
import type { NodeLink } from '../../../../src/main/scheduler/nodes/node-link';
import { ManualClock } from '../../../support/manual-clock';
import { aRecord } from '../lifecycle/records';
import { aJob } from './job-records';

const ROUND_MS = 2000;

/** `groups`: waiting jobs, all with different requirements. Returns the nodes asked and the checks of each round. */
function rounds(count: number, { nodes, groups, isSuited }: { nodes: number; groups: number; isSuited: boolean }) {
  const clock = new ManualClock();
  const waiting = new WaitingJobs();
  for (let i = 0; i < groups; i++)
    waiting.add(aJob({ jobId: String(i), seq: i, requirements: { requiredModels: [], public: true, minGpuMemoryGb: i } }));
  const nodeIds = Array.from({ length: nodes }, (_, i) => `node-${String(i)}`);
  let [asked, checks]: [string[], number] = [[], 0];
  const suits = (): boolean => {
    checks++;
    return isSuited;
  };
  const pool = {
    dispatcher: { suits },
    availability: { nodesIn: () => nodeIds },
    record: (nodeId: string) => aRecord({ nodeId }),
    linkOf: (nodeId: string) => ({ send: () => asked.push(nodeId) }) as unknown as NodeLink,
  } as unknown as LoadRequestsOptions['pool'];
  const requests = new LoadRequests({ table: { waiting }, pool, clock, logger: silentLogger });
  requests.start();
  return Array.from({ length: count }, () => {
    [asked, checks] = [[], 0];
    clock.advance(ROUND_MS);
    return { asked, checks };
  });
}

it('load requests: many busy nodes -> 256 in a round, then the others', () => {
  const [first, second] = rounds(2, { nodes: 300, groups: 1, isSuited: true });
  expect([first?.asked.length, second?.asked.length]).toEqual([256, 44]);
  expect(new Set([...(first?.asked ?? []), ...(second?.asked ?? [])]).size).toBe(300);
});

it('load requests: thousands of jobs that no node suits -> the checks of a round are bounded', () => {
  for (const { asked, checks } of rounds(3, { nodes: 300, groups: 3000, isSuited: false })) {
    expect(asked).toEqual([]);
    expect(checks).toBeGreaterThan(0);
    expect(checks).toBeLessThanOrEqual(23_000);
  }
});
