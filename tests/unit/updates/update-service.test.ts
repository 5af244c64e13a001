import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UpdateView } from '../../../src/shared/api/update';
import { fail, ok, type Result } from '../../../src/shared/result';
import { AttemptFile } from '../../../src/main/updates/attempt-file';
import type { FeedError } from '../../../src/main/updates/release-feed';
import type { SignedRelease } from '../../../src/main/updates/signed-release';
import type { Logger } from '../../../src/main/platform/logger';
import { type PackageFault, type UpdateInstaller, UpdateService } from '../../../src/main/updates/update-service';
import { ManualClock } from '../../support/manual-clock';
import { until } from '../../support/until';

const CONTENT = 'Muster 1.0.1';
const RELEASE: SignedRelease = {
  version: '1.0.1',
  file: { url: 'muster-1.0.1.deb', sha512: createHash('sha512').update(CONTENT).digest('base64'), size: CONTENT.length },
  signed: { content: Buffer.from('metadata'), signature: Buffer.from('signature') },
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-update-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function recordingLogger() {
  const lines: unknown[][] = [];
  const logger: Logger = { log: (...line) => void lines.push(line), isEnabled: () => true };
  return { logger, lines };
}

/** A service whose feed and installer the test answers. */
function setUp({ version = '1.0.0', stateDir = folder, isSlow = false } = {}) {
  const clock = new ManualClock();
  const { logger, lines } = recordingLogger();
  const file = path.join(folder, 'package.deb');
  let checks = 0;
  let restarts = 0;
  let answer: Result<SignedRelease, FeedError> = ok(RELEASE);
  let downloaded: Result<string, PackageFault> = ok(file);
  const received: number[] = [];
  const installer: UpdateInstaller = {
    download: async (_release, onReceived, signal) => {
      for (const bytes of received) onReceived(bytes);
      if (isSlow) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return downloaded;
    },
    restartToInstall: () => {
      restarts += 1;
    },
  };
  const newest = () => {
    checks += 1;
    return Promise.resolve(answer);
  };
  const attemptFile = path.join(stateDir, 'update.json');
  const service = new UpdateService({
    version,
    source: ok({ newest, installer }),
    attempt: new AttemptFile(attemptFile),
    clock,
    logger,
  });
  const views: UpdateView[] = [];
  service.subscribe((view) => views.push(view));
  return {
    service,
    clock,
    lines,
    file,
    attemptFile,
    received,
    phases: () => views.map(({ phase }) => phase),
    answers: (next: typeof answer) => void (answer = next),
    downloads: (next: typeof downloaded) => void (downloaded = next),
    checks: () => checks,
    restarts: () => restarts,
    until: (state: string) => until(`the phase ${state}`, () => service.view().phase.state === state),
  };
}

describe('update', () => {
  test('newer release: check, download, restart -> each phase, and the attempt is kept', async () => {
    const { service, phases, file, attemptFile, received, restarts, until: phase } = setUp();
    writeFileSync(file, CONTENT);
    received.push(5, 12);
    expect(service.view()).toEqual({ obstacle: null, phase: { state: 'idle' }, checked_at: null });
    await service.check();
    expect(service.download().ok).toBe(true);
    await phase('ready');
    expect((await service.install()).ok).toBe(true);
    expect(phases().map(({ state }) => state)).toEqual([
      'checking',
      'available',
      'downloading',
      'downloading',
      'downloading',
      'ready',
      'installing',
    ]);
    expect(restarts()).toBe(1);
    expect(JSON.parse(readFileSync(attemptFile, 'utf8'))).toEqual({ version: 1, installing: '1.0.1' });
  });

  test.each(['1.0.1', '1.1.0', '2.0.0'])('version %s: the feed has 1.0.1 -> up to date, never a downgrade', async (version) => {
    const { service, lines } = setUp({ version });
    await service.check();
    expect(service.view().phase).toEqual({ state: 'idle' });
    expect(service.view().checked_at).not.toBeNull();
    expect(service.download()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE' } });
    expect(lines.at(-1)).toEqual(['info', 'update_checked', { newest: '1.0.1', is_newer: false }]);
  });

  test.each(['unreachable', 'unsigned', 'invalid', 'no_package'] as const)(
    'feed: %s -> failed check with a log line; no download',
    async (fault) => {
      const { service, answers, lines } = setUp();
      answers(fail({ fault, reason: 'x' }));
      await service.check();
      expect(service.view()).toMatchObject({
        phase: { state: 'failed', step: 'check', fault, version: null, reason: 'x' },
        checked_at: null,
      });
      expect(lines).toEqual([['warn', 'update_failed', { step: 'check', fault, reason: 'x' }]]);
      expect(service.download().ok).toBe(false);
      answers(ok(RELEASE));
      await service.check();
      expect(service.view().phase.state).toBe('available');
    },
  );

  test('older release after a newer one -> the download of before is not offered any more', async () => {
    const { service, answers } = setUp();
    await service.check();
    answers(ok({ ...RELEASE, version: '0.9.0' }));
    await service.check();
    expect([service.view().phase.state, service.download().ok]).toEqual(['idle', false]);
  });

  test('downloaded file that is not the signed one -> deleted, not installed', async () => {
    const { service, file, until: phase, restarts } = setUp();
    writeFileSync(file, 'Muster 6.6.6');
    await service.check();
    service.download();
    await phase('failed');
    expect(service.view().phase).toMatchObject({ state: 'failed', step: 'download', fault: 'corrupt', version: '1.0.1' });
    expect([existsSync(file), (await service.install()).ok, restarts()]).toEqual([false, false, 0]);
  });

  test('file that changes between download and restart -> deleted, not installed', async () => {
    const { service, file, attemptFile, until: phase, restarts } = setUp();
    writeFileSync(file, CONTENT);
    await service.check();
    service.download();
    await phase('ready');
    writeFileSync(file, CONTENT.replace('1', '2'));
    await service.install();
    expect(service.view().phase).toMatchObject({ state: 'failed', step: 'install', fault: 'corrupt', version: '1.0.1' });
    expect([existsSync(file), existsSync(attemptFile), restarts()]).toEqual([false, false, 0]);
  });

  test('download that fails -> failed with its fault; another check leads to another download', async () => {
    const { service, downloads, file, until: phase } = setUp();
    downloads(fail({ fault: 'not_saved', reason: 'ENOSPC' }));
    await service.check();
    service.download();
    await phase('failed');
    expect(service.view().phase).toEqual({ state: 'failed', step: 'download', fault: 'not_saved', version: '1.0.1', reason: 'ENOSPC' });
    writeFileSync(file, CONTENT);
    downloads(ok(file));
    await service.check();
    service.download();
    await phase('ready');
  });

  test.each<[string, Result<string, PackageFault> | null]>([
    ['electron-updater rejects', fail({ fault: 'unreachable', reason: 'cancelled' })],
    ['the file was complete', null],
  ])('download cancelled, %s -> the release is on offer, no file is left', async (_way, failed) => {
    const { service, downloads, file, lines, phases } = setUp({ isSlow: true });
    writeFileSync(file, CONTENT);
    downloads(failed ?? ok(file));
    await service.check();
    expect(await service.cancel()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE' } });
    service.download();
    expect(service.download()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE' } });
    expect((await service.cancel()).ok).toBe(true);
    expect(phases().map(({ state }) => state)).toEqual(['checking', 'available', 'downloading', 'available']);
    expect(lines.at(-1)).toEqual(['info', 'update_cancelled', { version: '1.0.1' }]);
    expect([existsSync(file), (await service.install()).ok]).toEqual([failed !== null, false]);
    expect(await service.cancel()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE' } });
    expect(service.download().ok).toBe(true);
  });

  test('state folder that cannot be written -> no restart', async () => {
    const stateDir = path.join(folder, 'state');
    writeFileSync(stateDir, 'a file');
    const { service, file, until: phase, restarts } = setUp({ stateDir });
    writeFileSync(file, CONTENT);
    await service.check();
    service.download();
    await phase('ready');
    await service.install();
    expect(service.view().phase).toMatchObject({ state: 'failed', step: 'install', fault: 'not_saved', version: '1.0.1' });
    expect(restarts()).toBe(0);
  });
});

describe('start after an installation', () => {
  const startWith = (version: string, attempt: string) => {
    writeFileSync(path.join(folder, 'update.json'), attempt);
    const { service, lines } = setUp({ version });
    return { phase: service.view().phase, lines, isKept: existsSync(path.join(folder, 'update.json')) };
  };

  test('new version -> idle, logged once', () => {
    expect(startWith('1.0.1', '{"version":1,"installing":"1.0.1"}')).toEqual({
      phase: { state: 'idle' },
      lines: [['info', 'update_installed', { version: '1.0.1' }]],
      isKept: false,
    });
  });

  test('version of before -> failed installation', () => {
    expect(startWith('1.0.0', '{"version":1,"installing":"1.0.1"}')).toEqual({
      phase: { state: 'failed', step: 'install', fault: 'not_installed', version: '1.0.1', reason: null },
      lines: [['error', 'update_not_installed', { version: '1.0.1' }]],
      isKept: false,
    });
  });

  test('version of before, and the installer wrote why -> the reason is shown', () => {
    const attempt = new AttemptFile(path.join(folder, 'update.json'));
    attempt.write('1.0.1', { fault: 'corrupt', reason: `the package changed${'.'.repeat(300)}` });
    expect(setUp().service.view().phase).toEqual({
      state: 'failed',
      step: 'install',
      fault: 'corrupt',
      version: '1.0.1',
      reason: `the package changed${'.'.repeat(200 - 'the package changed'.length)}`,
    });
  });

  test.each(['', '{', '[]', '{"version":2,"installing":"1.0.1"}', `{"version":1,"installing":"${'9'.repeat(5000)}"}`])(
    'unreadable file %# -> idle, and the file is gone',
    (text) => {
      expect(startWith('1.0.0', text)).toEqual({ phase: { state: 'idle' }, lines: [], isKept: false });
    },
  );
});

describe('checks without a click', () => {
  test('off -> none; on -> after a minute, then once a day, never a download; off again -> none', async () => {
    const { service, clock, checks } = setUp();
    service.checkByItself(false);
    clock.advance(48 * 3_600_000);
    expect(checks()).toBe(0);
    service.checkByItself(true);
    service.checkByItself(true);
    clock.advance(59_999);
    expect(checks()).toBe(0);
    clock.advance(1);
    expect(checks()).toBe(1);
    await until('the answer', () => service.view().phase.state === 'available');
    clock.advance(24 * 3_600_000);
    expect(checks()).toBe(2);
    await until('the answer', () => service.view().phase.state === 'available');
    service.checkByItself(false);
    clock.advance(48 * 3_600_000);
    expect(checks()).toBe(2);
  });

  test('installation that cannot update itself -> the reason, no check', async () => {
    const { logger } = recordingLogger();
    const clock = new ManualClock();
    const attempt = new AttemptFile(path.join(folder, 'update.json'));
    const service = new UpdateService({ version: '1.0.0', source: fail('package_manager'), attempt, clock, logger });
    service.checkByItself(true);
    clock.advance(48 * 3_600_000);
    expect(service.view()).toMatchObject({ obstacle: 'package_manager', phase: { state: 'idle' } });
    expect(await service.check()).toMatchObject({ ok: false, error: { code: 'INVALID_STATE', details: { reason: 'package_manager' } } });
  });
});
