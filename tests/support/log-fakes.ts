// A log and diagnostics in memory, and lines of a log.
import type { Outcome } from '../../src/shared/api/app-api';
import type { DiagnosticsPreview, LogLine, LogPage, LogQuery } from '../../src/shared/api/logs';
import type { SavedFile } from '../../src/shared/api/saved-file';
import type { DiagnosticsFact, DiagnosticsPort, LogsPort } from '../../src/main/contracts/ports';
import { ok } from '../../src/shared/result';

export const logLine = (change: Partial<LogLine> = {}): LogLine => ({
  id: 'app:1:0',
  source: 'app',
  at: 1_700_000_000_000,
  level: 'info',
  event: 'stopped',
  fields: {},
  ...change,
});

export const LOG_PAGE: LogPage = {
  lines: [logLine({ event: 'node_registered', fields: { node_id: 'node-A', gpu_count: 1, nested: { list: ['x', null, true] } } })],
  sources: ['app', 'scheduler'],
  older: 'app:1:0',
  newer: 'app:1:120',
  has_newer: false,
  read_to: 1_700_000_000_000,
};

export const PREVIEW: DiagnosticsPreview = { id: 'p1', files: [{ name: 'README.txt', bytes: 3, content: 'hi\n' }] };
export const SAVED: SavedFile = { state: 'download', name: 'muster-diagnostics.zip', base64: 'UEs=' };

export class FakeLogs implements LogsPort, DiagnosticsPort {
  readonly calls: unknown[] = [];
  facts: readonly DiagnosticsFact[] = [];

  read(query: LogQuery): Promise<Outcome<LogPage>> {
    this.calls.push(['read', query]);
    return Promise.resolve(ok(LOG_PAGE));
  }

  preview(facts: readonly DiagnosticsFact[]): Promise<Outcome<DiagnosticsPreview>> {
    this.facts = facts;
    this.calls.push(['preview', facts.map(({ name }) => name)]);
    return Promise.resolve(ok(PREVIEW));
  }

  save(id: string): Promise<Outcome<SavedFile>> {
    this.calls.push(['save', id]);
    return Promise.resolve(ok(SAVED));
  }
}
