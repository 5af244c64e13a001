// `muster join` with the built program: requests by digits, invitations that are refused, and addresses where no pool answers.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
