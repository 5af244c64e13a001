// When the host gets the notice that jobs of the pool wait because all nodes are full or busy.
import { describe, expect, test } from 'vitest';
import { FREE_MS, type FullPeriod, FULL_MS, stepFull } from '../../../../src/main/desktop/core/pool-full';
import type { Notice } from '../../../../src/main/desktop/core/notices';
import type { AppState } from '../../../../src/shared/api/app-state';
import { stateOf } from '../../../../src/shared/api/app-state';
import { nodeView, poolSummary } from '../../../fixtures/app-states/nodes';
import { joinedPool } from '../../../fixtures/app-states/pools';
import { appState, hosting } from '../../../fixtures/app-states/states';

const WAITING = { queued: 4, assigned: 1, running: 2 };
const full = nodeView('ready', { node_id: 'node-FULL0000', availability: { state: 'full', reasons: [], since: 1 } });
const busy = nodeView('ready', { node_id: 'node-BUSY0000', availability: { state: 'busy', reasons: [], since: 1 } });
const free = nodeView('ready', { node_id: 'node-FREE0000', availability: { state: 'available', reasons: [], since: 1 } });
const gone = { ...free, node_id: 'node-G0NE0000', online: false };

const pool = (nodes: AppState['nodes'] extends ReadonlyMap<string, infer N> ? readonly N[] : never, open = WAITING): AppState =>
  stateOf(hosting({ pool: poolSummary({ open_jobs: open }), nodes: [...nodes] }));

const FULL = pool([full, busy, gone]);
const FREE = pool([full, free]);
const NOTICE: Notice = { kind: 'pool_full', waiting: 4, nodes: 2 };

/** The notices of each state, at its time. */
function run(...steps: readonly (readonly [AppState, number])[]): readonly (readonly Notice[])[] {
  let period: FullPeriod | null = null;
  return steps.map(([state, now]) => {
    const step = stepFull(period, state, now);
    ({ period } = step);
    return step.notices;
  });
}

describe('pool full', () => {
  test('full for five minutes -> one notice; full for longer -> no other', () => {
    expect(run([FULL, 1000], [FULL, 1000 + FULL_MS - 1], [FULL, 1000 + FULL_MS], [FULL, 1000 + 9 * FULL_MS])).toEqual([
      [],
      [],
      [NOTICE],
      [],
    ]);
  });

  test('node free for a moment between two jobs -> the same period', () => {
    expect(run([FULL, 0], [FREE, FULL_MS - FREE_MS], [FULL, FULL_MS - 1], [FULL, FULL_MS])).toEqual([[], [], [], [NOTICE]]);
  });

  test('node free for a minute -> a new period', () => {
    expect(
      run([FULL, 0], [FULL, FULL_MS], [FREE, FULL_MS + 1], [FREE, FULL_MS + 1 + FREE_MS], [FULL, 2 * FULL_MS], [FULL, 3 * FULL_MS]),
    ).toEqual([[], [NOTICE], [], [], [], [NOTICE]]);
  });

  test.each<[string, AppState]>([
    ['a node is available', FREE],
    ['no job waits', pool([full], { ...WAITING, queued: 0 })],
    ['no node takes jobs', pool([gone])],
    ['pool of others', stateOf(appState({ pool: joinedPool({ open_jobs: WAITING }), nodes: [full] }))],
  ])('%s -> none', (_title, state) => {
    expect(run([state, 0], [state, FULL_MS], [state, 2 * FULL_MS])).toEqual([[], [], []]);
  });
});
