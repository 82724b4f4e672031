import type { ReactNode } from "react";

/** What is wider or longer than its place: scrolled by keys as well, and so named and a stop for Tab. */
export function ScrollRegion({
  label,
  className = "table-wrap",
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // Without the stop, nobody could scroll it without a mouse: WCAG 2.2, 2.1.1.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={className} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
