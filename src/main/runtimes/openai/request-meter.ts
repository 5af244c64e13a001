// Measures one request to a model server, from its start to the last token of its answer. core/measuring/request-timings.ts derives the
// timings.
import type { JobTimingsMessage } from '../../../shared/protocol/job-timings';
import { answerKindOf } from '../../../shared/protocol/runtime-answers';
import type { OpenAiTask } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import { timingsOfAnswer, timingsOfStream, withInput } from '../core/measuring/request-timings';
import { NO_TOKENS, withEvent } from '../core/measuring/token-rate';
import { unitsOfOpenAi } from '../measuring/input-units';

export class RequestMeter {
  readonly #task: OpenAiTask;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #isCold: boolean;
  readonly startedAtMonotonicMs: number;
  #stream = NO_TOKENS;
  #whole: JobTimingsMessage | null = null;
  #isRefused = false;

  constructor(task: OpenAiTask, clock: Pick<Clock, 'monotonicMs'>, isCold: boolean) {
    this.#task = task;
    this.#clock = clock;
    this.#isCold = isCold;
    this.startedAtMonotonicMs = clock.monotonicMs();
  }

  /** The next event of a stream. */
  onEvent(event: unknown): void {
    this.#stream = withEvent(this.#stream, event, this.#clock.monotonicMs());
  }

  /** The answer was not a stream. `body` null: it is not JSON. */
  onAnswer(status: number, body: unknown): void {
    if (answerKindOf(status) !== 'success') this.#isRefused = true;
    else this.#whole = timingsOfAnswer(this.#task.path, body, this.#clock.monotonicMs() - this.startedAtMonotonicMs, this.#isCold);
  }

  /** The timings of the answer. Null: the server refused the request, so its times say nothing about the model. */
  timings(): JobTimingsMessage | null {
    if (this.#isRefused) return null;
    const start = { startedAtMonotonicMs: this.startedAtMonotonicMs, isCold: this.#isCold };
    return withInput(this.#whole ?? timingsOfStream(this.#stream, start), unitsOfOpenAi(this.#task));
  }
}
