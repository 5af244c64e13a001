import { expect, test } from 'vitest';
import { joinCommand } from '../../../../src/renderer/pages/pool/join-command';

test.each([
  ['http://192.168.1.20:7080', 'wss://192.168.1.20:7080'],
  ['http://[fd00::1]:7080', 'wss://[fd00::1]:7080'],
  ['https://muster.example', 'wss://muster.example:443'],
  ['http://127.0.0.1:7080', 'wss://HOST:7080'],
  ['http://localhost:8000', 'wss://HOST:8000'],
  ['http://[::1]:7080', 'wss://HOST:7080'],
  ['http://pool.localhost:7080', 'wss://HOST:7080'],
  ['http://127.example:7080', 'wss://127.example:7080'],
])('joinCommand: %s -> %s', (url, address) => {
  expect(joinCommand(url)).toBe(`muster agent --scheduler '${address}#pin=PIN' --token-file FILE`);
});
