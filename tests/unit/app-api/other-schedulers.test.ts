// Where the configured other schedulers are used: never for a pool whose key must not go there (ADR 0053).
import { expect, test } from 'vitest';
import type { AppChoice } from '../../../src/main/app-api/app-choice';
import { mayUseOthers } from '../../../src/main/app-api/joined-choice';

const PIN = `sha256-${'A'.repeat(43)}`;
const choice = { mode: 'joined', address: 'wss://pool.example:443', joinToken: null } as const;
const host: AppChoice = { mode: 'host', scope: 'this_computer' };

test.each<readonly [string, string | null, AppChoice, boolean]>([
  ['a pool with a pin', PIN, host, true],
  ['the configured pool without a pin', null, choice, true],
  ['another pool without a pin', null, { ...choice, address: 'wss://other.example:443' }, false],
  ['a pool without a pin, none is configured', null, host, false],
])('%s -> %s', (_case, pin, first, expected) => {
  expect(mayUseOthers(choice, pin, first)).toBe(expected);
});
