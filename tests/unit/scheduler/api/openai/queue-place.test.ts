// The answer of `GET /v1/queue`: place, wait and what would help, from the view of a job.
import { expect, test } from 'vitest';
import { queuePlaceSchema } from '../../../../../src/shared/api/queue';
import type { WaitingView } from '../../../../../src/shared/api/job';
import { EXCLUSION_REASONS } from '../../../../../src/shared/protocol/status';
import { queuePlaceOf } from '../../../../../src/main/scheduler/api/openai/core/queue-place';
import { jobView } from '../../../../support/job-views';
import { hold } from '../../../../fixtures/app-states/predictions';

const waiting = (change: Partial<WaitingView> = {}): WaitingView => ({
  since: 1,
  not_before: null,
  blocked_by: null,
  ahead: 3,
  reasons: {},
  nodes_total: 4,
  nodes: [],
  ...change,
});
const full = { filter: 'capacity', code: 'capacity_exceeded', wanted: { below: 2 }, found: 2 } as const;
const busy = { filter: 'resource_use', code: 'resource_threshold_exceeded', wanted: { gpu: 25 }, found: { gpu: 80 } } as const;

test('queue place: place, wait, and the reasons of most nodes first, with what they wanted and found', () => {
  const view = jobView({
    waiting: waiting({
      wait_seconds: 12.5,
      reasons: { resource_threshold_exceeded: { count: 1, examples: ['n3'] }, capacity_exceeded: { count: 3, examples: ['n1', 'n2'] } },
      nodes: [
        { node_id: 'n3', excluded: [busy] },
        { node_id: 'n1', excluded: [full, busy] },
      ],
    }),
  });
  const answer = queuePlaceOf(view, 'en');
  expect(queuePlaceSchema.parse(answer)).toEqual(answer);
  expect(answer).toEqual({
    object: 'queue.place',
    job: view.job_id,
    status: view.status,
    model: view.task.model,
    place: 4,
    wait_seconds: 12.5,
    not_before: null,
    help: [
      {
        code: 'capacity_exceeded',
        message: 'no free job slot. New jobs start when a slot is free.',
        nodes: { count: 3, examples: ['n1', 'n2'] },
        example: { node_id: 'n1', wanted: { below: 2 }, found: 2 },
      },
      {
        code: 'resource_threshold_exceeded',
        message: 'load at its limit. New jobs start when the load drops below the limit.',
        nodes: { count: 1, examples: ['n3'] },
        example: { node_id: 'n3', wanted: { gpu: 25 }, found: { gpu: 80 } },
      },
    ],
  });
  expect(queuePlaceOf(view, 'zh').help[0]?.message).toBe('没有空闲的任务槽位。有空闲槽位后恢复接收任务。');
});

test.each([
  ['wait not known -> left out', waiting(), []],
  ['the disk is full', waiting({ blocked_by: 'storage_full' }), ['storage_full']],
  ['no nodes', waiting({ nodes_total: 0 }), ['no_nodes']],
  ['held for a full node', waiting({ held: { ...hold, until: 9 } }), ['held_for_node']],
  ['a node is being woken', waiting({ wake: { node_id: 'n1', since: null, seconds: null } }), ['node_waking']],
  ['a reason of a later version -> left out', waiting({ reasons: { moon_phase: { count: 1, examples: [] } } }), []],
])('queue place: %s', (_title, view, codes) => {
  const answer = queuePlaceOf(jobView({ waiting: view }), 'en');
  expect(answer).not.toHaveProperty('wait_seconds');
  expect(answer.help.map(({ code }) => code)).toEqual(codes);
});

test('queue place: a job that does not wait -> no place, no help', () => {
  expect(queuePlaceOf(jobView({ status: 'running', waiting: null }), 'en')).toMatchObject({ status: 'running', place: null, help: [] });
});

test('queue place: every reason -> fits the schema', () => {
  const reasons = Object.fromEntries(EXCLUSION_REASONS.map((code) => [code, { count: 1, examples: ['n1'] }]));
  const view = waiting({ reasons, blocked_by: 'storage_full', held: { ...hold, until: 9 } });
  expect(queuePlaceSchema.safeParse(queuePlaceOf(jobView({ waiting: view }), 'zh')).success).toBe(true);
});
