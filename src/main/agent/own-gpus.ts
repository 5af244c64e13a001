// The owner's view of the GPUs: their history, the programs on them, which of them are offered, and what this computer gave to its pools.
import { MAX_GPU_PROGRAMS, type GpuHistory, type GpuOffer, type GpuProcesses, type HistoryRange } from '../../shared/api/gpu';
import type { Outcome } from '../../shared/api/app-api';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { SettingChange } from '../contracts/ports';
import type { GpuProgram, LoadReport } from '../hardware/parse/types';
import { settingsOf, withOffer } from './core/gpu-choice';
import type { ContributionMeter } from './contribution-meter';
import type { HardwarePoller } from './hardware-poller';
import type { LoadHistory } from './load-history';

export interface OwnGpusOptions {
  readonly hardware: HardwarePoller;
  readonly history: LoadHistory;
  readonly contribution: ContributionMeter;
}

export class OwnGpus {
  readonly #options: OwnGpusOptions;

  constructor(options: OwnGpusOptions) {
    this.#options = options;
  }

  onReading(load: LoadReport): void {
    const { history, contribution, hardware } = this.#options;
    history.add(load);
    contribution.onReading(hardware.offeredLoad() ?? load);
  }

  history(range: HistoryRange): GpuHistory {
    return this.#options.history.view(range);
  }

  processes(): GpuProcesses {
    const { hardware } = this.#options;
    hardware.viewed();
    const measured = hardware.load();
    return {
      gpus: (measured?.load.shares ?? []).map(({ key, programs }) => ({
        key,
        programs: programs?.list.slice(0, MAX_GPU_PROGRAMS).map(toProgramView) ?? null,
        read_at: programs === null || measured === null ? null : measured.readAtWallMs - programs.ageMs,
      })),
    };
  }

  /** The changed settings. They come back as the choice of the hardware when they are written. */
  offer(offer: GpuOffer): Outcome<readonly SettingChange[]> {
    const { hardware } = this.#options;
    const accepted = hardware.report()?.adapters.filter(({ verdict }) => verdict.accepted) ?? [];
    const choice = withOffer(hardware.choice(), accepted, offer);
    if (choice.ok) return ok(settingsOf(choice.value));
    return choice.error === 'unknown_gpu' ? failure('NOT_FOUND', { gpu: offer.key }) : failure('INVALID_STATE', { reason: choice.error });
  }

  async close(): Promise<void> {
    await Promise.all([this.#options.history.close(), this.#options.contribution.close()]);
  }
}

const toProgramView = ({ pid, name, percent, memoryGb, isPool }: GpuProgram) => ({
  pid,
  name,
  gpu_percent: percent,
  memory_gb: memoryGb,
  is_pool: isPool,
});
