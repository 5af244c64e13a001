// The registration of a simulated node with five ready models, for the processes of the benchmarks.

const MODELS = Array.from({ length: 5 }, (_, i) => ({ model_id: `model-${String(i)}`, kind: 'llm', version: '1.0.0', enabled: true }));
export const STATES = Object.fromEntries(MODELS.map(({ model_id }) => [model_id, 'ready']));

/** @param {object} change fields of `node_register`, such as `hardware` */
export const registration = (change) => ({
  type: 'node_register',
  version: '1.0.0',
  platform: 'linux',
  installed_models: MODELS,
  capability_state: STATES,
  features_supported: {},
  accept_public_jobs: true,
  ...change,
});
