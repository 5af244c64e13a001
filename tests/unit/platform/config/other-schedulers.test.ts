// The addresses of other schedulers of the pool, in the configuration (ADR 0053).
import { expect, test } from 'vitest';
import { CONFIG_KEYS } from '../../../../src/main/platform/config/keys';

const { schema } = CONFIG_KEYS['agent.other_schedulers'];
const reasonOf = (value: unknown): string | null => schema.safeParse(value).error?.issues[0]?.message ?? null;

test.each([[[]], [['wss://192.168.1.21:7080', '192.168.1.22', 'pool.example:7081', 'ws://127.0.0.1:7081']]])('%j -> accepted', (value) => {
  expect(reasonOf(value)).toBeNull();
});

test.each([
  ['no address', ['ftp://a'], /expected an address such as .* \(scheme_unknown\)/],
  ['a pin', [`wss://a:7080#pin=sha256-${'A'.repeat(43)}`], /without a key and a pin/],
  ['a key', ['muster://a:7080/join#key=mi_1'], /without a key and a pin/],
  ['too many', Array.from({ length: 17 }, (_, i) => `wss://n${String(i)}`), /17|16/],
])('%s -> refused', (_case, value, reason) => {
  expect(reasonOf(value)).toMatch(reason);
});
