// Imported before any schema is built: the Content-Security-Policy forbids eval, so zod must not compile validators.
import { z } from 'zod';

z.config({ jitless: true });
