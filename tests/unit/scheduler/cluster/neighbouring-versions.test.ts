// Members of two neighbouring versions run together during an update. tests/fixtures/cluster-records has the messages of each version that
// was released. A change that makes this test fail would break an update: make it additive. `MUSTER_WRITE_CLUSTER_RECORDS=1` writes the
// file of this version.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../../../package.json';
import { decodeFrame } from '../../../../src/main/scheduler/cluster/bus/core/frame';
import { InProcessNetwork } from '../../../../src/main/scheduler/cluster/bus/in-process-network';
import { decodeReceiverMessage, decodeSenderMessage } from '../../../../src/main/scheduler/cluster/bus/core/stream-messages';
import type { Channel } from '../../../../src/main/scheduler/cluster/channel/channel';
import { decodeRecord, splitRecords } from '../../../../src/main/scheduler/cluster/channel/core/record';
import { LeaderLink } from '../../../../src/main/scheduler/cluster/channel/leader-link';
import { onRecord } from '../../../../src/main/scheduler/cluster/channel/on-record';
import { ReplicaLinks } from '../../../../src/main/scheduler/cluster/channel/replica-links';
import { goneSchema, HTTP_GONE } from '../../../../src/main/scheduler/replica/core/http-records';
import { bytesOfThisVersion, MESSAGES, RECORD_TYPES, RECORDS } from '../../../support/cluster-samples';
import { ManualClock } from '../../../support/manual-clock';

interface Stored {
  readonly messages: readonly { readonly name: string; readonly value: unknown }[];
  readonly bytes: Readonly<Record<string, string>>;
}

const FOLDER = path.join(import.meta.dirname, '../../../fixtures/cluster-records');
const SAMPLES = [...MESSAGES, ...RECORDS];

if (process.env['MUSTER_WRITE_CLUSTER_RECORDS'] === '1') {
  const stored: Stored = { messages: SAMPLES.map(({ name, value }) => ({ name, value })), bytes: bytesOfThisVersion() };
  writeFileSync(path.join(FOLDER, `${version}.json`), `${JSON.stringify(stored, null, 2)}\n`);
}

const VERSIONS = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ of: file, ...(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Stored) }));
const STORED = VERSIONS.flatMap(({ of, messages }) => messages.map(({ name, value }) => ({ of, name, value })));

/** Their fields have names that are not of this program. */
const MAPS: ReadonlySet<string> = new Set(['headers', 'limits', 'muster', 'details', 'output', 'data']);

/** An unknown field in each object. */
function widened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(widened);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, MAPS.has(name) ? (field as unknown) : widened(field)] as const);
  return { ...Object.fromEntries(fields), from_a_newer_version: { a: 1 } };
}

const schemaOf = (name: string) => {
  const found = SAMPLES.find((sample) => sample.name === name);
  if (found === undefined) throw new Error(`no sample of ${name}: members of the version before send it`);
  return found.schema;
};

test('the stored messages of this version are those that it sends, and there is one for each type of record', () => {
  const own = VERSIONS.find(({ of }) => of === `${version}.json`);
  expect(own?.messages.map(({ name }) => name)).toEqual(SAMPLES.map(({ name }) => name));
  expect(own?.bytes).toEqual(bytesOfThisVersion());
  expect(new Set(RECORDS.map(({ name }) => name))).toEqual(new Set(RECORD_TYPES));
});

test.each(STORED)('$of: $name -> decoded, and no field is lost', ({ name, value }) => {
  expect(schemaOf(name).safeParse(value)).toEqual({ success: true, data: value });
});

test.each(STORED)('$of: $name with unknown fields of a newer version -> decoded without them', ({ name, value }) => {
  expect(schemaOf(name).safeParse(widened(value))).toEqual({ success: true, data: value });
});

test.each(VERSIONS)('$of: the bytes around records -> decoded', ({ bytes }) => {
  const of = (name: string): Uint8Array => Uint8Array.from(Buffer.from(bytes[name] ?? '', 'hex'));
  const body = Uint8Array.of(1, 2, 3);
  expect(decodeFrame(of('frame'))).toEqual({ epoch: 7, body });
  expect(splitRecords(of('record'))?.map(decodeRecord)).toEqual([{ type: 'http.gone', head: { id: 1 }, body }]);
  expect(['piece', 'last_piece', 'end', 'error', 'probe', 'abort', 'closed'].map((name) => decodeSenderMessage(of(name)))).toEqual([
    { type: 'piece', seq: 5, bytes: body, isLast: false },
    { type: 'piece', seq: 6, bytes: body, isLast: true },
    { type: 'end', seq: 7 },
    { type: 'error', seq: 7, code: 'overflow' },
    { type: 'probe' },
    { type: 'abort', code: 'overflow' },
    { type: 'closed' },
  ]);
  expect(['ack', 'ack_again', 'stop'].map((name) => decodeReceiverMessage(of(name)))).toEqual([
    { type: 'ack', next: 5, upTo: 600_000, isAgain: false },
    { type: 'ack', next: 5, upTo: 600_000, isAgain: true },
    { type: 'stop', code: 'replaced' },
  ]);
});

test('a record of an unknown type, or with a head of another form -> dropped; the channel goes on, in both directions', async () => {
  const clock = new ManualClock();
  const network = new InProcessNetwork();
  const link = new LeaderLink(network.join('pool-1', clock).bus, clock);
  const taken: string[] = [];
  const channels: Channel[] = [];
  const onChannel = (channel: Channel): void => {
    channels.push(channel);
    const side = channels.length;
    onRecord(channel, HTTP_GONE, goneSchema, ({ id }) => {
      taken.push(`${String(side)}: ${String(id)}`);
    });
  };
  link.onChannel(onChannel);
  const links = new ReplicaLinks({ bus: network.join('pool-1', clock).bus, clock, epoch: 1, leads: () => true, onChannel });
  link.start();
  links.start();
  const turns = async (): Promise<void> => {
    for (let count = 0; count < 20; count++) await new Promise((resolve) => setImmediate(resolve));
  };
  await turns();
  expect(channels).toHaveLength(2);
  for (const channel of channels) {
    channel.send('newer.type', { id: 1 }, Uint8Array.of(1));
    channel.send(HTTP_GONE, { id: 'newer form' });
    channel.send(HTTP_GONE, { id: 2 });
  }
  await turns();
  expect([taken.toSorted(), channels.map(({ isOpen }) => isOpen)]).toEqual([
    ['1: 2', '2: 2'],
    [true, true],
  ]);
  links.stop();
  link.stop();
});
