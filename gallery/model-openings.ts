// The page Models with its drawers and dialogs, its view of the pool, and without a model server.
import { hrefOf } from '../src/renderer/routes';
import { agentView, models as ownModels, modelServer } from '../tests/fixtures/app-states/agents';
import type { Opening } from './openings';

const models = (change: Partial<Opening>): Opening => ({ situation: 'own_models', page: 'models', until: '#root main table', ...change });
/** Without those of Ollama. */
const ownFolders = () => ownModels().filter(({ folder }) => folder !== '');
const DIALOG = '[role="dialog"] h2';

export const MODEL_OPENINGS = {
  'models-pool': models({
    act: () => {
      location.hash = hrefOf({ page: 'models', group: 'pool' });
    },
  }),
  'model-own': models({ id: 'llama3.1:8b', until: DIALOG }),
  'model-downloading': models({ id: 'qwen3:14b', until: DIALOG }),
  'model-damaged': models({ id: 'piper-zh', until: DIALOG }),
  'model-of-pool': models({ id: 'gpt-oss:20b', until: DIALOG }),
  'model-missing': models({ id: 'qwen3-coder:30b', until: DIALOG }),
  'model-download': models({ act: (user) => user.press('own_models.download_open'), until: '[role="dialog"] li' }),
  'model-download-typed': models({
    act: async (user) => {
      await user.press('own_models.download_open');
      await user.fill('own_models.download_name', 'llama3.3:70b');
    },
    until: '[role="dialog"] form',
  }),
  'models-none-found': models({ search: 'nothing like it', until: '#root main h1' }),
  'models-ollama-stopped': models({
    situation: 'ready',
    act: (_user, api) =>
      api.emit.onEvent({
        type: 'agent',
        agent: agentView({
          models: ownFolders(),
          runtimes: [modelServer(11434, { type: 'ollama', version: '0.12.6' })],
        }),
      }),
    until: '#root main details',
  }),
} as const satisfies Record<string, Opening>;
