// The settings of a shared pool that a user can change: the scheduler reads them at its start.
import { expect, test } from 'vitest';
import { type ScriptedChild, settled, superviseScripted as setUp } from '../../support/scripted-child';

/** A shared scheduler with these settings, and the arguments of its child after `--log-format json`. */
async function sharedWith(settings: { plainHttpApi?: boolean; announce?: boolean }) {
  const set = setUp();
  const started = set.supervisor.start({ scope: 'lan', ...settings });
  await settled();
  await set.child().listen();
  await started;
  return set;
}
const chosenArgs = ({ args }: ScriptedChild) => args.slice(args.indexOf('json') + 1);

test.each<[{ plainHttpApi?: boolean; announce?: boolean }, string[], object]>([
  [{}, [], { plain_http_api: false, announced: true }],
  [{ announce: false }, ['--announce', 'false'], { plain_http_api: false, announced: false }],
  [{ plainHttpApi: true }, ['--plain-http-api', 'true'], { plain_http_api: true, announced: true }],
])('start: %j -> only what differs from the configuration is passed, settings in the view', async (settings, args, view) => {
  const { child, supervisor } = await sharedWith(settings);
  expect(chosenArgs(child())).toEqual(args);
  expect(supervisor.view()).toMatchObject(view);
});

test.each<['open' | 'keys', string[], 'this_computer' | 'lan', boolean]>([
  ['open', [], 'this_computer', false],
  ['keys', [], 'this_computer', true],
  ['open', ['proxy.example'], 'this_computer', true],
  ['open', [], 'lan', true],
])('loopback %s, allowed hosts %j, %s -> programs on this computer need a key: %s', async (loopback, allowedHosts, scope, needsKey) => {
  const { child, supervisor } = setUp({ configured: { port: 7080, plainHttpApi: false, announce: true, loopback, allowedHosts } });
  const started = supervisor.start({ scope });
  await settled();
  await child().listen();
  await started;
  expect(supervisor.view().loopback_needs_key).toBe(needsKey);
});

test('start: setting changed while shared -> child restarted with it; the other setting stays', async () => {
  const { child, children, supervisor } = await sharedWith({ announce: false });
  const started = supervisor.start({ scope: 'lan', plainHttpApi: true });
  child().exit(0);
  await settled();
  await child().listen();
  await started;
  expect(children).toHaveLength(2);
  expect(chosenArgs(child())).toEqual(['--plain-http-api', 'true', '--announce', 'false']);
});

test('start: same settings, or changed ones for this computer alone -> no restart', async () => {
  const { children, supervisor } = await sharedWith({ announce: false });
  await supervisor.start({ scope: 'lan', announce: false });
  expect(children).toHaveLength(1);
  const own = setUp();
  const started = own.supervisor.start({ scope: 'this_computer' });
  await settled();
  await own.child().listen();
  await started;
  await own.supervisor.start({ scope: 'this_computer', announce: false });
  expect([own.children.length, own.supervisor.view().announced]).toEqual([1, false]);
});
