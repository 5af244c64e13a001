// Ollama, by the documentation of its API.
import type { ServerResponse } from 'node:http';
import { messages } from './messages-answers';
import { pacedChat, workRoutes } from './openai-answers';
import { send, StandIn } from './stand-in';

export const OLLAMA_TAGS = {
  models: [
    {
      name: 'llama3.2:latest',
      model: 'llama3.2:latest',
      modified_at: '2025-05-04T17:37:44.706015396-07:00',
      size: 2_019_393_189,
      digest: 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72',
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'llama',
        families: ['llama'],
        parameter_size: '3.2B',
        quantization_level: 'Q4_K_M',
      },
      capabilities: ['completion', 'tools'],
    },
    {
      name: 'nomic-embed-text:latest',
      model: 'nomic-embed-text:latest',
      modified_at: '2025-05-04T17:37:44.706015396-07:00',
      size: 274_302_450,
      digest: '0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f',
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'nomic-bert',
        families: ['nomic-bert'],
        parameter_size: '137M',
        quantization_level: 'F16',
      },
    },
    {
      name: 'gpt-oss:120b-cloud',
      model: 'gpt-oss:120b-cloud',
      remote_model: 'gpt-oss:120b',
      remote_host: 'https://ollama.com:443',
      modified_at: '2025-09-23T22:42:44Z',
      size: 384,
      digest: '569662207105c9e3e3cdb7c5bf8ed2f1d0f2ff1c7ae66a1e9c3d7a5a3bf4e3c1',
      details: {
        parent_model: '',
        format: '',
        family: 'gptoss',
        families: ['gptoss'],
        parameter_size: '116.8B',
        quantization_level: 'MXFP4',
      },
    },
  ],
};

export const OLLAMA_PS = {
  models: [
    {
      name: 'llama3.2:latest',
      model: 'llama3.2:latest',
      size: 3_000_000_000,
      digest: 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72',
      details: {
        parent_model: '',
        format: 'gguf',
        family: 'llama',
        families: ['llama'],
        parameter_size: '3.2B',
        quantization_level: 'Q4_K_M',
      },
      expires_at: '2025-06-04T14:38:31.83753-07:00',
      size_vram: 2_800_000_000,
      context_length: 4096,
    },
  ],
};

const LIST = {
  object: 'list',
  data: OLLAMA_TAGS.models.map(({ name }) => ({ id: name, object: 'model', created: 1_746_405_464, owned_by: 'library' })),
};

/** Without fields that are never read. Another model: not found. */
const SHOWN: Readonly<Record<string, object>> = {
  'llama3.2:latest': { details: OLLAMA_TAGS.models[0]?.details, capabilities: ['completion', 'tools'] },
  'nomic-embed-text:latest': { details: OLLAMA_TAGS.models[1]?.details, capabilities: ['embedding'] },
};

/** The answer to a pull, which the test sends: lines of JSON with status 200. */
export interface PullAnswer {
  line(line: object | string): void;
  end(): void;
  /** The connection ends in the middle of a line. */
  cut(): void;
  refuse(status: number, message: string): void;
  /** Called when the client has disconnected. */
  onDisconnect(listener: () => void): void;
}

export interface OllamaState {
  /** Whether `llama3.2:latest` is in memory. Requests that load or unload it change this. */
  loaded: boolean;
  /** It was loaded with `keep_alive` -1. */
  pinned?: boolean;
  /** Set: a load waits for it. */
  holdLoad?: Promise<void>;
  /** Between the tokens of a streamed chat; default: none. */
  paceMs?: number;
  /** Default: one without the Messages API. */
  version?: string;
  /** Models besides those of `OLLAMA_TAGS`. */
  pulled?: string[];
  /** Default: the pull of a model with two layers, which is listed afterwards. */
  pull?: (model: string, answer: PullAnswer) => void;
}

export const LAYER = 'sha256:dde5aa3fc5ffc17176b5e8bdc82f587b24b2678c6c66101bf7da77af9f7ccdff';
export const SMALL_LAYER = 'sha256:966de95ca8a62200913e3f8bfbf84c8494536f1b94b49166851e76644e966396';

