import { expect, test } from 'vitest';
import { type ScriptedChild, settled, superviseScripted as setUp } from '../../support/scripted-child';

test('start: this computer -> scheduler on loopback, resolves when it listens', async () => {
  const { child, supervisor, states } = setUp();
  const started = supervisor.start({ scope: 'this_computer' });
  await settled();
  expect(child().args).toEqual(['scheduler', '--data-dir', '/data', '--host', '127.0.0.1', '--port', '7080', '--log-format', 'json']);
  await child().listen(7080);
  expect(await started).toEqual({ ok: true, value: undefined });
  expect(supervisor.view()).toMatchObject({
    state: 'running',
    scope: 'this_computer',
    url: 'http://127.0.0.1:7080',
    lan_urls: [],
    join_link: null,
  });
  expect(states).toEqual(['starting', 'running']);
});

test('start that follows soon -> shown as starting without a child; then one child, and one start', async () => {
  const { child, children, supervisor, states } = setUp();
  supervisor.expectStart({ scope: 'lan' });
  expect([supervisor.view(), children]).toMatchObject([{ state: 'starting', scope: 'lan', url: null }, []]);
  const started = supervisor.start({ scope: 'lan' });
  await settled();
  await child().listen(9000);
  expect([await started, children.length, states]).toEqual([{ ok: true, value: undefined }, 1, ['starting', 'running']]);
});

test('start that follows soon, with other settings or after a stop -> the settings of the start count', async () => {
  const { child, supervisor, states } = setUp();
  supervisor.expectStart({ scope: 'lan' });
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  expect(child().args).toContain('127.0.0.1');

  const other = setUp();
  other.supervisor.expectStart({ scope: 'lan' });
  await other.supervisor.stop();
  expect([states.at(-1), other.states]).toEqual(['starting', ['starting', 'stopped']]);
});

test('start: LAN -> listens on all addresses, join link in the view', async () => {
  const { child, supervisor } = setUp();
  const started = supervisor.start({ scope: 'lan' });
  await settled();
  expect(child().args).toContain('0.0.0.0');
  await child().listen(9000);
  await started;
  expect(supervisor.view()).toMatchObject({
    url: 'http://127.0.0.1:9000',
    lan_urls: ['http://192.168.1.20:9000'],
    join_link: 'muster://192.168.1.20:9000/join#key=join-me',
  });
});

test('start: LAN with TLS -> https addresses, pin in the join link', async () => {
  const { child, supervisor } = setUp();
  const started = supervisor.start({ scope: 'lan' });
  await settled();
  child().line('{"event":"scheduler_listening","port":9000,"secure":true,"pin":"sha256-x","certificate_name":null}');
  await started;
  expect(supervisor.view()).toMatchObject({
    url: 'http://127.0.0.1:9000',
    lan_urls: ['https://192.168.1.20:9000'],
    join_link: 'muster://192.168.1.20:9000/join#pin=sha256-x&key=join-me',
    ca_file: '/data/ca.pem',
  });
});

test('start: LAN with a certificate of the owner -> its name, no pin', async () => {
  const { child, supervisor } = setUp();
  const started = supervisor.start({ scope: 'lan' });
  await settled();
  child().line('{"event":"scheduler_listening","port":9000,"secure":true,"pin":null,"certificate_name":"pool.example"}');
  await started;
  expect(supervisor.view()).toMatchObject({
    lan_urls: ['https://pool.example:9000'],
    join_link: 'https://pool.example:9000/join#key=join-me',
  });
});

test.each([
  [
    'PORT_IN_USE',
    'port in use',
    (child: ScriptedChild) => {
      child.line('{"level":"error","event":"start_failed","code":"PORT_IN_USE"}');
      child.exit(1);
    },
  ],
  [
    'CONFIG_INVALID',
    'invalid configuration',
    (child: ScriptedChild) => {
      child.exit(3);
    },
  ],
  [
    'CRASHED',
    'exit without a log line',
    (child: ScriptedChild) => {
      child.line('boom');
      child.exit(70);
    },
  ],
  [
    'CRASHED',
    'child cannot be started',
    (child: ScriptedChild) => {
      child.exit(null);
    },
  ],
])('start: fails with %s (%s) -> reported with the last log lines, no restart', async (code, _title, end) => {
  const { clock, children, child, supervisor } = setUp();
  const started = supervisor.start({ scope: 'lan' });
  await settled();
  child().line('first line');
  end(child());
  expect(await started).toMatchObject({ ok: false, error: { code } });
  expect(supervisor.view()).toMatchObject({ state: 'failed', error_code: code, url: null });
  expect(supervisor.view().last_log_lines[0]).toBe('first line');
  clock.advance(600_000);
  expect(children).toHaveLength(1);
});

