// The native menu, in the language of the system.
import { app, Menu } from 'electron';
import { preferredLanguage } from '../../shared/language';
import { menuTemplate } from './core/menu-template';

export function installMenu(): void {
  const language = preferredLanguage(app.getLocale());
  const template = menuTemplate({ language, isMac: process.platform === 'darwin', isPackaged: app.isPackaged, name: app.name });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
