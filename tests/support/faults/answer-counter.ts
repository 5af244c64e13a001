// Counts the requests whose answer has reached a proxy, also when the proxy holds the answer back. Each client of the fault tests
// uses a connection for one request.
import type { Tap } from './tcp-proxy';

export class AnswerCounter {
  count = 0;

  /** For one connection. */
  openTap(): Tap {
    let hasAnswer = false;
    return (direction) => {
      if (direction === 'down' && !hasAnswer) this.count++;
      hasAnswer ||= direction === 'down';
    };
  }
}
