import { expect, test } from 'vitest';
import { cpuMsOf } from '../../../support/cpu-time';
import { cleaned, textCleaner } from '../../../../src/main/diagnostics/core/anonymise';

const clean = textCleaner({ secrets: ['0wner-key-of-this-pool'], userName: 'annika', homeDir: '/home/annika', hostName: 'annikas-pc' });

test.each([
  ['known secret', 'sent 0wner-key-of-this-pool to x', 'sent [redacted] to x'],
  ['key of a program', 'used mk_abcdefghijklmnop0123 twice', 'used mk_[redacted] twice'],
  [
    'invitation in a link',
    'muster://10.0.0.1:7080/join#pin=sha256-x&key=mi_abcdefghijklmnop',
    'muster://10.0.0.1:7080/join#pin=sha256-x&key=[redacted]',
  ],
  ['bearer header', 'Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
  ['key of another service', 'sk-proj-abcdef123456', '[redacted]'],
  ['key of GitHub', 'github_pat_11AAAAAAA0abcdef or ghs_abcdefghijkl', '[redacted] or [redacted]'],
  [
    'keys of other services',
    'glpat-abcdefghij gsk_abcdefghij nvapi-abcdefghij r8_abcdefghij',
    '[redacted] [redacted] [redacted] [redacted]',
  ],
  ['keys of clouds', 'AKIAIOSFODNN7EXAMPLE, AIzaSyA1234567890abcdefghijklmnopqrstu', '[redacted], [redacted]'],
  ['JSON web token', 'sent eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'sent [redacted]'],
  ['seed of NATS', 'SUAMK2FG4MI6UE3ACF3FK3OIQBCEIEZV7NSWFFEW63UXMRLFM2XLAXK4GY', '[redacted]'],
  ['private key', 'at\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\nend', 'at\n[redacted]\nend'],
  ['private key that was cut', '-----BEGIN EC PRIVATE KEY-----\nMIIEvQIBADAN', '[redacted]'],
  ['header with a password', 'Authorization: Basic YW5uaWthOmh1bnRlcjI=', 'Authorization: Basic [redacted]'],
  ['header with a key', 'x-api-key: abcdef0123456789, next', 'x-api-key: [redacted], next'],
  ['environment', 'OPENAI_API_KEY=abcdef0123 PGPASSWORD=hunter2hunter HOME=/x', 'OPENAI_API_KEY=[redacted] PGPASSWORD=[redacted] HOME=/x'],
  ['option of a program', '--api-key abcdef0123 --token=abcdef0123', '--api-key [redacted] --token=[redacted]'],
  ['query', 'GET /v1?access_token=abcdef0123&sig=abcdef0123&n=1', 'GET /v1?access_token=[redacted]&sig=[redacted]&n=1'],
  ['secret in JSON in a text', '{"api_key":"abcdef0123","n":1}', '{"api_key":"[redacted]","n":1}'],
  ['secret in JSON in JSON', '{\\"password\\":\\"hunter2hunter\\"}', '{\\"password\\":\\"[redacted]\\"}'],
  ['numbers of tokens', 'max_tokens=100000 token_count: 123456 tokens: 1234567', 'max_tokens=100000 token_count: 123456 tokens: 1234567'],
  ['prompt in JSON in a text', 'refused: {"model":"m","messages":[{"content":"my secret"}]}', 'refused: {"model":"m","messages":[content]'],
  ['prompt in JSON in JSON', '{\\"prompt\\": \\"my secret\\"}', '{\\"prompt\\":[content]'],
  ['password in an address', 'http://bob:hunter2@10.0.0.2:11434/v1', 'http://[redacted]@10.0.0.2:11434/v1'],
  [
    'host name in an address',
    'wss://kais-tower.local:7080#pin=x http://bob:x@kais-tower/v1 http://localhost:1 ws://[fe80::1]:2 http://203.0.113.7:3',
    'wss://[name]:7080#pin=x http://[redacted]@[name]/v1 http://localhost:1 ws://[fe80::1]:2 http://[public address]:3',
  ],
  ['host name that was not found', 'getaddrinfo ENOTFOUND kais-tower.local', 'getaddrinfo ENOTFOUND [name]'],
  ['home folder', 'read /home/annika/models/x', 'read ~/models/x'],
  ['home folder of another user', 'open /home/kai/x and C:\\Users\\Kai\\y', 'open /home/[user]/x and C:\\Users\\[user]\\y'],
  [
    'other places of home folders',
    '/var/home/kai/x /mnt/c/Users/kai/y d:\\users\\kai\\z',
    '/var/home/[user]/x /mnt/c/Users/[user]/y d:\\users\\[user]\\z',
  ],
  ['home folder with a space', 'C:\\Users\\Kai Berg\\x and /Users/Kai Berg/y', 'C:\\Users\\[user]\\x and /Users/[user]/y'],
  ['user name as a word', 'Annika said no, annikate stays', '[user] said no, annikate stays'],
  ['name of this computer', 'node annikas-pc registered', 'node [this computer] registered'],
  ['e-mail', 'mail annika@example.org', 'mail [email]'],
  ['several e-mails', 'annika@example.org,kai@example.org.+x@example.org', '[email],[email]'],
  ['e-mail with a long name', `${'a'.repeat(90)}@example.org`, '[email]'],
  ['public IPv4', 'from 203.0.113.7:4411', 'from [public address]:4411'],
  [
    'private IPv4',
    '10.1.2.3 172.16.0.9 192.168.1.20 100.100.1.1 127.0.0.1 169.254.1.1',
    '10.1.2.3 172.16.0.9 192.168.1.20 100.100.1.1 127.0.0.1 169.254.1.1',
  ],
  ['not an IPv4', 'driver 550.54.14, 1.2.3.4.5, 999.1.1.1', 'driver 550.54.14, 1.2.3.4.5, 999.1.1.1'],
  ['public IPv6', 'from [2001:db8::7]:443 and 2a02:8070:1:2:3:4:5:6', 'from [[public address]]:443 and [public address]'],
  ['local IPv6', '::1 fe80::1 fd12:3456::9', '::1 fe80::1 fd12:3456::9'],
  ['a time', '2026-11-30T10:11:12.345Z 10:11:12', '2026-11-30T10:11:12.345Z 10:11:12'],
  ['hardware address', 'eth0 aa:bb:cc:dd:ee:0f', 'eth0 [hardware address]'],
])('text: %s -> %s', (_name, text, expected) => {
  expect(clean(text)).toBe(expected);
});

test.each([
  'a.',
  'a+',
  '.+',
  'a@',
  'a@b.c+',
  'sk-',
  '/home/',
  'C:\\',
  'aa:',
  '1.',
  'a:',
  '\\',
  'a://',
  '://a',
  'getaddrinfo A ',
  'annika',
  'eyJ-',
  'eyJabcdefghijk.',
  'token',
  'token"',
  'token: ',
  'SU',
  'AIza',
  '-----BEGIN A-----',
  '"prompt"',
  '"prompt',
  '/home/a ',
  '--key ',
])('64 KiB of a hostile text: %s -> at most 50 ms', (part) => {
  const text = part.repeat(65_536 / part.length);
  expect(cpuMsOf(() => clean(text))).toBeLessThan(50);
});

test('text of more than 64 KiB in a fact -> left out as a whole', () => {
  expect(cleaned({ long: 'a'.repeat(65_537), most: 'a'.repeat(65_536) }, clean)).toEqual({ long: '[too long]', most: 'a'.repeat(65_536) });
});

test('fields: contents, names and secrets are masked, numbers and codes stay', () => {
  const value = {
    prompt: 'tell me a secret',
    messages: [{ role: 'user', content: 'hello' }],
    payload: { input: 'x' },
    node_name: 'kais-tower',
    api_key: 'x',
    env: { AWS_SECRET_ACCESS_KEY: 'x', DB_PASS: 'x' },
    credentials: ['x'],
    payload_bytes: 57,
    reason_code: 'gpu_load',
    hosts: ['kais-tower.local', '127.0.0.1', '::', 'fe80::1', '203.0.113.7'].map((host) => ({ host })),
    list: [{ text: 'y', at: '203.0.113.7', is: true, none: null }],
  };
  expect(cleaned(value, clean)).toEqual({
    prompt: '[content]',
    messages: '[content]',
    payload: '[content]',
    node_name: '[name]',
    api_key: '[redacted]',
    env: { AWS_SECRET_ACCESS_KEY: '[redacted]', DB_PASS: '[redacted]' },
    credentials: '[redacted]',
    payload_bytes: 57,
    reason_code: 'gpu_load',
    hosts: ['[name]', '127.0.0.1', '::', 'fe80::1', '[public address]'].map((host) => ({ host })),
    list: [{ text: '[content]', at: '[public address]', is: true, none: null }],
  });
});

test('user with a common name -> the word stays in other texts, the home folder does not', () => {
  const asRoot = textCleaner({ secrets: [], userName: 'root', homeDir: '/srv/home', hostName: 'vm' });
  expect(asRoot('the root cause in /srv/home/x on vm')).toBe('the root cause in ~/x on vm');
});
