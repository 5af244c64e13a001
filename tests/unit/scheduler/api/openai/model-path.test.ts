// Model ids with slashes in a path.
import { expect, it } from 'vitest';
import { withModelInOnePart } from '../../../../../src/main/scheduler/api/openai/openai-requests';

it.each([
  ['/v1/models/org/name', '/v1/models/org%2Fname'],
  ['/v1/models/org%2Fname', '/v1/models/org%2Fname'],
  ['/v1/models/a/b/c?x=1/2?3', '/v1/models/a%2Fb%2Fc?x=1/2?3'],
  ['/v1/models/plain:7b', '/v1/models/plain:7b'],
  ['/v1/models/', '/v1/models/'],
  ['/v1/models', '/v1/models'],
  ['/api/v1/models/a/b', '/api/v1/models/a/b'],
])('model path: %s -> %s', (url, rewritten) => {
  expect(withModelInOnePart(url)).toBe(rewritten);
});
