// Runs nvidia-smi in the probe process. While one run hangs in the driver, no other is started.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProbeBackoff } from './probe-backoff';
import { findNvidiaSmi } from './find-nvidia-smi';
import { ALL_FIELDS, BASIC_FIELDS, type NvidiaField, queryArguments } from '../parse/nvidia-csv';
import {
  interpretNvidia,
  isUnknownField,
  type KernelGpu,
  type NvidiaProbe,
  parseKernelGpu,
  parseMigInstances,
} from '../decide/nvidia-fault';
import type { ToolOutcome } from '../parse/types';
import { runTool, withinMs } from './run-tool';

const MAX_OUTPUT_BYTES = 1024 * 1024;
const KERNEL_LIST_TIMEOUT_MS = 500;
const MAX_KERNEL_GPUS = 64;
const SEARCH_INTERVAL_MS = 60_000;

export interface NvidiaQuery {
  readonly timeoutMs: number;
  readonly procRoot: string;
  /** The owner requested the probe: run it now, without the backoff after failures. */
  readonly ignoreBackoff: boolean;
}

export class NvidiaSmi {
  #fields: readonly NvidiaField[] = ALL_FIELDS;
  #path: string | null = null;
  #searchAgainAtMonotonicMs = 0;
  readonly #backoff = new ProbeBackoff();
  /** A killed nvidia-smi has not ended yet: it hangs in the kernel, and another one would hang too. */
  #isStuck = false;

  /** The program. Null: it is not installed, or it hangs. */
  get usablePath(): string | null {
    return this.#isStuck ? null : this.#path;
  }

  /** Never rejects, and resolves within about `timeoutMs` even when the driver hangs. */
  async probe({ timeoutMs, procRoot, ignoreBackoff }: NvidiaQuery): Promise<NvidiaProbe> {
    const isWaiting = this.#backoff.isWaiting(performance.now()) && !ignoreBackoff;
    const kernelGpus = await withinMs(KERNEL_LIST_TIMEOUT_MS, listKernelGpus(procRoot), []);
    if (this.#isStuck || isWaiting) return interpretNvidia({ kind: 'timeout' }, this.#fields, kernelGpus);
    const path = await this.#find(ignoreBackoff);
    if (path === null) return interpretNvidia({ kind: 'not_installed' }, this.#fields, kernelGpus);

    const deadlineMonotonicMs = performance.now() + timeoutMs;
    const run = (args: readonly string[]): Promise<ToolOutcome> =>
      this.#run(path, args, Math.max(1, deadlineMonotonicMs - performance.now()));
    let answer = await run(queryArguments(this.#fields));
    if (isUnknownField(answer) && this.#fields !== BASIC_FIELDS) {
      this.#fields = BASIC_FIELDS;
      answer = await run(queryArguments(this.#fields));
    }
    const found = interpretNvidia(answer, this.#fields, kernelGpus);
    if (!found.rows.some((row) => row.mig)) return found;
    const list = await run(['-L']);
    return list.kind === 'exited' ? { ...found, migInstances: parseMigInstances(list.stdout) } : found;
  }

  /** A found path is kept until the program is removed. A missing program is searched again after a minute. */
  async #find(searchNow: boolean): Promise<string | null> {
    const nowMonotonicMs = performance.now();
    if (this.#path === null && (searchNow || nowMonotonicMs >= this.#searchAgainAtMonotonicMs)) {
      this.#path = await findNvidiaSmi(process.env, process.platform);
      this.#searchAgainAtMonotonicMs = nowMonotonicMs + SEARCH_INTERVAL_MS;
    }
    return this.#path;
  }

  async #run(path: string, args: readonly string[], timeoutMs: number): Promise<ToolOutcome> {
    const { outcome, ended } = runTool(path, args, { timeoutMs, maxBytes: MAX_OUTPUT_BYTES });
    const result = await outcome;
    if (result.kind === 'not_installed') this.#path = null;
    if (result.kind === 'timeout') {
      this.#backoff.failed(performance.now());
      this.#isStuck = true;
      void ended.then(() => {
        this.#isStuck = false;
      });
    } else {
      this.#backoff.succeeded();
    }
    return result;
  }
}

/** The cards of the kernel module. Empty: the module is not loaded, or the system is not Linux. */
async function listKernelGpus(procRoot: string): Promise<readonly KernelGpu[]> {
  const folder = join(procRoot, 'driver', 'nvidia', 'gpus');
  const names = await readdir(folder).catch(() => []);
  const gpus = await Promise.all(
    names
      .slice(0, MAX_KERNEL_GPUS)
      .map(async (name) => parseKernelGpu(name, await readFile(join(folder, name, 'information'), 'utf8').catch(() => ''))),
  );
  return gpus.filter((gpu) => gpu !== null);
}
