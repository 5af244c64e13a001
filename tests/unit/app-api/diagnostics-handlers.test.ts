// The files that the operation makes, with the real collection: names of people, computers and programs are in none of them.
import { expect, test } from 'vitest';
import { diagnosticsPreviewSchema } from '../../../src/shared/api/logs';
import { diagnosticsHandlers } from '../../../src/main/app-api/diagnostics-handlers';
import { Diagnostics } from '../../../src/main/diagnostics/diagnostics';
import { appState } from '../../fixtures/app-states/states';
import { goodNetwork } from '../../fixtures/app-states/trust';
import { agentView } from '../../support/app-fakes';
import { ManualClock } from '../../support/manual-clock';
import { runtimeView } from '../../support/runtime-views';
import { FakeSettings, settingsViewOf } from '../../support/settings-fakes';

class NamedSettings extends FakeSettings {
  override list() {
    return settingsViewOf({
      'agent.name': { value: 'kais-tower' },
      'agent.scheduler': { value: 'wss://bens-desk.local:7080#pin=sha256-x' },
      'agent.pause_for_programs': { value: ['secret-game'] },
      'server.allowed_hosts': { value: ['kai.example.org'] },
      'runtimes.urls': { value: ['http://living-room:5000'] },
    });
  }
}

test('diagnostics.preview: names in settings, addresses, pauses and pools -> in no file, the rest stays', async () => {
  const agent = agentView({
    name: 'kais-tower',
    link: { state: 'connected', scheduler_url: 'wss://bens-desk.local:7080', since: 1, latency_ms: 2 },
    runtimes: [runtimeView({ id: 'http://living-room:5000', url: 'http://living-room:5000' })],
    pause: { causes: [{ code: 'process', detail: 'secret-game', since: 1, until: null }], running_jobs: 'finish' },
  });
  const handlers = diagnosticsHandlers({
    logs: null,
    diagnostics: new Diagnostics({ version: '1.2.3', sources: [], clock: new ManualClock(), secrets: () => Promise.resolve([]) }),
    settings: new NamedSettings(),
    examineNetwork: () => Promise.resolve(goodNetwork()),
    state: () => appState({ agent }),
    pool: () => null,
  });
  const preview = await handlers['diagnostics.preview']({});
  if (!preview.ok) throw new Error(preview.error.code);
  const files = new Map(diagnosticsPreviewSchema.parse(preview.value).files.map(({ name, content }) => [name, content]));
  const all = [...files.values()].join('\n');
  for (const name of ['kais-tower', 'bens-desk', 'secret-game', 'example.org', 'living-room', 'Atelier']) expect(all).not.toContain(name);
  expect(files.get('settings.json')).toContain('wss://[name]:7080#pin=sha256-x');
  expect(files.get('agent.json')).toContain('http://[name]:5000');
  expect(files.get('network.json')).toContain('192.168.1.10');
});
