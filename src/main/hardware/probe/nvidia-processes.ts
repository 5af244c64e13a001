// Runs the process list of nvidia-smi beside the load probe: pmon may take a second, which must not delay a reading. Its result comes
// with the next reading. When pmon fails, the list of computing programs replaces it for the time of the backoff.
import type { NvidiaRow } from '../parse/nvidia-csv';
import { COMPUTE_APPS_ARGUMENTS, parseComputeApps, parsePmon } from '../parse/nvidia-processes';
import type { GpuProcess, GpuProcesses } from '../parse/pool-sample';
import { readingValue } from '../parse/reading';
import type { ToolOutcome } from '../parse/types';
import { ProbeBackoff } from './probe-backoff';
import { runTool, type ToolRun } from './run-tool';

/** Every second reading: the driver's processes change slowly, and each run starts a program. */
const INTERVAL_MS = 5000;
const TIMEOUT_MS = 3500;
/** A driver without pmon gets it with its next update. */
const PMON_BACKOFF = { firstMs: 60_000, maxMs: 600_000 };
const MAX_OUTPUT_BYTES = 256 * 1024;

/** The group of a process, and whether it exists. */
export type ClassifyProcess = (pid: number) => Pick<GpuProcess, 'group' | 'exists'>;

interface ListedProcess {
  readonly gpu: number;
  readonly pid: number;
  readonly share: number | null;
}

export class NvidiaProcesses {
  readonly #pmonBackoff = new ProbeBackoff(PMON_BACKOFF);
  #isRunning = false;
  #startAtMonotonicMs = 0;
  #result: readonly GpuProcesses[] | null = null;

  /** Starts a run if one is due. `rows`: the readings of the cards at this moment. */
  refresh(path: string, rows: readonly NvidiaRow[], classify: () => ClassifyProcess): void {
    const nowMonotonicMs = performance.now();
    if (this.#isRunning || nowMonotonicMs < this.#startAtMonotonicMs || rows.length === 0) return;
    this.#isRunning = true;
    this.#startAtMonotonicMs = nowMonotonicMs + INTERVAL_MS;
    void this.#list(path, rows).then((listed) => {
      if (listed === null) return;
      const classOf = classify();
      this.#result = rows.map(({ index, utilizationPercent }) => ({
        index,
        totalPercent: readingValue(utilizationPercent),
        processes: listed.filter(({ gpu }) => gpu === index).map(({ pid, share }) => ({ ...classOf(pid), share })),
      }));
    });
  }

  /** The result of the last run, once. */
  take(): readonly GpuProcesses[] | null {
    const result = this.#result;
    this.#result = null;
    return result;
  }

  /** The next list will describe a later time. */
  discard(): void {
    this.#result = null;
  }

  async #list(path: string, rows: readonly NvidiaRow[]): Promise<readonly ListedProcess[] | null> {
    const pmon = await this.#pmon(path);
    if (pmon !== 'failed') return pmon;
    const { outcome, ended } = start(path, COMPUTE_APPS_ARGUMENTS);
    void ended.then(() => {
      this.#isRunning = false;
    });
    const listed = outputOf(await outcome);
    if (listed === null) return null;
    const indexes = new Map(rows.map(({ uuid, index }) => [uuid, index]));
    return parseComputeApps(listed).flatMap(({ gpuUuid, pid }) => {
      const gpu = indexes.get(gpuUuid);
      return gpu === undefined ? [] : [{ gpu, pid, share: null }];
    });
  }

  /** `failed`: it ended without a list, or failed recently. Null: it hangs; until it has ended, no other program is started. */
  async #pmon(path: string): Promise<readonly ListedProcess[] | 'failed' | null> {
    if (this.#pmonBackoff.isWaiting(performance.now())) return 'failed';
    const { outcome, ended } = start(path, ['pmon', '-c', '1', '-s', 'u']);
    const result = await outcome;
    const output = outputOf(result);
    const listed = output === null ? null : parsePmon(output);
    if (listed === null) this.#pmonBackoff.failed(performance.now());
    else this.#pmonBackoff.succeeded();
    if (listed === null && result.kind === 'exited') return 'failed';
    void ended.then(() => {
      this.#isRunning = false;
    });
    return listed?.map(({ gpu, pid, sm }) => ({ gpu, pid, share: sm })) ?? null;
  }
}

const start = (path: string, args: readonly string[]): ToolRun =>
  runTool(path, args, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_OUTPUT_BYTES });

const outputOf = (outcome: ToolOutcome): string | null => (outcome.kind === 'exited' && outcome.code === 0 ? outcome.stdout : null);
