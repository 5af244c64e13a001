// The icon in the tray, by Electron. It draws a view, and reports what the user chose.
import path from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { OwnShape } from './core/own-state';
import { trayImageOf } from './core/tray-sheet';
import type { TrayAction, TrayItem, TrayView } from './core/tray-view';

export interface TrayIconOptions {
  /** The folder with the built renderer: it has the pictures. */
  readonly folder: string;
  readonly onAction: (action: TrayAction) => void;
}

/** Panels of Linux scale one picture. The others choose a picture by the scale of the screen. */
const SIZES_PX = process.platform === 'linux' ? ([48] as const) : ([16, 24, 32] as const);

export class TrayIcon {
  readonly #tray: Tray;
  readonly #onAction: (action: TrayAction) => void;
  readonly #sheet: Electron.NativeImage;
  #shown: TrayView;

  constructor({ folder, onAction }: TrayIconOptions, view: TrayView) {
    this.#sheet = nativeImage.createFromPath(path.join(folder, 'tray.png'));
    this.#onAction = onAction;
    this.#tray = new Tray(this.#image(view.icon));
    this.#tray.on('click', () => {
      onAction('open');
    });
    this.#tray.setToolTip(view.tooltip);
    this.#tray.setContextMenu(this.#menu(view.menu));
    this.#shown = view;
  }

  /** Draws only what differs: a menu that is replaced while it is open closes. */
  show(view: TrayView): void {
    const before = this.#shown;
    this.#shown = view;
    if (view.icon !== before.icon) this.#tray.setImage(this.#image(view.icon));
    if (view.tooltip !== before.tooltip) this.#tray.setToolTip(view.tooltip);
    if (JSON.stringify(view.menu) !== JSON.stringify(before.menu)) this.#tray.setContextMenu(this.#menu(view.menu));
  }

  close(): void {
    this.#tray.destroy();
  }

  #image(shape: OwnShape): Electron.NativeImage {
    const image = nativeImage.createEmpty();
    for (const sizePx of SIZES_PX) {
      image.addRepresentation({ scaleFactor: sizePx / SIZES_PX[0], buffer: this.#sheet.crop(trayImageOf(shape, sizePx)).toPNG() });
    }
    return image;
  }

  #menu(items: readonly TrayItem[]): ReturnType<typeof Menu.buildFromTemplate> {
    return Menu.buildFromTemplate(items.map((item) => this.#item(item)));
  }

  #item(item: TrayItem): MenuItemConstructorOptions {
    switch (item.type) {
      case 'text':
        return { label: item.text, enabled: false };
      case 'separator':
        return { type: 'separator' };
      case 'action':
        return {
          label: item.text,
          enabled: item.enabled,
          click: () => {
            this.#onAction(item.action);
          },
        };
      case 'menu':
        return { label: item.text, enabled: item.enabled, submenu: item.items.map((one) => this.#item(one)) };
    }
  }
}
