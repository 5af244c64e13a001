// The models in this machine's folders and whether each is ready: looks every few seconds with stat alone, and lets the
// hasher read what it has not verified yet. What follows from a look is decided in readiness-mapping.
import { stat } from 'node:fs/promises';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { findProgram } from '../command/find-program';
import { type FileLook, lookAtFile, lookAtPart, versionKey } from './file-look';
import { type FoundModel, ManifestFinder } from './find-manifests';
import { HashCache } from './hash-cache';
import { Hasher, type ReadChunks } from './hasher';
import type { LocalModel, ModelsSeen } from '../core/model-folders/local-model';
import type { ManifestFile } from '../core/model-folders/manifest';
import { decideReadiness, type FileSeen, type Growth, isGrowing, type ModelSeen, trackGrowth } from '../core/model-folders/readiness';

export interface ModelFoldersOptions {
  readonly folders: readonly string[];
  /** Where checksums are remembered; null: only while this runs. */
  readonly cacheFile: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly processesAlive: (names: readonly string[]) => Promise<ReadonlySet<string> | null>;
  /** Memory of the largest GPU offered, GB; 0: none is. */
  readonly largestGpuGb: () => number;
  readonly scanIntervalMs?: number;
  readonly readChunks?: ReadChunks;
}

const SCAN_INTERVAL_MS = 3000;

export class ModelFolders {
  private readonly options: ModelFoldersOptions;
  private readonly finder = new ManifestFinder();
  private readonly hasher: Hasher;
  private readonly listeners = new Set<() => void>();
  private growth = new Map<string, Growth>();
  /** Versions of files seen in the last look: only what holds still is worth hashing. */
  private settledKeys: ReadonlySet<string> = new Set();
  private current: ModelsSeen = { models: [], problems: [] };
  private scanning: Promise<void> | null = null;
  private timer: Timer | null = null;
  private running = false;

  constructor(options: ModelFoldersOptions) {
    this.options = options;
    this.hasher = new Hasher({
      cache: new HashCache(options.cacheFile),
      logger: options.logger,
      lookAgain: async (realPath) => {
        const now = await stat(realPath, { bigint: true }).catch(() => null);
        return now === null ? null : versionKey(realPath, now);
      },
      onIdle: () => {
        void this.rescan();
      },
      ...(options.readChunks === undefined ? {} : { readChunks: options.readChunks }),
    });
  }

  seen(): ModelsSeen {
    return this.current;
  }

  /** Called after a look that found something else than the one before; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Resolves after the first look. */
  async start(): Promise<void> {
    this.running = true;
    await this.rescan();
  }

  stop(): void {
    this.running = false;
    this.timer?.cancel();
    this.hasher.close();
  }

  /** Looks now, after the look under way: what changed before the call is seen. */
  async rescan(): Promise<void> {
    await this.scanning;
    this.scanning ??= this.scan().finally(() => {
      this.scanning = null;
    });
    await this.scanning;
  }

  /** As `rescan`, and tries again what could not be read. */
  async recheck(): Promise<void> {
    this.hasher.forgetFailures();
    await this.rescan();
  }

  private async scan(): Promise<void> {
    this.timer?.cancel();
    try {
      this.publish(await this.look());
    } catch (error) {
      this.options.logger.log('error', 'model_scan_failed', { reason: error instanceof Error ? error.message : String(error) });
    }
    if (!this.running) return;
    this.timer?.cancel();
    this.timer = this.options.clock.setTimer(this.options.scanIntervalMs ?? SCAN_INTERVAL_MS, () => {
      void this.rescan();
    });
  }

  private async look(): Promise<ModelsSeen> {
    const { models: found, problems } = await this.finder.find(this.options.folders);
    const names = [...new Set(found.flatMap(({ manifest }) => manifest.process ?? []))];
    const alive = names.length === 0 ? new Set<string>() : await this.options.processesAlive(names);
    const growth = new Map<string, Growth>();
    const keys = new Set<string>();
    const models: LocalModel[] = [];
    for (const model of found) {
      const files = [];
      for (const file of model.manifest.files) files.push({ file, seen: await this.lookAt(model, file, growth, keys) });
      models.push(this.toLocal(model, files, alive, await lookForProgram(model)));
    }
    this.hasher.keepOnly(keys);
    this.growth = growth;
    this.settledKeys = keys;
    return { models, problems };
  }

  private async lookAt(model: FoundModel, file: ManifestFile, growth: Map<string, Growth>, keys: Set<string>): Promise<FileSeen> {
    const look = await lookAtFile(model.realFolder, file.path);
    if (look.kind === 'escapes' || look.kind === 'unreadable') return look;
    if (look.kind === 'present' && look.sizeBytes >= file.size) return this.verified(look, file, keys);
    const partBytes = look.kind === 'present' ? look.sizeBytes : await lookAtPart(model.realFolder, file.path);
    if (partBytes === null) return { kind: 'missing' };
    const place = `${model.realFolder}/${file.path}`;
    const nowMs = this.options.clock.monotonicMs();
    const grown = trackGrowth(this.growth.get(place), partBytes, nowMs);
    growth.set(place, grown);
    return { kind: 'partial', sizeBytes: partBytes, growing: isGrowing(grown, nowMs) };
  }

  private verified(look: Extract<FileLook, { kind: 'present' }>, file: ManifestFile, keys: Set<string>): FileSeen {
    const whole = { kind: 'whole', sizeBytes: look.sizeBytes, hashedBytes: 0, sha256: null } as const;
    keys.add(look.key);
    // Another size is the fault, whatever the checksum.
    if (look.sizeBytes !== file.size) return whole;
    const progress = this.settledKeys.has(look.key) || this.isOld(look) ? this.hasher.ask(look) : null;
    switch (progress?.state) {
      case 'done':
        return { ...whole, hashedBytes: look.sizeBytes, sha256: progress.sha256 };
      case 'failed':
        return { kind: 'unreadable', code: progress.code };
      case 'pending':
        return { ...whole, hashedBytes: progress.hashedBytes };
      case undefined:
        return whole;
    }
  }

  /** Not written to since the last look would have been: it holds still already at the first look. */
  private isOld(look: Extract<FileLook, { kind: 'present' }>): boolean {
    return this.options.clock.wallMs() - look.mtimeMs > (this.options.scanIntervalMs ?? SCAN_INTERVAL_MS);
  }

  private toLocal(
    { manifest, folder, realFolder }: FoundModel,
    files: ModelSeen['files'],
    alive: ReadonlySet<string> | null,
    program: ModelSeen['program'],
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
        largestGpuGb: this.options.largestGpuGb(),
      }),
      checkedAtMs: this.options.clock.wallMs(),
    };
  }

  private publish(seen: ModelsSeen): void {
    const changed = essence(seen) !== essence(this.current);
    const known = new Set(this.current.problems.map((problem) => JSON.stringify(problem)));
    for (const problem of seen.problems)
      if (!known.has(JSON.stringify(problem))) this.options.logger.log('warn', 'model_folder_unusable', { ...problem });
    this.current = seen;
    if (changed) for (const listener of this.listeners) listener();
  }
}

async function lookForProgram({ manifest, realFolder }: FoundModel): Promise<ModelSeen['program']> {
  if (manifest.command === undefined) return null;
  const name = manifest.command.argv[0];
  return { name, found: (await findProgram(name, realFolder)) !== null };
}

/** What a look found, without when it looked. */
const essence = ({ models, problems }: ModelsSeen): string =>
  JSON.stringify([models.map((model) => ({ ...model, checkedAtMs: 0 })), problems]);
