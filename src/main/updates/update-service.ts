// The update of this program: checks the feed, downloads on request, verifies, and hands the package to the installer at a restart. Each
// failure is a phase that the dashboard shows, and the present version goes on. core/update-machine.ts decides.
import { rm } from 'node:fs/promises';
import type { UpdateFault, UpdateObstacle, UpdatePhase, UpdateStep, UpdateView } from '../../shared/api/update';
import { reasonOfError } from '../../shared/errors';
import { ok, type Result } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { Done } from '../contracts/ports';
import type { UpdatePort } from '../contracts/update-port';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Attempt, AttemptFile } from './attempt-file';
import { nextPhase, type UpdateEvent } from './core/update-machine';
import { isNewer } from './core/version';
import { isSignedFile } from './package-file';
import type { FeedError } from './release-feed';
import type { SignedRelease } from './signed-release';

export interface PackageFault {
  readonly fault: Extract<UpdateFault, 'unreachable' | 'corrupt' | 'not_saved'>;
  readonly reason: string;
}

/** Fetches a package and installs it. */
export interface UpdateInstaller {
  /** Resolves to the path of the package. Never rejects. An abort ends the download; its result is then of no use. */
  download(release: SignedRelease, onReceived: (bytes: number) => void, signal: AbortSignal): Promise<Result<string, PackageFault>>;
  /** Quits the program in order, installs the package, and starts the program again. */
  restartToInstall(): void;
}

export interface UpdateServiceOptions {
  readonly version: string;
  /** Or why this installation does not update itself. */
  readonly source: Result<
    { readonly newest: () => Promise<Result<SignedRelease, FeedError>>; readonly installer: UpdateInstaller },
    UpdateObstacle
  >;
  readonly attempt: AttemptFile;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The first automatic check leaves the start of the program alone. */
const FIRST_CHECK_MS = 60_000;
const CHECK_INTERVAL_MS = 24 * 3_600_000;
/** A page draws the progress; more often is of no use. */
const PROGRESS_STEP = 0.01;

const IDLE: UpdatePhase = { state: 'idle' };

/** After an installation, the program has the new version, or the installation failed. */
function phaseAfter({ version, failure: failed }: Attempt, ownVersion: string): UpdatePhase {
  if (!isNewer(version, ownVersion)) return IDLE;
  return { state: 'failed', step: 'install', fault: failed?.fault ?? 'not_installed', version, reason: failed?.reason ?? null };
}

const removeFile = (file: string): Promise<void> => rm(file, { force: true }).catch(() => undefined);

export class UpdateService implements UpdatePort {
  readonly #options: UpdateServiceOptions;
  readonly #listeners = new Set<(view: UpdateView) => void>();
  #view: UpdateView;
  #found: SignedRelease | null = null;
  #file: string | null = null;
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | null = null;
  #timer: Timer | null = null;

  constructor(options: UpdateServiceOptions) {
    this.#options = options;
    const { source, attempt, version, logger } = options;
    const attempted = attempt.take();
    const phase = attempted === null ? IDLE : phaseAfter(attempted, version);
    if (attempted !== null) {
      const isInstalled = phase.state === 'idle';
      logger.log(isInstalled ? 'info' : 'error', isInstalled ? 'update_installed' : 'update_not_installed', { version: attempted.version });
    }
    this.#view = { obstacle: source.ok ? null : source.error, phase, checked_at: null };
  }

  view(): UpdateView {
    return this.#view;
  }

