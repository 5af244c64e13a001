// Lines of the tools of the system, as tables. Programs choose the names and properties of their windows.
import { expect, test } from 'vitest';
import { isOnBattery, parseOnBattery, type PowerSupply } from '../../../../src/main/system-events/parse/power';
import { NO_WINDOW, parseActiveWindow, withWindowLine } from '../../../../src/main/system-events/parse/x11-properties';

test.each([
  ['_NET_ACTIVE_WINDOW(WINDOW): window id # 0x600003', '0x600003'],
  ['_NET_ACTIVE_WINDOW(WINDOW): window id # 0x600003, 0x0', '0x600003'],
  ['_NET_ACTIVE_WINDOW(WINDOW): window id # 0x0', 'none'],
  ['_NET_ACTIVE_WINDOW:  not found.', 'none'],
  ['_NET_ACTIVE_WINDOW(WINDOW): window id # 0x6000031234567', 'none'],
  ['WM_CLASS(STRING) = "_NET_ACTIVE_WINDOW window id # 0x1"', null],
  ['', null],
])('active window: %s -> %s', (line, id) => {
  expect(parseActiveWindow(line)).toBe(id);
});

test.each([
  ['_NET_WM_STATE(ATOM) = _NET_WM_STATE_FOCUSED, _NET_WM_STATE_FULLSCREEN', { ...NO_WINDOW, isFullScreen: true }],
  ['_NET_WM_STATE(ATOM) = _NET_WM_STATE_FULLSCREEN_NOT', NO_WINDOW],
  ['_NET_WM_STATE(ATOM) = ', NO_WINDOW],
  ['_NET_WM_STATE:  not found.', NO_WINDOW],
  ['_NET_WM_PID(CARDINAL) = 21464', { ...NO_WINDOW, pid: 21464 }],
  ['_NET_WM_PID(STRING) = "12"', NO_WINDOW],
  ['_NET_WM_PID(CARDINAL) = 99999999999999999999', NO_WINDOW],
  ['WM_CLASS(STRING) = "factorio", "Factorio"', { ...NO_WINDOW, name: 'Factorio' }],
  [`WM_CLASS(STRING) = "x", "${'y'.repeat(1000)}"`, { ...NO_WINDOW, name: 'y'.repeat(128) }],
  ['WM_CLASS:  not found.', NO_WINDOW],
  ['WM_NAME(STRING) = "_NET_WM_STATE(ATOM) = _NET_WM_STATE_FULLSCREEN"', NO_WINDOW],
])('window: %s', (line, facts) => {
  expect(withWindowLine(NO_WINDOW, line)).toEqual(facts);
});

test.each([
  ['{"type":"b","data":true}', true],
  ['{"type":"b","data":false}\n', false],
  ['{"type":"s","data":"true"}', null],
  ['{"type":"b"}', null],
  ['true', null],
  ['', null],
])('UPower: %j -> %s', (output, value) => {
  expect(parseOnBattery(output)).toBe(value);
});

const supply = (fields: Partial<PowerSupply>): PowerSupply => ({ type: null, online: null, status: null, scope: null, ...fields });
const battery = (status: string) => supply({ type: 'Battery', status });
const mains = (online: string) => supply({ type: 'Mains', online });
test.each<readonly [string, readonly PowerSupply[], boolean]>([
  ['desktop computer', [], false],
  ['desktop computer with a wireless mouse', [supply({ type: 'Battery', status: 'Discharging', scope: 'Device' })], false],
  ['plugged in', [battery('Charging'), mains('1')], false],
  ['plugged in by USB', [battery('Discharging'), mains('0'), supply({ type: 'USB', online: '1' })], false],
  ['on battery', [battery('Discharging'), mains('0')], true],
  ['on battery, no supply listed', [battery('Discharging')], true],
  ['full battery, no supply listed', [battery('Full')], false],
  ['UPS that charges', [supply({ type: 'UPS' })], false],
])('power supplies: %s', (_case, supplies, expected) => {
  expect(isOnBattery(supplies)).toBe(expected);
});
