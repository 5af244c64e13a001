// The interface for logging: named events with fields (lifecycle §4). The composition root chooses the destination.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  /** One line: `event` is a stable snake_case name; fields hold no token, prompt or payload. */
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** Whether lines of this level are written. A hot path can skip building its fields. */
  isEnabled(level: LogLevel): boolean;
}

/** A logger whose level can change while the program runs. */
export interface LevelLogger extends Logger {
  setLevel(level: LogLevel): void;
}

export const silentLogger: Logger = { log: () => undefined, isEnabled: () => false };
