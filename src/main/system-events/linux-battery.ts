// Whether this computer runs on battery, on Linux: UPower announces each change on the system bus. Without the tool that monitors the
// bus, UPower is asked every 10 s. Without UPower the power supplies of the kernel are read every 10 s.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { EventTool } from './event-tool';
import type { FactSource } from './fact-source';
import { type Fact, knownFact, NOT_SUPPORTED } from './parse/fact';
import { isOnBattery, isPowerChange, parseOnBattery } from './parse/power';
import { hasSystemBus } from './system-bus';

const BUS_NAME = 'org.freedesktop.UPower';
const BUS_PATH = '/org/freedesktop/UPower';
const READ_TIMEOUT_MS = 5000;
const MAX_OUTPUT_BYTES = 4096;
const POLL_INTERVAL_MS = 10_000;
const MAX_SUPPLIES = 32;

export interface LinuxBatteryOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: that of the kernel. */
  readonly suppliesFolder?: string;
}

const run = promisify(execFile);

export class LinuxBattery implements FactSource<boolean> {
  readonly #options: LinuxBatteryOptions;

  constructor(options: LinuxBatteryOptions) {
    this.#options = options;
  }

  watch(listener: (fact: Fact<boolean>) => void): () => void {
    const watch = new BatteryWatch(this.#options, listener);
    watch.start();
    return () => {
      watch.stop();
    };
  }
}

class BatteryWatch {
  readonly #options: LinuxBatteryOptions;
  readonly #listener: (fact: Fact<boolean>) => void;
  readonly #env: NodeJS.ProcessEnv;
  readonly #monitor: EventTool;
  #timer: Timer | null = null;
  /** The monitor reports changes. */
  #isMonitored = false;
  #isStopped = false;
  /** Changes that come during a read are one more read. */
  #reading: 'idle' | 'once' | 'again' = 'idle';

  constructor(options: LinuxBatteryOptions, listener: (fact: Fact<boolean>) => void) {
    this.#options = options;
    this.#listener = listener;
    this.#env = options.env ?? process.env;
    this.#monitor = new EventTool({
      ...options,
      file: 'gdbus',
      args: ['monitor', '--system', '--dest', BUS_NAME, '--object-path', BUS_PATH],
      onLine: (line) => {
        const isNews = !this.#isMonitored;
        this.#isMonitored = true;
        if (line === null) options.logger.log('warn', 'system_event_invalid', { source: BUS_NAME });
        else if (isNews || isPowerChange(line)) void this.#read();
      },
      onEnd: () => {
        this.#isMonitored = false;
        void this.#read();
      },
    });
  }

  start(): void {
    this.#isMonitored = hasSystemBus(this.#env);
    if (this.#isMonitored) this.#monitor.start();
    void this.#read();
  }

  stop(): void {
    this.#isStopped = true;
    this.#monitor.stop();
    this.#timer?.cancel();
  }

  async #read(): Promise<void> {
    if (this.#reading !== 'idle') {
      this.#reading = 'again';
      return;
    }
    this.#reading = 'once';
    this.#timer?.cancel();
    const announced = hasSystemBus(this.#env) ? await this.#readUPower() : null;
    const isAgain = this.#wasAskedAgain();
    this.#reading = 'idle';
    if (this.#isStopped) return;
    if (announced === null) await this.#poll();
    else this.#onAnnounced(announced);
    if (isAgain) void this.#read();
  }

  #wasAskedAgain(): boolean {
    return this.#reading === 'again';
  }

  #onAnnounced(announced: boolean): void {
    this.#listener(knownFact(announced));
    if (!this.#isMonitored) this.#schedule(() => this.#read());
  }

  #schedule(next: () => Promise<void>): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(POLL_INTERVAL_MS, () => void next());
  }

  /** Null: there is no UPower, or its answer is not valid. */
  async #readUPower(): Promise<boolean | null> {
    try {
      const args = ['--system', '--json=short', 'get-property', BUS_NAME, BUS_PATH, BUS_NAME, 'OnBattery'];
      const { stdout } = await run('busctl', args, { env: this.#env, timeout: READ_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES });
      const announced = parseOnBattery(stdout);
      if (announced === null) this.#options.logger.log('warn', 'system_event_invalid', { source: BUS_NAME });
      return announced;
    } catch {
      return null;
    }
  }

  async #poll(): Promise<void> {
    const fact = await this.#readSupplies();
    if (this.#isStopped) return;
    this.#listener(fact);
    if (!fact.known) return;
    this.#schedule(() => this.#poll());
  }

  async #readSupplies(): Promise<Fact<boolean>> {
    const { suppliesFolder = '/sys/class/power_supply' } = this.#options;
    try {
      const names = (await readdir(suppliesFolder)).slice(0, MAX_SUPPLIES);
      const supplies = names.map(async (name) => {
        const fileOf = (file: string): Promise<string | null> => textOf(path.join(suppliesFolder, name, file));
        const [type, online, status, scope] = await Promise.all([fileOf('type'), fileOf('online'), fileOf('status'), fileOf('scope')]);
        return { type, online, status, scope };
      });
      return knownFact(isOnBattery(await Promise.all(supplies)));
    } catch {
      return NOT_SUPPORTED;
    }
  }
}

const textOf = async (file: string): Promise<string | null> => {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    return null;
  }
};
