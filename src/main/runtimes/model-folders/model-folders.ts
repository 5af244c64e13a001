// The models in the model folders and their readiness. Scans the folders every few seconds with `stat` only, and lets the hasher read
// unverified files. core/model-folders/readiness.ts decides the readiness.
import { stat } from 'node:fs/promises';
import { messageOfError } from '../../../shared/errors';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { findProgram } from '../command/find-program';
import { type FileStat, statFile, statPartialFile, versionKey } from './file-stat';
import { type ModelFolder, ManifestFinder } from './find-manifests';
import { HashCache } from './hash-cache';
import { Hasher, type ReadChunks } from './hasher';
import type { LocalModel, ModelFoldersSnapshot } from '../core/model-folders/local-model';
import type { ManifestFile } from '../core/model-folders/manifest';
import { decideReadiness, type FileState, type Growth, isGrowing, type ModelFacts, trackGrowth } from '../core/model-folders/readiness';

export interface ModelFoldersOptions {
  /** Read at each scan. */
  readonly folders: () => readonly string[];
  /** The file of the checksum cache. Null: memory only. */
  readonly cacheFile: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly processesAlive: (names: readonly string[]) => Promise<ReadonlySet<string> | null>;
  /** Memory of the largest offered GPU, GB. 0: no GPU is offered. */
  readonly largestGpuGb: () => number;
  readonly scanIntervalMs?: number;
  readonly readChunks?: ReadChunks;
}

const SCAN_INTERVAL_MS = 3000;

export class ModelFolders {
  readonly #options: ModelFoldersOptions;
  readonly #finder = new ManifestFinder();
  readonly #hasher: Hasher;
  readonly #listeners = new Set<() => void>();
  #growth = new Map<string, Growth>();
  /** File versions in the last scan. Only a file that did not change since then is hashed. */
  #stableKeys: ReadonlySet<string> = new Set();
  #current: ModelFoldersSnapshot = { models: [], problems: [] };
  #scanning: Promise<void> | null = null;
  #timer: Timer | null = null;
  #running = false;

