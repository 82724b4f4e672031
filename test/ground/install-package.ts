import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

// What the suites need from the machine beyond npm packages: found where it is, and installed from the
// distribution only where that asks nobody for a password and nobody has forbidden it.

/** Set to anything to have suites skipped rather than something installed. */
const refusal = "AIMS_TEST_NO_INSTALL";

/** The full path of the first of `names` on the search path. */
export function findProgram(...names: string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}

/** Installs one of Debian's packages; undefined when it is there now, else why it is not. */
export function installPackage(name: string): string | undefined {
  if (process.env[refusal]) return `"${name}" is not installed, and installing is refused (${refusal})`;
  if (!findProgram("apt-get")) return `"${name}" is not installed, and there is no apt-get to install it with`;
  const prefix = wayToRoot();
  if (!prefix) return `"${name}" is not installed, and installing it would ask for a password`;
  process.stderr.write(`aims: installing ${name} from the distribution (apt-get)\n`);
  // The list of packages may be missing or old: it is fetched only when the first try fails.
  const isThere = aptGet(prefix, "install", name) || (aptGet(prefix, "update") && aptGet(prefix, "install", name));
  return isThere ? undefined : `apt-get could not install "${name}"`;
}

function wayToRoot(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  const sudo = findProgram("sudo");
  return sudo && spawnSync(sudo, ["-n", "true"], { stdio: "ignore" }).status === 0 ? [sudo, "-n"] : undefined;
}

function aptGet(prefix: readonly string[], verb: string, ...names: string[]): boolean {
  const options = verb === "install" ? ["--yes", "--no-install-recommends"] : [];
  const words = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", verb, ...options, ...names];
  const { status } = spawnSync(words[0] ?? "env", words.slice(1), { stdio: ["ignore", "ignore", "inherit"] });
  return status === 0;
}
