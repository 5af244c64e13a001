// The desktop app around its window, for AppApi.
import type { AppDocument } from '../../shared/api/app-documents';
import type { WindowLook } from '../../shared/api/app-api';
import type { Done } from './ports';

export interface DesktopPort {
  setLook(look: WindowLook): void;
  /** In the language of the window. */
  openDocument(document: AppDocument): Promise<Done>;
}
