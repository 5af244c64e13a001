import { expect, test } from 'vitest';
import { inviteLinksOf } from '../../../src/shared/api/join-link';

const PIN = `sha256-${'A'.repeat(43)}`;
const linkOf = (host: string, lanHosts: readonly string[]): string =>
  inviteLinksOf({ host, port: 7080, secure: true, pin: PIN }, 'mi_key', lanHosts).link;

test.each([
  ['0.0.0.0', ['192.168.1.20', '10.0.0.2'], '192.168.1.20'],
  ['0.0.0.0', [], '127.0.0.1'],
  ['::', [], '[::1]'],
  ['pool.example', ['192.168.1.20'], 'pool.example'],
])('invitation of a scheduler that listens on %s, addresses %j -> link to %s', (host, lanHosts, expected) => {
  expect(linkOf(host, lanHosts)).toMatch(`muster://${expected}:7080/join#`);
});
