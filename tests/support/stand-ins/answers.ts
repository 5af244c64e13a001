// Answers of a model server to a probe, for tests of the parsers.
import { type ExchangeFailure, isApiKeyRequired, type ProbeAnswer } from '../../../src/main/runtimes/core/servers/answers';

export interface AnswerFields {
  /** From `www-authenticate`. */
  readonly challenge?: string;
  /** A model server has answered at this address before. */
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

/** The model fields that a test compares, one line each. */
export const lines = (models: readonly { modelId: string; kind: string; version: string; state: string; reasonCode: string }[]): string[] =>
  models.map(({ modelId, kind, version, state, reasonCode }) => [modelId, kind, version, state, reasonCode].join(' '));
