// The connection of a bus to real NATS servers: credentials, TLS, servers that are away, refuse, hang or come back.
import { describe, expect, test } from 'vitest';
import { nkeys } from '@nats-io/transport-node';
import { createAuthority, createAuthorityKey, createServerCertificate } from '../../src/main/trust/certificates';
import { natsServer } from '../support/nats';
import { signedUser } from '../support/nats-jwt';
import { connectionOf, faultOfType, type NatsMembers, useNatsMembers } from '../support/nats-members';
import type { RecordedBus } from '../support/recorded-bus';
import { skipNote } from '../support/requirements';
import { reservePort } from '../support/reserved-port';
import { until } from '../support/until';
import { WAIT_LIMIT_MS } from '../support/within';

const users = (password: string): string => `authorization { users = [ { user: muster, password: "${password}" } ] }\n`;

/** A message from this member comes back to itself. */
async function works(member: RecordedBus): Promise<void> {
  member.record('works');
  expect(await member.bus.flush()).toBe(true);
  expect(member.publish('works', 'x')).toBe(true);
  await until('the message to come back', () => member.messages.length > 0);
}

/** The lines of a server with a certificate for these names, and the file of its CA. */
async function tlsServer(
  members: NatsMembers,
  names: readonly string[],
): Promise<{ readonly configuration: string; readonly caFile: string }> {
  const nowWallMs = Date.now();
  const ca = await createAuthority(await createAuthorityKey(), nowWallMs);
  const { key, cert } = await createServerCertificate(ca, names, nowWallMs);
  const [keyFile, certFile] = [members.file('server-key.pem', key), members.file('server.pem', cert)];
  const caFile = members.file('ca.pem', ca.cert);
  return { configuration: `tls { cert_file: "${certFile}", key_file: "${keyFile}" }\n`, caFile };
}

