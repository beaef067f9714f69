// An OpenID provider that nobody here wrote, for the test of the login (internal/auth): panva's
// certified oidc-provider with one invented person. It takes the portal's origin as its argument,
// prints its issuer on the first line and ends with its standard input.
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const portal = process.argv[2];
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const person = {
  'urn:oid:1.2.246.21': '010190-900P',
  given_name: 'Aino',
  family_name: 'Esimerkki',
};

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'kuulas',
    client_secret: 'a secret of the test only',
    redirect_uris: [`${portal}/auth/callback`],
    post_logout_redirect_uris: [`${portal}/`],
    backchannel_logout_uri: `${portal}/auth/backchannel-logout`,
    backchannel_logout_session_required: true,
  }],
  acrValues: ['http://ftn.ficora.fi/2017/loatest2'],
  claims: {
    acr: null,
    auth_time: null,
    iss: null,
    sid: null,
    openid: ['sub'],
    profile: Object.keys(person),
  },
  // Claims of the profile come from userinfo, as the specification has it, or in the id token.
  conformIdTokenClaims: process.argv[3] !== 'id-token',
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  // The provider refuses to fetch from loopback addresses unless it is given a plain fetch.
  fetch: (address, { dispatcher, ...options }) => globalThis.fetch(address, options),
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...person }) }),
  ttl: { Session: 600, Grant: 600, Interaction: 600, IdToken: 600, AccessToken: 600 },
  cookies: { keys: ['a key of the test only'] },
});

// Nobody is asked: the one person logs in at the level that was asked for, and consents.
async function interact(req, res) {
  const { prompt, params, session } = await provider.interactionDetails(req, res);
  if (prompt.name === 'login') {
    const acr = params.acr_values?.split(' ')[0];
    return provider.interactionFinished(req, res, { login: { accountId: 'person-1', acr, amr: ['test'] } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  grant.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
  return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
}

const answer = provider.callback();
server.on('request', (req, res) => {
  if (!req.url.startsWith('/interaction/')) return answer(req, res);
  return interact(req, res).catch((err) => {
    res.statusCode = 500;
    res.end(String(err));
  });
});
console.log(issuer);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
