// The native menu. It has the language of the system until the window tells its own.
import { app, Menu } from 'electron';
import { type Language, preferredLanguage } from '../../shared/language';
import { menuTemplate } from './core/menu-template';

export function installMenu(language: Language = preferredLanguage(app.getLocale())): void {
  const template = menuTemplate({ language, isMac: process.platform === 'darwin', isPackaged: app.isPackaged, name: app.name });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
