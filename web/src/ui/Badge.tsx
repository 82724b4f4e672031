import type { ReactNode } from "react";

/** What something means for the reader; the looks follow from it. */
export type Tone = "neutral" | "good" | "attention" | "bad" | "past";

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}

/** A few words set apart from the page. `urgent` is read out at once. */
export function Note({ tone, urgent = false, children }: { tone: Tone; urgent?: boolean; children: ReactNode }) {
  return (
    <div className="note" data-tone={tone} role={urgent ? "alert" : undefined}>
      {children}
    </div>
  );
}
