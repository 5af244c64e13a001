// Decides which addresses are probed for model servers: the configured ones first, then the usual local ports.
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../shared/protocol/limits';
import type { Clock } from '../../platform/clock';
import type { RuntimesConfig } from '../../platform/config/config';
import { isLoopbackUrlHost } from '../../../shared/loopback';
import { LOCAL_RUNTIME_URLS, parseKeyFile, parseRuntimeUrl } from '../../platform/runtime-url';
import { ollamaHost } from '../core/servers/ollama-host';
import { HttpRuntime } from './http-runtime';

type Env = Readonly<Record<string, string | undefined>>;

/** Limit for an answer, so that it fits into one frame with its envelope. */
const MAX_OUTPUT_BYTES = (DEFAULT_MAX_MESSAGE_BYTES / 4) * 3;

/** One runtime per address, whether or not a server answers. The configuration was validated when it was read. */
export function httpRuntimes(config: Omit<RuntimesConfig, 'measureModels'>, clock: Clock, env: Env = process.env): HttpRuntime[] {
  const named = new Map(config.urls.flatMap(urlEntry));
  const local = config.lookForLocal ? [...ollamaUrls(env, config.allowedHosts), ...LOCAL_RUNTIME_URLS] : [];
  const urls = new Map([...named, ...local.flatMap(urlEntry)]);
  const keys = new Map(
    config.apiKeyFiles.flatMap((text) => {
      const parsed = parseKeyFile(text);
      return parsed.ok ? [[parsed.value.url.href, parsed.value.file] as const] : [];
    }),
  );
  return [...urls].map(
    ([href, url]) =>
      new HttpRuntime({ url, named: named.has(href), apiKeyFile: keys.get(href) ?? null, clock, maxOutputBytes: MAX_OUTPUT_BYTES }),
  );
}

/** The address in `OLLAMA_HOST`. On another machine it is used only if the owner allows the host. */
function ollamaUrls(env: Env, allowedHosts: readonly string[]): string[] {
  const found = ollamaHost(env['OLLAMA_HOST']);
  return found !== null && (isLoopbackUrlHost(found.host) || allowedHosts.includes(found.host)) ? [found.url] : [];
}

function urlEntry(text: string): [string, URL][] {
  const url = parseRuntimeUrl(text);
  return url.ok ? [[url.value.href, url.value]] : [];
}
