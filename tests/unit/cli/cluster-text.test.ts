// What `muster cluster status` prints.
import { expect, test } from 'vitest';
import { clusterText } from '../../../src/main/cli/core/cluster-text';
import { clusterSchema } from '../../../src/shared/api/cluster';

const MINUTE_MS = 60_000;

test('cluster text: a member without a sign of life -> missing, and what it wrote last is not shown as if it were true now', () => {
  const member = { address: 'a:7080', version: '1.0.0', started_at: 0, seen_seconds: 0, has_bus: true };
  const view = clusterSchema.parse({
    epoch: 2,
    leader: 'b',
    leads_since: null,
    self: 'b',
    members: [
      { ...member, name: 'a', role: 'candidate', seen_seconds: 12 },
      { ...member, name: 'b', role: 'leader' },
      { ...member, name: 'c', role: 'candidate', has_bus: false },
    ],
    database: { kind: 'postgresql', address: 'db/muster', standbys: [] },
    bus: { is_connected: true, server: 'bus:4222', channels: 2, unsent: 0, stale: 0, malformed: 0 },
  });
  const rows = clusterText(view, MINUTE_MS)
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(rows.slice(0, 4)).toEqual([
    ['NAME', 'ROLE', 'ADDRESS', 'VERSION', 'UPTIME', 'SEEN', 'BUS'],
    ['a', 'missing', 'a:7080', '1.0.0', '-', '12 s ago', '-'],
    ['b', 'leader', 'a:7080', '1.0.0', '1 min', '0 s ago', 'connected'],
    ['c', 'candidate', 'a:7080', '1.0.0', '1 min', '0 s ago', 'lost'],
  ]);
});

test('cluster text: the last leaders, how long each one led, and why its term ended', () => {
  const term = { name: 'b', began_at: 0, ended_at: null, end: null, is_current: false };
  const view = clusterSchema.parse({
    epoch: 7,
    leader: 'b',
    leads_since: null,
    self: 'b',
    members: [],
    database: { kind: 'postgresql', address: 'db/muster', standbys: [] },
    terms: [
      { ...term, epoch: 7, began_at: 50 * MINUTE_MS, is_current: true },
      { ...term, epoch: 6, name: 'a', began_at: 20 * MINUTE_MS, ended_at: 50 * MINUTE_MS, end: 'expired' },
      // Of a later version.
      { ...term, epoch: 5, began_at: 10 * MINUTE_MS, ended_at: 20 * MINUTE_MS, end: 'bored' },
      { ...term, epoch: 4 },
    ],
  });
  const lines = clusterText(view, 60 * MINUTE_MS).split('\n');
  const rows = lines.slice(lines.indexOf('Last leaders:') + 1).map((line) => line.split(/ {2,}/));
  expect(rows).toEqual([
    ['EPOCH', 'NAME', 'BEGAN', 'LED FOR', 'END'],
    ['7', 'b', '10 min ago', '10 min', 'leader now'],
    ['6', 'a', '40 min ago', '30 min', 'lease not renewed'],
    ['5', 'b', '50 min ago', '10 min', 'unknown'],
    ['4', 'b', '1 h ago', '-', 'unknown'],
    [''],
  ]);
});
