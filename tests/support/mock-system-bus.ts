// A private dbus-daemon with a service that the test makes: it owns names, emits signals and answers `Properties.Get`. Signals may have any
// body, so that tests send what the real service never would. The encoding is that of the D-Bus specification, little-endian.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Requirement, requirePrograms } from './requirements';
import { until } from './until';

/** A value with its D-Bus signature. Only the types that the mocked services use. */
export type BusValue =
  | readonly ['b', boolean]
  | readonly ['u', number]
  | readonly ['s', string]
  | readonly ['v', BusValue]
  | readonly ['a{sv}', readonly (readonly [string, BusValue])[]]
  | readonly ['as', readonly string[]];

export interface BusSignal {
  readonly path: string;
  readonly name: string;
  readonly member: string;
  readonly body: readonly BusValue[];
}

const CONFIG = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=SOCKET</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`;

export const requireSystemBus = (): Requirement =>
  requirePrograms('system bus', ['dbus-daemon', 'gdbus', 'busctl'], 'dbus libglib2.0-bin systemd');

export class MockSystemBus {
  readonly #folder: string;
  readonly #daemon: ChildProcess;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #serial = 0;
  readonly #properties = new Map<string, BusValue>();
  /** The number of answered `Get`. */
  reads = 0;
  /** With the address of this bus, for the programs that the test starts. */
  readonly env: NodeJS.ProcessEnv;

  private constructor(folder: string, daemon: ChildProcess, socket: Socket) {
    this.#folder = folder;
    this.#daemon = daemon;
    this.#socket = socket;
    this.env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${path.join(folder, 'bus')}` };
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#read();
    });
  }

  static async open(names: readonly string[]): Promise<MockSystemBus> {
    const folder = mkdtempSync(path.join(tmpdir(), 'muster-bus-'));
    const address = path.join(folder, 'bus');
    writeFileSync(path.join(folder, 'bus.conf'), CONFIG.replace('SOCKET', address));
    const daemon = spawn('dbus-daemon', [`--config-file=${path.join(folder, 'bus.conf')}`, '--nofork', '--print-address'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(daemon.stdout, 'data');
    const socket = createConnection(address);
    await once(socket, 'connect');
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    await once(socket, 'data');
    socket.write('BEGIN\r\n');
    const bus = new MockSystemBus(folder, daemon, socket);
    bus.#call('Hello', []);
    for (const name of names)
      bus.#call('RequestName', [
        ['s', name],
        ['u', 0],
      ]);
    for (const name of names) await until(`${name} on the bus`, () => bus.#hasOwner(name));
    return bus;
  }

  #hasOwner(name: string): boolean {
    const asked = execFileSync(
      'busctl',
      ['--system', 'call', 'org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'NameHasOwner', 's', name],
      {
        env: this.env,
        encoding: 'utf8',
      },
    );
    return asked.trim() === 'b true';
  }

  emit({ path: object, name, member, body }: BusSignal): void {
    const fields = [field(1, 'o', object), field(2, 's', name), field(3, 's', member)];
    this.#send(4, fields, body);
  }

  /** Answers `Get` of this property from now on. */
  setProperty(name: string, value: BusValue): void {
    this.#properties.set(name, value);
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    const ended = once(this.#daemon, 'exit');
    this.#daemon.kill();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #call(member: string, body: readonly BusValue[]): void {
    const bus = 'org.freedesktop.DBus';
    this.#send(1, [field(1, 'o', '/org/freedesktop/DBus'), field(2, 's', bus), field(3, 's', member), field(6, 's', bus)], body);
  }

  #send(type: number, fields: readonly Uint8Array[], values: readonly BusValue[]): void {
    const body = new Writer();
    for (const value of values) body.value(value);
    const signature = values.map(([code]) => code).join('');
    const header = new Writer();
    for (const byte of [0x6c, type, 0, 1]) header.byte(byte);
    header.uint32(body.size);
    header.uint32(++this.#serial);
    const all = signature === '' ? fields : [...fields, field(8, 'g', signature)];
    header.array(8, () => {
      for (const one of all) {
        header.align(8);
        header.bytes(one);
      }
    });
    header.align(8);
    this.#socket.write(Buffer.concat([header.toBuffer(), body.toBuffer()]));
  }

  /** Only calls of `Get` have an answer. */
  #read(): void {
    for (;;) {
      const data = this.#received;
      if (data.length < 16) return;
      const fieldsLength = data.readUInt32LE(12);
      const bodyAt = (16 + fieldsLength + 7) & ~7;
      const size = bodyAt + data.readUInt32LE(4);
      if (data.length < size) return;
      this.#received = data.subarray(size);
      if (data[1] !== 1) continue;
      const header = readFields(data, 16, 16 + fieldsLength);
      if (header.get(3) !== 'Get') continue;
      const [, property = ''] = readStrings(data.subarray(bodyAt, size), 2);
      const value = this.#properties.get(property);
      if (value === undefined) continue;
      this.reads++;
      const reply = new Writer();
      reply.uint32(data.readUInt32LE(8));
      this.#send(2, [fieldOf(5, 'u', reply.toBuffer()), field(6, 's', header.get(7) ?? '')], [['v', value]]);
    }
  }
}

