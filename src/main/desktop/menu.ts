// The native menu. It has the language of the system until the window tells its own.
import { app, Menu } from 'electron';
import { type Language, preferredLanguage } from '../../shared/language';
import { type HelpItem, menuTemplate } from './core/menu-template';

export interface HelpMenu {
  readonly hasGuide: boolean;
  readonly onItem: (item: HelpItem) => void;
}

/** `help` null: the program opens. */
export function installMenu(language: Language = preferredLanguage(app.getLocale()), help: HelpMenu | null = null): void {
  const isMac = process.platform === 'darwin';
  const template = menuTemplate({ language, isMac, isPackaged: app.isPackaged, name: app.name, hasGuide: help?.hasGuide ?? null });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      template.map(({ submenu, ...menu }) => ({
        ...menu,
        submenu: submenu.map((item) => ('help' in item ? { label: item.label, click: () => help?.onItem(item.help) } : item)),
      })),
    ),
  );
}
