// An OAuth2 provider that is not ours (oidc-provider), and one protected list that asks it about each token.
// Prints its port; tokens live `LIFE` seconds. The list is served at /api/list, one item a page.
import http from "node:http";
import Provider from "oidc-provider";

const server = http.createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      { client_id: "hub basic", client_secret: "s3:cret/%+ basic", grant_types: ["client_credentials"],
        redirect_uris: [], response_types: [], token_endpoint_auth_method: "client_secret_basic" },
      { client_id: "hub-post", client_secret: "s3:cret/%+ post", grant_types: ["client_credentials"],
        redirect_uris: [], response_types: [], token_endpoint_auth_method: "client_secret_post" },
    ],
    scopes: ["trawl.read"],
    features: {
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      devInteractions: { enabled: false },
    },
    ttl: { ClientCredentials: Number(process.env.LIFE || 600) },
  });
  const oidc = provider.callback();
  const known = new Set();
  provider.on("client_credentials.saved", (token) => known.add(token));
  server.on("request", async (request, response) => {
    const send = (status, body) => {
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (request.url === "/forget") {
      for (const token of known) await token.destroy();
      return send(200, { forgotten: known.size });
    }
    if (request.url !== "/api/list") return oidc(request, response);
    const token = await provider.ClientCredentials.find((request.headers.authorization || "").replace(/^Bearer /, ""));
    if (!token || !token.isValid) return send(401, { error: "invalid_token" });
    let text = "";
    for await (const part of request) text += part;
    const at = Number(JSON.parse(text).cursor || 0);
    return send(200, { items: [{ id: at, client: token.clientId, scope: token.scope || "" }],
      next_cursor: at < 2 ? String(at + 1) : null, total: 3 });
  });
  console.log(port);
});
