import { describe, expect, test } from 'vitest';
import type { UpdatePhase } from '../../../../src/shared/api/update';
import { nextPhase, type UpdateEvent } from '../../../../src/main/updates/core/update-machine';

const PHASES: Readonly<Record<UpdatePhase['state'], UpdatePhase>> = {
  idle: { state: 'idle' },
  checking: { state: 'checking' },
  available: { state: 'available', version: '1.0.1', size_bytes: 100 },
  downloading: { state: 'downloading', version: '1.0.1', size_bytes: 100, received_bytes: 10 },
  ready: { state: 'ready', version: '1.0.1' },
  installing: { state: 'installing', version: '1.0.1' },
  failed: { state: 'failed', step: 'check', fault: 'unsigned', version: null, reason: 'x' },
};

const EVENTS: Readonly<Record<string, UpdateEvent>> = {
  check: { type: 'check' },
  none: { type: 'checked', found: null },
  found: { type: 'checked', found: { version: '1.0.1', sizeBytes: 100 } },
  download: { type: 'download' },
  received: { type: 'received', bytes: 60 },
  downloaded: { type: 'downloaded' },
  cancelled: { type: 'cancelled' },
  install: { type: 'install' },
  check_failed: { type: 'failed', step: 'check', fault: 'unsigned', reason: 'x' },
  download_failed: { type: 'failed', step: 'download', fault: 'corrupt', reason: 'x'.repeat(300) },
  install_failed: { type: 'failed', step: 'install', fault: 'corrupt', reason: 'x' },
};

/** Each cell that is not here changes nothing. */
const CELLS: Readonly<Record<string, UpdatePhase>> = {
  'idle, check': PHASES.checking,
  'available, check': PHASES.checking,
  'failed, check': PHASES.checking,
  'checking, none': PHASES.idle,
  'checking, found': PHASES.available,
  'checking, check_failed': PHASES.failed,
  'available, download': { state: 'downloading', version: '1.0.1', size_bytes: 100, received_bytes: 0 },
  'downloading, received': { state: 'downloading', version: '1.0.1', size_bytes: 100, received_bytes: 60 },
  'downloading, downloaded': PHASES.ready,
  'downloading, cancelled': PHASES.available,
  'downloading, download_failed': {
    state: 'failed',
    step: 'download',
    fault: 'corrupt',
    version: '1.0.1',
    reason: 'x'.repeat(200),
  },
  'ready, install': PHASES.installing,
  'installing, install_failed': { state: 'failed', step: 'install', fault: 'corrupt', version: '1.0.1', reason: 'x' },
};

describe('phases of an update', () => {
  test('every phase with every event -> the table; all other cells change nothing', () => {
    const cells: Record<string, UpdatePhase> = {};
    for (const [from, phase] of Object.entries(PHASES))
      for (const [name, event] of Object.entries(EVENTS)) {
        const next = nextPhase(phase, event);
        if (next !== null) cells[`${from}, ${name}`] = next;
      }
    expect(cells).toEqual(CELLS);
  });

  test('more bytes than announced -> never above the size', () => {
    expect(nextPhase(PHASES.downloading, { type: 'received', bytes: 900 })).toMatchObject({ received_bytes: 100 });
  });
});
