import { expect, test } from 'vitest';
import { settled, superviseScripted as setUp } from '../../support/scripted-child';

test('restart: running -> the child exits, the next one gets the settings of now and the same scope', async () => {
  const { child, children, supervisor, states } = setUp();
  void supervisor.start({ scope: 'lan', announce: false });
  await settled();
  await child().listen(7080);
  supervisor.configure({ port: 7081, plainHttpApi: true, announce: true, loopback: 'open', allowedHosts: [] });
  const restarted = supervisor.restart();
  child().exit(0);
  await settled();
  expect(children).toHaveLength(2);
  // The user's own choices come before the changed configuration.
  expect(child().args.slice(-6)).toEqual(['--port', '7081', '--log-format', 'json', '--announce', 'false']);
  await child().listen(7081);
  expect(await restarted).toEqual({ ok: true, value: undefined });
  expect(supervisor.view()).toMatchObject({ state: 'running', scope: 'lan', announced: false, restarts: 0 });
  expect(states).toEqual(['starting', 'running', 'restarting', 'running']);
});

test('restart: settings that the user did not choose -> as the changed configuration says', async () => {
  const { child, supervisor } = setUp();
  void supervisor.start({ scope: 'lan', announce: true });
  await settled();
  await child().listen(7080);
  expect(supervisor.view()).toMatchObject({ plain_http_api: false, announced: true });
  supervisor.configure({ port: 7080, plainHttpApi: true, announce: false, loopback: 'open', allowedHosts: [] });
  expect(supervisor.view()).toMatchObject({ plain_http_api: false, announced: true });
  void supervisor.restart();
  child().exit(0);
  await settled();
  expect(child().args.slice(-4)).toEqual(['--log-format', 'json', '--announce', 'true']);
  expect(supervisor.view()).toMatchObject({ plain_http_api: true, announced: true });
  expect(supervisor.chosen()).toEqual({ scope: 'lan', plainHttpApi: undefined, announce: true });
});

test('restart: stopped before the child has exited -> stays stopped', async () => {
  const { child, children, supervisor, states } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  const restarted = supervisor.restart();
  const stopped = supervisor.stop();
  child().exit(0);
  expect(await restarted).toMatchObject({ ok: false, error: { code: 'STOPPED' } });
  expect(await stopped).toEqual({ ok: true, value: undefined });
  expect([children.length, supervisor.view().state]).toEqual([1, 'stopped']);
  expect(states).toEqual(['starting', 'running', 'restarting', 'stopped']);
});

test('restart: the next child does not start -> failed, with the reason', async () => {
  const { child, supervisor } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  const restarted = supervisor.restart();
  child().exit(0);
  await settled();
  child().line('{"level":"error","event":"start_failed","code":"PORT_IN_USE"}');
  child().exit(1);
  expect(await restarted).toMatchObject({ ok: false, error: { code: 'PORT_IN_USE' } });
  expect(supervisor.view()).toMatchObject({ state: 'failed', error_code: 'PORT_IN_USE' });
});

test('start: another scope, stopped before the old child has exited -> stays stopped', async () => {
  const { child, children, supervisor } = setUp();
  void supervisor.start({ scope: 'this_computer' });
  await settled();
  await child().listen();
  const widened = supervisor.start({ scope: 'lan' });
  void supervisor.stop();
  child().exit(0);
  expect(await widened).toMatchObject({ ok: false, error: { code: 'STOPPED' } });
  expect([children.length, supervisor.view().state]).toEqual([1, 'stopped']);
});

test('configuration changed while nothing is hosted -> in the view', () => {
  const { supervisor } = setUp();
  supervisor.configure({ port: 7080, plainHttpApi: true, announce: false, loopback: 'open', allowedHosts: [] });
  expect(supervisor.view()).toMatchObject({ state: 'stopped', plain_http_api: true, announced: false });
});

test('restart: no scheduler is hosted -> refused', async () => {
  const { supervisor, children } = setUp();
  expect(await supervisor.restart()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE', details: { state: 'stopped' } } });
  expect(children).toEqual([]);
});
