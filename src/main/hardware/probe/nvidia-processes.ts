// Runs the process list of nvidia-smi beside the load probe: pmon may take a second, which must not delay a reading. Its result comes
// with the next reading. When pmon fails, the list of computing programs replaces it for the time of the backoff.
import type { NvidiaRow } from '../parse/nvidia-csv';
import { COMPUTE_APPS_ARGUMENTS, parseComputeApps, parsePmon, PMON_ARGUMENTS } from '../parse/nvidia-processes';
import type { GpuProcesses, ListedGpuProcess } from '../parse/pool-sample';
import { readingValue, usedGbFromMib } from '../parse/reading';
import type { ToolOutcome } from '../parse/types';
import { ProbeBackoff } from './probe-backoff';
import { runTool, type ToolRun } from './run-tool';

const TIMEOUT_MS = 3500;
/** A driver without pmon gets it with its next update. */
const PMON_BACKOFF = { firstMs: 60_000, maxMs: 600_000 };
const MAX_OUTPUT_BYTES = 256 * 1024;

/** The group of a process, whether it exists, and its name. */
export type ClassifyProcess = (pid: number) => Pick<ListedGpuProcess, 'group' | 'exists' | 'name'>;

interface ListedProcess {
  readonly gpu: number;
  readonly pid: number;
  readonly share: number | null;
  readonly memoryMib: number | null;
  readonly name: string | null;
}

export class NvidiaProcesses {
  readonly #pmonBackoff = new ProbeBackoff(PMON_BACKOFF);
  #isRunning = false;
  #startedAtMonotonicMs: number | null = null;
  #result: readonly GpuProcesses[] | null = null;

  /** Starts a run when the last one started `intervalMs` ago. `rows`: the readings of the cards at this moment. */
  refresh(path: string, rows: readonly NvidiaRow[], intervalMs: number, classify: () => ClassifyProcess): void {
    const nowMonotonicMs = performance.now();
    const isEarly = this.#startedAtMonotonicMs !== null && nowMonotonicMs - this.#startedAtMonotonicMs < intervalMs;
    if (this.#isRunning || isEarly || rows.length === 0) return;
    this.#isRunning = true;
    this.#startedAtMonotonicMs = nowMonotonicMs;
    void this.#list(path, rows).then((listed) => {
      if (listed === null) return;
      const classOf = classify();
      this.#result = rows.map(({ index, utilizationPercent }) => ({
        index,
        totalPercent: readingValue(utilizationPercent),
        processes: listed.filter(({ gpu }) => gpu === index).map((process) => describe(process, classOf(process.pid))),
      }));
    });
  }

  /** The result of the last run, once. */
  take(): readonly GpuProcesses[] | null {
    const result = this.#result;
    this.#result = null;
    return result;
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
    return parseComputeApps(listed).flatMap(({ gpuUuid, pid, usedMemoryMib: memoryMib }) => {
      const gpu = indexes.get(gpuUuid);
      return gpu === undefined ? [] : [{ gpu, pid, share: null, memoryMib, name: null }];
    });
  }

  /** `failed`: it ended without a list, or failed recently. Null: it hangs; until it has ended, no other program is started. */
  async #pmon(path: string): Promise<readonly ListedProcess[] | 'failed' | null> {
    if (this.#pmonBackoff.isWaiting(performance.now())) return 'failed';
    const { outcome, ended } = start(path, PMON_ARGUMENTS);
    const result = await outcome;
    const output = outputOf(result);
    const listed = output === null ? null : parsePmon(output);
    if (listed === null) this.#pmonBackoff.failed(performance.now());
    else this.#pmonBackoff.succeeded();
    if (listed === null && result.kind === 'exited') return 'failed';
    void ended.then(() => {
      this.#isRunning = false;
    });
    return listed?.map(({ sm: share, ...process }) => ({ ...process, share })) ?? null;
  }
}

/** This machine knows the whole name. The driver also knows the names of other containers. */
const describe = ({ pid, share, memoryMib, name }: ListedProcess, known: ReturnType<ClassifyProcess>): ListedGpuProcess => ({
  ...known,
  pid,
  name: known.name ?? name,
  share,
  memoryGb: memoryMib === null ? null : usedGbFromMib(memoryMib),
});

const start = (path: string, args: readonly string[]): ToolRun =>
  runTool(path, args, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_OUTPUT_BYTES });

const outputOf = (outcome: ToolOutcome): string | null => (outcome.kind === 'exited' && outcome.code === 0 ? outcome.stdout : null);
