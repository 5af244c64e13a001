import { expect, test } from 'vitest';
import { allowsModelControl } from '../../../../src/main/agent/core/control-permission';

test.each([
  ['unset, scheduler on this computer', null, '127.0.0.1', true],
  ['unset, scheduler on this computer (IPv6)', null, '::1', true],
  ['unset, scheduler on this computer (name)', null, 'localhost', true],
  ['unset, scheduler on another computer', null, '192.168.1.20', false],
  ['unset, scheduler on another computer (name)', null, 'gpu-host.example', false],
  ['true, scheduler on another computer', true, '192.168.1.20', true],
  ['false, scheduler on this computer', false, '127.0.0.1', false],
  ['unset, no scheduler', null, null, false],
  ['true, no scheduler', true, null, false],
])('allow_model_control: %s -> permitted or refused', (_case, setting, hostname, allowed) => {
  expect(allowsModelControl(setting, hostname)).toBe(allowed);
});
