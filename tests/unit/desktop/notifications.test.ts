// Notifications with a stand-in of the desktop: switches, one a minute, clicks.
import { beforeEach, expect, test } from 'vitest';
import type { Notice } from '../../../src/main/desktop/core/notices';
import { Notifications } from '../../../src/main/desktop/notifications';
import type { DesktopConfig } from '../../../src/main/platform/config/config';
import { ManualClock } from '../../support/manual-clock';

const NOTICES: Readonly<Record<Notice['kind'], Notice>> = {
  joined: { kind: 'joined', name: 'render-03' },
  join_request: { kind: 'join_request', name: 'desk-noa' },
  job_failed: { kind: 'job_failed', modelId: 'qwen', code: 'timeout' },
  node_lost: { kind: 'node_lost', name: 'render-03' },
  pool_full: { kind: 'pool_full', waiting: 4, nodes: 2 },
  paused: { kind: 'paused', code: 'full_screen', detail: null },
  update: { kind: 'update', version: '1.2.0', isReady: false },
};
const KINDS = Object.keys(NOTICES) as Notice['kind'][];
const ALL_ON: DesktopConfig['notify'] = {
  joined: true,
  join_request: true,
  job_failed: true,
  node_lost: true,
  pool_full: true,
  paused: true,
  update: true,
};

let clock = new ManualClock();
let shown: { readonly title: string; readonly click: () => void }[] = [];
let clicked: string[] = [];
let events: unknown[] = [];
beforeEach(() => {
  [clock, shown, clicked, events] = [new ManualClock(), [], [], []];
});

const notifications = (wanted: () => DesktopConfig['notify'], isSupported = true) =>
  new Notifications({
    create: ({ title }) => {
      let click = (): void => undefined;
      const made = {
        on: (_event: string, listener: () => void) => void (click = listener),
        show: () => void shown.push({ title, click }),
      };
      return isSupported ? (made as never) : null;
    },
    clock,
    logger: { log: (_level, event, fields) => void events.push([event, fields]), isEnabled: () => true },
    wanted,
    language: () => 'en',
    onClick: (hash) => void clicked.push(hash),
  });

test.each(KINDS)('%s: switched on -> shown; switched off -> not, and the others are', (kind) => {
  let wanted: DesktopConfig['notify'] = { ...ALL_ON, [kind]: false };
  const all = notifications(() => wanted);
  all.add([NOTICES[kind]]);
  expect(shown).toEqual([]);
  all.add(Object.values(NOTICES));
  expect(events).toEqual(KINDS.filter((one) => one !== kind).map((one) => ['notification_shown', { kind: one, count: 1 }]));
  wanted = ALL_ON;
  all.add([NOTICES[kind]]);
  expect(events.at(-1)).toEqual(['notification_shown', { kind, count: 1 }]);
});

test('switched off while notices wait -> those are shown, later ones are not', () => {
  let wanted = ALL_ON;
  const all = notifications(() => wanted);
  all.add([NOTICES.joined]);
  all.add([{ kind: 'joined', name: 'render-04' }]);
  wanted = { ...ALL_ON, joined: false };
  all.add([{ kind: 'joined', name: 'render-05' }]);
  clock.advance(60_000);
  expect(shown.map(({ title }) => title)).toEqual(['render-03 joined the pool', 'render-04 joined the pool']);
});

test('click -> the page of the notice', () => {
  notifications(() => ALL_ON).add([NOTICES.join_request, NOTICES.paused]);
  for (const { click } of shown) click();
  expect(clicked).toEqual(['#/members', '#/computer']);
});

test('closed app -> what waits is not shown', () => {
  const all = notifications(() => ALL_ON);
  all.add([NOTICES.joined]);
  all.add([NOTICES.joined]);
  all.close();
  clock.advance(600_000);
  expect(shown).toHaveLength(1);
});

test('desktop without notifications -> nothing is shown or logged', () => {
  notifications(() => ALL_ON, false).add([NOTICES.joined]);
  expect([shown, events]).toEqual([[], []]);
});
