import fc from "fast-check";
import { expect, test } from "vitest";
import { atomsOf, sayAtom, uncovered } from "./cover.ts";
import { allows, type Rule } from "./rbac.ts";

const rule = (verbs: string, resources: string, { group = "", names = "", urls = "" } = {}): Rule => {
  const list = (text: string) => (text === "" ? [] : text.split(","));
  return {
    verbs: list(verbs),
    apiGroups: resources === "" ? [] : group.split(","),
    resources: list(resources),
    resourceNames: list(names),
    nonResourceURLs: list(urls),
  };
};

test("each part of the servant's rules must be covered by one rule of the owner", () => {
  const rows: [Rule[], Rule[], string[]][] = [
    [[rule("get,list", "pods")], [rule("get", "pods")], []],
    [[rule("get", "pods"), rule("list", "pods")], [rule("get,list", "pods")], []],
    [[rule("get", "pods")], [rule("get,list", "pods")], ["list pods"]],
    [[rule("get,list,watch,create,update,patch,delete", "pods")], [rule("*", "pods")], ["* pods"]],
    [[rule("*", "pods")], [rule("*", "pods")], []],
    [[rule("get", "*")], [rule("get", "pods/log")], []],
    [[rule("get", "*/log")], [rule("get", "pods/log")], []],
    [[rule("get", "*/log")], [rule("get", "*")], ["get *"]],
    [[rule("get", "pods")], [rule("get", "pods/log")], ["get pods/log"]],
    [[rule("get", "pods", { names: "a" })], [rule("get", "pods")], ["get pods"]],
    [[rule("get", "pods", { names: "a" })], [rule("get", "pods", { names: "a,b" })], [`get pods "b"`]],
    [[rule("get", "pods")], [rule("get", "pods", { names: "a,b" })], []],
    [[rule("get", "pods", { group: "*" })], [rule("get", "pods", { group: "apps" })], []],
    [[rule("get", "pods", { group: ",apps" })], [rule("get", "pods", { group: "*" })], ["get pods.*"]],
    [[rule("get", "", { urls: "/api/*" })], [rule("get", "", { urls: "/api/v1,/api" })], ["get /api"]],
    [[rule("get", "", { urls: "/a*" })], [rule("get", "", { urls: "*" })], ["get *"]],
    [[rule("*", "*", { group: "*" })], [rule("get", "", { urls: "/api" })], ["get /api"]],
    [[], [rule("get", "")], []],
  ];
  for (const [owner, servant, left] of rows) expect(uncovered(owner, servant).map(sayAtom)).toEqual(left);
});

const someRule = fc.record({
  verbs: fc.subarray(["get", "list", "*"], { minLength: 1 }),
  apiGroups: fc.subarray(["", "apps", "*"], { minLength: 1 }),
  resources: fc.subarray(["pods", "pods/log", "*/log", "*"], { minLength: 1 }),
  resourceNames: fc.subarray(["a", "b"]),
  nonResourceURLs: fc.constant<string[]>([]),
});

test("whoever covers a rule is allowed whatever the rule allows", () => {
  fc.assert(
    fc.property(fc.array(someRule, { maxLength: 3 }), someRule, (owner, servant) => {
      if (uncovered(owner, [servant]).length > 0) return;
      for (const verb of ["get", "list", "watch"])
        for (const group of ["", "apps"])
          for (const subresource of ["", "log"])
            for (const name of ["", "a", "b", "c"]) {
              const request = { verb, group, resource: "pods", subresource, name, namespace: "ns" };
              if (allows(servant, request)) expect(owner.some((mine) => allows(mine, request))).toBe(true);
            }
    }),
  );
});

test("everybody covers themselves, and the parts of a rule together are the rule", () => {
  fc.assert(fc.property(fc.array(someRule, { maxLength: 3 }), (rules) => uncovered(rules, rules).length === 0));
  fc.assert(fc.property(someRule, (each) => uncovered(atomsOf(each), [each]).length === 0));
});
