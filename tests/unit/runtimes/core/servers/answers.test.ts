// Which answers require an API key, and which are login pages.
import { expect, test } from 'vitest';
import { isApiKeyRequired } from '../../../../../src/main/runtimes/core/servers/answers';

const text = (status: number, challenge?: string) => ({ status, json: undefined, challenge });

test.each([
  ['JSON with 401', { status: 401, json: { error: 'x' }, challenge: undefined }, false, true],
  ['JSON with 403', { status: 403, json: {}, challenge: undefined }, false, true],
  ['text with a Bearer challenge', text(401, 'Bearer realm="api"'), false, true],
  ['empty body, challenge in lower case', text(401, 'bearer'), false, true],
  ['text of a known runtime', text(401), true, true],
  ['text of an unknown program', text(401), false, false],
  ['page with a Basic challenge', text(401, 'Basic realm="x"'), false, false],
  ['JSON string', { status: 401, json: 'no', challenge: undefined }, false, false],
  ['status 200', text(200, 'Bearer'), true, false],
  ['status 404', text(404), true, false],
] as const)('isApiKeyRequired: %s', (_title, answer, isRuntime, expected) => {
  expect(isApiKeyRequired(answer, isRuntime)).toBe(expected);
});
