// The native menu with its labels. The roles have shortcuts and actions; Electron labels them in English on every system. Pure.
import type { Language, Localized } from '../../../shared/language';

const ITEM_TEXTS = {
  about: { en: 'About {name}', zh: '关于 {name}' },
  services: { en: 'Services', zh: '服务' },
  hide: { en: 'Hide {name}', zh: '隐藏 {name}' },
  hideOthers: { en: 'Hide Others', zh: '隐藏其他' },
  unhide: { en: 'Show All', zh: '全部显示' },
  quit: { en: 'Quit {name}', zh: '退出 {name}' },
  close: { en: 'Close Window', zh: '关闭窗口' },
  undo: { en: 'Undo', zh: '撤销' },
  redo: { en: 'Redo', zh: '重做' },
  cut: { en: 'Cut', zh: '剪切' },
  copy: { en: 'Copy', zh: '复制' },
  paste: { en: 'Paste', zh: '粘贴' },
  pasteAndMatchStyle: { en: 'Paste and Match Style', zh: '粘贴并匹配样式' },
  delete: { en: 'Delete', zh: '删除' },
  selectAll: { en: 'Select All', zh: '全选' },
  reload: { en: 'Reload', zh: '重新加载' },
  forceReload: { en: 'Force Reload', zh: '强制重新加载' },
  toggleDevTools: { en: 'Developer Tools', zh: '开发者工具' },
  resetZoom: { en: 'Actual Size', zh: '实际大小' },
  zoomIn: { en: 'Zoom In', zh: '放大' },
  zoomOut: { en: 'Zoom Out', zh: '缩小' },
  togglefullscreen: { en: 'Full Screen', zh: '全屏' },
  minimize: { en: 'Minimize', zh: '最小化' },
  zoom: { en: 'Zoom', zh: '缩放' },
  front: { en: 'Bring All to Front', zh: '前置全部窗口' },
} as const satisfies Record<string, Localized>;
type ItemRole = keyof typeof ITEM_TEXTS;

const MENU_TEXTS = {
  appMenu: { en: '{name}', zh: '{name}' },
  fileMenu: { en: 'File', zh: '文件' },
  editMenu: { en: 'Edit', zh: '编辑' },
  viewMenu: { en: 'View', zh: '视图' },
  windowMenu: { en: 'Window', zh: '窗口' },
  help: { en: 'Help', zh: '帮助' },
} as const satisfies Record<string, Localized>;
type MenuRole = keyof typeof MENU_TEXTS;

const HELP_TEXTS = {
  guide: { en: 'Guide', zh: '使用指南' },
  shortcuts: { en: 'Keyboard Shortcuts', zh: '键盘快捷键' },
  problem: { en: 'Report a Problem', zh: '报告问题' },
  about: { en: 'About {name}', zh: '关于 {name}' },
} as const satisfies Record<string, Localized>;
/** An item that the app itself performs. */
export type HelpItem = keyof typeof HELP_TEXTS;

export interface MenuContext {
  readonly language: Language;
  readonly isMac: boolean;
  /** A packaged program has neither reload nor developer tools. */
  readonly isPackaged: boolean;
  /** The name of the program. */
  readonly name: string;
  /** Whether the package has the guide. Null: the program opens, and there is no Help menu yet. */
  readonly hasGuide: boolean | null;
}

export interface MenuTemplate {
  readonly role: MenuRole;
  readonly label: string;
  readonly submenu: (
    | { readonly role: ItemRole; readonly label: string }
    | { readonly help: HelpItem; readonly label: string }
    | { readonly type: 'separator' }
  )[];
}

type Item = ItemRole | 'separator';

/** Without an Edit menu, macOS has no copy and paste. On macOS the first menu has "About" and "Quit". */
export function menuTemplate({ language, isMac, isPackaged, name, hasGuide }: MenuContext): MenuTemplate[] {
  const textOf = (text: Localized): string => text[language].replace('{name}', name);
  const helpItem = (help: HelpItem) => ({ help, label: textOf(HELP_TEXTS[help]) });
  const menuOf = (role: MenuRole, items: readonly Item[]): MenuTemplate => ({
    role,
    label: textOf(MENU_TEXTS[role]),
    submenu: items.map((item) => (item === 'separator' ? { type: 'separator' } : { role: item, label: textOf(ITEM_TEXTS[item]) })),
  });
  return [
    ...(isMac
      ? [menuOf('appMenu', ['about', 'separator', 'services', 'separator', 'hide', 'hideOthers', 'unhide', 'separator', 'quit'])]
      : []),
    menuOf('fileMenu', [isMac ? 'close' : 'quit']),
    menuOf('editMenu', [
      ...(['undo', 'redo', 'separator', 'cut', 'copy', 'paste'] as const),
      ...(isMac ? (['pasteAndMatchStyle', 'delete', 'selectAll'] as const) : (['delete', 'separator', 'selectAll'] as const)),
    ]),
    menuOf('viewMenu', [
      ...(isPackaged ? [] : (['reload', 'forceReload', 'toggleDevTools', 'separator'] as const)),
      ...(['resetZoom', 'zoomIn', 'zoomOut', 'separator', 'togglefullscreen'] as const),
    ]),
    menuOf('windowMenu', isMac ? ['minimize', 'zoom', 'separator', 'front'] : ['minimize', 'zoom', 'close']),
    ...(hasGuide === null
      ? []
      : [
          {
            role: 'help' as const,
            label: textOf(MENU_TEXTS.help),
            submenu: [
              ...(hasGuide ? [helpItem('guide')] : []),
              helpItem('shortcuts'),
              helpItem('problem'),
              // macOS has it in the first menu.
              ...(isMac ? [] : [{ type: 'separator' as const }, helpItem('about')]),
            ],
          },
        ]),
  ];
}
