import { expect, it } from 'vitest';
import { parseDrmFdinfo } from '../../../../src/main/hardware/parse/drm-fdinfo';

const AMD = `pos:	0
flags:	02100002
drm-driver:	amdgpu
drm-client-id:	27
drm-pdev:	0000:03:00.0
drm-memory-vram:	48596 KiB
drm-engine-gfx:	56369242 ns
drm-engine-compute:	3434919 ns
drm-engine-dec:	900 ns
`;
const client = { busAddress: '0000:03:00.0', clientId: '27', busyNs: 59_804_161, memoryGb: 0.05 };

it.each([
  ['amdgpu: graphics and computing', AMD, client],
  [
    'i915: rendering, capacity is no time',
    'drm-client-id: 1\ndrm-pdev: 0000:00:02.0\ndrm-engine-render: 5 ns\ndrm-engine-capacity-render: 1\n',
    {
      busAddress: '0000:00:02.0',
      clientId: '1',
      busyNs: 5,
      memoryGb: null,
    },
  ],
  [
    'newer kernel: memory in use, not memory that was moved out',
    AMD.replace('drm-memory-vram', 'drm-total-vram:	900 MiB\ndrm-resident-vram').replace('48596 KiB', '512 MiB'),
    { ...client, memoryGb: 0.5 },
  ],
  ['memory in another unit', AMD.replace('48596 KiB', '4 pages'), { ...client, memoryGb: null }],
  ['xe: cycles instead of times', 'drm-client-id: 1\ndrm-pdev: 0000:00:02.0\ndrm-cycles-rcs: 28257900\n', null],
  ['other unit', AMD.replaceAll(' ns', ' ms'), null],
  ['no engine that computes', 'drm-client-id: 1\ndrm-pdev: 0000:03:00.0\ndrm-engine-dec: 5 ns\n', null],
  ['no client', AMD.replace('drm-client-id', 'x'), null],
  ['no device', AMD.replace('drm-pdev:	0000:03:00.0', 'drm-pdev:	card0'), null],
  ['not a GPU', 'pos:	0\nflags:	02100002\nmnt_id:	15\n', null],
  ['empty', '', null],
])('fdinfo, %s', (_title, text, expected) => {
  expect(parseDrmFdinfo(text)).toEqual(expected);
});
