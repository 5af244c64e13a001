import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { AUDIT_ACTS } from '../../../../src/renderer/pages/members/audit-acts';

const ROUTES = resolve(import.meta.dirname, '../../../../src/main/scheduler/api');
const ACT = /\bact: '([a-z_.]+)'|\['\w+', '([a-z_]+\.[a-z_]+)'\]/g;

const recordedActs = (): string[] =>
  readdirSync(ROUTES)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(join(ROUTES, name), 'utf8').matchAll(ACT)])
    .flatMap(([, ofRoute, ofOperation]) => ofRoute ?? ofOperation ?? []);

test('audit log: each act that the scheduler records has a text, and no other', () => {
  expect(Object.keys(AUDIT_ACTS).sort()).toEqual([...new Set(recordedActs())].sort());
  expect(Object.values(AUDIT_ACTS).sort()).toEqual(Object.keys(en.audit_act).sort());
});
