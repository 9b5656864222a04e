/**
 * Whether a text is an address as most people have one, which every pattern for addresses allows: much quicker told
 * than by the pattern, which judges the others.
 */
export function isPlainEmail(text: string): boolean {
  let at = 0;
  let lastDot = 0;
  // At the start of a part nothing but a letter or digit may stand, and in the last part nothing but letters.
  let isStart = true;
  let isLetters = true;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
    if (isLetter || (unit >= 0x30 && unit <= 0x39)) {
      isStart = false;
      if (!isLetter) isLetters = false;
    } else {
      if (isStart) return false;
      if (unit === 0x40) {
        if (at > 0) return false;
        at = index;
      } else if (unit === 0x2e) lastDot = index;
      else if (unit === 0x2d) isLetters = false;
      else if (at > 0 || (unit !== 0x5f && unit !== 0x2b)) return false;
      if (unit === 0x40 || unit === 0x2e) {
        isStart = true;
        isLetters = true;
      }
    }
  }
  return at > 0 && lastDot > at && isLetters && text.length - lastDot > 2;
}
