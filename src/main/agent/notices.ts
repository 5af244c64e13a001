// Notices that the owner should read, kept until they are dismissed. New notices replace the oldest ones beyond the limit.
import type { Notice } from '../../shared/api/agent-view';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';

const MAX_NOTICES = 20;

export class Notices {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onChange: () => void;
  #notices: readonly Notice[] = [];
  #count = 0;

  constructor(clock: Clock, logger: Logger, onChange: () => void) {
    this.#clock = clock;
    this.#logger = logger;
    this.#onChange = onChange;
  }

  all(): readonly Notice[] {
    return this.#notices;
  }

  add(code: Notice['code'], details: Notice['details']): void {
    this.#logger.log('warn', code, details);
    const notice = { id: `notice-${String(++this.#count)}`, at: this.#clock.wallMs(), code, details };
    this.#notices = [...this.#notices, notice].slice(-MAX_NOTICES);
    this.#onChange();
  }

  dismiss(id: string): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    this.#onChange();
  }
}
