// The headers of every answer of the scheduler: the page may load its own files and call this server, and no site may embed an answer.
import { RENDERER_HEADERS, rendererSecurityPolicy } from '../../../shared/renderer-files';

export const SECURITY_HEADERS = {
  'content-security-policy': rendererSecurityPolicy(),
  ...RENDERER_HEADERS,
  'cross-origin-resource-policy': 'same-origin',
} as const;
