// Model servers as the app shows them.
import type { RuntimeView } from '../../src/shared/api/agent-view';

/** A running Ollama, with changes. */
export const runtimeView = (change: Partial<RuntimeView> = {}): RuntimeView => ({
  id: 'http://127.0.0.1:11434',
  type: 'ollama',
  url: 'http://127.0.0.1:11434',
  version: '0.12.6',
  state: 'running',
  reason_code: 'ok',
  details: {},
  checked_at: null,
  ...change,
});
