// The guide and the licences of a package, which other programs of the system show.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { APP_DOCUMENTS, type AppDocument } from '../../shared/api/app-documents';
import type { Language } from '../../shared/language';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { Done } from '../contracts/ports';

const FILES: Readonly<Record<Exclude<AppDocument, 'guide'>, string>> = {
  licence: 'LICENSE.txt',
  dependencies: 'LICENSES.dependencies.txt',
  node: 'LICENSE.node.txt',
  chromium: 'LICENSES.chromium.html',
};
const GUIDES: Readonly<Record<Language, string>> = { en: 'guide/en/index.html', zh: 'guide/zh-cn/index.html' };

const fileOf = (document: AppDocument, language: Language): string => (document === 'guide' ? GUIDES[language] : FILES[document]);

export interface PackagedDocumentsOptions {
  /** The folder of the package with the documents. Null: the app is not packaged. */
  readonly folder: string | null;
  /** Electron's `shell.openPath`: resolves to an error text; empty: opened. */
  readonly openFile: (file: string) => Promise<string>;
}

export class PackagedDocuments {
  readonly #options: PackagedDocumentsOptions;

  constructor(options: PackagedDocumentsOptions) {
    this.#options = options;
  }

  /** Those that this package has: one for macOS has no file of Chromium. */
  list(): readonly AppDocument[] {
    return APP_DOCUMENTS.filter((document) => this.#placeOf(document, 'en') !== null);
  }

  /** `NOT_FOUND`: the package does not have it, or no program shows such files. */
  async open(document: AppDocument, language: Language): Promise<Done> {
    const place = this.#placeOf(document, language);
    if (place === null) return failure('NOT_FOUND');
    const reason = await this.#options.openFile(place);
    return reason === '' ? ok(undefined) : failure('NOT_FOUND', { reason: reason.slice(0, 200) });
  }

  #placeOf(document: AppDocument, language: Language): string | null {
    const { folder } = this.#options;
    const place = folder === null ? null : path.join(folder, fileOf(document, language));
    return place !== null && existsSync(place) ? place : null;
  }
}
