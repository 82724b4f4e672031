import { html, raw } from "hono/html";
import { api } from "#contract/api.ts";
import { describeKind, jsonSchemaOf } from "#contract/describe-kind.ts";
import { membersOfPath, type Endpoint } from "#contract/endpoint.ts";
import type { FieldDescription, KindDescription } from "#contract/kind.ts";
import { kinds } from "#core/records/all.ts";
import { refusals } from "./problem.ts";

type Html = ReturnType<typeof html>;

/** The API as a page to read: no script, no style but its own, nothing from elsewhere. */
export function printDocs(version: string): string {
  const endpoints: readonly Endpoint[] = api;
  const headings = [...new Set(endpoints.map(({ about }) => about))];
  const described = Object.values(kinds).map(describeKind);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>API of Aims</title>
        <link rel="stylesheet" href="/api/docs/style.css" />
      </head>
      <body>
        ${contents(headings, described)}
        <main>
          <h1>API of Aims</h1>
          <p class="lead">
            Version ${version}. Everything that the browser application and the command line do, they do through this.
            The same as an <a href="/api/openapi.json">OpenAPI 3.1 document</a>.
          </p>
          ${howToAsk}
          ${headings.map(
            (heading) =>
              html`<section aria-labelledby="${anchor(heading)}">
                <h2 id="${anchor(heading)}">${heading}</h2>
                ${endpoints.filter(({ about }) => about === heading).map(endpointArticle)}
              </section>`,
          )}
          ${refusalSection()}
          <h2>Kinds of record</h2>
          ${described.map(kindSection)}
        </main>
      </body>
    </html>`;
  return String(page);
}

function contents(headings: readonly string[], described: readonly KindDescription[]): Html {
  return html`<nav aria-label="Contents">
    <p class="name"><a href="/">Aims</a></p>
    <h2>The API</h2>
    <ul>
      ${headings.map((heading) => html`<li><a href="#${anchor(heading)}">${heading}</a></li>`)}
      <li><a href="#refusals">Refusals</a></li>
    </ul>
    <h2>Kinds of record</h2>
    <ul>
      ${described.map(({ name, plural }) => html`<li><a href="#kind-${name}">${plural}</a></li>`)}
    </ul>
  </nav>`;
}

const howToAsk = html`<section aria-labelledby="how">
  <h2 id="how">How to ask</h2>
  <p>
    Sign in for a cookie, or send a token: <code>Authorization: Bearer aims_…</code>. Reads of records and conformity
    take <code>as_at=2026-06-30</code> and answer as at the end of that day. A deed names the version that you saw in
    <code>If-Match</code>, which is the record's <code>ETag</code>; when others were faster, the answer tells what they
    changed. A list's <code>next</code> is the next page's <code>after</code>.
  </p>
  <pre
    tabindex="0"
  ><code>curl -H "Authorization: Bearer $AIMS_TOKEN" "http://127.0.0.1:4200/api/records/risk?state=assessed&amp;limit=20"
curl -H "Authorization: Bearer $AIMS_TOKEN" -H 'If-Match: "3"' -H "content-type: application/json" \\
  -d '{"fields": {"title": "Wrong dose suggested"}}' http://127.0.0.1:4200/api/records/risk/RSK-007/amend</code></pre>
</section>`;

function refusalSection(): Html {
  return html`<section aria-labelledby="refusals">
    <h2 id="refusals">Refusals</h2>
    <p>
      What is declined comes as <code>application/problem+json</code> (RFC 9457) with these codes, the rule that stands
      in the way, and the place where the input is wrong.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Code</th>
          <th scope="col">Status</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${refusals.map(
          ({ code, status, title }) =>
            html`<tr id="${code}">
              <td><code>${code}</code></td>
              <td>${status}</td>
              <td>${title}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function endpointArticle(endpoint: Endpoint): Html {
  const { properties = {}, required = [] } = jsonSchemaOf(endpoint.input) as {
    properties?: Record<string, Record<string, unknown>>;
    required?: string[];
  };
  const rows = Object.entries(properties);
  const inPath = membersOfPath(endpoint.path);
  const place = (name: string) =>
    inPath.includes(name)
      ? "path"
      : name === endpoint.ifMatch
        ? "If-Match"
        : endpoint.method === "POST"
          ? "body"
          : "query";
  return html`<article aria-labelledby="${endpoint.name}">
    <h3 id="${endpoint.name}"><span class="method">${endpoint.method}</span> <code>${endpoint.path}</code></h3>
    <p>${endpoint.summary}.${endpoint.description === undefined ? "" : ` ${endpoint.description}`}</p>
    <p class="quiet">For ${whoIn(endpoint)}. Answers ${endpoint.status} as ${endpoint.mediaType}.</p>
    ${
      rows.length === 0
        ? ""
        : html`<table>
            <thead>
              <tr>
                <th scope="col">Input</th>
                <th scope="col">In</th>
                <th scope="col">Form</th>
                <th scope="col">Meaning</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                ([name, schema]) =>
                  html`<tr>
                    <td><code>${name}</code>${required.includes(name) ? " (needed)" : ""}</td>
                    <td>${place(name)}</td>
                    <td>${formOf(schema)}</td>
                    <td>${String(schema["description"] ?? "")}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </article>`;
}

function whoIn({ who, byPersonOnly }: Endpoint): string {
  const served = {
    public: "everybody",
    member: "whoever is signed in",
    administrator: "administrators of the software",
  }[who];
  return byPersonOnly ? `${served}, not with a token` : served;
}

function formOf(schema: Record<string, unknown>): string {
  if (Array.isArray(schema["enum"])) return schema["enum"].join(", ");
  const items = schema["items"] as Record<string, unknown> | undefined;
  if (items) return `list of ${formOf(items)}`;
  return String(schema["format"] === "date" ? "day" : (schema["type"] ?? "any"));
}

function kindSection(kind: KindDescription): Html {
  return html`<section aria-labelledby="kind-${kind.name}">
    <h3 id="kind-${kind.name}">${kind.plural} <code>${kind.name}</code></h3>
    <p>${kind.summary} States: ${kind.states.join(", ")}.</p>
    <details>
      <summary>Fields</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Title</th>
            <th scope="col">Form</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          ${kind.fields.filter(({ common }) => !common).flatMap((field) => fieldRows(field, ""))}
        </tbody>
      </table>
    </details>
    <details>
      <summary>Deeds</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Deed</th>
            <th scope="col">Title</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Who</th>
          </tr>
        </thead>
        <tbody>
          ${kind.deeds.map(
            (deed) =>
              html`<tr>
                <td><code>${deed.name}</code></td>
                <td>${deed.title}</td>
                <td>${deed.from === "new" ? "new" : deed.from.join(", ")}</td>
                <td>${deed.to ?? ""}</td>
                <td>${deed.who.join("; ")}${deed.asksCredential ? " (password)" : ""}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </section>`;
}

function fieldRows(field: FieldDescription, inside: string): Html[] {
  const name = `${inside}${field.name}`;
  const parts = field.parts ?? field.item?.parts ?? [];
  const form = [
    field.item ? `list of ${field.item.input}` : field.input,
    field.words ?? field.item?.words ?? [],
    field.unit === undefined ? [] : `in ${field.unit}`,
  ]
    .flat()
    .join(", ");
  return [
    html`<tr>
      <td><code>${name}</code></td>
      <td>${field.title}</td>
      <td>${form}</td>
      <td>${field.help ?? ""}</td>
    </tr>`,
    ...parts.flatMap((part) => fieldRows(part, `${name}.`)),
  ];
}

function anchor(heading: string): Html {
  return raw(heading.toLowerCase().replaceAll(/[^a-z]+/g, "-"));
}
