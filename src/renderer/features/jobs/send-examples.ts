// How to send a job to this pool, ready to be copied: by curl and by `muster submit`, with a model that is ready. Pure.
import type { AppInfo } from '../../../shared/api/app-state';
import type { NodeView } from '../../../shared/api/node-view';
import type { ModelKind } from '../../../shared/protocol/node-messages';

export interface ReadyModel {
  readonly model_id: string;
  readonly kind: ModelKind;
}

/** The models that a node could run now, language models first. */
export function readyModels(nodes: readonly NodeView[]): readonly ReadyModel[] {
  const found = new Map<string, ReadyModel>();
  for (const { status, online, installed_models, capability_state } of nodes) {
    if (status !== 'ready' || !online) continue;
    for (const { model_id, kind, enabled } of installed_models) {
      if (enabled && (capability_state === null || capability_state[model_id] === 'ready')) found.set(model_id, { model_id, kind });
    }
  }
  return [...found.values()].sort((one, other) => rank(one) - rank(other) || one.model_id.localeCompare(other.model_id));
}

const rank = ({ kind }: ReadyModel): number => (kind === 'llm' ? 0 : 1);

export const PLACEHOLDER: ReadyModel = { model_id: 'MODEL', kind: 'llm' };

export interface SendTarget {
  /** Of the scheduler, without a trailing slash. */
  readonly baseUrl: string;
  readonly needsToken: boolean;
  readonly platform: AppInfo['platform'];
}

interface Request {
  readonly path: string;
  readonly body: object;
  /** Where what comes back is no text. */
  readonly output?: string;
}

function requestOf({ model_id: model, kind }: ReadyModel): Request | 'form' {
  switch (kind) {
    case 'llm':
    case 'other':
      return { path: '/v1/chat/completions', body: { model, messages: [{ role: 'user', content: 'Hello' }] } };
    case 'embedding':
      return { path: '/v1/embeddings', body: { model, input: 'Hello' } };
    case 'rerank':
      return { path: '/v1/rerank', body: { model, query: 'GPU', documents: ['A graphics card', 'A bicycle'] } };
    case 'tts':
      return { path: '/v1/audio/speech', body: { model, input: 'Hello' }, output: 'speech.wav' };
    case 'asr':
      return 'form';
    case 'nmt':
    case 'vad':
    case 'emotion':
    case 'image':
      return { path: '/api/v1/jobs', body: { task: { kind: 'command', model_id: model, input: 'Hello' } } };
  }
}

export function curlExample({ baseUrl, needsToken, platform }: SendTarget, model: ReadyModel): string {
  const request = requestOf(model);
  const isWindows = platform === 'windows';
  const token = isWindows ? '%MUSTER_TOKEN%' : '$MUSTER_TOKEN';
  const quoted = (text: string): string => (isWindows ? `"${text.replaceAll('"', '\\"')}"` : `'${text.replaceAll("'", "'\\''")}'`);
  const lines = [
    `curl ${baseUrl}${request === 'form' ? '/v1/audio/transcriptions' : request.path}`,
    ...(needsToken ? [`-H "Authorization: Bearer ${token}"`] : []),
    ...(request === 'form'
      ? ['-F file=@speech.wav', `-F ${quoted(`model=${model.model_id}`)}`]
      : [`-H "Content-Type: application/json"`, `-d ${quoted(JSON.stringify(request.body))}`]),
    ...(request !== 'form' && request.output !== undefined ? [`-o ${request.output}`] : []),
  ];
  return lines.join(isWindows ? ' ' : ' \\\n  ');
}

/** Null for what `muster submit` takes no flags for. */
export function submitExample({ baseUrl, platform }: SendTarget, model: ReadyModel): string | null {
  const request = requestOf(model);
  const isCommand = request !== 'form' && request.path === '/api/v1/jobs';
  if (!isCommand && model.kind !== 'llm' && model.kind !== 'other') return null;
  const id =
    platform === 'windows'
      ? `"${model.model_id}"`
      : /^[\w.:/@+-]+$/.test(model.model_id)
        ? model.model_id
        : `'${model.model_id.replaceAll("'", "'\\''")}'`;
  return `muster submit --url ${baseUrl} --model ${id}${isCommand ? ' --task command' : ''} --prompt "Hello" --wait`;
}
