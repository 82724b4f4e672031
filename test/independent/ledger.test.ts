import { execFileSync, spawnSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, type TestContext } from "vitest";
import { toBase64 } from "#core/basics/bytes.ts";
import { signCheckpoint } from "#core/ledger/checkpoint.ts";
import { exportFiles } from "#core/ledger/export.ts";
import { formatVerifierKey, parseNote, type Signer } from "#core/ledger/note.ts";
import { chainedEntries, flipBit, nodePrimitives, origin } from "#core/ledger/sample.testing.ts";
import {
  completeRoot,
  consistencyProof,
  inclusionProof,
  leafHash,
  treeHead,
  type Hash,
  type ReadHash,
} from "#core/ledger/tree.ts";
import { verifyExport } from "#core/ledger/verify-export.ts";

// What our code wrote, verified by programs that share no line with it.

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const signer: Signer = {
  name: origin,
  publicKey: new Uint8Array(Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url")),
  sign: (message) => sign(null, message, privateKey),
};
const verifierKey = formatVerifierKey(origin, signer.publicKey);

const size = 66_000;
const entries = chainedEntries(size, 900);
const leaves = entries.map((entry) => leafHash(entry, nodePrimitives.sha256));
const readHash: ReadHash = (level, index) =>
  completeRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level), nodePrimitives.sha256);
const folder = mkdtempSync(join(tmpdir(), "aims-ledger-"));
const exported = join(folder, "export");
await writeExport();
const program = buildProgram();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function writeExport(): Promise<void> {
  const files = exportFiles(entries, nodePrimitives.sha256);
  for (let step = await files.next(); ; step = await files.next()) {
    const { path, bytes } = step.done
      ? { path: "checkpoint", bytes: Buffer.from(await signCheckpoint({ origin, ...step.value }, [signer])) }
      : step.value;
    mkdirSync(dirname(join(exported, path)), { recursive: true });
    writeFileSync(join(exported, path), bytes);
    if (step.done) return;
  }
}

/** The verifier in Go, or why there is none on this machine. */
function buildProgram(): { path: string } | { missing: string } {
  if (!isOnMachine("go", "version")) return { missing: "go is not on this machine" };
  const source = fileURLToPath(new URL("../go/ledger", import.meta.url));
  const fetched = spawnSync("go", ["mod", "download"], { cwd: source, encoding: "utf8" });
  if (fetched.status !== 0) return { missing: `golang.org/x/mod could not be fetched: ${fetched.stderr.trim()}` };
  const path = join(folder, "ledger");
  execFileSync("go", ["build", "-o", path, "."], { cwd: source });
  return { path };
}

function isOnMachine(command: string, ask: string): boolean {
  return spawnSync(command, [ask]).status === 0;
}

function runGo(context: TestContext, ...args: string[]): { said: string; status: number | null } {
  if ("missing" in program) return context.skip(program.missing);
  const { stdout, stderr, status } = spawnSync(program.path, args, { encoding: "utf8" });
  return { said: `${stdout}${stderr}`.trim(), status };
}

function runOpenssl(context: TestContext, text: string, signature: Uint8Array): string {
  if (!isOnMachine("openssl", "version")) return context.skip("openssl is not on this machine");
  const [key, message, signed] = [join(folder, "key.pem"), join(folder, "message"), join(folder, "signature")];
  writeFileSync(
    key,
    createPublicKey(publicKey.export({ format: "pem", type: "spki" })).export({ format: "pem", type: "spki" }),
  );
  writeFileSync(message, text);
  writeFileSync(signed, signature);
  return spawnSync(
    "openssl",
    ["pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", message, "-sigfile", signed],
    { encoding: "utf8" },
  ).stdout.trim();
}

test("openssl verifies the signature of a checkpoint, and none over another text", (context) => {
  const { text, signatures } = parseNote(readFileSync(join(exported, "checkpoint"), "utf8"));
  const signature = signatures[0]?.signature ?? new Uint8Array(0);
  expect(runOpenssl(context, text, signature)).toBe("Signature Verified Successfully");
  expect(runOpenssl(context, text.replace(String(size), String(size - 1)), signature)).toBe(
    "Signature Verification Failure",
  );
});

test("openssl hashes an entry as the ledger does", (context) => {
  if (!isOnMachine("openssl", "version")) return context.skip("openssl is not on this machine");
  const input = Buffer.concat([Uint8Array.of(0), entries[777] ?? new Uint8Array(0)]);
  expect(
    spawnSync("openssl", ["dgst", "-sha256", "-binary"], { input }).stdout.equals(leaves[777] ?? new Uint8Array(0)),
  ).toBe(true);
});

test("Go verifies the signature and the whole tree of an export", (context) => {
  // 258 tiles of leaf hashes, 2 above them and 1 at the top.
  expect(runGo(context, exported, verifierKey)).toEqual({ said: "66000 entries, 261 tiles", status: 0 });
});

/** Proofs made by our code, of which `forge` may change each hash. */
function writeProofs(name: string, forge: (hash: Hash) => Hash = (hash) => hash): string {
  const inclusion = [0, 1, 255, 256, 40_000, 65_535, 65_536, 65_999].map((index) => ({
    index,
    entry: toBase64(entries[index] ?? new Uint8Array(0)),
    hashes: inclusionProof(readHash, index, size, nodePrimitives.sha256).map(forge).map(toBase64),
  }));
  const consistency = [1, 2, 3, 255, 256, 257, 40_000, 65_535, 65_536, 65_537, 65_999].map((first) => ({
    first,
    root: toBase64(treeHead(leaves.slice(0, first), nodePrimitives.sha256).root),
    hashes: consistencyProof(readHash, first, size, nodePrimitives.sha256).map(forge).map(toBase64),
  }));
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ inclusion, consistency }));
  return path;
}

test("Go verifies inclusion and consistency proofs", (context) => {
  expect(runGo(context, exported, verifierKey, writeProofs("proofs.json"))).toEqual({
    said: "66000 entries, 261 tiles, 8 inclusions, 11 consistencies",
    status: 0,
  });
});

test("Go refuses proofs with a bit turned", (context) => {
  expect(
    runGo(
      context,
      exported,
      verifierKey,
      writeProofs("forged.json", (hash) => flipBit(hash, 9)),
    ).status,
  ).toBe(1);
});

test("Go and our own verification refuse the same changed exports", async (context) => {
  const key = formatVerifierKey(
    origin,
    generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }).subarray(-32),
  );
  expect(runGo(context, exported, key).status).toBe(1);
  for (const path of ["checkpoint", "tile/0/100", "tile/1/001.p/1", "tile/2/000.p/1", "tile/entries/200"]) {
    const whole = readFileSync(join(exported, path));
    writeFileSync(join(exported, path), flipBit(whole, 8 * 20));
    const ours = verifyExport(
      (file) => readFileSync(join(exported, file)),
      { verifierKeys: [verifierKey], origin },
      { using: nodePrimitives },
    );
    await expect(ours, path).rejects.toThrow("Cannot verify");
    expect(runGo(context, exported, verifierKey).status, path).toBe(1);
    writeFileSync(join(exported, path), whole);
  }
  const whole = await verifyExport(
    (file) => readFileSync(join(exported, file)),
    { verifierKeys: [verifierKey], origin },
    { using: nodePrimitives },
  );
  expect(whole).toMatchObject({ entries: size, records: 900 });
});
