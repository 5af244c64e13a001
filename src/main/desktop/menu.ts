// The native menu from roles: the system provides labels and shortcuts. Without an Edit menu, macOS has no copy and paste.
import { app, Menu, type MenuItemConstructorOptions } from 'electron';

export function installMenu(): void {
  const menus: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { role: 'fileMenu' },
    { role: 'editMenu' },
    app.isPackaged ? packagedViewMenu() : { role: 'viewMenu' },
    { role: 'windowMenu' },
    // On macOS the first menu has "About".
    { role: 'help', submenu: process.platform === 'darwin' ? [] : [{ role: 'about' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(menus));
}

/** Without reload and developer tools. */
function packagedViewMenu(): MenuItemConstructorOptions {
  const roles = ['resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'] as const;
  return { label: 'View', submenu: roles.map((role) => ({ role })) };
}