class Writer {
  readonly #parts: number[] = [];

  get size(): number {
    return this.#parts.length;
  }

  byte(value: number): void {
    this.#parts.push(value & 0xff);
  }

  bytes(values: Uint8Array): void {
    for (const value of values) this.byte(value);
  }

  align(to: number): void {
    while (this.#parts.length % to !== 0) this.byte(0);
  }

  uint32(value: number): void {
    this.align(4);
    for (const shift of [0, 8, 16, 24]) this.byte(value >>> shift);
  }

  string(text: string): void {
    const bytes = Buffer.from(text);
    this.uint32(bytes.length);
    this.bytes(bytes);
    this.byte(0);
  }

  signature(text: string): void {
    this.byte(text.length);
    this.bytes(Buffer.from(text));
    this.byte(0);
  }

  array(alignment: number, items: () => void): void {
    this.uint32(0);
    const lengthAt = this.size - 4;
    this.align(alignment);
    const start = this.size;
    items();
    const length = this.size - start;
    for (const [index, shift] of [0, 8, 16, 24].entries()) this.#parts[lengthAt + index] = (length >>> shift) & 0xff;
  }

  value([code, value]: BusValue): void {
    switch (code) {
      case 'b':
        this.uint32(value ? 1 : 0);
        break;
      case 'u':
        this.uint32(value);
        break;
      case 's':
        this.string(value);
        break;
      case 'v':
        this.signature(value[0]);
        this.value(value);
        break;
      case 'as':
        this.array(4, () => {
          for (const text of value) this.string(text);
        });
        break;
      case 'a{sv}':
        this.array(8, () => {
          for (const [key, one] of value) {
            this.align(8);
            this.string(key);
            this.value(['v', one]);
          }
        });
    }
  }

  toBuffer(): Buffer {
    return Buffer.from(this.#parts);
  }
}

/** One field of a header. It begins at a multiple of 8, and so does each of its parts. */
function field(code: number, signature: 'o' | 's' | 'g', text: string): Uint8Array {
  const writer = new Writer();
  writer.byte(code);
  writer.signature(signature);
  if (signature === 'g') writer.signature(text);
  else writer.string(text);
  return writer.toBuffer();
}

function fieldOf(code: number, signature: string, content: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.byte(code);
  writer.signature(signature);
  writer.align(4);
  writer.bytes(content);
  return writer.toBuffer();
}

/** The text fields of a header by their codes. */
function readFields(data: Buffer, from: number, to: number): ReadonlyMap<number, string> {
  const fields = new Map<number, string>();
  let at = from;
  while (at < to) {
    at = (at + 7) & ~7;
    const code = data[at] ?? 0;
    const signature = String.fromCharCode(data[at + 2] ?? 0);
    at += 4;
    if (signature === 'g') at += (data[at] ?? 0) + 2;
    else if (signature === 'u') at += 4;
    else {
      const length = data.readUInt32LE(at);
      fields.set(code, data.toString('utf8', at + 4, at + 4 + length));
      at += 4 + length + 1;
    }
  }
  return fields;
}

function readStrings(data: Buffer, count: number): readonly string[] {
  const texts: string[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    at = (at + 3) & ~3;
    const length = data.readUInt32LE(at);
    texts.push(data.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length + 1;
  }
  return texts;
}
