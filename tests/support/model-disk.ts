// Model folders of a test on a real disk, scanned with a manual clock. Counts the files that are read.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { silentLogger } from '../../src/main/platform/logger';
import { ModelFolders, type ModelFoldersOptions } from '../../src/main/runtimes/model-folders/model-folders';
import { ManualClock } from './manual-clock';
import { until } from './until';

type Contents = Readonly<Record<string, string>>;

class ModelDisk {
  readonly root = mkdtempSync(path.join(tmpdir(), 'muster-models-'));
  readonly watched = path.join(this.root, 'models');
  readonly clock = new ManualClock();
  alive: ReadonlySet<string> | null = new Set();
  gpuGb = 24;
  /** Names of the files whose content was read. */
  readonly reads: string[] = [];
  /** Set: reading waits here after the first bytes. */
  hold: Promise<void> | null = null;
  readonly #opened: ModelFolders[] = [];

  constructor() {
    mkdirSync(this.watched);
  }

  /** A manifest that lists these files, without the files. */
  writeModel(name: string, files: Contents, manifest: object = {}): string {
    const folder = path.join(this.watched, name);
    mkdirSync(folder, { recursive: true });
    const listed = Object.entries(files).map(([file, content]) => ({
      path: file,
      size: Buffer.byteLength(content),
      sha256: sha256(content),
    }));
    writeFileSync(
      path.join(folder, 'muster-model.json'),
      JSON.stringify({ model_id: name, kind: 'llm', version: '1', files: listed, ...manifest }),
    );
    return folder;
  }

  /** With its files, last written long ago. */
  installModel(name: string, files: Contents = { 'model.bin': `weights of ${name}` }, manifest: object = {}): string {
    const folder = this.writeModel(name, files, manifest);
    for (const [file, content] of Object.entries(files)) writeOld(path.join(folder, file), content);
    return folder;
  }

  async open(fields: Partial<ModelFoldersOptions> = {}): Promise<ModelFolders> {
    const models = new ModelFolders({
      folders: () => [this.watched],
      cacheFile: path.join(this.root, 'hashes.json'),
      clock: this.clock,
      logger: silentLogger,
      processesAlive: () => Promise.resolve(this.alive),
      largestGpuGb: () => this.gpuGb,
      readChunks: (file) => this.#read(file),
      ...fields,
    });
    this.#opened.push(models);
    await models.start();
    return models;
  }

  close(): void {
    for (const models of this.#opened) models.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  async *#read(file: string): AsyncGenerator<Uint8Array> {
    this.reads.push(path.basename(file));
    yield (await readFile(file)).subarray(0, 4);
    if (this.hold !== null) await this.hold;
    yield (await readFile(file)).subarray(4);
  }
}

/** A new disk for each test of the file. */
export function useModelDisk(): () => ModelDisk {
  let disk: ModelDisk;
  beforeEach(() => {
    disk = new ModelDisk();
  });
  afterEach(() => {
    disk.close();
  });
  return () => disk;
}

/** Writes a file with an old time of writing, or the given one (Unix seconds). */
export function writeOld(file: string, content: string, atSeconds = 1000): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  utimesSync(file, atSeconds, atSeconds);
}

export const reasonOf = (models: ModelFolders, id: string) =>
  models.snapshot().models.find(({ modelId }) => modelId === id)?.readiness.reasonCode;
export const becomes = (models: ModelFolders, id: string, reason: string) =>
  until(`${id} to be ${reason}`, () => reasonOf(models, id) === reason);

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
