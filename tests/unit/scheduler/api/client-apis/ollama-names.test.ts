// Which model a name without its tag means, for a caller that may not use every model.
import { expect, test } from 'vitest';
import { poolNameOf } from '../../../../../src/main/scheduler/api/client-apis/ollama-model-routes';

const IN_POOL = ['secret:latest', 'open:latest'];
const options = {
  pool: { offerOf: (id: string) => ({ kind: IN_POOL.includes(id) ? 'may_run' : 'no_model' }) },
  names: { isName: (id: string) => id === 'alias' },
} as unknown as Parameters<typeof poolNameOf>[0];
const callerOf = (models: readonly string[] | null) => ({ principal: { models } }) as unknown as Parameters<typeof poolNameOf>[2];

test.each([
  ['every model', null, 'secret', 'secret:latest'],
  ['this model', ['secret:latest'], 'secret', 'secret:latest'],
  ['another model: the name stays, as that of a model that does not exist', ['open:latest'], 'secret', 'secret'],
  ['another model, with a tag', ['open:latest'], 'secret:latest', 'secret:latest'],
  ['another model: one that does not exist', ['open:latest'], 'gone', 'gone'],
  ['another model: that one', ['open:latest'], 'open', 'open:latest'],
  ['an alias', [], 'alias:latest', 'alias'],
])('the key may use %s', (_title, models, asked, name) => {
  expect(poolNameOf(options, asked, callerOf(models))).toBe(name);
});
