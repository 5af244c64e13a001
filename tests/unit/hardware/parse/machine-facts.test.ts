import { describe, expect, it } from 'vitest';
import {
  appleGpuBudgetGb,
  machineLoadOf,
  parseMachineIdentity,
  parseWiredLimitMib,
  usableMemoryBytes,
} from '../../../../src/main/hardware/parse/machine-facts';
import { normalizeBusAddress } from '../../../../src/main/hardware/parse/pci';
import { runningNames, parseProcesses } from '../../../../src/main/hardware/parse/processes';

const GiB = 1024 ** 3;
const free = { totalBytes: 64 * GiB, availableBytes: 48 * GiB, constrainedBytes: 0, constrainedAvailableBytes: 0 };

describe('machineLoadOf', () => {
  it.each([
    ['no container', 12.34, free, 500 * GiB, { cpuPercent: 12.3, memPercent: 25, memoryUsedGb: 16, diskFreeGb: 500 }],
    [
      'container with 8 GiB',
      0,
      { ...free, constrainedBytes: 8 * GiB, constrainedAvailableBytes: 6 * GiB },
      null,
      { cpuPercent: 0, memPercent: 25, memoryUsedGb: 2, diskFreeGb: null },
    ],
    [
      'limit larger than the memory',
      0,
      { ...free, constrainedBytes: 2 ** 64 },
      null,
      { cpuPercent: 0, memPercent: 25, memoryUsedGb: 16, diskFreeGb: null },
    ],
    [
      'not a number',
      Number.NaN,
      { ...free, availableBytes: Number.NaN },
      Number.NaN,
      { cpuPercent: null, memPercent: null, memoryUsedGb: null, diskFreeGb: null },
    ],
  ])('%s', (_case, cpu, memory, disk, expected) => {
    expect(machineLoadOf(cpu, memory, disk)).toEqual(expected);
  });

  it('usableMemoryBytes: container limit', () => {
    expect(usableMemoryBytes(64 * GiB, 8 * GiB)).toBe(8 * GiB);
    expect(usableMemoryBytes(64 * GiB, 0)).toBe(64 * GiB);
  });
});

describe('parseMachineIdentity', () => {
  it.each([
    [
      { manufacturer: 'AMD', brand: 'EPYC 7B13' },
      { distro: 'Ubuntu', release: '24.04' },
      { cpuModel: 'AMD EPYC 7B13', osName: 'Ubuntu 24.04' },
    ],
    [
      { manufacturer: 'Apple', brand: 'Apple M2 Pro' },
      { distro: 'macOS', release: '' },
      { cpuModel: 'Apple M2 Pro', osName: 'macOS' },
    ],
    [null, 'nonsense', { cpuModel: null, osName: null }],
  ])('%j', (cpu, os, expected) => {
    expect(parseMachineIdentity(cpu, os)).toEqual(expected);
  });
});

describe('running processes', () => {
  const list = [
    { name: 'ollama', command: 'ollama', path: '/usr/bin', state: 'sleeping' },
    { name: 'si.mjs', command: 'si.mjs', path: 'node .tools', state: 'running' },
    { name: 'Ollama App.exe', command: '', path: '', state: 'unknown' },
    { name: 'whisper-server', command: 'whisper-server', path: '/opt', state: 'zombie' },
  ];

  it('found by name, in any case, without .exe, behind an interpreter; zombies excluded', () => {
    const names = parseProcesses({ list });
    expect(names).not.toBeNull();
    expect(runningNames(['ollama', 'OLLAMA.exe', 'node', 'ollama app', 'whisper-server', 'olla'], names ?? [])).toEqual(
      new Set(['ollama', 'OLLAMA.exe', 'node', 'ollama app']),
    );
  });

  it.each([[null], [{}], [{ list: [] }], [{ list: 'x' }]])('list %j -> null (unknown)', (answer) => {
    expect(parseProcesses(answer)).toBeNull();
  });
});

describe('appleGpuBudgetGb', () => {
  it.each([
    [16, null, 10.7],
    [36, null, 24],
    [64, null, 48],
    [64, 57344, 56],
    [64, 999999, 64],
  ])('%s GB, limit %s MiB -> %s GB', (memoryGb, limit, expected) => {
    expect(appleGpuBudgetGb(memoryGb, limit)).toBe(expected);
  });

  it('parseWiredLimitMib: 0 -> null', () => {
    expect(['57344\n', '0\n', '', 'unknown oid'].map(parseWiredLimitMib)).toEqual([57344, null, null, null]);
  });
});

describe('normalizeBusAddress', () => {
  it.each([
    ['00000000:65:00.0', '0000:65:00.0'],
    ['65:00.0', '0000:65:00.0'],
    ['0000000F:01:00.0', '000f:01:00.0'],
    ['10000:E1:00.0', '10000:e1:00.0'],
    ['', null],
    ['PCI bus 1', null],
  ])('%j -> %j', (text, expected) => {
    expect(normalizeBusAddress(text)).toBe(expected);
  });
});
