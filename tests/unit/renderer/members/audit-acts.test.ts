import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { AUDIT_ACTS } from '../../../../src/renderer/pages/members/audit-acts';

const SCHEDULER = resolve(import.meta.dirname, '../../../../src/main/scheduler');
const FOLDERS = ['api', 'members'];
const ACT = /\bact(?:ion)?: '([a-z_]+\.[a-z_]+)'|\['\w+', '([a-z_]+\.[a-z_]+)'\]/g;

const recordedActs = (): string[] =>
  FOLDERS.flatMap((folder) => readdirSync(join(SCHEDULER, folder)).map((name) => join(SCHEDULER, folder, name)))
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(ACT)])
    .flatMap(([, ofRoute, ofOperation]) => ofRoute ?? ofOperation ?? []);

test('audit log: each act that the scheduler records has a text, and no other', () => {
  expect(Object.keys(AUDIT_ACTS).sort()).toEqual([...new Set(recordedActs())].sort());
  expect(Object.values(AUDIT_ACTS).sort()).toEqual(Object.keys(en.audit_act).sort());
});
