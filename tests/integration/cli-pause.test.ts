// `muster pause` and `muster resume` for this computer, beside a real agent on the same folder; and nodes of others.
import { describe, expect, it } from 'vitest';
import { openAgent } from '../../src/main/agent/agent';
import { pauseFileOf, readPause, writePause } from '../../src/main/agent/pause-file';
import { FakeHardware } from '../support/fake-hardware';
import { useCliBench } from '../support/cli-bench';
import { ManualClock } from '../support/manual-clock';
import { KeptLog } from '../support/test-scheduler';
import { musterPaths } from '../../src/main/platform/paths';

const HOUR_MS = 3_600_000;
const bench = useCliBench();
const paths = () => musterPaths(bench.folder, {});
const stored = () => {
  const read = readPause(pauseFileOf(paths().stateDir));
  return read.ok ? read.value.owner : null;
};

describe('this computer', () => {
  it('no agent runs -> saved for its next start', async () => {
    expect(await bench.run(['pause'])).toEqual({
      code: 0,
      out: 'This computer: paused until you resume it; running jobs finish here. No agent runs here now; this applies when it starts.\n',
      err: '',
    });
    expect(stored()).toMatchObject({ untilWallMs: null, runningJobs: 'finish' });
    expect(await bench.run(['resume'])).toMatchObject({ code: 0, err: '' });
    expect(stored()).toBeNull();
  });

  it('an agent runs -> paused, then shares, without a restart', async () => {
    const clock = new ManualClock();
    const { stateDir, identityFile, modelsDir } = paths();
    const opened = await openAgent({
      version: '1',
      name: 'here',
      acceptPublicJobs: true,
      maxConcurrentJobs: 1,
      modelFolders: [],
      modelsDir,
      simulatedModelsDir: modelsDir,
      stateDir,
      identityFile,
      hardware: new FakeHardware(),
      clock,
      logger: new KeptLog(),
    });
    if (!opened.ok) throw new Error(opened.error.code);
    const agent = opened.value;
    try {
      expect((await bench.run(['pause', '--move'])).out).toBe(
        'This computer: paused until you resume it; running jobs move to other nodes.\n',
      );
      clock.advance(2000);
      expect(agent.view().pause).toMatchObject({ causes: [{ code: 'owner', until: null }], running_jobs: 'move' });
      expect((await bench.run(['resume', '--json'])).out).toBe('{"done":"resumed","agent_running":true}\n');
      clock.advance(2000);
      expect(agent.view().pause).toBeNull();
    } finally {
      await agent.stop({ timeoutMs: 0 });
    }
  });

  it('--for, --until -> the end of the pause', async () => {
    const before = Date.now();
    await bench.run(['pause', '--for', '1h']);
    expect(stored()?.untilWallMs).toBeGreaterThanOrEqual(before + HOUR_MS);
    expect(stored()?.untilWallMs).toBeLessThanOrEqual(Date.now() + HOUR_MS);
    await bench.run(['pause', '--until', '08:00']);
    expect(new Date(stored()?.untilWallMs ?? 0).toTimeString()).toMatch(/^08:00:00/);
    const tomorrow = () => {
      const today = new Date();
      return new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1, 8).getTime();
    };
    const expected = tomorrow();
    await bench.run(['pause', '--until', 'tomorrow']);
    // The day may change while the command runs.
    expect([expected, tomorrow()]).toContain(stored()?.untilWallMs);
  });

  it('pause after one that has ended -> begins now', async () => {
    const owner = { sinceWallMs: 5, untilWallMs: 10, runningJobs: 'finish' } as const;
    writePause(pauseFileOf(paths().stateDir), { owner, overridden: [], isShareRequested: false });
    const before = Date.now();
    await bench.run(['pause']);
    expect(stored()?.sinceWallMs).toBeGreaterThanOrEqual(before);
    writePause(pauseFileOf(paths().stateDir), { owner: { ...owner, untilWallMs: null }, overridden: [], isShareRequested: false });
    await bench.run(['pause', '--for', '1h']);
    expect(stored()?.sinceWallMs).toBe(5);
  });

  it.each([
    [['--for', 'soon'], 'muster: --for: expected a duration such as 30d, 24h, 15m or 90s, not "soon"\n'],
    [['--for', '31d'], 'muster: --for: at most 30d; without --for the pause lasts until you resume\n'],
    [['--until', '25:00'], 'muster: --until: expected a time such as 08:00, or tomorrow, not "25:00"\n'],
    [['--for', '1h', '--until', '08:00'], 'muster: --until: cannot be used together with --for\n'],
  ])('%j -> usage error that names the option, nothing changed', async (options, err) => {
    expect(await bench.run(['pause', ...options])).toEqual({ code: 2, out: '', err });
    expect(stored()).toBeNull();
  });
});

describe('node of another owner', () => {
  it('paused -> nodes shows the reason; resume says who can end the pause', async () => {
    const id = bench.node.nodeId;
    bench.node.send({ type: 'node_drain', node_id: id, reason_code: 'full_screen', detail: 'Factorio' });
    await bench.node.settled();
    const { out } = await bench.run(['nodes']);
    expect(out).toMatch(/paused +full-screen program \(Factorio\)/);
    expect(out).toContain(
      `${id}: drained, all jobs finished; paused by its owner: full-screen program (Factorio); only the owner can resume it`,
    );
    const resumed = await bench.run(['resume', id]);
    expect([resumed.code, resumed.err]).toEqual([6, `muster: ${id}: the owner of the node paused it; only the owner can resume it\n`]);
    const explained = await bench.run(['explain', '--model', 'llm-a']);
    expect(`${explained.out}${explained.err}`).toContain('paused by its owner');
    expect(`${explained.out}${explained.err}`).not.toMatch(/full-screen|Factorio/);
  });
});
