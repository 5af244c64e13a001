// The native menu: its labels in both languages, and its items on each system.
import { describe, expect, test } from 'vitest';
import { type MenuContext, menuTemplate } from '../../../../src/main/desktop/core/menu-template';

const linux: MenuContext = { language: 'en', isMac: false, isPackaged: true, name: 'Muster', hasGuide: true };

const linesOf = (context: MenuContext): readonly string[] =>
  menuTemplate(context).map(({ label, submenu }) => [label, ...submenu.map((item) => ('label' in item ? item.label : '-'))].join(' | '));

describe('labels', () => {
  test.each<[string, MenuContext, readonly string[]]>([
    [
      'English',
      linux,
      [
        'File | Quit Muster',
        'Edit | Undo | Redo | - | Cut | Copy | Paste | Delete | - | Select All',
        'View | Actual Size | Zoom In | Zoom Out | - | Full Screen',
        'Window | Minimize | Zoom | Close Window',
        'Help | Guide | Keyboard Shortcuts | Report a Problem | - | About Muster',
      ],
    ],
    [
      'Chinese',
      { ...linux, language: 'zh' },
      [
        '文件 | 退出 Muster',
        '编辑 | 撤销 | 重做 | - | 剪切 | 复制 | 粘贴 | 删除 | - | 全选',
        '视图 | 实际大小 | 放大 | 缩小 | - | 全屏',
        '窗口 | 最小化 | 缩放 | 关闭窗口',
        '帮助 | 使用指南 | 键盘快捷键 | 报告问题 | - | 关于 Muster',
      ],
    ],
    [
      'Chinese, macOS',
      { ...linux, language: 'zh', isMac: true },
      [
        'Muster | 关于 Muster | - | 服务 | - | 隐藏 Muster | 隐藏其他 | 全部显示 | - | 退出 Muster',
        '文件 | 关闭窗口',
        '编辑 | 撤销 | 重做 | - | 剪切 | 复制 | 粘贴 | 粘贴并匹配样式 | 删除 | 全选',
        '视图 | 实际大小 | 放大 | 缩小 | - | 全屏',
        '窗口 | 最小化 | 缩放 | - | 前置全部窗口',
        '帮助 | 使用指南 | 键盘快捷键 | 报告问题',
      ],
    ],
  ])('%s', (_case, context, expected) => {
    expect(linesOf(context)).toEqual(expected);
  });
});

test('no guide -> no item for it; the program opens -> no Help menu', () => {
  expect(linesOf({ ...linux, hasGuide: false }).at(-1)).toBe('Help | Keyboard Shortcuts | Report a Problem | - | About Muster');
  expect(linesOf({ ...linux, hasGuide: null }).at(-1)).toBe('Window | Minimize | Zoom | Close Window');
});

test('checkout -> reload and developer tools, too', () => {
  expect(linesOf({ ...linux, isPackaged: false })[2]).toBe(
    'View | Reload | Force Reload | Developer Tools | - | Actual Size | Zoom In | Zoom Out | - | Full Screen',
  );
});
