// Commands that send a job to this pool, with curl and with `muster submit`: for a model that is ready and a task that the model
// supports.
import type { AppInfo } from '../../../shared/api/app-state';
import type { ReadyPoolModel } from '../../../shared/api/pool-models';
import type { ModelKind } from '../../../shared/protocol/node-messages';
import { TASK_KINDS, type TaskKind, takes } from '../../../shared/protocol/task-kinds';
import { type Quoting, quotingOf } from '../../components/connect/quoting';

export interface ReadyModel {
  readonly model_id: string;
  readonly kind: ModelKind;
  /** The task of the example. */
  readonly task: TaskKind;
}

export const PLACEHOLDER: ReadyModel = { model_id: 'MODEL', kind: 'llm', task: '/v1/chat/completions' };

const USUAL_TASK: Readonly<Record<ModelKind, TaskKind>> = {
  llm: '/v1/chat/completions',
  other: '/v1/chat/completions',
  embedding: '/v1/embeddings',
  rerank: '/v1/rerank',
  tts: '/v1/audio/speech',
  asr: '/v1/audio/transcriptions',
  nmt: 'command',
  vad: 'command',
  emotion: 'command',
  image: 'command',
};

/** The models that can run a task now, language models first. */
export function readyModels(ready: readonly ReadyPoolModel[]): readonly ReadyModel[] {
  return ready
    .flatMap(({ model_id, kind, tasks }) => {
      const task = takes(tasks, USUAL_TASK[kind]) ? USUAL_TASK[kind] : TASK_KINDS.find((one) => takes(tasks, one));
      return task === undefined ? [] : [{ model_id, kind, task }];
    })
    .sort((one, other) => rank(one) - rank(other) || one.model_id.localeCompare(other.model_id));
}

/** Ready models that support no task. */
export const modelsWithoutTask = (ready: readonly ReadyPoolModel[]): readonly string[] =>
  ready.flatMap(({ model_id, tasks }) => (TASK_KINDS.some((task) => takes(tasks, task)) ? [] : [model_id]));

const rank = ({ kind }: ReadyModel): number => (kind === 'llm' ? 0 : 1);

export interface SendTarget {
  /** The base URL of the scheduler, without a trailing slash. */
  readonly baseUrl: string;
  readonly needsToken: boolean;
  readonly platform: AppInfo['platform'];
  /** The path of the CA file on this computer. Null: none is needed. */
  readonly caFile: string | null;
  /** The pin of a shared pool with its own CA. */
  readonly pin: string | null;
}

/** The arguments of curl after the URL; null for a command model that needs a file. */
function requestOf({ model_id: model, kind, task }: ReadyModel, quoting: Quoting): readonly string[] | null {
  const json = (body: object): string[] => ['-H "Content-Type: application/json"', `-d ${quoting.json(body)}`];
  switch (task) {
    case '/v1/chat/completions':
      return json({ model, messages: [{ role: 'user', content: 'Hello' }] });
    case '/v1/messages':
      return json({ model, max_tokens: 256, messages: [{ role: 'user', content: 'Hello' }] });
    case '/v1/messages/count_tokens':
      return json({ model, messages: [{ role: 'user', content: 'Hello' }] });
    case '/v1/responses':
      return json({ model, input: 'Hello' });
    case '/v1/completions':
      return json({ model, prompt: 'Hello' });
    case '/v1/embeddings':
      return json({ model, input: 'Hello' });
    case '/v1/rerank':
      return json({ model, query: 'GPU', documents: ['A graphics card', 'A bicycle'] });
    case '/v1/audio/speech':
      return [...json({ model, input: 'Hello' }), '-o speech.wav'];
    case '/v1/images/generations':
      return [...json({ model, prompt: 'A mountain lake' }), '-o picture.json'];
    case '/v1/moderations':
      return json({ model, input: 'Hello' });
    case '/v1/audio/transcriptions':
    case '/v1/audio/translations':
      // With `-F`, a model named `@FILE` would send a file of the user.
      return ['-F file=@speech.wav', `--form-string model=${nameOf(model, quoting)}`];
    case 'command':
      return fileOf(kind) === null ? json({ task: { kind: 'command', model_id: model, input: 'Hello' } }) : null;
  }
}

const nameOf = (model: string, quoting: Quoting): string => quoting.model(model) ?? PLACEHOLDER.model_id;

/** The input file of a command model; null where the input is text. */
function fileOf(kind: ModelKind): string | null {
  return kind === 'asr' || kind === 'vad' || kind === 'emotion' ? 'speech.wav' : kind === 'image' ? 'picture.png' : null;
}

export function curlExample({ baseUrl, needsToken, platform, caFile }: SendTarget, model: ReadyModel): string | null {
  const isWindows = platform === 'windows';
  const quoting = quotingOf(platform);
  const request = requestOf(model, quoting);
  if (request === null) return null;
  const token = isWindows ? '%MUSTER_KEY%' : '$MUSTER_KEY';
  const lines = [
    `curl ${baseUrl}${model.task === 'command' ? '/api/v1/jobs' : model.task}`,
    ...(caFile === null ? [] : [`--cacert ${quoting.argument(caFile)}`]),
    ...(needsToken ? [`-H "Authorization: Bearer ${token}"`] : []),
    ...request,
  ];
  return lines.join(isWindows ? ' ' : ' \\\n  ');
}

/** Null for tasks that `muster submit` does not support. */
export function submitExample({ baseUrl, needsToken, platform, pin }: SendTarget, { model_id, kind, task }: ReadyModel): string | null {
  if (task !== 'command' && task !== '/v1/chat/completions') return null;
  const file = task === 'command' ? fileOf(kind) : null;
  return [
    `muster submit --url ${baseUrl}${pin === null ? '' : `#pin=${pin}`}`,
    ...(needsToken ? ['--admin-token-file muster-key'] : []),
    `--model ${nameOf(model_id, quotingOf(platform))}`,
    ...(task === 'command' ? ['--task command'] : []),
    file === null ? '--prompt "Hello"' : `--input ${file}`,
    '--wait',
  ].join(' ');
}
