// Answers of a runtime as a look finds them, for tests of what they mean.
import type { ExchangeFailure, ProbeAnswer } from '../../../src/main/runtimes/http/answers';

export const json = (body: unknown, status = 200): ProbeAnswer => ({ kind: 'answered', status, json: body, text: JSON.stringify(body) });
export const text = (body: string, status = 200): ProbeAnswer => ({ kind: 'answered', status, json: undefined, text: body });
export const failed = (code: ExchangeFailure): ProbeAnswer => ({ kind: 'failed', code });

/** What a test compares of models: one line each. */
export const lines = (models: readonly { modelId: string; kind: string; version: string; state: string; reasonCode: string }[]): string[] =>
  models.map(({ modelId, kind, version, state, reasonCode }) => [modelId, kind, version, state, reasonCode].join(' '));
