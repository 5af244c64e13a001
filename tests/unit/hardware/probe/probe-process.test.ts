import { beforeEach, describe, expect, it } from 'vitest';
import { ProbeProcess } from '../../../../src/main/hardware/probe/probe-process';
import { silentLogger } from '../../../../src/main/platform/logger';
import { ManualClock } from '../../../support/manual-clock';
import { ScriptedProbeChild } from '../scripted-probe-child';

let clock = new ManualClock();
let children: ScriptedProbeChild[] = [];
let probeProcess = new ProbeProcess({ spawnChild: () => new ScriptedProbeChild(), clock, logger: silentLogger, timeoutMs: 5000 });

beforeEach(() => {
  clock = new ManualClock();
  children = [];
  const spawnChild = (): ScriptedProbeChild => {
    const child = new ScriptedProbeChild();
    children.push(child);
    return child;
  };
  probeProcess = new ProbeProcess({ spawnChild, clock, logger: silentLogger, timeoutMs: 5000 });
});

const ask = (ignoreBackoff = false) => probeProcess.ask({ kind: 'processes' }, { ignoreBackoff });
const child = (): ScriptedProbeChild => {
  const last = children.at(-1);
  if (last === undefined) throw new Error('no child was started');
  return last;
};
async function timeOut(): Promise<void> {
  const waiting = ask(true);
  clock.advance(5000);
  await waiting;
}

describe('probe process', () => {
  it('first request -> child started and kept', async () => {
    expect(children).toHaveLength(0);
    const first = ask();
    child().answer('processes', ['a']);
    expect(await first).toEqual({ ok: true, value: ['a'] });
    const second = ask();
    child().answer('processes', null);
    expect(await second).toEqual({ ok: true, value: null });
    expect([children.length, clock.pending]).toEqual([1, 0]);
  });

  it('late answer -> child killed, all pending requests get probe_timeout', async () => {
    const both = Promise.all([ask(), ask()]);
    clock.advance(4999);
    expect(child().killed).toBe(false);
    clock.advance(1);
    const failure = { ok: false, error: { code: 'probe_timeout', detail: 'processes: no answer in 5000 ms' } };
    expect(await both).toEqual([failure, failure]);
    expect([child().killed, clock.pending]).toEqual([true, 0]);
  });

  it('child ends -> probe_failed', async () => {
    const waiting = ask();
    child().die('exited with 1');
    expect(await waiting).toEqual({ ok: false, error: { code: 'probe_failed', detail: 'exited with 1' } });
  });

  it.each([
    [1, 2000],
    [2, 4000],
    [3, 8000],
    [5, 32_000],
    [6, 60_000],
    [40, 60_000],
  ])('%i failures in a row -> no new child for %i ms', async (failures, waitMs) => {
    for (let count = 0; count < failures; count += 1) await timeOut();
    clock.advance(waitMs - 1);
    expect((await ask()).ok).toBe(false);
    expect(children).toHaveLength(failures);
    clock.advance(1);
    void ask();
    expect(children).toHaveLength(failures + 1);
  });

  it('answer -> failures reset', async () => {
    for (let count = 0; count < 5; count += 1) await timeOut();
    const again = ask(true);
    child().answer('processes', []);
    await again;
    await timeOut();
    clock.advance(2000);
    void ask();
    expect(child().requests).toHaveLength(1);
    expect(child().killed).toBe(false);
  });

  it('ignoreBackoff -> new child immediately', async () => {
    await timeOut();
    const again = ask(true);
    child().answer('processes', ['back']);
    expect(await again).toEqual({ ok: true, value: ['back'] });
    expect(children).toHaveLength(2);
  });

  it.each([[null], ['x'], [{}], [{ id: 'x', ok: true }], [{ id: 99, ok: true, value: 1 }]])(
    'invalid message %j -> ignored',
    async (message) => {
      const waiting = ask();
      child().say(message);
      child().answer('processes', ['a']);
      expect(await waiting).toEqual({ ok: true, value: ['a'] });
    },
  );

  it('message of a killed child -> ignored', async () => {
    await timeOut();
    const old = child();
    const waiting = ask(true);
    old.say({ id: 2, ok: true, value: ['late'] });
    old.die('killed');
    child().answer('processes', ['fresh']);
    expect(await waiting).toEqual({ ok: true, value: ['fresh'] });
  });

  it('stopped -> pending requests fail', async () => {
    const waiting = ask();
    probeProcess.stop();
    expect(await waiting).toEqual({ ok: false, error: { code: 'probe_failed', detail: 'stopped' } });
    expect(child().killed).toBe(true);
  });
});
