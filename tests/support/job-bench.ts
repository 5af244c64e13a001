// Command models of a test, and assignments of a scripted scheduler for them.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { NodeMessage } from '../../src/shared/protocol/node-messages';
import type { CommandTask } from '../../src/shared/protocol/tasks';
import type { ScriptedConnection } from './scripted-scheduler';
import { until } from './until';

/** Reads all of stdin and writes it in upper case. */
export const SHOUT = ['/bin/sh', '-c', 'tr a-z A-Z'];

/** Waits until the test has made `go` in the model's folder, then writes its input. */
export const WAIT_FOR_GO = [
  '/bin/sh',
  '-c',
  'echo $$ >> pids; while [ ! -e go ]; do [ -e muster-model.json ] || exit 1; sleep 0.02; done; cat',
];

/** A model folder whose manifest names a command. Defaults: text on stdin, text on stdout. */
export function writeCommandModel(folder: string, modelId: string, command: object, manifest: object = {}): string {
  const place = path.join(folder, modelId);
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'muster-model.json'), commandManifest(modelId, command, manifest));
  return place;
}

/** The manifest of such a folder. */
export const commandManifest = (modelId: string, command: object, manifest: object = {}): string =>
  JSON.stringify({
    model_id: modelId,
    kind: 'other',
    version: '1',
    files: [],
    command: { input: { as: 'stdin' }, output: { from: 'stdout', content_type: 'text/plain' }, ...command },
    ...manifest,
  });

export function assignOf(jobId: string, task: Partial<CommandTask> = {}, fields: object = {}) {
  return {
    type: 'job_assign',
    job_id: jobId,
    attempt: 1,
    task: { kind: 'command', model_id: 'shout', input: 'hello', ...task },
    required_models: [],
    timeout_seconds: 60,
    trace_id: `trace-${jobId}`,
    ...fields,
  };
}

export type JobResult = Extract<NodeMessage, { type: 'job_result' }>;

/** The result of a job on this connection, as soon as it is there. */
export const resultOf = (connection: ScriptedConnection, jobId: string): Promise<JobResult> =>
  until(`the result of ${jobId}`, () =>
    connection.received.find((message): message is JobResult => message.type === 'job_result' && message.job_id === jobId),
  );
