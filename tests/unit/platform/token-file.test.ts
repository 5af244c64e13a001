import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadOrCreateToken, readToken } from '../../../src/main/platform/token-file';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-token-'));
  file = path.join(folder, 'sub', 'join-token');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function tokenIn(path: string) {
  const outcome = await loadOrCreateToken(path);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

describe('own token', () => {
  test('own token: 256 random bits, file mode 0600, the same at the next load', async () => {
    const first = await tokenIn(file);
    expect(first.created).toBe(true);
    expect(Buffer.from(first.token, 'base64url')).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await tokenIn(file)).toEqual({ token: first.token, created: false, wasExposed: false });
    expect(await readdir(path.dirname(file))).toEqual(['join-token']);
  });

  test('own token: several callers at once -> one token', async () => {
    const tokens = await Promise.all(Array.from({ length: 8 }, () => tokenIn(file)));
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(1);
  });

  test('own token: file readable by others -> mode set to 0600, wasExposed', async () => {
    const { token } = await tokenIn(file);
    await chmod(file, 0o644);
    expect(await tokenIn(file)).toEqual({ token, created: false, wasExposed: true });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('own token: damaged file -> error without the content, file unchanged', async () => {
    const damaged = path.join(folder, 'token');
    await writeFile(damaged, 'two words');
    const outcome = await loadOrCreateToken(damaged);
    expect(outcome).toMatchObject({ ok: false, error: { file: damaged, code: 'not_a_token' } });
    expect(JSON.stringify(outcome)).not.toContain('two words');
    expect(await readFile(damaged, 'utf8')).toBe('two words');
  });

  test('own token: file cannot be created -> error with the system code', async () => {
    await writeFile(path.join(folder, 'file'), 'x');
    expect(await loadOrCreateToken(path.join(folder, 'file', 'token'))).toMatchObject({
      ok: false,
      error: { code: 'unreadable', reason: 'cannot be read (ENOTDIR)' },
    });
  });
});

describe('token of the user', () => {
  test('token of the user: without the line end', async () => {
    const named = path.join(folder, 'token');
    await writeFile(named, `${'a'.repeat(43)}\r\n`);
    expect(await readToken(named)).toEqual({ ok: true, value: 'a'.repeat(43) });
  });

  test.each([
    ['empty', ''],
    ['two lines', `${'a'.repeat(20)}\n${'b'.repeat(20)}`],
    ['too long', 'a'.repeat(257)],
    ['very large', 'a'.repeat(10_000)],
  ])('token of the user: %s -> error', async (_title, content) => {
    const named = path.join(folder, 'token');
    await writeFile(named, content);
    expect(await readToken(named)).toMatchObject({ ok: false, error: { code: 'not_a_token' } });
  });

  test('token of the user: file missing -> error', async () => {
    expect(await readToken(file)).toMatchObject({ ok: false, error: { code: 'missing' } });
  });
});
