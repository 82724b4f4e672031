import { useSyncExternalStore } from "react";

let words = "";
const listeners = new Set<() => void>();

/** Says, seen and heard, that something has happened: two distant places need it, the sheet that did it is gone. */
export function announce(text: string): void {
  words = text;
  for (const listener of listeners) listener();
}

export function Announcements() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => words,
  );
  return (
    <div className="announcements" role="status">
      {text !== "" && (
        <div className="note" data-tone="good">
          <span>✓ {text}</span>
          <button type="button" className="button plain" onClick={() => announce("")}>
            Close
          </button>
        </div>
      )}
    </div>
  );
}