describe.skipIf(natsServer.missing !== undefined)(`bus connections${skipNote(natsServer)}`, () => {
  const members = useNatsMembers();

  test('credentials: user and password in the address or in a file, token, nkey, JWT -> connected', async () => {
    const user = nkeys.createUser();
    const signed = signedUser();
    const cases = [
      [users('p@ss'), (host: string) => `nats://muster:p%40ss@${host}`, null],
      [users('p@ss'), (host: string) => `nats://${host}`, 'user=muster\npassword=p@ss\n'],
      ['authorization { token: "t0ken" }', (host: string) => `nats://${host}`, 'token=t0ken\n'],
      [
        `authorization { users = [ { nkey: ${user.getPublicKey()} } ] }`,
        (host: string) => `nats://${host}`,
        `${Buffer.from(user.getSeed()).toString()}\n`,
      ],
      [signed.configuration, (host: string) => `nats://${host}`, signed.creds],
    ] as const;
    for (const [configuration, urlOf, content] of cases) {
      const { host } = await members().server(configuration);
      await works(
        await members().connected(urlOf(host), { credentialsFile: content === null ? null : members().file('bus.creds', content) }),
      );
    }
  });

  test('credentials: wrong password -> a fault without it; connected after the server has it', async () => {
    const server = await members().server(users('right'));
    const member = await members().open(`nats://muster:wrong-secret@${server.host}`);
    const fault = await faultOfType(member, 'auth');
    expect(JSON.stringify(fault)).not.toContain('wrong-secret');
    expect([member.bus.isConnected, member.publish('a', 'x')]).toEqual([false, false]);
    await server.reload(users('wrong-secret'));
    await connectionOf(member);
    await works(member);
  });

  test('credentials: password changed at the server -> a fault; connected again after its file has the new one', async () => {
    const server = await members().server(users('old'));
    const file = members().file('bus.creds', 'user=muster\npassword=old\n');
    const member = await members().connected(server.url, { credentialsFile: file });
    await server.reload(users('new'));
    await faultOfType(member, 'auth');
    members().file('bus.creds', 'garbage');
    await faultOfType(member, 'credentials');
    members().file('bus.creds', 'user=muster\npassword=new\n');
    await connectionOf(member);
    await works(member);
    expect(member.changes()).toEqual(['connected', 'disconnected', 'reconnected']);
  });

  test('credentials: no file -> a fault that names it; settings that contradict each other -> refused at once', async () => {
    const { url, host } = await members().server();
    expect(await faultOfType(await members().open(url, { credentialsFile: '/none/bus.creds' }), 'credentials')).toEqual({
      type: 'credentials',
      reason: '/none/bus.creds: cannot be read (ENOENT)',
    });
    await expect(members().open('http://bus')).rejects.toThrow('nats://');
    await expect(members().open(url, { caFile: '/ca.pem' })).rejects.toThrow('tls://');
    await expect(members().open(`nats://a:b@${host}`, { credentialsFile: '/x' })).rejects.toThrow('not in both');
  });

  test('TLS: CA of the server -> connected by its IP address and by its name', async () => {
    const { configuration, caFile } = await tlsServer(members(), ['127.0.0.1', 'localhost']);
    const { port } = await members().server(configuration);
    await works(await members().connected(`tls://127.0.0.1:${String(port)}`, { caFile }));
    await works(await members().connected(`tls://localhost:${String(port)}`, { caFile }));
  });

  test('TLS: another CA, a certificate for another host, no TLS at one side -> a fault, not connected', async () => {
    const { configuration, caFile } = await tlsServer(members(), ['localhost', 'bus.example']);
    const server = await members().server(configuration);
    const plain = await members().server();
    const other = await createAuthority(await createAuthorityKey(), Date.now());
    const tls = `tls://${server.host}`;
    const cases = [
      [tls, members().file('other.pem', other.cert)],
      // TLS alone would check the name `localhost` here.
      [tls, caFile],
      [server.url, null],
      [`tls://${plain.host}`, caFile],
    ] as const;
    for (const [url, file] of cases) {
      const member = await members().open(url, { caFile: file });
      await faultOfType(member, 'tls');
      expect([url, member.bus.isConnected]).toEqual([url, false]);
    }
  });

  test('server away at the start -> a fault; connected when it comes, with the subscriptions of before', async () => {
    const server = await members().server();
    await server.kill();
    const member = await members().open(server.url);
    member.record('a');
    expect(await faultOfType(member, 'unreachable')).toEqual({ type: 'unreachable', reason: 'ECONNREFUSED' });
    await server.restart();
    await connectionOf(member);
    await member.bus.flush();
    member.publish('a', '1');
    await until('the message', () => member.messages.length === 1);
  });

  test('two addresses: one away at the start -> the other; later the first alone -> connected to it', async () => {
    const [first, second] = [await members().server(), await members().server()];
    await first.kill();
    const member = await members().connected(`${first.url},${second.url}`);
    await first.restart();
    await second.kill();
    await until('the other server', () => member.changes().includes('reconnected'), WAIT_LIMIT_MS);
    expect(member.statuses.at(-1)).toEqual({ type: 'reconnected', server: first.host });
    await works(member);
  });

  test('closed before the first connection -> ends; no connection comes later', async () => {
    const server = await members().server();
    const { port, release } = await reservePort();
    const member = await members().open(`nats://127.0.0.1:${String(port)}`);
    await faultOfType(member, 'unreachable');
    await member.bus.close();
    release();
    const early = await members().open(server.url);
    await early.bus.close();
    expect([early.bus.isConnected, early.publish('a', 'x')]).toEqual([false, false]);
  });

  test('server with a smaller limit of messages -> a fault with the limit', async () => {
    const member = await members().connected((await members().server('max_payload: 65536')).url);
    expect(member.faults()).toEqual([{ type: 'payload_limit', bytes: 65_536 }]);
    expect(member.bus.publish('a', new Uint8Array(70_000))).toBe(false);
    await works(member);
  });

  test('server hangs -> what waits is bounded, pings notice within seconds; connected again when it goes on', async () => {
    const server = await members().server();
    const member = await members().connected(server.url);
    await server.freeze();
    const body = new Uint8Array(256 * 1024);
    const sent = Array.from({ length: 200 }, () => member.bus.publish('a', body)).filter(Boolean).length;
    expect(sent * body.length).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(await member.bus.request('a', new Uint8Array(1024 * 512), 1000)).toEqual({ ok: false, error: 'overloaded' });
    await until('the pings to notice', () => !member.bus.isConnected, WAIT_LIMIT_MS);
    server.resume();
    await connectionOf(member);
    await works(member);
  });
});
