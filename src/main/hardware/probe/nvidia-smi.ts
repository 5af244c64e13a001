// Asks nvidia-smi, in the probing child. One at a time: while an earlier one hangs in the driver no other is started.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Backoff } from './backoff';
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
import type { CommandOutcome } from '../parse/command-outcome';
import { runCommand, withinMs } from './run-command';

const MAX_OUTPUT_BYTES = 1024 * 1024;
const KERNEL_LIST_MS = 500;
const MOST_KERNEL_GPUS = 64;
const LOOK_AGAIN_MS = 60_000;

export interface NvidiaQuestion {
  readonly timeoutMs: number;
  readonly procRoot: string;
  /** The owner asked: try now, however often it failed. */
  readonly ignoreBackoff: boolean;
}

export class NvidiaSmi {
  private fields: readonly NvidiaField[] = ALL_FIELDS;
  private path: string | null = null;
  private lookAgainAtMs = 0;
  private readonly backoff = new Backoff();
  /** A killed nvidia-smi that has not died yet: it waits in the kernel, and so would the next. */
  private stuck = false;

  /** Never rejects, and answers within about `timeoutMs`, whatever the driver does. */
  async ask({ timeoutMs, procRoot, ignoreBackoff }: NvidiaQuestion): Promise<NvidiaProbe> {
    const waiting = this.backoff.isWaiting(performance.now()) && !ignoreBackoff;
    const kernelGpus = await withinMs(KERNEL_LIST_MS, listKernelGpus(procRoot), []);
    if (this.stuck || waiting) return interpretNvidia({ kind: 'timeout' }, this.fields, kernelGpus);
    const path = await this.find(ignoreBackoff);
    if (path === null) return interpretNvidia({ kind: 'not_installed' }, this.fields, kernelGpus);

    const deadlineMs = performance.now() + timeoutMs;
    const run = (args: readonly string[]): Promise<CommandOutcome> => this.run(path, args, Math.max(1, deadlineMs - performance.now()));
    let answer = await run(queryArguments(this.fields));
    if (isUnknownField(answer) && this.fields !== BASIC_FIELDS) {
      this.fields = BASIC_FIELDS;
      answer = await run(queryArguments(this.fields));
    }
    const probe = interpretNvidia(answer, this.fields, kernelGpus);
    if (!probe.rows.some((row) => row.mig)) return probe;
    const list = await run(['-L']);
    return list.kind === 'exited' ? { ...probe, migInstances: parseMigInstances(list.stdout) } : probe;
  }

  /** Where it was found stays true until it is gone; that it is missing is believed for a minute. */
  private async find(lookAgain: boolean): Promise<string | null> {
    const nowMs = performance.now();
    if (this.path === null && (lookAgain || nowMs >= this.lookAgainAtMs)) {
      this.path = await findNvidiaSmi(process.env, process.platform);
      this.lookAgainAtMs = nowMs + LOOK_AGAIN_MS;
    }
    return this.path;
  }

  private async run(path: string, args: readonly string[], timeoutMs: number): Promise<CommandOutcome> {
    const { outcome, gone } = runCommand(path, args, { timeoutMs, maxBytes: MAX_OUTPUT_BYTES });
    const result = await outcome;
    if (result.kind === 'not_installed') this.path = null;
    if (result.kind === 'timeout') {
      this.backoff.failed(performance.now());
      this.stuck = true;
      void gone.then(() => {
        this.stuck = false;
      });
    } else {
      this.backoff.succeeded();
    }
    return result;
  }
}

/** What the kernel module lists; nothing where it is not loaded or not Linux. */
async function listKernelGpus(procRoot: string): Promise<readonly KernelGpu[]> {
  const folder = join(procRoot, 'driver', 'nvidia', 'gpus');
  const names = await readdir(folder).catch(() => []);
  const gpus = await Promise.all(
    names
      .slice(0, MOST_KERNEL_GPUS)
      .map(async (name) => parseKernelGpu(name, await readFile(join(folder, name, 'information'), 'utf8').catch(() => ''))),
  );
  return gpus.filter((gpu) => gpu !== null);
}
