import { expect, test } from 'vitest';
import { decideSchema, type SchemaDecision } from '../../../../../../src/main/scheduler/database/postgres/core/schema-decision';

test.each<[title: string, version: number, minVersion: number, supported: number, decision: SchemaDecision]>([
  ['empty', 0, 0, 3, { type: 'migrate', from: 0 }],
  ['older', 2, 1, 3, { type: 'migrate', from: 2 }],
  ['equal', 3, 3, 3, { type: 'use' }],
  ['newer, this program is new enough', 5, 3, 3, { type: 'use' }],
  ['newer, this program is too old', 5, 4, 3, { type: 'refuse', supported: 3, found: 5, required: 4 }],
])('schema: %s', (_, version, minVersion, supported, decision) => {
  expect(decideSchema({ version, minVersion }, supported)).toEqual(decision);
});
