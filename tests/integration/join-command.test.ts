// `muster join` with the built program: requests by digits, invitations that are refused, and addresses where no pool answers.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support/until';
import { MusterLab, type MusterProcess } from '../support/muster-process';

const FREE_PORT = '[server]\nport = 0\n';
const GPU = ['--simulate-gpu', 'RTX 4090:24'];

let lab: MusterLab;
let folder: string;
let scheduler: MusterProcess;
let address: string;
let onHost: string[];
beforeEach(async () => {
  lab = new MusterLab();
  folder = lab.dataDir('host', FREE_PORT, { models: false });
  scheduler = lab.start(['scheduler', '--data-dir', folder, '--host', '0.0.0.0']);
  const url = await scheduler.url();
  address = `127.0.0.1:${new URL(url).port}`;
  onHost = ['--url', url, '--data-dir', folder];
});
afterEach(async () => {
  await lab.close();
});

/** The link of a new invitation, at this computer, and its id. */
async function invitation(...options: string[]): Promise<{ readonly link: string; readonly id: string }> {
  const { stdout } = await lab.run(['invite', '--json', ...options, ...onHost]);
  const { link, id } = JSON.parse(stdout) as { link: string; id: string };
  return { link: link.replace(/^muster:\/\/[^/]+/, `muster://${address}`), id };
}

/** The new member uses its credential, so the invitation cannot be used again. */
async function useInvitation(link: string): Promise<void> {
  const member = lab.dataDir('member', '', { models: false });
  rmSync(path.join(member, 'admin-token'));
  await lab.run(['join', link, '--data-dir', member]);
  await lab.run(['submit', '--model', 'none', '--prompt', 'hello', '--data-dir', member]);
}

const newcomer = (...operands: string[]) =>
  lab.start(['join', ...operands, '--json', '--data-dir', lab.dataDir('newcomer', '', { models: false }), ...GPU]);

describe('digits', () => {
  test.each(['', '\n', ' \n'])('no digits entered (%j) -> said, exit code 6; no alarm at the host', async (typed) => {
    const joiner = newcomer(address);
    await joiner.line('compare');
    joiner.child.stdin?.end(typed);
    const { code, stderr } = await joiner.finished;
    expect([code, stderr]).toEqual([6, 'muster: join: no digits were entered. Nothing was kept\n']);
    expect(JSON.stringify(await scheduler.line('join_denied'))).not.toContain('different');
  });
});

test('approved before the confirmation -> both people read what is missing', async () => {
  const joiner = lab.start(['join', address, '--data-dir', lab.dataDir('newcomer', '', { models: false }), ...GPU]);
  const shown = await until('the digits', () => Promise.resolve(/Compare with the host of the pool: (\d{3} \d{3})/.exec(joiner.output)));
  const { join_requests } = JSON.parse((await lab.run(['pending', '--json', ...onHost])).stdout) as { join_requests: { id: string }[] };
  const approve = ['approve', join_requests[0]?.id ?? '', ...onHost];
  expect(await lab.run([...approve, '--role', 'client'])).toMatchObject({
    code: 2,
    stderr: 'muster: approve: --role: must include node\n',
  });
  const approved = await lab.run([...approve, '--role', 'node', '--role', 'client']);
  expect([approved.code, approved.stdout]).toEqual([
    0,
    expect.stringContaining('approved; the computer joins when its person confirms the digits'),
  ]);
  expect(joiner.output).not.toContain('Waiting for the host');
  joiner.child.stdin?.write(`${shown?.[1] ?? ''}\n`);
  await joiner.line('link_changed', { to: 'registered' });
  expect(joiner.output).toContain('Waiting for the host to approve.');
  expect(JSON.parse((await lab.run(['members', '--json', ...onHost])).stdout)).toMatchObject({ members: [{ roles: ['node', 'client'] }] });
});

test('link to the dashboard, link without a key -> exit code 2, no request; nothing listens -> said', async () => {
  const { link } = await invitation();
  for (const operand of [`https://${address}/#code=abc`, link.replace(/&key=.*/, '')])
    expect(await newcomer(operand).finished).toMatchObject({ code: 2, stderr: expect.stringMatching(/invite\n|has no key/) as string });
  expect(scheduler.output).not.toContain('join_requested');
  await scheduler.end();
  for (const operand of [address, link])
    expect(await newcomer(operand).finished).toMatchObject({ code: 5, stderr: expect.stringContaining('nothing listens at') as string });
});

describe('invitation that is refused', () => {
  test.each([
    ['used up', 'the invitation was used up'],
    ['revoked', 'the invitation was revoked'],
    ['unknown', 'the invitation is not known to the pool'],
  ])('%s -> the reason, and who makes a new link; no option that join does not have', async (kind, reason) => {
    const { link, id } = await invitation('--role', 'client');
    if (kind === 'revoked') await lab.run(['revoke', id, ...onHost]);
    if (kind === 'used up') await useInvitation(link);
    const { code, stderr } = await newcomer(kind === 'unknown' ? `${link.slice(0, -4)}AAAA` : link).finished;
    expect([code, stderr]).toEqual([6, `muster: join: ${reason}. Ask the owner for a new link: muster invite\n`]);
  });
});

test('doctor: the pool that this computer joined is tested; on its host, it runs here', async () => {
  const { link } = await invitation('--role', 'client');
  const member = lab.dataDir('member', FREE_PORT, { models: false });
  expect((await lab.run(['join', link, '--data-dir', member])).code).toBe(0);
  const doctor = (...options: string[]) => lab.run(['doctor', ...GPU, ...options]);
  const joined = await doctor('--data-dir', member);
  expect([joined.code, joined.stdout]).toEqual([0, expect.stringMatching(/scheduler: port +passed[^]*scheduler: http +passed/)]);
  expect(joined.stdout).not.toMatch(/not configured|scheduler: (token|protocol)/);
  const host = await doctor('--data-dir', folder, '--port', address.split(':')[1] ?? '', '--host', '0.0.0.0');
  expect([host.code, host.stdout]).toEqual([0, expect.stringMatching(/scheduler +runs here/)]);
  await scheduler.end();
  expect(await doctor('--data-dir', member)).toMatchObject({ code: 5, stdout: expect.stringMatching(/scheduler: port +failed/) as string });
});

test('--once: the whole text of an invitation -> kept, exit code 0; `agent` then uses the pool without the link', async () => {
  const { link } = await invitation();
  const newcomerFolder = lab.dataDir('newcomer', '', { models: false });
  const text = `You are invited to a pool.\nJoin link for Muster: ${link}\nThe same in a browser: ${link.replace('muster:', 'https:')}`;
  const joined = await lab.run(['join', text, '--once', '--data-dir', newcomerFolder, ...GPU]);
  expect(joined.code).toBe(0);
  expect(joined.stdout).toContain('"event":"stop_requested","cause":"done"');
  const agent = lab.start(['agent', '--data-dir', newcomerFolder, ...GPU]);
  await agent.line('link_changed', { to: 'registered' });
});
