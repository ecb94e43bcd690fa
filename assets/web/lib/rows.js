/**
 * A list that may be very long: only the rows in sight are on the page. All rows
 * are as high as the first one.
 */
export class Rows {
  #box;
  #sheet = document.createElement('div');
  #make;
  #fill;
  #count = 0;
  #height = 0;
  /** @type {Map<number, HTMLElement>} rows in sight by index */
  #shown = new Map();

  /**
   * @param {HTMLElement} box scrolls
   * @param {() => HTMLElement} make makes an empty row
   * @param {(row: HTMLElement, index: number) => void} fill puts an item in a row;
   *   rows are used again for other items
   */
  constructor(box, make, fill) {
    this.#box = box;
    this.#make = make;
    this.#fill = fill;
    this.#sheet.className = 'rows';
    box.append(this.#sheet);
    box.addEventListener('scroll', () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#measure()).observe(box);
  }

  /**
   * Draws the rows in sight anew.
   * @param {number} count of items
   */
  update(count) {
    this.#count = count;
    if (this.#height === 0) this.#measure();
    else this.#draw(true);
  }

  /** Whether a row is wholly in sight. @param {number} index */
  inSight(index) {
    const top = index * this.#height;
    return top >= this.#box.scrollTop - 1 && top + this.#height <= this.#box.scrollTop + this.#box.clientHeight + 1;
  }

  /**
   * Scrolls so that a row is a third from the top.
   * @param {number} index
   * @param {boolean} [smoothly]
   */
  reveal(index, smoothly = false) {
    const top = index * this.#height - (this.#box.clientHeight - this.#height) / 3;
    this.#box.scrollTo({ top, behavior: smoothly ? 'smooth' : 'auto' });
    this.#draw();
  }

  #measure() {
    if (this.#count === 0) return this.#draw(true);
    const probe = this.#make();
    this.#fill(probe, 0);
    probe.style.visibility = 'hidden';
    this.#sheet.append(probe);
    const height = probe.getBoundingClientRect().height;
    probe.remove();
    if (height > 0) this.#height = height;
    this.#draw(true);
  }

  /** @param {boolean} [anew] */
  #draw(anew = false) {
    this.#sheet.style.height = `${this.#count * this.#height}px`;
    const first = Math.max(0, Math.floor(this.#box.scrollTop / (this.#height || 1)) - 3);
    const last = this.#height === 0 ? -1 : Math.min(this.#count - 1, first + Math.ceil(this.#box.clientHeight / this.#height) + 6);
    /** @type {HTMLElement[]} */
    const free = [];
    for (const [index, row] of this.#shown) {
      if (index >= first && index <= last) continue;
      this.#shown.delete(index);
      free.push(row);
    }
    for (let index = first; index <= last; index++) {
      let row = this.#shown.get(index);
      const known = row !== undefined;
      if (!row) {
        row = free.pop() ?? this.#make();
        this.#shown.set(index, row);
        row.style.transform = `translateY(${index * this.#height}px)`;
        if (!row.isConnected) this.#sheet.append(row);
      } else if (anew) row.style.transform = `translateY(${index * this.#height}px)`;
      if (!known || anew) this.#fill(row, index);
    }
    for (const row of free) row.remove();
  }
}
