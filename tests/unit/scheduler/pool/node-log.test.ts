// A node that repeats a message does not fill the log: lines per node and event are limited, and the others are counted.
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { SchedulerStats } from '../../../../src/main/scheduler/nodes/scheduler-stats';
import { EffectLog } from '../../../../src/main/scheduler/pool/effect-log';
import { NodeLog } from '../../../../src/main/scheduler/pool/node-log';
import { nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import type { NodeStatus, StatusReasonCode } from '../../../../src/shared/protocol/status';
import { ManualClock } from '../../../support/manual-clock';
import { memoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration } from '../../../support/test-node';
import { KeptLog } from '../../../support/test-scheduler';
import { aRecord } from '../lifecycle/records';

function aLog() {
  const [clock, log] = [new ManualClock(), new KeptLog()];
  return { clock, log, nodeLog: new NodeLog(log, clock, (nodeId) => (nodeId.startsWith('of-b') ? '10.0.0.2' : null)) };
}

it('node drains and resumes in a loop -> at most 20 lines of an event in 10 s, then one line with the count of the others', async () => {
  const { log, clock, sweeper, scheduler, open } = memoryScheduler();
  sweeper.start();
  const { session } = open();
  await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'loop' })));
  const other = open().session;
  await other.receive(nodeRegisterSchema.parse(registration({ node_id: 'other' })));
  for (let i = 0; i < 1000; i++) {
    await session.receive({ type: 'node_drain', node_id: 'loop' });
    await session.receive({ type: 'node_resume', node_id: 'loop' });
  }
  for (let i = 0; i < 3; i++) await other.receive({ ...heartbeat('other') });
  const statusLines = (nodeId: string) => log.of('node_status_changed').filter(({ node_id: id }) => id === nodeId);
  expect([statusLines('loop').length, statusLines('other').length]).toEqual([20, 2]);
  expect(log.of('log_lines_suppressed')).toEqual([]);
  clock.advance(10_500);
  const lines = 1 + 1000 * 3 - 20;
  expect(log.of('log_lines_suppressed')).toEqual([{ node_id: 'loop', suppressed_event: 'node_status_changed', lines }]);
  expect(scheduler.record('loop')?.status).toBe('registering');
  await session.receive({ type: 'node_drain', node_id: 'loop' });
  expect(statusLines('loop')).toHaveLength(22);
});

it('node registers again in a loop on one socket -> limited as well', async () => {
  const { log, open } = memoryScheduler();
  const { session } = open();
  for (let i = 0; i < 100; i++) await session.receive(nodeRegisterSchema.parse(registration()));
  for (const event of ['node_register_received', 'node_registered', 'node_status_changed']) expect(log.of(event), event).toHaveLength(20);
});

it('refused registrations of one socket -> limited as well', async () => {
  const { log, open } = memoryScheduler();
  await open().session.receive(nodeRegisterSchema.parse(registration({ node_id: 'taken' })));
  log.lines.length = 0;
  const { session } = open();
  for (let i = 0; i < 100; i++) await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'taken' })));
  for (const event of ['node_id_conflict', 'node_register_refused']) expect(log.of(event), event).toHaveLength(20);
});

it('other events -> never limited', () => {
  const { log, nodeLog } = aLog();
  for (let i = 0; i < 100; i++) nodeLog.log('warn', 'model_failing', { node_id: 'a' });
  expect(log.lines).toHaveLength(100);
});

it('many nodes of one address, or many connections -> 100 lines of an event, then one line with the count', () => {
  const { clock, log, nodeLog } = aLog();
  for (let i = 0; i < 5000; i++) {
    nodeLog.log('info', 'node_status_changed', { node_id: `of-b-${String(i)}` });
    nodeLog.log('info', 'node_register_received', { node_id: `of-b-${String(i)}`, remote: `10.0.0.2:${String(i)}` });
  }
  nodeLog.log('info', 'node_register_received', { node_id: 'other', remote: '10.0.0.3:1' });
  expect([log.of('node_status_changed').length, log.of('node_register_received').length]).toEqual([100, 101]);
  clock.advance(10_000);
  nodeLog.report();
  expect(log.of('log_lines_suppressed')).toEqual([
    { from: '10.0.0.2', suppressed_event: 'node_status_changed', lines: 4900 },
    { from: '10.0.0.2', suppressed_event: 'node_register_received', lines: 4900 },
  ]);
});

it('report: reads the windows that are over, and forgets them', () => {
  const { clock, log, nodeLog } = aLog();
  for (let i = 0; i < 25; i++) nodeLog.log('info', 'node_status_changed', { node_id: 'a' });
  nodeLog.report();
  expect(log.of('log_lines_suppressed')).toEqual([]);
  clock.advance(10_000);
  nodeLog.report();
  nodeLog.report();
  expect(log.of('log_lines_suppressed')).toEqual([{ node_id: 'a', suppressed_event: 'node_status_changed', lines: 5 }]);
});

it('a window is over and was not reported yet -> its count comes before the next line', () => {
  const { clock, log, nodeLog } = aLog();
  for (let i = 0; i < 25; i++) nodeLog.log('info', 'node_status_changed', { node_id: 'a' });
  clock.advance(10_000);
  nodeLog.log('info', 'node_status_changed', { node_id: 'a' });
  expect(log.lines.slice(-2).map(({ event }) => event)).toEqual(['log_lines_suppressed', 'node_status_changed']);
});

it('status lost by a fault -> warn; as the owner or an operator asked -> info', () => {
  const log = new KeptLog();
  const effects = new EffectLog(log, new SchedulerStats(new Registry()));
  const enter = (to: NodeStatus, reasonCode: StatusReasonCode): void => {
    effects.log('a', {
      type: 'status_changed',
      from: 'ready',
      to,
      reasonCode,
      msInPrevious: 1,
      record: aRecord({ status: to, reasonCode }),
    });
  };
  enter('degraded', 'health_check_failed');
  enter('offline', 'heartbeat_timeout');
  enter('offline', 'drain_complete');
  enter('ready', 'health_recovered');
  expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'warn', 'info', 'info']);
});
