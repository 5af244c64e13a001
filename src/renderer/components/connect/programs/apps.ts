// Chat applications, automation and gateways. Most of them run in a container. Pure.
import { isOnThisComputer } from '../../../../shared/api/own-host';
import { literal, quotingOf } from '../quoting';
import {
  commandOf,
  type ConnectTarget,
  keyOf,
  MODEL_PLACEHOLDER,
  nodeTrust,
  rootUrlOf,
  shell,
  type Snippet,
  startOf,
  yaml,
} from './program';

/** In a container, loopback is the container itself, unless it uses the network of its host. */
export function openWebUi(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, caFile, platform } = target;
  const isLocal = isOnThisComputer(baseUrl);
  const { argument: quoted } = quotingOf(platform);
  const lines = [
    `docker run -d --name open-webui ${isLocal ? '--network host -e PORT=3000' : '-p 3000:8080'}`,
    '-v open-webui:/app/backend/data',
    ...(caFile === null ? [] : [`-v ${quoted(`${caFile}:/ca.pem:ro`)} -e SSL_CERT_FILE=/ca.pem`]),
    `-e ${quoted(`OPENAI_API_BASE_URL=${baseUrl}`)}`,
    `-e ${quoted(`OPENAI_API_KEY=${keyOf(target)}`)}`,
    'ghcr.io/open-webui/open-webui:main',
  ];
  return [shell(commandOf(platform, lines))];
}

/** `fetch` offers every ready model of the pool. In a file of Compose, `$` begins a variable. */
export function libreChat(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, model, caFile } = target;
  return [
    yaml('librechat.yaml', [
      'version: 1.3.17',
      'endpoints:',
      '  custom:',
      '    - name: Muster',
      `      baseURL: ${literal(baseUrl)}`,
      `      apiKey: ${literal(keyOf(target))}`,
      '      models:',
      `        default: [${literal(model)}]`,
      '        fetch: true',
      '      titleConvo: true',
      '      titleModel: current_model',
    ]),
    yaml('docker-compose.override.yml', [
      'services:',
      '  api:',
      '    volumes:',
      '      - ./librechat.yaml:/app/librechat.yaml:ro',
      ...(caFile === null
        ? []
        : [
            `      - ${literal(`${caFile.replaceAll('$', '$$$$')}:/app/ca.pem:ro`)}`,
            '    environment:',
            '      NODE_EXTRA_CA_CERTS: /app/ca.pem',
          ]),
    ]),
  ];
}

export function n8n(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, caFile, platform } = target;
  return [
    ...(caFile === null ? [] : [shell(startOf(platform, nodeTrust(caFile), 'n8n start'))]),
    {
      kind: 'form',
      place: 'Credentials › OpenAI',
      fields: [
        { label: 'API Key', value: keyOf(target) },
        { label: 'Base URL', value: baseUrl },
      ],
    },
    {
      kind: 'form',
      place: 'Credentials › Ollama',
      fields: [
        { label: 'Base URL', value: rootUrlOf(target) },
        { label: 'API Key', value: keyOf(target) },
      ],
    },
  ];
}

export function homeAssistant(target: ConnectTarget): readonly Snippet[] {
  const { key, model } = target;
  return [
    {
      kind: 'form',
      place: 'Settings › Devices & services › Add integration › Ollama',
      fields: [{ label: 'URL', value: rootUrlOf(target) }, ...(key === null ? [] : [{ label: 'API key', value: key }])],
    },
    { kind: 'form', place: 'Ollama › Add conversation agent', fields: [{ label: 'Model', value: model }] },
  ];
}

/** Where LiteLLM reads a value from a variable of its environment. */
const LITELLM_VARIABLE = 'os.environ/';

export function liteLlm(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, model, caFile } = target;
  const alias = model.startsWith(LITELLM_VARIABLE) ? MODEL_PLACEHOLDER : model;
  return [
    yaml('litellm.yaml', [
      'model_list:',
      `  - model_name: ${literal(alias)}`,
      '    litellm_params:',
      `      model: ${literal(`openai/${model}`)}`,
      `      api_base: ${literal(baseUrl)}`,
      `      api_key: ${literal(keyOf(target))}`,
      ...(caFile === null ? [] : ['litellm_settings:', `  ssl_verify: ${literal(caFile)}`]),
    ]),
    shell('litellm --config litellm.yaml'),
  ];
}
