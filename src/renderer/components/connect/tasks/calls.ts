// The commands of a task: curl and the command line of Muster, with the address, key, model and certificate of the pool.
import type { ModelKind } from '../../../../shared/protocol/node-messages';
import type { ServerPath } from '../../../../shared/protocol/task-kinds';
import {
  type CodeSnippet,
  commandOf,
  type ConnectTarget,
  curlCommand,
  jsonBody,
  modelArgumentOf,
  rootUrlOf,
  shell,
  type Snippet,
  startOf,
} from '../programs/program';
import { quotingOf } from '../quoting';

export interface TaskTarget extends ConnectTarget {
  /** The pin of a shared pool with its own CA: the command line of Muster needs no file. */
  readonly pin: string | null;
  /** Of the model. */
  readonly kind: ModelKind;
}

const MUSTER = 'muster';
const JOBS = '/api/v1/jobs';

/** `output`: the file for the answer. */
export function httpCall(target: TaskTarget, path: ServerPath, body: object, output?: string): CodeSnippet {
  const request = [...jsonBody(target, { model: target.model, ...body }), ...(output === undefined ? [] : [`-o ${output}`])];
  return shell(curlCommand(target, urlOf(target, path), request), 'curl');
}

/** With `-F`, a model named `@FILE` would send a file of the user. */
export function formCall(target: TaskTarget, path: ServerPath): CodeSnippet {
  const request = ['-F file=@speech.wav', `--form-string model=${modelArgumentOf(target)}`];
  return shell(curlCommand(target, urlOf(target, path), request), 'curl');
}

const urlOf = (target: TaskTarget, path: string): string => quotingOf(target.platform).argument(`${rootUrlOf(target)}${path}`);

/** A command of Muster that reaches the pool with the key of a program. */
function muster(target: TaskTarget, lines: readonly string[]): CodeSnippet {
  const { key, pin, platform } = target;
  const [first = '', ...more] = lines;
  const url = `--url ${rootUrlOf(target)}${pin === null ? '' : `#pin=${pin}`}`;
  const text = commandOf(platform, [`muster ${first} ${url}`, ...more]);
  return shell(startOf(platform, key === null ? [] : [['MUSTER_KEY', key]], text), MUSTER);
}

export const submit = (target: TaskTarget): CodeSnippet =>
  muster(target, ['submit', `--model ${modelArgumentOf(target)} --prompt "Hello" --wait`]);

/** A job that waits as long as it must. Its id, in the answer, finds its result. */
export function queuedJob(target: TaskTarget): readonly Snippet[] {
  const body = { model: target.model, messages: [{ role: 'user', content: 'Hello' }] };
  const send = curlCommand(target, urlOf(target, JOBS), jsonBody(target, { task: { kind: 'openai', path: '/v1/chat/completions', body } }));
  return [
    shell(send, `POST ${JOBS}`),
    shell(curlCommand(target, urlOf(target, `${JOBS}/JOB`), []), `GET ${JOBS}/JOB`),
    muster(target, ['submit', `--model ${modelArgumentOf(target)} --prompt "Hello"`]),
  ];
}

/** The input file of a command model. Null: text. */
const fileOf = (kind: ModelKind): string | null =>
  kind === 'asr' || kind === 'vad' || kind === 'emotion' ? 'speech.wav' : kind === 'image' ? 'picture.png' : null;

/** A file is sent by the command line alone: in JSON it would be base64. */
export function command(target: TaskTarget): readonly Snippet[] {
  const file = fileOf(target.kind);
  const body = { task: { kind: 'command', model_id: target.model, input: 'Hello' } };
  const input = file === null ? '--prompt "Hello"' : `--input ${file}`;
  return [
    ...(file === null ? [shell(curlCommand(target, urlOf(target, JOBS), jsonBody(target, body)), 'curl')] : []),
    muster(target, ['submit', `--model ${modelArgumentOf(target)} --task command`, `${input} --wait`]),
  ];
}