  subscribe(listener: (view: UpdateView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether the feed is asked without a click: soon, then once a day. A download always needs a click. */
  checkByItself(isOn: boolean): void {
    const isRunning = this.#timer !== null;
    if (isOn === isRunning || !this.#options.source.ok) return;
    this.#timer?.cancel();
    this.#timer = isOn ? this.#checkIn(FIRST_CHECK_MS) : null;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#listeners.clear();
  }

  /** Ends with the answer of the feed, which is in the view. */
  async check(): Promise<Done> {
    const { source, clock } = this.#options;
    if (!source.ok || !this.#step({ type: 'check' })) return this.#refusal();
    const newest = await source.value.newest();
    if (!newest.ok) {
      this.#fail('check', newest.error);
      return ok(undefined);
    }
    const release = newest.value;
    this.#found = isNewer(release.version, this.#options.version) ? release : null;
    this.#view = { ...this.#view, checked_at: clock.wallMs() };
    this.#step({ type: 'checked', found: this.#found === null ? null : { version: release.version, sizeBytes: release.file.size } });
    this.#options.logger.log('info', 'update_checked', { newest: release.version, is_newer: this.#found !== null });
    return ok(undefined);
  }

  /** Begins the download. The view has its progress. */
  download(): Done {
    const { source } = this.#options;
    const release = this.#found;
    if (!source.ok || release === null || !this.#step({ type: 'download' })) return this.#refusal();
    const abort = new AbortController();
    const ended = this.#download(source.value.installer, release, abort.signal).finally(() => {
      this.#running = null;
    });
    this.#running = { abort, ended };
    return ok(undefined);
  }

  /** Ends when the download has ended. The release is still on offer. */
  async cancel(): Promise<Done> {
    const running = this.#running;
    if (running === null) return this.#refusal();
    running.abort.abort();
    await running.ended;
    return ok(undefined);
  }

  /** Verifies the package once more, then restarts. */
  async install(): Promise<Done> {
    const { source, attempt } = this.#options;
    const [release, file] = [this.#found, this.#file];
    if (!source.ok || release === null || file === null || !this.#step({ type: 'install' })) return this.#refusal();
    if (!(await isSignedFile(file, release.file))) {
      await this.#reject('install', file, 'the package changed after its download');
      return ok(undefined);
    }
    try {
      attempt.write(release.version);
    } catch (error) {
      this.#fail('install', { fault: 'not_saved', reason: reasonOfError(error) });
      return ok(undefined);
    }
    this.#options.logger.log('info', 'update_installing', { version: release.version });
    source.value.installer.restartToInstall();
    return ok(undefined);
  }

  async #download(installer: UpdateInstaller, release: SignedRelease, signal: AbortSignal): Promise<void> {
    let shown = 0;
    const onReceived = (bytes: number): void => {
      if (bytes - shown < release.file.size * PROGRESS_STEP) return;
      shown = bytes;
      this.#step({ type: 'received', bytes });
    };
    const downloaded = await installer.download(release, onReceived, signal);
    const isSigned = downloaded.ok && (await isSignedFile(downloaded.value, release.file));
    if (signal.aborted) {
      if (downloaded.ok) await removeFile(downloaded.value);
      this.#options.logger.log('info', 'update_cancelled', { version: release.version });
      this.#step({ type: 'cancelled' });
      return;
    }
    if (!downloaded.ok) {
      this.#fail('download', downloaded.error);
      return;
    }
    if (!isSigned) {
      await this.#reject('download', downloaded.value, 'the hash differs from the signed one');
      return;
    }
    this.#file = downloaded.value;
    this.#step({ type: 'downloaded' });
    this.#options.logger.log('info', 'update_downloaded', { version: release.version, bytes: release.file.size });
  }

  #checkIn(delayMs: number): Timer {
    return this.#options.clock.setTimer(delayMs, () => {
      this.#timer = this.#checkIn(CHECK_INTERVAL_MS);
      void this.check();
    });
  }

  #step(event: UpdateEvent): boolean {
    const phase = nextPhase(this.#view.phase, event);
    if (phase === null) return false;
    this.#view = { ...this.#view, phase };
    for (const listener of this.#listeners) listener(this.#view);
    return true;
  }

  #fail(step: UpdateStep, { fault, reason }: { readonly fault: UpdateFault; readonly reason: string }): void {
    this.#options.logger.log('warn', 'update_failed', { step, fault, reason });
    this.#step({ type: 'failed', step, fault, reason });
  }

  /** The next download begins without the file. */
  async #reject(step: UpdateStep, file: string, reason: string): Promise<void> {
    this.#file = null;
    await removeFile(file);
    this.#fail(step, { fault: 'corrupt', reason });
  }

  #refusal(): Done {
    const { obstacle, phase } = this.#view;
    return failure('INVALID_STATE', { reason: obstacle ?? phase.state });
  }
}
