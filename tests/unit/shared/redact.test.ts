import { expect, test } from 'vitest';
import { redactText } from '../../../src/shared/redact';
import { cpuMsOf } from '../../support/cpu-time';

test.each([
  ['dotted word', 'a.'],
  ['one word', 'a'],
  ['addresses without a user', 'a://'],
  ['bearer without a token', 'bearer '],
  ['half keys', '?key='],
])('64 KiB of a hostile text: %s -> at most 50 ms', (_name, part) => {
  const text = part.repeat(65_536 / part.length);
  expect(cpuMsOf(() => redactText(text))).toBeLessThan(50);
});

test.each([
  ['scheme of one letter', 'x://bob:SECRET@h', 'x://[redacted]@h'],
  ['scheme behind other letters', '_1-http://bob:SECRET@h', '_1-http://[redacted]@h'],
  ['long scheme', `${'a'.repeat(80)}://bob:SECRET@h`, `${'a'.repeat(80)}://[redacted]@h`],
  ['no user', 'http://h/x, mail a@b', 'http://h/x, mail a@b'],
])('address: %s -> only the user and the password are masked', (_name, text, expected) => {
  expect(redactText(text)).toBe(expected);
});
