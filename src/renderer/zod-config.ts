// Imported before any schema is made: the Content-Security-Policy forbids eval, so zod must not compile its validators.
import { z } from 'zod';

z.config({ jitless: true });
