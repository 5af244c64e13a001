// The messages of a daemon to its service manager, by a clock that the test moves.
import { describe, expect, test } from 'vitest';
import { notifyService, takeServiceManager } from '../../../src/main/cli/service-manager';
import { ManualClock } from '../../support/manual-clock';

function bench(watchdogMs: number | null) {
  const clock = new ManualClock();
  const sent: string[] = [];
  const logged: unknown[] = [];
  let failure: string | null = null;
  const manager = {
    watchdogMs,
    send: (assignments: readonly string[]) => {
      sent.push(assignments.join(' '));
      return Promise.resolve(failure);
    },
  };
  const logger = { log: (level: string, event: string, fields?: unknown) => logged.push([level, event, fields]), isEnabled: () => true };
  const setFailure = (reason: string | null): void => {
    failure = reason;
  };
  return { clock, sent, logged, manager, logger, setFailure };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('service manager', () => {
  test('ready, then a message twice in each watchdog period, until the stop', async () => {
    const { clock, sent, manager, logger } = bench(30_000);
    const service = notifyService(manager, 'The agent runs', { clock, logger });
    await settled();
    expect(sent).toEqual(['READY=1 STATUS=The agent runs']);
    clock.advance(14_999);
    expect(sent).toHaveLength(1);
    clock.advance(30_001);
    await settled();
    expect(sent.slice(1)).toEqual(['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1']);
    await service.stopping();
    clock.advance(60_000);
    expect(sent.slice(4)).toEqual(['STOPPING=1 STATUS=Stopping']);
  });

  test('changes of the status -> each sent once, in order; none after the stop', async () => {
    const { clock, sent, manager, logger } = bench(null);
    const service = notifyService(manager, 'up', { clock, logger });
    for (const status of ['up', 'connecting', 'connecting', 'connected']) service.tell(status);
    await service.stopping();
    service.tell('not connected');
    await settled();
    expect(sent).toEqual(['READY=1 STATUS=up', 'STATUS=connecting', 'STATUS=connected', 'STOPPING=1 STATUS=Stopping']);
  });

  test('no watchdog -> ready and stopping only', async () => {
    const { clock, sent, manager, logger } = bench(null);
    const service = notifyService(manager, 'up', { clock, logger });
    clock.advance(600_000);
    await service.stopping();
    expect(sent).toEqual(['READY=1 STATUS=up', 'STOPPING=1 STATUS=Stopping']);
  });

  test('messages do not arrive -> logged once for each interruption; the messages go on', async () => {
    const { clock, sent, logged, manager, logger, setFailure } = bench(1000);
    setFailure('spawn systemd-notify ENOENT');
    notifyService(manager, 'up', { clock, logger });
    await settled();
    for (const reason of ['spawn systemd-notify ENOENT', null, 'gone']) {
      setFailure(reason);
      clock.advance(500);
      await settled();
    }
    expect(sent).toHaveLength(4);
    expect(logged).toEqual([
      ['warn', 'service_manager_unreachable', { reason: 'spawn systemd-notify ENOENT' }],
      ['warn', 'service_manager_unreachable', { reason: 'gone' }],
    ]);
  });

  test('no service manager -> nothing is sent', async () => {
    const { clock, logger } = bench(null);
    await expect(notifyService(null, 'up', { clock, logger }).stopping()).resolves.toBeUndefined();
  });

  test('its variables -> removed from the environment, also when they are invalid', () => {
    const env = { PATH: '/bin', NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '2000000', WATCHDOG_PID: String(process.pid) };
    expect(takeServiceManager(env)?.watchdogMs).toBe(2000);
    expect(env).toEqual({ PATH: '/bin' });
    const invalid = { NOTIFY_SOCKET: 'nowhere', WATCHDOG_USEC: 'x' };
    expect(takeServiceManager(invalid)).toBeNull();
    expect(invalid).toEqual({});
  });
});
