import { expect, test } from 'vitest';
import { mixesScripts, skeletonOf } from '../../../../src/shared/protocol/look-alikes';

test.each([
  ['llama', 'llаma', 'Cyrillic а'],
  ['honest-1', 'Honest-1', 'letter case'],
  ['honest-1', 'honest-l', 'one and l'],
  ['gpu-o', 'gpu-0', 'o and zero'],
  ['paco', 'расо', 'all Cyrillic'],
  ['nova', 'ηονα', 'all Greek'],
  ['modern', 'modem', 'rn and m'],
  ['box', 'b\u00f6x', 'a mark above a letter'],
  ['box', 'bo\u200bx', 'a character without a shape'],
  ['box', '\uff42\uff4f\uff58', 'full width'],
  ['my box', ' my  box', 'spaces'],
  ['gpu-a', 'gpu\u2013a', 'a dash'],
])('skeleton: %s and %s (%s) -> equal', (name, other) => {
  expect(skeletonOf(other)).toBe(skeletonOf(name));
});

test.each([
  ['node-1', 'node-2'],
  ['qwen', 'gwen'],
  ['工作站', '工作台'],
  ['llama3.2:1b', 'llama3.2:3b'],
])('skeleton: %s and %s -> differ', (name, other) => {
  expect(skeletonOf(other)).not.toBe(skeletonOf(name));
});

test.each([
  ['llаma', true],
  ['αlpha', true],
  ['Москва-PC', false],
  ['Мой компьютер', false],
  ['llama3.2:3b', false],
  ['我的PC', false],
  ['', false],
])('scripts mixed in one word: %s -> %s', (name, mixed) => {
  expect(mixesScripts(name)).toBe(mixed);
});
