// What the agent tells about its GPUs, for the ports in memory.
import type { Contribution, GpuHistory, GpuOffer, GpuProcesses, HistoryRange } from '../../src/shared/api/gpu';
import { ok } from '../../src/shared/result';
import type { Outcome } from '../../src/shared/api/app-api';
import type { SettingChange } from '../../src/main/contracts/ports';
import { gpuHistory } from '../fixtures/app-states/gpu-history';

const NOW_WALL_MS = 1_764_400_000_000;

export const history = (range: HistoryRange): GpuHistory => gpuHistory(range, NOW_WALL_MS, [{ key: 'GPU-a', totalGb: 24, powerW: 450 }]);

export const processes: GpuProcesses = {
  gpus: [{ key: 'GPU-a', read_at: NOW_WALL_MS, programs: [{ pid: 7, name: 'ollama', gpu_percent: 60, memory_gb: 6.2, is_pool: true }] }],
};

const totals = (jobs: number) => ({
  jobs,
  failed_jobs: 1,
  prompt_tokens: jobs * 900,
  completion_tokens: jobs * 300,
  gpu_ms: jobs * 160_000,
  energy_wh: jobs * 15,
});

export const contribution: Contribution = {
  today: '2026-11-29',
  first_day: '2026-11-23',
  pools: [
    {
      pool: 'ws://127.0.0.1:7080',
      is_current: true,
      today: totals(42),
      last_7_days: totals(318),
      jobs_by_hour: Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 42 : 0)),
    },
  ],
};

/** The part of the agent that records these calls. */
export class FakeOwnGpus {
  readonly calls: unknown[] = [];

  gpuHistory(range: HistoryRange): GpuHistory {
    this.calls.push(['gpuHistory', range]);
    return history(range);
  }

  gpuProcesses(): GpuProcesses {
    this.calls.push(['gpuProcesses']);
    return processes;
  }

  offerGpu(offer: GpuOffer): Outcome<readonly SettingChange[]> {
    this.calls.push(['offerGpu', offer]);
    return ok([{ key: 'agent.gpus', value: [offer.key] }]);
  }

  contribution(): Contribution {
    this.calls.push(['contribution']);
    return contribution;
  }
}
