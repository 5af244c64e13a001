// Who asks for a key, and who shows a page to log in at.
import { expect, test } from 'vitest';
import { isKeyQuestion } from '../../../../../src/main/runtimes/core/servers/key-question';

const text = (status: number, challenge?: string) => ({ status, json: undefined, challenge });

test.each([
  ['JSON with 401', { status: 401, json: { error: 'x' }, challenge: undefined }, false, true],
  ['JSON with 403', { status: 403, json: {}, challenge: undefined }, false, true],
  ['text, with a Bearer challenge', text(401, 'Bearer realm="api"'), false, true],
  ['nothing, with a challenge in small letters', text(401, 'bearer'), false, true],
  ['text, of a runtime', text(401), true, true],
  ['text, of a stranger', text(401), false, false],
  ['a page behind a password', text(401, 'Basic realm="x"'), false, false],
  ['JSON that is a word', { status: 401, json: 'no', challenge: undefined }, false, false],
  ['an answer that refuses nothing', text(200, 'Bearer'), true, false],
  ['an answer that is not there', text(404), true, false],
] as const)('%s', (_what, refusal, isRuntime, expected) => {
  expect(isKeyQuestion(refusal, isRuntime)).toBe(expected);
});
