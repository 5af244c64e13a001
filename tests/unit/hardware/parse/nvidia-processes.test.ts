import { describe, expect, it } from 'vitest';
import { parseComputeApps, parsePmon } from '../../../../src/main/hardware/parse/nvidia-processes';
import { fixtureText } from '../fixtures';

const HEADER = `# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command
# Idx           #    C/G      %      %      %      %      %      %    name
`;
const OLD_HEADER = `# gpu        pid  type    sm   mem   enc   dec   command
# Idx          #   C/G     %     %     %     %   name
`;

describe('parsePmon', () => {
  it.each([
    [
      'one process',
      `${HEADER}    0       4849      C     97     31      -      -      -      -    python3        \n`,
      [{ gpu: 0, pid: 4849, sm: 97, memoryMib: null, name: 'python3' }],
    ],
    ['no process', `${HEADER}    0          -     -      -      -      -      -      -      -    -              \n`, []],
    [
      'several cards, drawing and computing programs, a name with blanks',
      `${HEADER}    0       1446     G     12     10      -      -      -      -    Hyprland
    0       7175   C+G     30     26      -      -      -      -    Microsoft.Cmd Pa
    1          -     -      -      -      -      -      -      -    -
    2       7175     C      0      0      -      -      -      -    ray::TorchGPUWo
`,
      [
        { gpu: 0, pid: 1446, sm: 12, memoryMib: null, name: 'Hyprland' },
        { gpu: 0, pid: 7175, sm: 30, memoryMib: null, name: 'Microsoft.Cmd Pa' },
        { gpu: 2, pid: 7175, sm: 0, memoryMib: null, name: 'ray::TorchGPUWo' },
      ],
    ],
    [
      'idle process',
      `${HEADER}    0     883875     G      -      -      -      -      -      -    Xorg\n`,
      [{ gpu: 0, pid: 883875, sm: null, memoryMib: null, name: 'Xorg' }],
    ],
    [
      'older driver',
      `${OLD_HEADER}    1      4242     C    99    99     -     -   python3\n`,
      [{ gpu: 1, pid: 4242, sm: 99, memoryMib: null, name: 'python3' }],
    ],
    [
      'memory columns as well',
      `# gpu  pid  type  fb  sm  mem  command\n 0  7  C  8000  55  1  x\n`,
      [{ gpu: 0, pid: 7, sm: 55, memoryMib: 8000, name: 'x' }],
    ],
    [
      'figures out of range and tokens',
      `${HEADER} 0 1 C 101 - - - - - a\n 0 2 C [N/A] - - - - - b\n 0 3 C -1 - - - - - c\n`,
      [
        { gpu: 0, pid: 1, sm: null, memoryMib: null, name: 'a' },
        { gpu: 0, pid: 2, sm: null, memoryMib: null, name: 'b' },
        { gpu: 0, pid: 3, sm: null, memoryMib: null, name: 'c' },
      ],
    ],
    [
      'use and memory (-s um)',
      `# gpu         pid   type     sm    mem    enc    dec    jpg    ofa     fb   ccpm    command
# Idx           #    C/G      %      %      %      %      %      %     MB     MB    name
    0      21354     C     98     45      -      -      -      -  10240      0    ollama
    0       1446     G      -      -      -      -      -      -      -      -    -
`,
      [
        { gpu: 0, pid: 21_354, sm: 98, memoryMib: 10_240, name: 'ollama' },
        { gpu: 0, pid: 1446, sm: null, memoryMib: null, name: null },
      ],
    ],
    [
      'a name with control characters',
      `${HEADER} 0 7 C 5 1 - - - - a\u001b[2J\n`,
      [{ gpu: 0, pid: 7, sm: 5, memoryMib: null, name: 'a [2J' }],
    ],
    ['MIG: no process can be shown', `${HEADER}    0          -     -      -\n`, []],
    ['pid 0, cut and other lines', `${HEADER} 0 0 C 5\n 0\n\nsome warning\n x 7 C 5\n`, []],
    ['Windows line ends', `${HEADER} 0 7 C 5 1\n`.replaceAll('\n', '\r\n'), [{ gpu: 0, pid: 7, sm: 5, memoryMib: null, name: null }]],
    ['not supported', 'Not supported on the device(s)\n', null],
    ['another table', '# gpu   pwr gtemp\n# Idx     W     C\n    0    76    50\n', null],
    ['empty', '', null],
  ])('%s', (_title, text, expected) => {
    expect(parsePmon(text)).toEqual(expected);
  });

  it('many rows -> at most 512', () => {
    expect(parsePmon(HEADER + ' 0 7 C 5 1\n'.repeat(2000))).toHaveLength(512);
  });
});

describe('parseComputeApps', () => {
  it('recorded H100 with 20 GiB allocated, in the columns of the query', () => {
    expect(parseComputeApps(fixtureText('nvidia/h100-compute-apps.csv'))).toEqual([
      { gpuUuid: 'GPU-00000000-0000-0000-0000-000000000000', pid: 849, usedMemoryMib: 21354 },
    ]);
  });

  it.each([
    ['no process', '', []],
    ['memory not reported', '7, GPU-1, [N/A]\n', [{ gpuUuid: 'GPU-1', pid: 7, usedMemoryMib: null }]],
    [
      'a process on two cards',
      '7, GPU-1, 100\n7, GPU-2, 200\n',
      [
        { gpuUuid: 'GPU-1', pid: 7, usedMemoryMib: 100 },
        { gpuUuid: 'GPU-2', pid: 7, usedMemoryMib: 200 },
      ],
    ],
    ['MIG instance', '7, MIG-1, 100\n', [{ gpuUuid: 'MIG-1', pid: 7, usedMemoryMib: 100 }]],
    ['process of another container', '[N/A], GPU-1, 100\n0, GPU-1, 5\n', []],
    ['other lines', 'No running processes found\nx, GPU-1, 5\n7, GPU-1, 5, 6\n7, card, 5\n', []],
  ])('%s', (_title, text, expected) => {
    expect(parseComputeApps(text)).toEqual(expected);
  });
});
