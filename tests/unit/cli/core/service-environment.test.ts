// The variables that a service manager sets, valid and not.
import { describe, expect, test } from 'vitest';
import { serviceEnvironment } from '../../../../src/main/cli/core/service-environment';

const SOCKET = { NOTIFY_SOCKET: '/run/systemd/notify' };
const at = (watchdogMs: number | null) => ({ socket: '/run/systemd/notify', watchdogMs });

describe('service environment', () => {
  test.each([
    ['nothing set', {}, null],
    ['empty socket', { NOTIFY_SOCKET: '' }, null],
    ['relative socket', { NOTIFY_SOCKET: 'notify' }, null],
    ['socket of another kind', { NOTIFY_SOCKET: 'vsock:2:1234' }, null],
    ['abstract socket', { NOTIFY_SOCKET: '@muster' }, { socket: '@muster', watchdogMs: null }],
    ['no watchdog', SOCKET, at(null)],
    ['watchdog', { ...SOCKET, WATCHDOG_USEC: '30000000' }, at(30_000)],
    ['watchdog of this process', { ...SOCKET, WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, at(30_000)],
    ['watchdog of another process', { ...SOCKET, WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, at(null)],
    ['watchdog of zero', { ...SOCKET, WATCHDOG_USEC: '0' }, at(null)],
    ['watchdog below a millisecond', { ...SOCKET, WATCHDOG_USEC: '999' }, at(null)],
    ['watchdog is no number', { ...SOCKET, WATCHDOG_USEC: '30s' }, at(null)],
    ['negative watchdog', { ...SOCKET, WATCHDOG_USEC: '-1' }, at(null)],
    ['watchdog longer than a timer', { ...SOCKET, WATCHDOG_USEC: '999999999999999' }, at(null)],
  ])('service environment: %s', (_situation, env, expected) => {
    expect(serviceEnvironment(env, 7)).toEqual(expected);
  });
});
