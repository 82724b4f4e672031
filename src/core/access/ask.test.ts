import { expect, test } from "vitest";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import { answer, parseQuestion, parseRequest } from "./ask.ts";
import { readAccess } from "./rbac.ts";

test("a request is read as people write it", () => {
  const say = (verb: string, what: string, more = {}) => JSON.stringify(parseRequest(verb, what, more));
  const of = (group: string, resource: string, { subresource = "", name = "", namespace = "default" } = {}) =>
    JSON.stringify({ verb: "get", group, resource, subresource, name, namespace });
  expect(say("get", "pods")).toBe(of("", "pods"));
  expect(say("get", "pods/exec", { name: "a", namespace: "x" })).toBe(
    of("", "pods", { subresource: "exec", name: "a", namespace: "x" }),
  );
  expect(say("get", "deployments")).toBe(of("apps", "deployments"));
  expect(say("get", "deployments.apps/scale")).toBe(of("apps", "deployments", { subresource: "scale" }));
  expect(say("get", "widgets.example.com")).toBe(of("example.com", "widgets"));
  expect(say("get", "nodes", { namespace: "x" })).toBe(of("", "nodes", { namespace: "" }));
  expect(say("get", "namespaces", { name: "x" })).toBe(of("", "namespaces", { name: "x", namespace: "x" }));
  expect(say("get", "*")).toBe(of("", "*"));
  expect(say("get", "/healthz")).toBe('{"verb":"get","path":"/healthz"}');
  for (const what of ["", ".apps", "a/"]) expect(() => parseRequest("get", what), what).toThrow("Cannot read");
});

test("a question that is none is refused with its line", () => {
  for (const text of [
    "{",
    "[]",
    "7",
    '{"user":"a"}',
    '{"user":"a","verb":"get","resource":7}',
    '{"user":"a","verb":"get","resource":"pods","groups":"g"}',
  ])
    expect(() => parseQuestion(text, 3), text).toThrow("Cannot read question 3");
});

test("groups that are listed are all that a user has, and without a list those that the API server gives", () => {
  const groups = (more: string) =>
    parseQuestion(`{"user":"system:serviceaccount:a:b","verb":"get","path":"/x"${more}}`, 1).asker.groups;
  expect(groups("")).toEqual(["system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"]);
  expect(groups(',"groups":[]')).toEqual([]);
});

test("members of the unlimited group are not asked", () => {
  const access = readAccess(readObjects([]));
  expect(answer({ user: "x", groups: ["system:masters"] }, parseRequest("get", "pods"), access).allowed).toBe(true);
  expect(answer({ user: "system:masters", groups: [] }, parseRequest("get", "pods"), access).allowed).toBe(false);
});
