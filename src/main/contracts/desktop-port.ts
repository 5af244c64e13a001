// The desktop app around its window, for AppApi.
import type { WindowLook } from '../../shared/api/app-api';

export interface DesktopPort {
  setLook(look: WindowLook): void;
}
