// Which addresses are looked at for runtimes: those of the configuration first, then the usual ports of this machine.
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../../shared/protocol/limits';
import type { Clock } from '../../platform/clock';
import type { RuntimesConfig } from '../../platform/config/config';
import { LOCAL_RUNTIME_URLS, parseKeyFile, parseRuntimeUrl } from '../../platform/runtime-url';
import { HttpRuntime } from './http-runtime';

/** As it goes to the scheduler, in one frame with all that is around it. */
const MAX_OUTPUT_BYTES = (DEFAULT_MAX_MESSAGE_BYTES / 4) * 3;

/** One runtime per address, whether or not something answers there. The configuration was checked when it was read. */
export function httpRuntimes(config: Omit<RuntimesConfig, 'measureModels'>, clock: Clock): HttpRuntime[] {
  const named = new Map(config.urls.flatMap(urlEntry));
  const urls = new Map([...named, ...(config.lookForLocal ? LOCAL_RUNTIME_URLS.flatMap(urlEntry) : [])]);
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

function urlEntry(text: string): [string, URL][] {
  const url = parseRuntimeUrl(text);
  return url.ok ? [[url.value.href, url.value]] : [];
}