/** By the documentation of the API, and by its source. */
export const pulling = (digest: string, total: number, completed?: number) => ({
  status: `pulling ${digest.slice(7, 19)}`,
  digest,
  total,
  ...(completed === undefined ? {} : { completed }),
});
export const PULL_LINES: readonly object[] = [
  { status: 'pulling manifest' },
  pulling(LAYER, 2_019_377_376),
  pulling(LAYER, 2_019_377_376, 504_844_344),
  pulling(LAYER, 2_019_377_376, 2_019_377_376),
  pulling(SMALL_LAYER, 1429, 1429),
  { status: 'verifying sha256 digest' },
  { status: 'writing manifest' },
  { status: 'success' },
];

function answerTo(response: ServerResponse): PullAnswer {
  const begin = () => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  };
  return {
    line(line) {
      begin();
      response.write(typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
    },
    end() {
      begin();
      response.end();
    },
    cut() {
      begin();
      response.write('{"status":"pull', () => response.socket?.resetAndDestroy());
    },
    refuse(status, message) {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: message }));
    },
    onDisconnect(listener) {
      response.on('close', listener);
    },
  };
}

/** A pinned model expires in 292 years: the largest duration that Ollama has. */
const expiryOf = ({ pinned }: OllamaState): string =>
  pinned === true ? '2318-03-07T00:25:50.123456789Z' : (OLLAMA_PS.models[0]?.expires_at ?? '');

export function openOllama(state: OllamaState = { loaded: true }): Promise<StandIn> {
  const pullWhole = (model: string, answer: PullAnswer) => {
    for (const line of PULL_LINES) answer.line(line);
    (state.pulled ??= []).push(model);
    answer.end();
  };
  const entries = () => (state.pulled ?? []).map((name) => ({ ...OLLAMA_TAGS.models[0], name, model: name }));
  return StandIn.open({
    routes: {
      ...workRoutes,
      'POST /v1/messages': messages,
      ...(state.paceMs === undefined ? {} : { 'POST /v1/chat/completions': pacedChat(state.paceMs) }),
      'GET /': () => ({ body: 'Ollama is running' }),
      'GET /api/version': () => ({ body: { version: state.version ?? '0.12.6' } }),
      'GET /api/tags': () => ({ body: { models: [...OLLAMA_TAGS.models, ...entries()] } }),
      'GET /api/ps': () => ({
        body: state.loaded ? { models: OLLAMA_PS.models.map((model) => ({ ...model, expires_at: expiryOf(state) })) } : { models: [] },
      }),
      'POST /api/generate': ({ body }, response) => {
        const { model, keep_alive: keepAlive } = JSON.parse(body.toString()) as { model: string; keep_alive?: number | string };
        if (model !== 'llama3.2:latest') return { status: 404, body: { error: `model '${model}' not found` } };
        const isUnload = keepAlive === 0;
        const end = (): void => {
          state.loaded = !isUnload;
          if (keepAlive !== undefined) state.pinned = keepAlive === -1;
          send(response, { body: { model, response: '', done: true, done_reason: isUnload ? 'unload' : 'load' } });
        };
        if (state.holdLoad === undefined || isUnload) end();
        else void state.holdLoad.then(end);
        return undefined;
      },
      'GET /v1/models': () => ({ body: LIST }),
      'POST /api/show': ({ body }) => {
        const { model } = JSON.parse(body.toString()) as { model: string };
        const shown = SHOWN[model];
        return shown === undefined ? { status: 404, body: { error: `model '${model}' not found` } } : { body: shown };
      },
      'DELETE /api/delete': ({ body }) => {
        const { model } = JSON.parse(body.toString()) as { model: string };
        if (state.pulled?.includes(model) !== true) return { status: 404, body: { error: `model '${model}' not found` } };
        state.pulled = state.pulled.filter((name) => name !== model);
        return { body: '' };
      },
      'POST /api/pull': ({ body }, response) => {
        const { model } = JSON.parse(body.toString()) as { model: string };
        (state.pull ?? pullWhole)(model, answerTo(response));
        return undefined;
      },
    },
    otherwise: () => ({ status: 404, type: 'text/plain', body: '404 page not found' }),
  });
}
