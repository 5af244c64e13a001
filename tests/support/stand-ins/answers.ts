// Answers of a runtime as a look finds them, for tests of what they mean.
import { type ExchangeFailure, isApiKeyRequired, type ProbeAnswer } from '../../../src/main/runtimes/core/servers/answers';

export interface AnswerFields {
  /** Of `www-authenticate`. */
  readonly challenge?: string;
  /** The address is known to be a runtime's. */
  readonly isRuntime?: boolean;
}

const answered = (status: number, body: unknown, text: string, { challenge, isRuntime = false }: AnswerFields): ProbeAnswer => ({
  kind: 'answered',
  status,
  json: body,
  text,
  asksForKey: isApiKeyRequired({ status, json: body, challenge }, isRuntime),
});
export const json = (body: unknown, status = 200): ProbeAnswer => answered(status, body, JSON.stringify(body), {});
export const text = (body: string, status = 200, fields: AnswerFields = {}): ProbeAnswer => answered(status, undefined, body, fields);
export const failed = (code: ExchangeFailure): ProbeAnswer => ({ kind: 'failed', code });

/** What a test compares of models: one line each. */
export const lines = (models: readonly { modelId: string; kind: string; version: string; state: string; reasonCode: string }[]): string[] =>
  models.map(({ modelId, kind, version, state, reasonCode }) => [modelId, kind, version, state, reasonCode].join(' '));
