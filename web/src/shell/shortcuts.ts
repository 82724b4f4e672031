type Wish =
  | { does: "go"; to: "/" | "/standard" | "/records" | "/ledger" }
  | { does: "palette" | "shortcuts" | "filter" };

const afterG = { h: "/", s: "/standard", r: "/records", l: "/ledger" } as const;
const patienceMs = 1200;

/** What the help sheet tells. */
export const shortcuts: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["Ctrl", "K"], does: "Find a record, clause, person or deed" },
  { keys: ["/"], does: "Go to the page's filter, else find" },
  { keys: ["g", "h"], does: "Home" },
  { keys: ["g", "s"], does: "The standard" },
  { keys: ["g", "r"], does: "All records" },
  { keys: ["g", "l"], does: "Ledger" },
  { keys: ["?"], does: "This sheet" },
  { keys: ["Esc"], does: "Close what is open" },
];

/** A reader of keys; it remembers a `g` for a moment. */
export function shortcutOf(): (event: KeyboardEvent) => Wish | undefined {
  let gAt = -Infinity;
  return (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k")
      return { does: "palette" };
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isTyping(event.target) ||
      document.querySelector("dialog[open]")
    )
      return undefined;
    const isSecond = event.timeStamp - gAt < patienceMs;
    gAt = event.key === "g" ? event.timeStamp : -Infinity;
    if (event.key === "?") return { does: "shortcuts" };
    if (event.key === "/") return { does: "filter" };
    const to = isSecond && isAfterG(event.key) ? afterG[event.key] : undefined;
    return to === undefined ? undefined : { does: "go", to };
  };
}

function isAfterG(key: string): key is keyof typeof afterG {
  return Object.hasOwn(afterG, key);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
