// Sleep and shutdown as systemd-logind announces them on the system bus. A delay lock of logind (`systemd-inhibit`) keeps the computer awake
// until the agent has informed its scheduler. The lock is held while a child process runs, so it ends with this program.
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { EventTool } from './event-tool';
import { parseLogindSignal } from './parse/logind-signal';
import type { SleepEvent } from './parse/sleep-event';
import type { SleepListener, SleepSource } from './sleep-source';
import { hasSystemBus } from './system-bus';

const BUS_NAME = 'org.freedesktop.login1';
const MONITOR = ['monitor', '--system', '--dest', BUS_NAME, '--object-path', '/org/freedesktop/login1'];
/** `cat` ends when this process closes its input, also by a crash. */
const inhibit = (what: string): readonly string[] => [
  `--what=${what}`,
  '--mode=delay',
  '--who=Muster',
  '--why=Tells the scheduler that this computer sleeps or stops',
  'cat',
];

export interface LogindSleepOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the lock delays. The listener gets every event. Default: both. */
  readonly delays?: 'sleep:shutdown' | 'shutdown';
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

export class LogindSleep implements SleepSource {
  readonly #options: LogindSleepOptions;

  constructor(options: LogindSleepOptions) {
    this.#options = options;
  }

  watch(listener: SleepListener): () => void {
    const { logger, env = process.env, delays: what = 'sleep:shutdown' } = this.#options;
    if (!hasSystemBus(env)) return () => undefined;
    const lock = new EventTool({ ...this.#options, file: 'systemd-inhibit', args: inhibit(what), onLine: () => undefined });
    let events = 0;
    const handle = async (event: SleepEvent): Promise<void> => {
      const own = ++events;
      if (event === 'wake') lock.start();
      await listener(event);
      // A later event decides about the lock, such as the end of a cancelled sleep.
      if (event !== 'wake' && own === events) lock.stop();
    };
    const monitor = new EventTool({
      ...this.#options,
      file: 'gdbus',
      args: MONITOR,
      onLine: (line) => {
        const event = line === null ? 'invalid' : parseLogindSignal(line);
        if (event === 'invalid') logger.log('warn', 'system_event_invalid', { source: BUS_NAME });
        else if (event !== null) void handle(event);
      },
    });
    monitor.start();
    lock.start();
    return () => {
      monitor.stop();
      lock.stop();
    };
  }
}
