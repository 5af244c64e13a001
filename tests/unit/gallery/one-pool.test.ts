// The answers of the fake program about the use of a pool, its members and its log: in each situation they are those of one pool.
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../../gallery/program';
import type { OperationName, OperationParams } from '../../../src/shared/api/app-api';
import type { ContributionTotals } from '../../../src/shared/api/gpu';
import type { AuditList, KeyView, MemberView } from '../../../src/shared/api/members';
import type { LogPage } from '../../../src/shared/api/logs';
import type { ReadyPoolModel } from '../../../src/shared/api/pool-models';
import type { PoolTotals } from '../../../src/shared/api/pool-history';
import type { Usage, UsageSubject } from '../../../src/shared/api/usage';
import { contributionAnswer } from '../../fixtures/app-states/contribution';
import { isNewPool, seesOwnAlone } from '../../fixtures/app-states/pools';
import { type Situation, SITUATIONS } from '../../fixtures/app-states/states';

const NAMES = Object.keys(SITUATIONS) as Situation[];
const WITH_NODES = NAMES.filter((name) => SITUATIONS[name]().nodes.length > 0);

function programOf(name: Situation) {
  const state = SITUATIONS[name]();
  const program = createProgram(state);
  const ask = async <Answer>(operation: OperationName, params: object = {}): Promise<Answer> => {
    const outcome = await program.call(operation, params);
    if (!outcome.ok) throw new Error(`${name} ${operation}: ${outcome.error.code}`);
    return outcome.value as Answer;
  };
  const usageBy = (by: UsageSubject) => ask<Usage>('pool.usage', { by } satisfies OperationParams<'pool.usage'>);
  return { state, ask, usageBy, nodeIds: state.nodes.map(({ node_id: id }) => id) };
}

describe.each(WITH_NODES)('%s', (name) => {
  test('use: by nodes and models of the pool, by its keys and members; its parts sum to the whole', async () => {
    const { state, ask, usageBy, nodeIds } = programOf(name);
    const [byNode, byModel, byKey] = [await usageBy('node'), await usageBy('model'), await usageBy('key')];
    expect(nodeIds).toEqual(expect.arrayContaining(byNode.rows.map(({ id }) => id)));
    const { models } = await ask<{ models: readonly ReadyPoolModel[] }>('pool.models').catch(() => ({ models: [] }));
    const known = [
      ...models.map(({ model_id: id }) => id),
      ...state.nodes.flatMap(({ installed_models: installed = [] }) => installed.map(({ model_id: id }) => id)),
    ];
    expect([...known, null]).toEqual(expect.arrayContaining(byModel.rows.map(({ id }) => id)));
    if (!seesOwnAlone(state)) {
      const { keys } = await ask<{ keys: readonly KeyView[] }>('keys.list');
      const { members } = await ask<{ members: readonly MemberView[] }>('members.list');
      expect([...keys, ...members].map(({ id }) => id)).toEqual(
        expect.arrayContaining(byKey.rows.map(({ id }) => id).filter((id) => id !== null)),
      );
    }
    for (const { rows, total } of [byModel, byKey])
      expect(rows.reduce((sum, { output_tokens: tokens }) => sum + tokens, 0)).toBe(total.output_tokens);
  });

  test('use of a week: as many tokens as seven times the last 24 h of the totals', async () => {
    const { state, ask, usageBy } = programOf(name);
    const { last_24h: day } = await ask<PoolTotals>('pool.totals');
    const { total } = await usageBy('key');
    if (isNewPool(state)) expect([day.output_tokens, day.jobs_ended, total.requests]).toEqual([0, 0, 0]);
    else if (!seesOwnAlone(state)) expect(Math.abs(total.output_tokens / (7 * day.output_tokens) - 1)).toBeLessThan(0.25);
  });

  test('members, acts and lines of the log: of nodes of the pool', async () => {
    const { ask, nodeIds } = programOf(name);
    const { members } = await ask<{ members: readonly MemberView[] }>('members.list');
    expect([null, ...nodeIds]).toEqual(expect.arrayContaining(members.map(({ node_id: id }) => id)));
    const { entries } = await ask<AuditList>('audit.list');
    const targets = entries.map(({ target }) => target).filter((target) => target?.startsWith('node-') === true);
    expect(nodeIds).toEqual(expect.arrayContaining(targets));
    const { lines } = await ask<LogPage>('logs.read');
    const named = lines.map(({ fields: { node_id: id } }) => id).filter((id) => id !== undefined);
    expect(nodeIds).toEqual(expect.arrayContaining(named));
  });
});

test.each(NAMES)('%s: contribution: the hours sum to the day, which is a part of the week', (name) => {
  for (const { today, last_7_days: week, jobs_by_hour: hours } of contributionAnswer(SITUATIONS[name]()).pools) {
    expect(hours.reduce((sum, jobs) => sum + jobs, 0)).toBe(today.jobs);
    for (const figure of Object.keys(week) as (keyof ContributionTotals)[])
      expect(week[figure] ?? 0).toBeGreaterThanOrEqual(today[figure] ?? 0);
  }
});

/** This computer is a node, and sees the use of its whole pool. */
const SEEING = WITH_NODES.filter((name) => {
  const state = SITUATIONS[name]();
  const isNode = state.nodes.some(({ node_id: id }) => id === state.agent?.node_id);
  return isNode && !isNewPool(state) && !seesOwnAlone(state);
});

test.each(SEEING)('%s: contribution: what the use of the pool by node counts for this computer', async (name) => {
  const { state, usageBy } = programOf(name);
  const row = (await usageBy('node')).rows.find(({ id }) => id === state.agent?.node_id);
  const { jobs, completion_tokens: tokens } = contributionAnswer(state).pools[0]?.last_7_days ?? {};
  expect([jobs, tokens]).toEqual([(row?.requests ?? 0) - (row?.failed ?? 0) - (row?.cancelled ?? 0), row?.output_tokens]);
});
