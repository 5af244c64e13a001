import { expect, test } from 'vitest';
import { applySettings } from '../../../../src/main/settings/core/apply-settings';
import type { SettingReader } from '../../../../src/shared/api/settings';

const READERS: Readonly<Record<string, SettingReader>> = {
  name: 'agent',
  folders: 'agent',
  level: 'log',
  strategy: 'scheduler_live',
  port: 'scheduler',
  gpu: 'program',
};
const readerOf = (key: string): SettingReader => READERS[key] ?? 'program';
const before = { name: 'a', folders: ['/x'], level: 'info', strategy: 'predicted', port: 1, gpu: null };

test.each<[title: string, after: object, expected: readonly object[]]>([
  ['nothing', { ...before, folders: ['/x'] }, []],
  ['the log', { ...before, level: 'warn' }, [{ type: 'set_log_level', keys: ['level'] }]],
  ['the agent', { ...before, name: 'b', folders: [] }, [{ type: 'configure_agent', keys: ['name', 'folders'] }]],
  ['what the scheduler looks up', { ...before, strategy: 'x' }, [{ type: 'configure_scheduler', keys: ['strategy'] }]],
  ['the scheduler', { ...before, port: 2 }, [{ type: 'wait_for_restart', of: 'scheduler', keys: ['port'] }]],
  [
    'everything',
    { name: 'b', folders: ['/x'], level: 'warn', strategy: 'x', port: 2, gpu: 'x:1' },
    [
      { type: 'set_log_level', keys: ['level'] },
      { type: 'configure_agent', keys: ['name'] },
      { type: 'configure_scheduler', keys: ['strategy'] },
      { type: 'wait_for_restart', of: 'scheduler', keys: ['port'] },
      { type: 'wait_for_restart', of: 'program', keys: ['gpu'] },
    ],
  ],
])('apply settings: %s changed -> one action for each reader', (_title, after, expected) => {
  expect(applySettings(before, after as Record<string, unknown>, readerOf)).toEqual(expected);
});
