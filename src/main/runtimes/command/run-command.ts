// A job on a model folder's command: input and parameters checked, the program run in a private temporary folder beside its
// model, its output taken. Only what the owner wrote in the manifest runs; a job fills in what the manifest leaves open.
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandTask, Content } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import { fillIn } from '../core/command/arguments';
import type { CommandSpec } from '../core/command/command-spec';
import { accepts, contentTypeOf, isText } from '../core/command/content';
import { findProgram } from './find-program';
import { endLeftovers } from './leftover-programs';
import { paramValues } from '../core/command/params';
import { minimalEnv } from './minimal-env';
import { runProgram } from './run-program';
import { outcomeOf } from '../core/command/command-outcome';

export interface CommandModel {
  readonly command: CommandSpec;
  /** The model's folder, as a real path. The program runs in it. */
  readonly realFolder: string;
}

export interface CommandPlace {
  /** Private folders of running jobs are made here. */
  readonly workDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxOutputBytes: number;
}

/** Never rejects: whatever goes wrong is in the outcome. */
export async function runCommand(model: CommandModel, task: CommandTask, context: RunContext, place: CommandPlace): Promise<RunOutcome> {
  const { command } = model;
  const contentType = contentTypeOf(task.input);
  if (!accepts(command.content_types, contentType)) {
    const details = { content_type: contentType, accepted: command.content_types };
    return failed('unsupported_content_type', 'the model does not take this type of input', false, details);
  }
  const params = paramValues(command.params, task.params);
  if (!params.ok) return failed('bad_request', 'a parameter is refused', false, { ...params.error });
  const program = await findProgram(command.argv[0], model.realFolder);
  if (program === null) return failed('program_missing', 'the program of the model is not there', true, { program: command.argv[0] });
  let folder: string | null = null;
  try {
    await mkdir(place.workDir, { recursive: true, mode: 0o700 });
    folder = await mkdtemp(path.join(place.workDir, 'job-'));
    return await runIn(folder, program, params.value, { model, task, context, place });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return failed('work_folder_failed', 'the files of the job could not be written or read', true, { reason: code });
  } finally {
    if (folder !== null) await clearUp(folder, place.logger);
  }
}

/** Nothing of the job is left: neither a daemon of its program nor a file. What can't be removed now is removed at the next start. */
async function clearUp(folder: string, logger: Logger): Promise<void> {
  await endLeftovers(folder, logger);
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

interface Work {
  readonly model: CommandModel;
  readonly task: CommandTask;
  readonly context: RunContext;
  readonly place: CommandPlace;
}

async function runIn(
  folder: string,
  program: string,
  params: ReadonlyMap<string, string>,
  { model, task, context, place }: Work,
): Promise<RunOutcome> {
  const { argv, input, output, timeout_seconds } = model.command;
  const inputFile = path.join(folder, 'input');
  const outputFile = path.join(folder, 'output');
  const values = new Map([
    ['input', inputFile],
    ['output', outputFile],
    ...[...params].map(([name, value]) => [`param.${name}`, value] as const),
  ]);
  await writeFile(inputFile, bytesOf(task.input), { mode: 0o600 });
  const stdin = input.as === 'stdin' ? await open(inputFile, 'r') : null;
  const timeoutMs = Math.min(context.timeoutMs, (timeout_seconds ?? Infinity) * 1000);
  const timeout = new AbortController();
  const timer = place.clock.setTimer(timeoutMs, () => {
    timeout.abort();
  });
  const ended = await runProgram({
    program,
    args: argv.slice(1).map((argument) => fillIn(argument, values)),
    cwd: model.realFolder,
    env: minimalEnv(folder),
    stdin: stdin?.fd ?? null,
    maxStdoutBytes: place.maxOutputBytes,
    clock: place.clock,
    signal: AbortSignal.any([context.signal, timeout.signal]),
  });
  timer.cancel();
  await stdin?.close();
  const failure = outcomeOf(ended, { cancelled: context.signal.aborted, timeoutMs, maxOutputBytes: place.maxOutputBytes });
  if (failure !== null || ended.end !== 'exited') return failure ?? failed('command_failed', 'the program ended in an unknown way', true);
  const produced = output.from === 'stdout' ? ended.stdout : await readOutput(outputFile, place.maxOutputBytes);
  if (produced === 'missing')
    return failed('output_missing', 'the program ended well and wrote no output file', true, { stderr_tail: ended.stderrTail });
  if (produced === 'too_large')
    return failed('output_too_large', 'the output is too large to be sent', false, { limit_bytes: place.maxOutputBytes });
  return toContent(produced, output.content_type);
}

const bytesOf = (input: CommandTask['input']): Buffer => {
  if (typeof input === 'string') return Buffer.from(input, 'utf8');
  return 'text' in input ? Buffer.from(input.text, 'utf8') : Buffer.from(input.base64, 'base64');
};

async function readOutput(file: string, maxBytes: number): Promise<Buffer | 'missing' | 'too_large'> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true) return 'missing';
  return found.size > maxBytes ? 'too_large' : readFile(file);
}

function toContent(bytes: Buffer, contentType: string): RunOutcome {
  if (!isText(contentType)) return succeeded({ content_type: contentType, base64: bytes.toString('base64') });
  try {
    return succeeded({ content_type: contentType, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) });
  } catch {
    return failed('output_not_text', 'the program wrote something else than UTF-8 text', false, { bytes: bytes.length });
  }
}

const succeeded = (output: Content): RunOutcome => ({ success: true, output });
