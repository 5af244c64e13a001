// The desktop app around its window, for AppApi.
import type { Language } from '../../shared/language';

export interface DesktopPort {
  /** The language of the window. */
  setLanguage(language: Language): void;
}
