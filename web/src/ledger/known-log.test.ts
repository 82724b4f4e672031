import { expect, test } from "vitest";
import { demandKnownLog, keepHead, keysFor, knownHead } from "./known-log.ts";

const key = (vkey: string, from = 0, until: number | null = null) => ({ vkey, from, until });

function emptyStorage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

test("the first key seen is remembered, and another one is refused", () => {
  const storage = emptyStorage();
  demandKnownLog({ origin: "a/ledger", keys: [key("k1")] }, storage);
  demandKnownLog({ origin: "a/ledger", keys: [key("k1")] }, storage);
  expect(() => demandKnownLog({ origin: "a/ledger", keys: [key("k2")] }, storage)).toThrow(
    "its key is not the one that this browser saw before",
  );
});

test("a key that is added beside a known one becomes known", () => {
  const storage = emptyStorage();
  demandKnownLog({ origin: "a/ledger", keys: [key("k1")] }, storage);
  demandKnownLog({ origin: "a/ledger", keys: [key("k1"), key("k2")] }, storage);
  demandKnownLog({ origin: "a/ledger", keys: [key("k2")] }, storage);
});

test("logs of other names have keys of their own", () => {
  const storage = emptyStorage();
  demandKnownLog({ origin: "a/ledger", keys: [key("k1")] }, storage);
  demandKnownLog({ origin: "b/ledger", keys: [key("k2")] }, storage);
  expect(() => demandKnownLog({ origin: "b/ledger", keys: [key("k1")] }, storage)).toThrow("b/ledger");
});

test("a head is opened with the key of its time alone", () => {
  const keys = [key("old", 0, 100), key("new", 100)];
  expect(keysFor({ keys }, 99)).toEqual(["old"]);
  expect(keysFor({ keys }, 100)).toEqual(["new"]);
});

test("a head that was verified is remembered beside the keys, each log its own", () => {
  const storage = emptyStorage();
  demandKnownLog({ origin: "a/ledger", keys: [key("k1")] }, storage);
  expect(knownHead("a/ledger", storage)).toBeUndefined();
  keepHead("a/ledger", { size: 7, root: "r" }, storage);
  demandKnownLog({ origin: "a/ledger", keys: [key("k1"), key("k2")] }, storage);
  expect(knownHead("a/ledger", storage)).toEqual({ size: 7, root: "r" });
  expect(knownHead("b/ledger", storage)).toBeUndefined();
  expect(() => demandKnownLog({ origin: "a/ledger", keys: [key("k3")] }, storage)).toThrow("a/ledger");
});
