// The names of models against a pool: which state of a model a name sees, new aliases, and how often the pool is read.
import { expect, test } from 'vitest';
import { ModelNames } from '../../../../../src/main/scheduler/api/client-apis/model-names';
import type { OpenAiPool } from '../../../../../src/main/scheduler/api/openai/openai-requests';
import type { PoolModel } from '../../../../../src/main/scheduler/dispatch/pool-models';
import type { Explanation } from '../../../../../src/shared/api/dispatch';
import { ManualClock } from '../../../../support/manual-clock';

const PATH = '/v1/chat/completions' as const;
const request = { caller: { principal: null, scope: 'all' }, paths: [PATH] } as never;
const model = (modelId: string): PoolModel => ({
  modelId,
  kind: 'llm',
  nodesReady: 1,
  nodesLoaded: 0,
  nodesInstalled: 1,
  nodesFailing: 0,
  tasks: [PATH],
  vramGb: null,
  speeds: { sum: 0, count: 0 },
});

/** `reasons`: why no node takes a job for the model now; null: a node takes it. */
function poolOf(reasons: Readonly<Record<string, readonly string[] | null>>) {
  let reads = 0;
  const pool: Pick<OpenAiPool, 'readyModels' | 'offerOf' | 'explain'> = {
    readyModels() {
      reads++;
      return Promise.resolve([model('ready')]);
    },
    offerOf: (modelId) => (modelId in reasons ? { kind: 'may_run' } : { kind: 'no_model' }),
    explain: ({ required_models: [modelId = ''] }) => {
      const codes = reasons[modelId] ?? [];
      return {
        chosen: reasons[modelId] === null ? { node_id: 'n' } : null,
        reasons: Object.fromEntries(codes.map((code) => [code, { count: 1, examples: [] }])),
      } as unknown as Explanation;
    },
  };
  return { pool, reads: () => reads };
}

const modelOf = async (names: ModelNames, name: string) => {
  const choice = await names.choose({ model: name }, request);
  return choice.ok ? (choice.value?.model ?? null) : choice.error.error.code;
};

test.each<readonly [string, readonly string[] | null, string]>([
  ['a node takes it', null, 'first'],
  ['its nodes are full', ['status_not_ready', 'capacity_exceeded'], 'first'],
  ['its nodes are used by their owners', ['resource_threshold_exceeded'], 'first'],
  ['no node has it ready', ['model_not_available', 'not_online'], 'second'],
])('the first model of an alias: %s', async (_title, reasons, served) => {
  const { pool } = poolOf({ first: reasons, second: null });
  const names = new ModelNames({ pool, clock: new ManualClock(), modelAliases: ['name=first', 'name=second'] });
  expect(await modelOf(names, 'name')).toBe(served);
  expect(await modelOf(names, 'other')).toBeNull();
});

test('other aliases hold for the next request', async () => {
  const { pool } = poolOf({ first: null, second: null });
  const names = new ModelNames({ pool, clock: new ManualClock(), modelAliases: ['name=first'] });
  names.configure(['name=second']);
  expect(await modelOf(names, 'name')).toBe('second');
  names.configure([]);
  expect(await modelOf(names, 'name')).toBeNull();
});

test('auto: the pool is read once a second', async () => {
  const { pool, reads } = poolOf({});
  const clock = new ManualClock();
  const names = new ModelNames({ pool, clock, modelAliases: [] });
  for (let i = 0; i < 3; i++) expect(await modelOf(names, 'auto')).toBe('ready');
  expect(reads()).toBe(1);
  clock.advance(1000);
  await modelOf(names, 'auto');
  expect(reads()).toBe(2);
});

test('auto without a model -> the counts; a key that may use no model of an alias -> the models', async () => {
  const { pool } = poolOf({});
  const names = new ModelNames({ pool, clock: new ManualClock(), modelAliases: ['name=first', 'name=second'] });
  const caller = { principal: { models: ['other'] } };
  const refusedFor = async (name: string) => {
    const choice = await names.choose({ model: name }, { caller, paths: [PATH] } as never);
    return choice.ok ? null : [choice.error.status, choice.error.error.muster, choice.error.reason];
  };
  expect(await refusedFor('auto')).toEqual([
    503,
    { model: 'auto', tasks: [PATH], ready: 1, not_allowed: 1, other_tasks: 0, lacking: 0 },
    { en: 'ready models: 1, of which 1 not allowed for this key', zh: '已就绪的模型共 1 个，其中 1 个不允许此密钥使用' },
  ]);
  expect(await refusedFor('name')).toEqual([
    403,
    { model: 'name' },
    { en: 'this key may use no model of the name', zh: '此密钥不允许使用该名称代表的任何模型' },
  ]);
});

test('a key that may use some models of an alias -> learns nothing of the others', async () => {
  const { pool } = poolOf({ secret: null, second: null, third: [] });
  const modelAliases = ['name=secret', 'name=third', 'name=second'];
  const names = new ModelNames({ pool, clock: new ManualClock(), modelAliases });
  const chosenFor = async (models: readonly string[] | null) => {
    const choice = await names.choose({ model: 'name' }, { caller: { principal: { models } }, paths: [PATH] } as never);
    return choice.ok ? choice.value : null;
  };
  expect(await chosenFor(['second'])).toEqual({ name: 'name', model: 'second', by: 'alias', leftOut: [] });
  const left = [{ model: 'third', state: 'not_ready' }];
  expect(await chosenFor(['second', 'third'])).toEqual({ name: 'name', model: 'second', by: 'fallback', leftOut: left });
  expect(await chosenFor(null)).toMatchObject({ model: 'secret', leftOut: [] });
});
