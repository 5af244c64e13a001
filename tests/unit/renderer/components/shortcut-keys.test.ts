import { expect, test } from 'vitest';
import { isField, isPressed, type KeyPress, keyCaps } from '../../../../src/renderer/components/shortcuts/shortcut-keys';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

test.each<[string, KeyPress, boolean]>([
  ['j', press('j'), true],
  ['j', press('J'), true],
  ['j', press('J', { shiftKey: true }), false],
  ['j', press('j', { ctrlKey: true }), false],
  ['j', press('j', { altKey: true }), false],
  ['shift+x', press('X', { shiftKey: true }), true],
  ['?', press('?', { shiftKey: true }), true],
  ['/', press('/', { shiftKey: true }), true],
  ['/', press('7', { shiftKey: true }), false],
  ['mod+k', press('k', { ctrlKey: true }), true],
  ['mod+k', press('k', { metaKey: true }), true],
  ['mod+k', press('K', { ctrlKey: true, shiftKey: true }), false],
  ['mod+k', press('k'), false],
  ['Escape', press('Escape'), true],
])('%s: %j -> %j', (keys, pressed, is) => {
  expect(isPressed(keys, pressed)).toBe(is);
});

test.each([
  ['<input id="x">', true],
  ['<input id="x" type="search">', true],
  ['<input id="x" type="checkbox">', false],
  ['<textarea id="x"></textarea>', true],
  ['<select id="x"></select>', true],
  ['<div contenteditable="true"><b id="x"></b></div>', true],
  ['<div role="menu"><button id="x"></button></div>', true],
  ['<button id="x"></button>', false],
])('field: %s -> %j', (html, is) => {
  document.body.innerHTML = html;
  expect(isField(document.getElementById('x'))).toBe(is);
  document.body.innerHTML = '';
});

test('key caps', () => {
  expect([keyCaps('mod+k', false), keyCaps('mod+k', true), keyCaps('shift+x', false), keyCaps('Escape', false)]).toEqual([
    ['Ctrl', 'K'],
    ['⌘', 'K'],
    ['Shift', 'X'],
    ['Esc'],
  ]);
});
