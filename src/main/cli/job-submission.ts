// The job that `muster submit` submits: JSON from a file or a pipe, or made from flags. Checked before it is sent, so that a mistake is
// a usage error.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type JobSubmissionInput, jobSubmissionSchema } from '../../shared/api/job';
import { reasonOfError } from '../../shared/errors';
import { parseJsonObject, validate } from '../../shared/protocol/decode';
import type { Content } from '../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../shared/result';
import type { CliIo, Invocation } from './command';
import { flagOfLimit, givenLimits, limitsOf } from './job-limits';
import { parseJobParams } from './core/job-params';

/** No scheduler accepts more. */
const MAX_INPUT_BYTES = 12_000_000;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.flac': 'audio/flac',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.png': 'image/png',
  '.wav': 'audio/wav',
};

/** The job, or the error text. */
export async function jobSubmission({ io, options, operands }: Invocation): Promise<Result<JobSubmissionInput, string>> {
  const [file] = operands;
  const model = options.text('model');
  const flags = ['model', 'prompt', 'input', 'task', 'node'].filter((name) => options.text(name) !== undefined);
  if (options.texts('param').length > 0) flags.push('param');
  flags.push(...givenLimits(options));
  if (file !== undefined && flags.length > 0) return fail(`--${flags[0] ?? ''} cannot be used with a job from a file`);
  if (file === undefined && model === undefined) return fail('give the FILE of a job (- for standard input), or a --model');
  const fault = options.isSet('stream') ? streamFault(file, options) : null;
  if (fault !== null) return fail(fault);
  const job = file === undefined ? await jobOfFlags(model ?? '', io, options) : await readJobFile(file, io);
  if (!job.ok) return job;
  const checked = validate(job.value, jobSubmissionSchema);
  if (!checked.ok) {
    const { field, reason } = checked.error;
    return fail(`${(file === undefined ? flagOf(field) : null) ?? (field || (file ?? '--model'))}: ${reason}`);
  }
  return ok(job.value as JobSubmissionInput);
}

const flagOf = (field: string): string | null => (field === 'node_id' ? '--node' : flagOfLimit(field));

/** Why these options cannot be used with --stream. A stream ends with its connection and cannot be continued. */
function streamFault(file: string | undefined, options: Invocation['options']): string | null {
  if (file !== undefined) return '--stream cannot be used with a job from a file';
  if (options.text('task') === 'command') return '--stream can only be used with a chat';
  if (options.text('idempotency-key') !== undefined) return '--stream and --idempotency-key cannot be used together';
  if (options.text('output') !== undefined) return '--stream and --output cannot be used together';
  if (options.text('node') !== undefined) return '--stream and --node cannot be used together';
  const [limit] = givenLimits(options);
  if (limit !== undefined) return `--stream and --${limit} cannot be used together: the limits of the OpenAI API apply`;
  return options.isSet('wait') ? '--stream and --wait cannot be used together: a stream always waits' : null;
}

async function readJobFile(file: string, io: CliIo): Promise<Result<object, string>> {
  const bytes = await bytesOf(file, io);
  if (!bytes.ok) return bytes;
  const parsed = parseJsonObject(bytes.value.toString());
  return parsed.ok ? parsed : fail(`${file}: ${parsed.error.reason}`);
}

async function jobOfFlags(model: string, io: CliIo, options: Invocation['options']): Promise<Result<object, string>> {
  const [prompt, input, task = 'chat'] = [options.text('prompt'), options.text('input'), options.text('task')];
  if (task !== 'chat' && task !== 'command') return fail('--task: expected chat or command');
  if ((prompt === undefined) === (input === undefined)) return fail('give either --prompt TEXT or --input FILE');
  const content = prompt === undefined ? await contentOf(input ?? '', io) : ok(prompt);
  if (!content.ok) return content;
  const [limits, params] = [limitsOf(options), parseJobParams(options.texts('param'))];
  if (!limits.ok) return limits;
  if (!params.ok) return params;
  const hasParams = Object.keys(params.value).length > 0;
  const node = options.text('node');
  const requirements = { ...limits.value, ...(node === undefined ? {} : { node_id: node }) };
  if (task === 'command') {
    const command = { kind: 'command', model_id: model, input: content.value, ...(hasParams ? { params: params.value } : {}) };
    return ok({ ...requirements, task: command });
  }
  if (hasParams) return fail('--param needs --task command');
  const text = textOf(content.value);
  if (text === null) return fail(`${input ?? ''} is not text, and a chat needs text`);
  const messages = [{ role: 'user', content: text }];
  return ok({ ...requirements, task: { kind: 'openai', path: '/v1/chat/completions', body: { model, messages } } });
}

/** A chat needs no content type. Null when the content is not text. */
function textOf(content: string | Content): string | null {
  if (typeof content === 'string') return content;
  return 'text' in content ? content.text : null;
}

/** A string for text without a known file extension. Otherwise an object that also has the content type. */
async function contentOf(file: string, io: CliIo): Promise<Result<string | Content, string>> {
  const bytes = await bytesOf(file, io);
  if (!bytes.ok) return bytes;
  const type = CONTENT_TYPES[path.extname(file).toLowerCase()];
  const text = bytes.value.toString();
  const isText = Buffer.from(text).equals(bytes.value);
  if (isText) return ok(type === undefined ? text : { content_type: type, text });
  return ok({ content_type: type ?? 'application/octet-stream', base64: bytes.value.toString('base64') });
}

/** `-` is standard input. */
async function bytesOf(file: string, io: CliIo): Promise<Result<Buffer, string>> {
  if (file !== '-') {
    try {
      const bytes = await readFile(file);
      return bytes.length > MAX_INPUT_BYTES ? tooLarge(file) : ok(bytes);
    } catch (error) {
      return fail(`${file} cannot be read (${reasonOfError(error)})`);
    }
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of io.in) {
    size += chunk.length;
    if (size > MAX_INPUT_BYTES) return tooLarge(file);
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks));
}

const tooLarge = (file: string): Result<never, string> => fail(`${file} is larger than ${String(MAX_INPUT_BYTES)} bytes`);
