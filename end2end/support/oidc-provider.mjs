// A real OpenID Connect provider that issues what Entra ID issues, for the browser tests.
//
//   node oidc-provider.mjs <port> <origin of the portal>
//
// It says `ready` when it listens. People sign in by choosing a name; after `GET /control/stop` it
// has no tokens for anybody, `GET /control/go` brings it back.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [port, portal] = process.argv.slice(2);
const tenant = '11111111-1111-1111-1111-111111111111';
const prefix = `/${tenant}/v2.0`;
const issuer = `http://127.0.0.1:${port}${prefix}`;

const people = {
  sofia: {
    oid: 'aaaaaaaa-0000-0000-0000-000000000001',
    name: 'Sofia Petrova',
    email: 'sofia.petrova@contoso.example',
    roles: ['Portal.Reader'],
    groups: ['bbbbbbbb-0000-0000-0000-000000000001'],
  },
  stranger: {
    oid: 'aaaaaaaa-0000-0000-0000-000000000002',
    name: 'A Stranger',
    email: 'stranger@fabrikam.example',
    roles: [],
    groups: [],
  },
};

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'portal',
      client_secret: 'portal-secret',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [`${portal}/api/auth/microsoft/handler/frame`],
      post_logout_redirect_uris: [`${portal}/signed-out`],
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'e2e', alg: 'RS256', use: 'sig' }] },
  pkce: { required: () => true },
  // Entra has all claims in the ID token.
  conformIdTokenClaims: false,
  claims: {
    openid: ['sub', 'oid', 'tid', 'roles', 'groups'],
    profile: ['name', 'preferred_username'],
    email: ['email'],
  },
  scopes: ['openid', 'profile', 'email', 'offline_access', 'User.Read'],
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = `<!doctype html><title>Sign out</title>${form}
          <button type="submit" form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`;
      },
    },
  },
  cookies: { keys: ['only-for-tests'] },
  interactions: { url: (_, interaction) => `/choose/${interaction.uid}` },
  findAccount: (_, id) => {
    const { email, ...person } = people[id] ?? {};
    const claims = { sub: id, tid: tenant, email, preferred_username: email, ...person };
    return person.oid && { accountId: id, claims: () => claims };
  },
});

async function choose(request, response, url) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  let result;
  if (prompt.name === 'login') {
    const person = url.searchParams.get('person');
    if (!person) {
      const links = Object.keys(people).map((it) => `<a href="?person=${it}">${it}</a>`);
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>Pick an account</title>${links.join(' ')}`);
      return;
    }
    result = { login: { accountId: person } };
  } else {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    result = { consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

let stopped = false;

const server = createServer((request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname.startsWith('/control/')) {
    stopped = url.pathname === '/control/stop';
    response.end();
  } else if (url.pathname === '/favicon.ico') {
    response.statusCode = 204;
    response.end();
  } else if (stopped && url.pathname.endsWith('/token')) {
    response.statusCode = 503;
    response.end();
  } else if (url.pathname.startsWith('/choose/')) {
    choose(request, response, url).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  } else {
    // The provider learns of the prefix by what is missing from `url`.
    request.originalUrl = request.url;
    request.url = request.url.slice(prefix.length) || '/';
    provider.callback()(request, response);
  }
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
