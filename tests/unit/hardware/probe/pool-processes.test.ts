// The processes of the pool, in a folder like /proc: trees, the processes of model servers, the GPU time of their open files.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readGpuClients, readProgramClients } from '../../../../src/main/hardware/probe/drm-clients';
import { readTrees } from '../../../../src/main/hardware/probe/process-trees';
import { ServerFinder } from '../../../../src/main/hardware/probe/server-finder';
import { FakeProc } from '../../../support/fake-proc';

let proc: FakeProc;
beforeEach(() => {
  proc = new FakeProc();
});
afterEach(() => {
  proc.remove();
  vi.useRealTimers();
});

describe('readTrees', () => {
  const pidsOf = (roots: readonly number[], taken = new Set<number>()) => readTrees(proc.root, roots, taken).map(({ pid }) => pid).toSorted(); // oxfmt-ignore

  it('children of every thread, at any depth, and no other process', () => {
    proc.write({ pid: 10, threads: [[11], [], [12]] });
    proc.write({ pid: 11, parentPid: 10, threads: [[13]] });
    proc.write({ pid: 12, parentPid: 10 });
    proc.write({ pid: 13, parentPid: 11 });
    proc.write({ pid: 14 });
    expect(pidsOf([10])).toEqual([10, 11, 12, 13]);
  });

  it('ended processes left out, each process once', () => {
    proc.write({ pid: 10, threads: [[11, 99]] });
    proc.write({ pid: 11, threads: [[10]] });
    expect([pidsOf([10, 11, 98]), pidsOf([98])]).toEqual([[10, 11], []]);
  });

  it('processes of another group left out with their children', () => {
    proc.write({ pid: 10, threads: [[11]] });
    proc.write({ pid: 11, parentPid: 10, threads: [[12]] });
    proc.write({ pid: 12, parentPid: 11 });
    const taken = new Set<number>();
    expect([pidsOf([11], taken), pidsOf([10], taken)]).toEqual([[11, 12], [10]]);
  });

  it('kernel without lists of children -> the roots', () => {
    proc.write({ pid: 10, threads: [] });
    expect(pidsOf([10])).toEqual([10]);
  });
});

describe('ServerFinder', () => {
  const server = { id: 'ollama', port: 11_434, processNames: ['ollama'] };
  const socket = (inode: number) => ({ target: `socket:[${String(inode)}]` });
  const find = (finder: ServerFinder, wanted = server) => finder.find(proc.root, [wanted]).get('ollama');

  beforeEach(() => {
    proc.listen({ 77: 11_434, 78: 8080 });
    proc.write({ pid: 10, name: 'some server', files: [{ target: '/dev/null' }, socket(77)] });
    proc.write({ pid: 11, name: 'other server', files: [socket(78)] });
  });

  it('by the port, whatever the name', () => {
    expect(find(new ServerFinder())).toEqual([10]);
  });

  it('several processes hold the socket -> all', () => {
    proc.write({ pid: 12, name: 'worker', files: [socket(77)] });
    expect(find(new ServerFinder())).toEqual([10, 12]);
  });

  it.each([
    ['of another user', { pid: 10, name: 'ollama', files: null }, [10]],
    ['of another user, name with capitals', { pid: 10, name: 'Ollama', files: null }, [10]],
    ['of another user, unknown name', { pid: 10, name: 'x', files: null }, []],
    ['in a container behind a forwarder', { pid: 10, name: 'docker-proxy', files: [socket(77)] }, []],
  ])('by name: %s', (_title, process, expected) => {
    proc.write(process);
    expect(find(new ServerFinder())).toEqual(expected);
  });

  it('by name: cut to 15 characters by the kernel', () => {
    proc.write({ pid: 10, name: 'a-very-long-ser', files: null });
    expect(find(new ServerFinder(), { ...server, processNames: ['a-very-long-server-name'] })).toEqual([10]);
  });

  it('child of its main process -> the main process', () => {
    proc.write({ pid: 9, name: 'ollama', parentPid: 1 });
    proc.write({ pid: 10, name: 'ollama', parentPid: 9, files: [socket(77)] });
    expect(find(new ServerFinder())).toEqual([9]);
  });

  it('process ended -> searched again at once; its pid used again by another program -> not taken for the server', () => {
    const finder = new ServerFinder();
    expect(find(finder)).toEqual([10]);
    proc.write({ pid: 10, name: 'browser', startTicks: 5000 });
    proc.write({ pid: 20, name: 'some server', files: [socket(77)] });
    expect(find(finder)).toEqual([20]);
  });

  it('not found -> searched again after a minute', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const finder = new ServerFinder();
    proc.end(10);
    expect(find(finder)).toEqual([]);
    proc.write({ pid: 10, name: 'ollama', files: [socket(77)] });
    vi.advanceTimersByTime(59_999);
    expect(find(finder)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(find(finder)).toEqual([10]);
  });

  it('found -> not searched again, also when another process takes the port', () => {
    const finder = new ServerFinder();
    expect(find(finder)).toEqual([10]);
    proc.write({ pid: 12, name: 'worker', files: [socket(77)] });
    expect(find(finder)).toEqual([10]);
  });
});

describe('readGpuClients', () => {
  const process = (pid: number, parentPid: number) => ({ pid, parentPid, startTicks: pid, ownTicks: 0, endedTicks: 0 });
  const info = (client: number) => `drm-pdev: 0000:03:00.0\ndrm-client-id: ${String(client)}\ndrm-engine-compute: 5 ns\n`;
  const render = (client: number) => ({ target: '/dev/dri/renderD128', info: info(client) });
  const groups = [{ id: 'muster', processes: [process(10, 1), process(11, 10)] }];
  const client = (clientId: string) => ({ group: 'muster', busAddress: '0000:03:00.0', clientId, busyNs: 5, memoryGb: null });

  it('each client once, of device files of GPUs only', () => {
    proc.write({ pid: 10, files: [render(1), render(1), { target: '/tmp/file', info: info(9) }] });
    proc.write({ pid: 11, files: [render(2)] });
    expect(readGpuClients(proc.root, groups)).toEqual([client('1'), client('2')]);
  });

  it('child of another user -> left out; first process of another user -> unknown', () => {
    proc.write({ pid: 10, files: [render(1)] });
    proc.write({ pid: 11, files: null });
    expect(readGpuClients(proc.root, groups)).toEqual([client('1')]);
    proc.write({ pid: 10, files: null });
    expect(readGpuClients(proc.root, groups)).toBeNull();
  });

  it('all programs: those of the pool are marked, files that may not be read are left out', () => {
    proc.write({ pid: 10, files: [render(1)] });
    proc.write({ pid: 11, files: null });
    proc.write({ pid: 12, name: 'game', files: [render(2), render(2), { target: '/dev/null' }] });
    const groupOf = (pid: number) => (pid === 10 ? 'muster' : null);
    const program = (pid: number, clientId: string) => ({ ...client(clientId), pid });
    expect(readProgramClients(proc.root, groupOf).map(({ name: _name, ...rest }) => rest)).toEqual([
      program(10, '1'),
      { ...program(12, '2'), group: null },
    ]);
    expect(readProgramClients(proc.root, groupOf)[1]?.name).toBe('game');
  });

  it('ROCm -> unknown, because the driver does not count its use', () => {
    proc.write({ pid: 10, files: [{ target: '/dev/null' }] });
    proc.write({ pid: 11, files: [{ target: '/dev/kfd' }, render(1)] });
    expect(readGpuClients(proc.root, groups)).toBeNull();
  });
});