test('crash: restarted with a doubling delay, time of the restart in the view', async () => {
  const { clock, children, child, supervisor, states } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  child().line('last line');
  child().exit(139);
  expect(supervisor.view()).toMatchObject({
    state: 'restarting',
    restarts: 1,
    error_code: 'CRASHED',
    exit_code: 139,
    next_restart_at: clock.wallMs() + 1000,
    url: null,
  });
  expect(supervisor.view().last_log_lines.at(-1)).toBe('last line');
  clock.advance(999);
  expect(children).toHaveLength(1);
  clock.advance(1);
  expect(children).toHaveLength(2);
  expect(supervisor.view().next_restart_at).toBeNull();
  await child().listen();
  expect(supervisor.view()).toMatchObject({ state: 'running', restarts: 1, error_code: null, exit_code: null });
  child().exit(139);
  expect(supervisor.view().next_restart_at).toBe(clock.wallMs() + 2000);
  expect(states).toEqual(['starting', 'running', 'restarting', 'running', 'restarting']);
});

test('crash: five within five minutes -> failed, until the next start', async () => {
  const { clock, children, child, supervisor } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  for (let crash = 0; crash < 5; crash++) {
    await child().listen();
    child().exit(1);
    clock.advance(30_000);
  }
  expect(supervisor.view()).toMatchObject({ state: 'failed', error_code: 'CRASHED', restarts: 4, next_restart_at: null });
  expect(children).toHaveLength(5);
  const again = supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  expect(await again).toEqual({ ok: true, value: undefined });
  expect(supervisor.view()).toMatchObject({ state: 'running', restarts: 0, last_log_lines: [] });
});

test('start: child does not listen within the timeout -> killed', async () => {
  const { clock, child, supervisor } = setUp({ startTimeoutMs: 5000 });
  const started = supervisor.start({ scope: 'this_computer' });
  await settled();
  clock.advance(5000);
  expect(child().kills).toBe(1);
  expect(await started).toMatchObject({ ok: false, error: { code: 'CRASHED' } });
});

test('stop: requests the stop and waits; later lines of the child are ignored', async () => {
  const { clock, child, supervisor } = setUp();
  void supervisor.start({ scope: 'lan' });
  await settled();
  await child().listen();
  const stopped = supervisor.stop();
  expect(child().stopRequests).toBe(1);
  await child().listen(1234);
  child().exit(0);
  expect(await stopped).toEqual({ ok: true, value: undefined });
  expect(supervisor.view()).toMatchObject({ state: 'stopped', url: null, join_link: null, error_code: null });
  expect(clock.pending).toBe(0);
});

test('stop: child does not exit within the timeout -> killed', async () => {
  const { clock, child, supervisor } = setUp({ stopTimeoutMs: 3000 });
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  const stopped = supervisor.stop();
  clock.advance(3000);
  await stopped;
  expect(child().kills).toBe(1);
});

test('stop: during a start -> the start fails with STOPPED', async () => {
  const { child, children, clock, supervisor } = setUp();
  const started = supervisor.start({ scope: 'this_computer' });
  await settled();
  const stopped = supervisor.stop();
  child().exit(0);
  await stopped;
  expect(await started).toMatchObject({ ok: false, error: { code: 'STOPPED' } });
  clock.advance(600_000);
  expect(children).toHaveLength(1);
});

test('stop: restart pending -> restart cancelled', async () => {
  const { child, children, clock, supervisor } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  child().exit(1);
  await supervisor.stop();
  clock.advance(600_000);
  expect(children).toHaveLength(1);
  expect(supervisor.view().state).toBe('stopped');
});

test('start: another scope -> old child exits before the new one starts', async () => {
  const { child, children, supervisor } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  const widened = supervisor.start({ scope: 'lan' });
  await settled();
  expect(children).toHaveLength(1);
  child(0).exit(0);
  await settled();
  expect(child(1).args).toContain('0.0.0.0');
  await child(1).listen();
  expect(await widened).toEqual({ ok: true, value: undefined });
});

test('start: already running -> nothing changed', async () => {
  const { children, child, supervisor } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  expect(await supervisor.start({ scope: 'this_computer' })).toEqual({ ok: true, value: undefined });
  expect(children).toHaveLength(1);
});

test('start: restart pending -> starts at once', async () => {
  const { children, child, supervisor } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  child().exit(1);
  const again = supervisor.start({ scope: 'this_computer' });
  await settled();
  expect(children).toHaveLength(2);
  await child().listen();
  expect(await again).toEqual({ ok: true, value: undefined });
});

test('free port: kept for later runs, until another program uses it', async () => {
  const { clock, child, supervisor } = setUp({
    configured: { port: 0, plainHttpApi: false, announce: true, loopback: 'open', allowedHosts: [] },
  });
  const portOf = () => child().args[child().args.indexOf('--port') + 1];
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  expect(portOf()).toBe('0');
  await child().listen(45_000);
  child().exit(1);
  clock.advance(1000);
  expect(portOf()).toBe('45000');
  child().line('{"level":"error","event":"start_failed","code":"PORT_IN_USE"}');
  child().exit(1);
  clock.advance(2000);
  expect(portOf()).toBe('0');
});

test('log lines: the last 20 are kept, each cut to 1000 characters', async () => {
  const { child, supervisor } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  for (let line = 0; line < 100; line++) child().line(`${String(line)} ${'x'.repeat(5000)}`);
  child().exit(1);
  const lines = supervisor.view().last_log_lines;
  expect(lines).toHaveLength(20);
  expect(lines[0]).toMatch(/^80 x/);
  expect(Math.max(...lines.map(({ length }) => length))).toBe(1000);
});
