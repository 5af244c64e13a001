// How long to leave a failing driver alone: 2 s, doubled with each failure in a row, at most a minute. No timer: it is asked.

const FIRST_MS = 2000;
const LONGEST_MS = 60_000;

export class Backoff {
  private failures = 0;
  private untilMs = 0;

  isWaiting(nowMs: number): boolean {
    return this.failures > 0 && nowMs < this.untilMs;
  }

  failed(nowMs: number): void {
    this.untilMs = nowMs + Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures);
    this.failures = Math.min(this.failures + 1, 16);
  }

  succeeded(): void {
    this.failures = 0;
  }
}
