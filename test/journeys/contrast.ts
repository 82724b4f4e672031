import type { Page } from "playwright-core";

/** The contrast of a text with what lies under it, where axe could not tell: WCAG 2.2, 1.4.3. */
export type Contrast = { ratio: number; needed: number; text: string };

export function contrastOf(page: Page, selector: string): Promise<Contrast> {
  return page.evaluate((wanted): Contrast => {
    const element = document.querySelector(wanted);
    if (!element) throw new Error(`Nothing is at ${wanted} any more`);
    type Colour = { r: number; g: number; b: number; a: number };
    const parse = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return { r, g, b, a };
    };
    const over = (top: Colour, under: Colour): Colour => ({
      r: top.r * top.a + under.r * (1 - top.a),
      g: top.g * top.a + under.g * (1 - top.a),
      b: top.b * top.a + under.b * (1 - top.a),
      a: 1,
    });
    const luminance = ({ r, g, b }: Colour) => {
      const [red = 0, green = 0, blue = 0] = [r, g, b].map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const layers: Colour[] = [];
    for (let each: Element | null = element; each; each = each.parentElement)
      layers.push(parse(getComputedStyle(each).backgroundColor));
    const ground = layers.reduceRight((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(over(parse(style.color), ground)), luminance(ground)].toSorted(
      (one, other) => other - one,
    );
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    return {
      ratio: ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05),
      needed: isLarge ? 3 : 4.5,
      text: (element.textContent ?? "").slice(0, 80),
    };
  }, selector);
}
