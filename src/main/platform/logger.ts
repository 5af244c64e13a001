// What services log to: named events with fields (lifecycle §4). Where the lines go is the composition's choice.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  /** One line: `event` is a stable snake_case name; fields hold no token, prompt or payload. */
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** Whether lines of this level are kept: lets a hot path skip building its fields. */
  isEnabled(level: LogLevel): boolean;
}

export const silentLogger: Logger = { log: () => undefined, isEnabled: () => false };
