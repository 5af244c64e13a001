import { expect, test } from 'vitest';
import { choosePool, isAddress, isFound } from '../../../../src/main/cli/core/choose-pool';

const anna = { id: '0123456789abcdef', name: 'Anna', port: 7080, addresses: ['10.0.0.1'] };
const other = { ...anna, id: 'fedcba9876543210', addresses: ['10.0.0.2'] };
const ben = { ...anna, id: '00000000000000ff', name: 'ben\u001b' };

test.each([
  ['the only pool', [anna], null],
  ['a name in another case', [anna, ben], 'anna'],
  ['an id', [anna, other], anna.id],
])('%s -> chosen', (_name, pools, operand) => {
  expect(choosePool(pools, operand)).toEqual({ ok: true, value: anna });
});

test('several with one name -> listed with ids and addresses', () => {
  const { error } = choosePool([anna, other], 'Anna') as { readonly error: string };
  expect(error).toContain('several pools');
  expect(error).toContain('fedcba9876543210  Anna  10.0.0.2:7080');
});

test('none -> the others listed, control characters escaped', () => {
  const { error } = choosePool([ben], 'carl') as { readonly error: string };
  expect(error).toContain('no pool "carl" was found');
  expect(error).toContain('ben\\u001b');
  expect(choosePool([], null)).toEqual({ ok: false, error: 'no pool was found in this network' });
});

test('operand: an address has a dot, a colon or a scheme', () => {
  expect(['10.0.0.1', 'fe80::1', 'muster://h:1/join', 'Anna'].map(isAddress)).toEqual([true, true, true, false]);
});

test.each([
  ['an id', anna.id, true],
  ['a name: another pool can have the same name', 'anna', false],
  ['none', null, false],
])('search: %s (%s) -> ends early: %s', (_name, operand, expected) => {
  expect(isFound([anna], operand)).toBe(expected);
});
