// The owner's view of the GPUs: their history, the programs on them, which of them are offered, and what this computer gave to its pools.
import path from 'node:path';
import { type Contribution, type GpuHistory, type GpuOffer, type GpuProcesses, type HistoryRange } from '../../shared/api/gpu';
import type { Outcome } from '../../shared/api/app-api';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { SettingChange } from '../contracts/ports';
import type { GpuProgram, LoadReport } from '../hardware/parse/types';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { settingsOf, withOffer } from './core/gpu-choice';
import { ContributionMeter } from './contribution-meter';
import type { HardwarePoller } from './hardware-poller';
import type { JobCounter } from './jobs/job-runner';
import { LoadHistory } from './load-history';

export interface OwnGpusOptions {
  readonly hardware: HardwarePoller;
  /** Has the files of the history and of the contribution. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class OwnGpus {
  readonly #hardware: HardwarePoller;
  readonly #history: LoadHistory;
  readonly #contribution: ContributionMeter;

  constructor({ hardware, stateDir, clock, logger }: OwnGpusOptions) {
    this.#hardware = hardware;
    this.#history = new LoadHistory({ file: path.join(stateDir, 'load-history.bin'), clock, logger });
    this.#contribution = new ContributionMeter({ file: path.join(stateDir, 'contribution.json'), clock, logger });
  }

  /** Counts the jobs of this computer. */
  get counter(): JobCounter {
    return this.#contribution;
  }

  onReading(load: LoadReport): void {
    this.#history.add(load);
    this.#contribution.onReading(this.#hardware.offeredLoad() ?? load);
  }

  /** `pool`: the present one. */
  contribution(pool: string | null): Contribution {
    return this.#contribution.view(pool);
  }

  history(range: HistoryRange): GpuHistory {
    return this.#history.view(range);
  }

  processes(): GpuProcesses {
    this.#hardware.viewed();
    const measured = this.#hardware.load();
    return {
      gpus: (measured?.load.shares ?? []).map(({ key, programs }) => ({
        key,
        programs: programs?.list.map(toProgramView) ?? null,
        read_at: programs === null || measured === null ? null : measured.readAtWallMs - programs.ageMs,
      })),
    };
  }

  /** The changed settings. They come back as the choice of the hardware when they are written. */
  offer(offer: GpuOffer): Outcome<readonly SettingChange[]> {
    const accepted = this.#hardware.report()?.adapters.filter(({ verdict }) => verdict.accepted) ?? [];
    const choice = withOffer(this.#hardware.choice(), accepted, offer);
    if (choice.ok) return ok(settingsOf(choice.value));
    return choice.error === 'unknown_gpu' ? failure('NOT_FOUND', { gpu: offer.key }) : failure('INVALID_STATE', { reason: choice.error });
  }

  async close(): Promise<void> {
    await Promise.all([this.#history.close(), this.#contribution.close()]);
  }
}

const toProgramView = ({ pid, name, percent, memoryGb, isPool }: GpuProgram) => ({
  pid,
  name,
  gpu_percent: percent,
  memory_gb: memoryGb,
  is_pool: isPool,
});
