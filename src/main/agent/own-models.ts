// What the owner does with the models of this computer: downloads, removes, loads and unloads them, and decides which of them the pool gets.
import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { MAX_ACT_WAIT_MS } from '../../shared/api/model-control';
import { MAX_UNSHARED_MODELS, type ModelDisk, type OwnActAnswer } from '../../shared/api/own-models';
import type { Outcome } from '../../shared/api/app-api';
import type { ModelAction } from '../../shared/protocol/model-control';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { Done, OwnModelsPort, SettingChange } from '../contracts/ports';
import type { Clock } from '../platform/clock';
import type { ControlOutcome } from '../runtimes/model-controls';
import type { DownloadFault } from '../runtimes/core/pulls/downloads';
import type { RuntimeSet } from '../runtimes/runtime-set';

export interface OwnModelsOptions {
  readonly runtimes: Pick<RuntimeSet, 'snapshot' | 'downloads' | 'control' | 'remove'>;
  /** Models that the owner does not share. */
  readonly unshared: () => readonly string[];
  readonly modelFolders: () => readonly string[];
  /** A download was requested. */
  readonly onRequest: () => void;
  readonly clock: Clock;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: that of the system. */
  readonly statfs?: (folder: string) => Promise<FolderFigures>;
}

type FolderFigures = Pick<StatsFs, 'bavail' | 'bsize' | 'blocks'>;

/** A folder of a network that does not answer has no figures. */
const STAT_TIMEOUT_MS = 2000;

export class OwnModels implements OwnModelsPort {
  readonly #options: OwnModelsOptions;
  /** By folder: one call, because each call that hangs occupies a thread of libuv. */
  readonly #figures = new Map<string, Promise<FolderFigures | null>>();

  constructor(options: OwnModelsOptions) {
    this.#options = options;
  }

  download(modelId: string): Done {
    const { runtimes, onRequest } = this.#options;
    const isKnown = runtimes.snapshot().pulls.some(({ model }) => model.model_id === modelId);
    if (!isKnown && !this.#hasOllama()) return failure('INVALID_STATE', { reason: 'pull_no_ollama', model_id: modelId });
    const fault = runtimes.downloads.request(modelId);
    if (fault === null) onRequest();
    return downloadOutcome(fault, modelId);
  }

  pauseDownload(modelId: string): Done {
    return downloadOutcome(this.#options.runtimes.downloads.pause(modelId), modelId);
  }

  cancelDownload(modelId: string): Done {
    return downloadOutcome(this.#options.runtimes.downloads.cancel(modelId), modelId);
  }

  async remove(modelId: string): Promise<Outcome<OwnActAnswer>> {
    const { runtimes } = this.#options;
    // The model would be downloaded again.
    if (runtimes.downloads.isConfigured(modelId)) return failure('INVALID_STATE', { reason: 'configured', model_id: modelId });
    return this.#answered(modelId, runtimes.remove(modelId));
  }

  async control(modelId: string, action: ModelAction): Promise<Outcome<OwnActAnswer>> {
    return this.#answered(modelId, this.#options.runtimes.control(modelId, action));
  }

  share(modelId: string, shared: boolean): Outcome<readonly SettingChange[]> {
    const { runtimes, unshared } = this.#options;
    const others = unshared().filter((id) => id !== modelId);
    if (shared) return ok([changeTo(others)]);
    if (!runtimes.snapshot().models.some(({ model }) => model.model_id === modelId)) return failure('NOT_FOUND', { model_id: modelId });
    return others.length >= MAX_UNSHARED_MODELS ? failure('INVALID_STATE', { reason: 'too_many' }) : ok([changeTo([...others, modelId])]);
  }

  async disk(): Promise<ModelDisk | null> {
    const { modelFolders } = this.#options;
    const ollama = this.#hasOllama() ? ollamaFolders(this.#options.env ?? process.env) : [];
    for (const folder of ollama) {
      const disk = await this.#diskOf(folder, 'ollama');
      if (disk !== null) return disk;
    }
    const [folder] = modelFolders();
    return folder === undefined ? null : this.#diskOf(folder, 'folders');
  }

  #hasOllama(): boolean {
    return this.#options.runtimes.snapshot().runtimes.some(({ type, state }) => type === 'ollama' && state === 'running');
  }

  async #answered(modelId: string, act: Promise<ControlOutcome>): Promise<Outcome<OwnActAnswer>> {
    const end = await this.#within(act, MAX_ACT_WAIT_MS);
    if (end === null) return ok({ state: 'started' });
    if (end.ok) return ok({ state: 'done' });
    const { code, message } = end.error;
    if (code === 'unknown_model') return failure('NOT_FOUND', { model_id: modelId });
    const details = { model_id: modelId, reason: code, ...(message === null ? {} : { runtime_message: message }) };
    return failure('INVALID_STATE', details);
  }

  async #diskOf(folder: string, of: ModelDisk['of']): Promise<ModelDisk | null> {
    const found = await this.#within(this.#figuresOf(folder), STAT_TIMEOUT_MS);
    if (found === null) return null;
    return { path: folder, of, free_bytes: found.bavail * found.bsize, total_bytes: found.blocks * found.bsize };
  }

  #figuresOf(folder: string): Promise<FolderFigures | null> {
    const inFlight = this.#figures.get(folder);
    if (inFlight !== undefined) return inFlight;
    const figures = (this.#options.statfs ?? statfs)(folder)
      .catch(() => null)
      .finally(() => this.#figures.delete(folder));
    this.#figures.set(folder, figures);
    return figures;
  }

  /** Null: not ended in time. */
  #within<Value>(ending: Promise<Value>, ms: number): Promise<Value | null> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.setTimer(ms, () => {
        resolve(null);
      });
      void ending.then((value) => {
        timer.cancel();
        resolve(value);
      });
    });
  }
}

const changeTo = (models: readonly string[]): SettingChange => ({
  key: 'agent.unshared_models',
  value: models.length === 0 ? null : [...models],
});

function downloadOutcome(fault: DownloadFault | null, modelId: string): Done {
  if (fault === null) return ok(undefined);
  return fault === 'no_download'
    ? failure('NOT_FOUND', { model_id: modelId })
    : failure('INVALID_STATE', { reason: fault, model_id: modelId });
}

/** Where Ollama keeps its models: as the environment says, for a user, and for its service on Linux. */
const ollamaFolders = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  [env['OLLAMA_MODELS'] ?? '', path.join(homedir(), '.ollama', 'models'), '/usr/share/ollama/.ollama/models'].filter(
    (folder) => folder !== '',
  );
