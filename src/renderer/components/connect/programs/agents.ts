// Coding agents: a command that starts one, a configuration file, or a form. Pure.
import { literal } from '../quoting';
import {
  type ConnectTarget,
  keyOf,
  MODEL_PLACEHOLDER,
  modelArgumentOf,
  modelVariableOf,
  nodeTrust,
  rootUrlOf,
  shell,
  type Snippet,
  startOf,
  type Variable,
  yaml,
} from './program';

/** The names by which Claude Code chooses a model of Anthropic: all of them are the model of the pool. */
const CLAUDE_MODELS = [
  'ANTHROPIC_MODEL',
  'ANTHROPIC_DEFAULT_OPUS_MODEL',
  'ANTHROPIC_DEFAULT_SONNET_MODEL',
  'ANTHROPIC_DEFAULT_HAIKU_MODEL',
];

/** It adds `/v1/messages` to the address. An empty API key keeps one of Anthropic from being sent. */
export function claudeCode(target: ConnectTarget): readonly Snippet[] {
  const model = modelVariableOf(target);
  const variables: readonly Variable[] = [
    ['ANTHROPIC_BASE_URL', rootUrlOf(target)],
    ['ANTHROPIC_AUTH_TOKEN', keyOf(target)],
    ['ANTHROPIC_API_KEY', ''],
    ...CLAUDE_MODELS.map((name): Variable => [name, model]),
    ...nodeTrust(target.caFile),
  ];
  return [shell(startOf(target.platform, variables, 'claude'))];
}

/** The file adds a provider and changes no default of the user: the command chooses it. Without `env_key` no key is sent. */
export function codex(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, key, caFile, platform } = target;
  const variables: readonly Variable[] = [
    ...(key === null ? [] : [['MUSTER_KEY', key] as const]),
    ...(caFile === null ? [] : [['CODEX_CA_CERTIFICATE', caFile] as const]),
  ];
  const provider = [
    '[model_providers.muster]',
    'name = "Muster"',
    `base_url = ${literal(baseUrl)}`,
    ...(key === null ? [] : ['env_key = "MUSTER_KEY"']),
    'wire_api = "responses"',
  ];
  return [
    { kind: 'code', file: '~/.codex/config.toml', language: 'toml', text: provider.join('\n') },
    shell(startOf(platform, variables, `codex -c model_provider=muster --model=${modelArgumentOf(target)}`)),
  ];
}

export function cline(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, model, caFile, platform } = target;
  return [
    ...(caFile === null ? [] : [shell(startOf(platform, nodeTrust(caFile), 'code'))]),
    {
      kind: 'form',
      place: 'Cline › Settings › API Configuration',
      fields: [
        { label: 'API Provider', value: 'OpenAI Compatible' },
        { label: 'Base URL', value: baseUrl },
        { label: 'OpenAI Compatible API Key', value: keyOf(target) },
        { label: 'Model ID', value: model },
      ],
    },
  ];
}

/** Where Continue inserts a secret or an input. */
const CONTINUE_VARIABLE = '${{';

export function continueDev(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, caFile } = target;
  const model = target.model.includes(CONTINUE_VARIABLE) ? MODEL_PLACEHOLDER : target.model;
  return [
    yaml('~/.continue/config.yaml', [
      'name: Muster',
      'version: 1.0.0',
      'schema: v1',
      'models:',
      `  - name: ${literal(`${model} (Muster)`)}`,
      '    provider: openai',
      `    model: ${literal(model)}`,
      `    apiBase: ${literal(baseUrl)}`,
      `    apiKey: ${literal(keyOf(target))}`,
      '    roles: [chat, edit, apply]',
      ...(caFile === null ? [] : ['    requestOptions:', `      caBundlePath: ${literal(caFile)}`]),
    ]),
  ];
}
