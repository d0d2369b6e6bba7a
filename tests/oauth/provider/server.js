// A certified OAuth 2 provider on a free port of 127.0.0.1, and an API that asks for its tokens.
// The first line of the output is the port. It ends when its standard input does.
//
// POST /test/clock?seconds=N  moves the clock of the server forward
// GET  /test/requests         how many requests the token endpoint got
// GET  /test/browser?url=U    opens a URL as a person does who allows everything, and returns the
//                             URL to which the provider sends the browser at last
// GET  /test/things           200 with a valid access token, otherwise 401

import http from 'node:http';
import { Provider } from 'oidc-provider';

const realNow = Date.now;
let offset = 0;
Date.now = () => realNow() + offset;

const REDIRECT_URI = 'https://app.example/callback';
let tokenRequests = 0;
let provider;

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  const answer = (status, body) => response.writeHead(status).end(body);
  const handle = async () => {
    if (url.pathname === '/oauth/token') tokenRequests += 1;
    switch (url.pathname) {
      case '/test/clock':
        offset += Number(url.searchParams.get('seconds')) * 1000;
        return answer(204);
      case '/test/requests':
        return answer(200, String(tokenRequests));
      case '/test/browser':
        return answer(200, await browse(url.searchParams.get('url')));
      case '/test/things':
        return answer((await isAllowed(request)) ? 200 : 401, '{}');
      default:
        if (url.pathname.startsWith('/interaction/')) return interact(request, response);
        return provider.callback()(request, response);
    }
  };
  handle().catch((error) => answer(500, String(error)));
});

async function isAllowed(request) {
  const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!token) return false;
  const found =
    (await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token));
  return Boolean(found?.isValid && found.scope?.split(' ').includes('admin'));
}

// Follows redirects, with cookies.
async function browse(start) {
  const cookies = new Map();
  let url = start;
  for (let i = 0; i < 10 && !url.startsWith(REDIRECT_URI); i += 1) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name, ...value] = line.split(';')[0].split('=');
      cookies.set(name, value.join('='));
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`${response.status} ${await response.text()}`);
    url = new URL(location, url).href;
  }
  return url;
}

// Logs a person in, and grants what is asked for.
async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: 'person' } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const grantId = await grant.save();
  return provider.interactionFinished(request, response, { consent: { grantId } });
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        // RFC 6749, section 2.3.1: both are encoded before they are joined.
        client_id: 'a:b%c',
        client_secret: 's:3%c+r e&t=',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'RS256' },
    cookies: { keys: ['for tests only'] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      registration: { enabled: true },
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => true,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    routes: {
      authorization: '/oauth/authorize',
      registration: '/oauth/register',
      token: '/oauth/token',
    },
    scopes: ['openid', 'offline_access', 'admin'],
    ttl: { AccessToken: 600, ClientCredentials: 600, RefreshToken: 86400 },
  });
  console.log(port);
});

process.stdin.resume();
process.stdin.on('end', () => process.exit());
