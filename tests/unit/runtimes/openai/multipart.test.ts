// The form of a transcription request, parsed by the platform's own parser.
import { expect, test } from 'vitest';
import { toForm } from '../../../../src/main/runtimes/openai/multipart';
import { readForm } from '../../../../src/main/scheduler/api/openai/read-form';

const AUDIO = Buffer.from([0, 13, 10, 45, 45, 255]);
const file = { filename: 'a.wav', content_type: 'audio/wav', base64: AUDIO.toString('base64') };

async function readBack(body: Parameters<typeof toForm>[0]): Promise<FormData> {
  const form = await toForm(body);
  if (!form.ok) throw new Error(form.error);
  return new Response(new Uint8Array(form.value.bytes), { headers: { 'content-type': form.value.contentType } }).formData();
}

test('toForm: fields as text, list as one field per entry, null left out, file with its bytes', async () => {
  const form = await readBack({
    model: 'w',
    file,
    temperature: 0.2,
    stream: false,
    prompt: null,
    timestamp_granularities: ['word', 'segment'],
    'include[]': ['logprobs'],
    extra: { a: 1 },
  });
  expect([...form.entries()].filter(([name]) => name !== 'file')).toEqual([
    ['model', 'w'],
    ['temperature', '0.2'],
    ['stream', 'false'],
    ['timestamp_granularities[]', 'word'],
    ['timestamp_granularities[]', 'segment'],
    ['include[]', 'logprobs'],
    ['extra', '{"a":1}'],
  ]);
  const sent = form.get('file') as File;
  expect([sent.name, sent.type, Buffer.from(await sent.arrayBuffer())]).toEqual(['a.wav', 'audio/wav', AUDIO]);
});

test('toForm: list fields keep the names of OpenAI\u2019s client', async () => {
  const sent = new FormData();
  sent.append('model', 'w');
  sent.append('timestamp_granularities[]', 'word');
  sent.append('timestamp_granularities[]', 'segment');
  sent.append('file', new Blob([AUDIO]), 'a.wav');
  const request = new Request('http://pool', { method: 'POST', body: sent });
  const read = readForm({ contentType: request.headers.get('content-type') ?? '', bytes: Buffer.from(await request.arrayBuffer()) });
  const arrived = await readBack(read.ok ? (read.value as Parameters<typeof toForm>[0]) : { model: '' });
  expect([...arrived.keys()].toSorted()).toEqual([...sent.keys()].toSorted());
  expect(arrived.getAll('timestamp_granularities[]')).toEqual(['word', 'segment']);
});

test.each([
  ['audio/webm;codecs=opus', 'audio/webm;codecs=opus'],
  ['audio/webm; codecs="opus"', 'audio/webm; codecs="opus"'],
  ['audio/ogg; codecs=opus; rate=48000', 'audio/ogg; codecs=opus; rate=48000'],
  ['audio/wav; x', 'application/octet-stream'],
])('toForm: content type of the file with parameters: %s', async (type, sent) => {
  const form = await toForm({ model: 'w', file: { ...file, content_type: type } });
  expect(form.ok ? form.value.bytes.toString('latin1') : '').toContain(`\r\nContent-Type: ${sent}\r\n\r\n`);
});

test('toForm: names escaped, invalid content type replaced', async () => {
  const form = await toForm({
    model: 'w',
    'x"\r\ny: z': '1',
    file: { ...file, filename: 'a"\r\nb: c.wav', content_type: 'audio/wav\r\nx: y' },
  });
  const text = form.ok ? form.value.bytes.toString('latin1') : '';
  expect(text).toContain('name="x%22%0D%0Ay: z"');
  expect(text).toContain('filename="a%22%0D%0Ab: c.wav"\r\nContent-Type: application/octet-stream\r\n\r\n');
});

test.each([undefined, 'a.wav', { filename: 'a', content_type: 'b' }, { ...file, base64: '%%' }])(
  'toForm: invalid file (%j) -> error',
  async (bad) => {
    expect(await toForm({ model: 'w', file: bad })).toMatchObject({ ok: false });
  },
);
