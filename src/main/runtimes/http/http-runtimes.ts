// Which addresses are looked at for runtimes: those of the configuration first, then the usual ports of this machine.
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../shared/protocol/limits';
import type { Clock } from '../../platform/clock';
import type { RuntimesConfig } from '../../platform/config/config';
import { isLoopbackUrlHost } from '../../../shared/loopback';
import { LOCAL_RUNTIME_URLS, parseKeyFile, parseRuntimeUrl } from '../../platform/runtime-url';
import { ollamaHost } from '../core/servers/ollama-host';
import { HttpRuntime } from './http-runtime';

type Env = Readonly<Record<string, string | undefined>>;

/** As it goes to the scheduler, in one frame with all that is around it. */
const MAX_OUTPUT_BYTES = (DEFAULT_MAX_MESSAGE_BYTES / 4) * 3;

/** One runtime per address, whether or not something answers there. The configuration was checked when it was read. */
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

/** Where Ollama was told to listen; elsewhere than on this machine it is looked for where the owner allows it alone. */
function ollamaUrls(env: Env, allowedHosts: readonly string[]): string[] {
  const found = ollamaHost(env['OLLAMA_HOST']);
  return found !== null && (isLoopbackUrlHost(found.host) || allowedHosts.includes(found.host)) ? [found.url] : [];
}

function urlEntry(text: string): [string, URL][] {
  const url = parseRuntimeUrl(text);
  return url.ok ? [[url.value.href, url.value]] : [];
}
