// A pool that was joined by digits, the limit of the pool, the page Usage with other periods and without use, and the page Members of a caller
// who is no owner.
import { hrefOf, OTHER_POOLS_ID } from '../src/renderer/routes';
import { fail, ok } from '../src/shared/result';
import { agentView, connected } from '../tests/fixtures/app-states/agents';
import { clusterOfMixedVersions, clusterOfOne, clusterWithBus, clusterWithMissing } from '../tests/fixtures/app-states/clusters';
import { readyModels } from '../tests/fixtures/app-states/sample-models';
import { SITUATIONS } from '../tests/fixtures/app-states/states';
import { nearbyAttempt, nearbyView } from '../tests/fixtures/app-states/trust';
import { noUsage } from '../tests/fixtures/app-states/usage';
import type { Opening } from './openings';
import { until } from './user';

const usage = (change: Partial<Opening>): Opening => ({ situation: 'ready', page: 'usage', until: '#root main table', ...change });

const show =
  (...filters: readonly (readonly [key: string, value: string])[]) =>
  (): void => {
    location.hash = hrefOf({ page: 'usage', filters: filters.map(([key, value]) => ({ key, value })) });
  };

const cluster = (change: Partial<Opening>): Opening => ({ situation: 'in_cluster', page: 'cluster', until: '#root main table', ...change });

const found = (elements: NodeListOf<HTMLElement>): readonly HTMLElement[] | null => (elements.length === 0 ? null : [...elements]);

/** The computer is then in the pool, which is not among the pools nearby any more. */
const nearbyJoined: Opening = {
  situation: 'nearby',
  page: 'pool',
  id: OTHER_POOLS_ID,
  act(_user, api) {
    const attempt = nearbyAttempt({ stage: 'joined', digits: null, expires_at: null });
    const pools = nearbyView().pools.filter(({ id }) => id !== attempt.pool_id);
    const link = { ...connected, scheduler_url: `wss://${attempt.address}` };
    const joined = SITUATIONS.member_of_pool();
    const state = { ...joined, agent: agentView({ link }), nearby: nearbyView({ attempt, pools }) };
    api.answer('pool.models', ok({ models: readyModels(state.nodes) }));
    api.emit.onEvent({ type: 'snapshot', state });
  },
  until: '#root main h1',
};

export const POOL_OPENINGS = {
  'nearby-joined': nearbyJoined,
  'members-share-first': {
    situation: 'simulated',
    page: 'members',
    act: (user) => user.press('members.invite'),
    until: '[role="dialog"] button',
  },
  'members-change-key': {
    situation: 'ready',
    page: 'members',
    act: (user) => user.pressLabelled('key_limits.change_title', { name: 'open-webui' }),
    until: '[role="dialog"] fieldset',
  },
  'members-change-role': {
    situation: 'ready',
    page: 'members',
    async act(user) {
      await user.pressLabelled('change_role.title', { name: 'alice-laptop' });
      const roles = await until('the roles', () => found(document.querySelectorAll<HTMLElement>('[role="dialog"] input[type="checkbox"]')));
      for (const role of roles.slice(0, 2)) role.click();
    },
    until: '[role="dialog"] [role="status"] p',
  },
  'members-not-owner': {
    situation: 'scheduler_alone',
    page: 'members',
    answers: { 'members.list': fail({ code: 'FORBIDDEN', message: '', details: null }) },
    until: '#root main section p',
  },
  'pool-limit': {
    situation: 'mixed_pool',
    page: 'pool',
    async act(user) {
      await user.press('pool_overview.attention_all', { formatted: '8' });
      await user.press('pool_overview.item.set_limit');
    },
    until: '[role="dialog"] input',
  },
  'usage-year': usage({ act: show(['period', '1y'], ['by', 'model'], ['measure', 'gpu']) }),
  'usage-custom': usage({
    act: show(['period', 'custom'], ['by', 'node'], ['from', '2026-11-20'], ['to', '2026-11-10']),
    until: 'input[aria-invalid="true"]',
  }),
  'usage-one-key': usage({ act: show(['by', 'model'], ['key', 'key-open-webui']) }),
  'usage-none': usage({ answers: { 'pool.usage': ok(noUsage) }, until: '#root main section p' }),
  'cluster-missing': cluster({ answers: { 'pool.cluster': ok(clusterWithMissing()) } }),
  'cluster-mixed-versions': cluster({ answers: { 'pool.cluster': ok(clusterOfMixedVersions()) } }),
  'cluster-only-one': cluster({ answers: { 'pool.cluster': ok(clusterOfOne()) } }),
  'cluster-bus': cluster({ answers: { 'pool.cluster': ok(clusterWithBus()) } }),
  'cluster-bus-step-down': cluster({
    answers: { 'pool.cluster': ok(clusterWithBus()) },
    act: (user) => user.press('cluster.step_down'),
    until: '[role="dialog"] li',
  }),
  'cluster-step-down': cluster({ act: (user) => user.press('cluster.step_down'), until: '[role="dialog"] li' }),
  'cluster-waiting': cluster({
    act: async (user) => {
      await user.press('cluster.step_down');
      await user.press('cluster.step_down_do');
    },
    until: '#root main p[role="status"]',
  }),
  'cluster-lost': cluster({ act: (_user, api) => api.emit.onConnection('lost'), until: '#root main [role="alert"]' }),
  'cluster-not-leader': cluster({
    act: (_user, api) => api.emit.onConnection('lost', 'atelier-2.example:7080'),
    until: '#root main [role="alert"] a',
  }),
} as const satisfies Record<string, Opening>;
