// Keys are checked by the compiler against the English catalogue.
import 'i18next';
import type { Catalogue } from './en/index';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Catalogue };
  }
}