  constructor(options: ModelFoldersOptions) {
    this.#options = options;
    this.#hasher = new Hasher({
      cache: new HashCache(options.cacheFile),
      logger: options.logger,
      currentKey: async (realPath) => {
        const now = await stat(realPath, { bigint: true }).catch(() => null);
        return now === null ? null : versionKey(realPath, now);
      },
      onIdle: () => {
        void this.rescan();
      },
      ...(options.readChunks === undefined ? {} : { readChunks: options.readChunks }),
    });
  }

  snapshot(): ModelFoldersSnapshot {
    return this.#current;
  }

  /** The listener is called when the snapshot changed. Returns the function that unsubscribes. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Resolves after the first scan. */
  async start(): Promise<void> {
    this.#running = true;
    await this.rescan();
  }

  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
    this.#hasher.close();
  }

  /** Scans now, after a running scan, so that changes before the call are included. */
  async rescan(): Promise<void> {
    await this.#scanning;
    this.#scanning ??= this.#scan().finally(() => {
      this.#scanning = null;
    });
    await this.#scanning;
  }

  /** Like `rescan`, and reads unreadable files again. */
  async refresh(): Promise<void> {
    this.#hasher.forgetFailures();
    await this.rescan();
  }

  async #scan(): Promise<void> {
    this.#timer?.cancel();
    try {
      this.#publish(await this.#scanFolders());
    } catch (error) {
      this.#options.logger.log('error', 'model_scan_failed', { reason: messageOfError(error) });
    }
    if (!this.#running) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(this.#options.scanIntervalMs ?? SCAN_INTERVAL_MS, () => {
      void this.rescan();
    });
  }

  async #scanFolders(): Promise<ModelFoldersSnapshot> {
    const { models: found, problems } = await this.#finder.find(this.#options.folders());
    const names = [...new Set(found.flatMap(({ manifest }) => manifest.process ?? []))];
    const alive = names.length === 0 ? new Set<string>() : await this.#options.processesAlive(names);
    const growth = new Map<string, Growth>();
    const keys = new Set<string>();
    const models: LocalModel[] = [];
    for (const model of found) {
      const files = [];
      for (const file of model.manifest.files) files.push({ file, state: await this.#fileStateOf(model, file, growth, keys) });
      models.push(this.#toLocal(model, files, alive, await findProgramOf(model)));
    }
    this.#hasher.keepOnly(keys);
    this.#growth = growth;
    this.#stableKeys = keys;
    return { models, problems };
  }

  async #fileStateOf(model: ModelFolder, file: ManifestFile, growth: Map<string, Growth>, keys: Set<string>): Promise<FileState> {
    const stat = await statFile(model.realFolder, file.path);
    if (stat.kind === 'escapes' || stat.kind === 'unreadable') return stat;
    if (stat.kind === 'present' && stat.sizeBytes >= file.size) return this.#verified(stat, file, keys);
    const partBytes = stat.kind === 'present' ? stat.sizeBytes : await statPartialFile(model.realFolder, file.path);
    if (partBytes === null) return { kind: 'missing' };
    const key = `${model.realFolder}/${file.path}`;
    const nowMonotonicMs = this.#options.clock.monotonicMs();
    const grown = trackGrowth(this.#growth.get(key), partBytes, nowMonotonicMs);
    growth.set(key, grown);
    return { kind: 'partial', sizeBytes: partBytes, growing: isGrowing(grown, nowMonotonicMs) };
  }

  #verified(stat: Extract<FileStat, { kind: 'present' }>, file: ManifestFile, keys: Set<string>): FileState {
    const whole = { kind: 'whole', sizeBytes: stat.sizeBytes, hashedBytes: 0, sha256: null } as const;
    keys.add(stat.key);
    // A wrong size is a fault, with any checksum.
    if (stat.sizeBytes !== file.size) return whole;
    const progress = this.#stableKeys.has(stat.key) || this.#isOld(stat) ? this.#hasher.ask(stat) : null;
    switch (progress?.state) {
      case 'done':
        return { ...whole, hashedBytes: stat.sizeBytes, sha256: progress.sha256 };
      case 'failed':
        return { kind: 'unreadable', code: progress.code };
      case 'pending':
        return { ...whole, hashedBytes: progress.hashedBytes };
      case undefined:
        return whole;
    }
  }

  /** The file was not written for longer than a scan interval, so the first scan may hash it. */
  #isOld(stat: Extract<FileStat, { kind: 'present' }>): boolean {
    return this.#options.clock.wallMs() - stat.mtimeMs > (this.#options.scanIntervalMs ?? SCAN_INTERVAL_MS);
  }

  #toLocal(
    { manifest, folder, realFolder }: ModelFolder,
    files: ModelFacts['files'],
    alive: ReadonlySet<string> | null,
    program: ModelFacts['program'],
  ): LocalModel {
    const process =
      manifest.process === undefined ? null : { name: manifest.process, alive: alive === null ? null : alive.has(manifest.process) };
    return {
      modelId: manifest.model_id,
      kind: manifest.kind,
      version: manifest.version,
      srcLang: manifest.src_lang ?? null,
      tgtLang: manifest.tgt_lang ?? null,
      dialect: manifest.dialect ?? null,
      folder,
      realFolder,
      command: manifest.command ?? null,
      sizeBytes: manifest.files.reduce((total, file) => total + file.size, 0),
      readiness: decideReadiness({
        files,
        process,
        program,
        minGpuMemoryGb: manifest.min_gpu_memory_gb ?? null,
        largestGpuGb: this.#options.largestGpuGb(),
      }),
      checkedAtWallMs: this.#options.clock.wallMs(),
    };
  }

  #publish(next: ModelFoldersSnapshot): void {
    const changed = contentOf(next) !== contentOf(this.#current);
    const known = new Set(this.#current.problems.map((problem) => JSON.stringify(problem)));
    for (const problem of next.problems)
      if (!known.has(JSON.stringify(problem))) this.#options.logger.log('warn', 'model_folder_unusable', { ...problem });
    this.#current = next;
    if (changed) for (const listener of this.#listeners) listener();
  }
}

async function findProgramOf({ manifest, realFolder }: ModelFolder): Promise<ModelFacts['program']> {
  if (manifest.command === undefined) return null;
  const name = manifest.command.argv[0];
  return { name, found: (await findProgram(name, realFolder)) !== null };
}

/** The snapshot without the times of the scan, for comparison. */
const contentOf = ({ models, problems }: ModelFoldersSnapshot): string =>
  JSON.stringify([models.map((model) => ({ ...model, checkedAtWallMs: 0 })), problems]);
