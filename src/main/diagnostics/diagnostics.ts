// Keeps the collected diagnostics for the user to read, and saves exactly these (ADR 0037).
import { randomBytes } from 'node:crypto';
import type { Outcome } from '../../shared/api/app-api';
import type { DiagnosticsPreview } from '../../shared/api/logs';
import type { SavedFile } from '../../shared/api/saved-file';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { DiagnosticsFact, DiagnosticsPort } from '../contracts/ports';
import { type SaveFile, savedFile } from '../contracts/saved-file';
import type { Clock } from '../platform/clock';
import { archiveName, zipOf } from './archive';
import { collectDiagnostics, type CollectOptions } from './collect-diagnostics';

export interface DiagnosticsOptions extends CollectOptions {
  readonly clock: Clock;
  /** Absent: this program has no screen. */
  readonly saveFile?: SaveFile;
}

const KEPT_MS = 10 * 60_000;

interface Kept {
  readonly preview: DiagnosticsPreview;
  readonly madeWallMs: number;
  readonly atMonotonicMs: number;
}

export class Diagnostics implements DiagnosticsPort {
  readonly #options: DiagnosticsOptions;
  /** The last preview only: a page that shows an older one asks again. */
  #kept: Kept | null = null;

  constructor(options: DiagnosticsOptions) {
    this.#options = options;
  }

  async preview(facts: readonly DiagnosticsFact[]): Promise<Outcome<DiagnosticsPreview>> {
    const { clock } = this.#options;
    const madeWallMs = clock.wallMs();
    const files = await collectDiagnostics(this.#options, facts, madeWallMs);
    const preview = { id: randomBytes(12).toString('hex'), files: [...files] };
    this.#kept = { preview, madeWallMs, atMonotonicMs: clock.monotonicMs() };
    return ok(preview);
  }

  async save(id: string): Promise<Outcome<SavedFile>> {
    const kept = this.#keptAs(id);
    if (kept === null) return failure('NOT_FOUND', { id });
    const folder = archiveName(kept.madeWallMs);
    const bytes = await zipOf(folder, kept.preview.files);
    return savedFile(this.#options.saveFile ?? null, `${folder}.zip`, bytes);
  }

  #keptAs(id: string): Kept | null {
    const kept = this.#kept;
    if (kept === null || this.#options.clock.monotonicMs() - kept.atMonotonicMs > KEPT_MS) this.#kept = null;
    return this.#kept?.preview.id === id ? this.#kept : null;
  }
}
