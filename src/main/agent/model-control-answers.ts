// Performs the actions on models that the scheduler requests, and answers each request once, at the end of its action.
import { MAX_CONTROL_MESSAGE } from '../../shared/protocol/model-control';
import type { ModelControlResult } from '../../shared/protocol/node-messages';
import type { ModelControlMessage } from '../../shared/protocol/scheduler-messages';
import type { Logger } from '../platform/logger';
import type { RuntimeSet } from '../runtimes/runtime-set';
import { allowsModelControl } from './core/control-permission';

export interface ModelControlAnswersOptions {
  readonly runtimes: Pick<RuntimeSet, 'control'>;
  /** `agent.allow_model_control`. Null: unset. */
  readonly setting: () => boolean | null;
  /** The address of the present scheduler. Null: none. */
  readonly schedulerUrl: () => string | null;
  readonly logger: Logger;
  /** Sends a heartbeat at once, with the present residency. */
  readonly reportModels: () => void;
  /** Sends a frame to the scheduler. False: it was not sent. */
  readonly send: (text: string) => boolean;
}

/** Actions at the same time. A scheduler that asks for more than this is faulty. */
const MAX_ACTS = 64;

export class ModelControlAnswers {
  readonly #options: ModelControlAnswersOptions;
  #acts = 0;

  constructor(options: ModelControlAnswersOptions) {
    this.#options = options;
  }

  /** Whether the owner lets the present scheduler control models. */
  isAllowed(): boolean {
    const url = this.#options.schedulerUrl() ?? '';
    return allowsModelControl(this.#options.setting(), URL.canParse(url) ? new URL(url).hostname : null);
  }

  /** Resolves when the answer is sent. Never rejects. */
  async handle({ request_id: requestId, model_id: modelId, action }: ModelControlMessage): Promise<void> {
    const { runtimes, schedulerUrl, logger, reportModels, send } = this.#options;
    const scheduler = schedulerUrl();
    logger.log('info', 'model_control_requested', { model_id: modelId, action, allowed: this.isAllowed() });
    const answer = (fields: Pick<ModelControlResult, 'ok' | 'code' | 'message'>): void => {
      // The answer belongs to the scheduler that asked.
      if (schedulerUrl() === scheduler) send(JSON.stringify({ type: 'model_control_result', request_id: requestId, ...fields }));
    };
    if (!this.isAllowed()) {
      answer({ ok: false, code: 'not_allowed' });
      return;
    }
    if (this.#acts >= MAX_ACTS) {
      answer({ ok: false, code: 'in_progress' });
      return;
    }
    this.#acts++;
    const outcome = await runtimes.control(modelId, action);
    this.#acts--;
    // Before the answer, so that the scheduler judges the next action by the present residency.
    if (schedulerUrl() === scheduler) reportModels();
    if (outcome.ok) answer({ ok: true });
    else answer({ ok: false, code: outcome.error.code, message: outcome.error.message?.slice(0, MAX_CONTROL_MESSAGE) ?? null });
  }
}
