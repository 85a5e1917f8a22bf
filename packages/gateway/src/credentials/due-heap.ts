interface Due {
  readonly at: number;
  readonly member: number;
}

/** Members ordered by the time they are due; a binary heap. */
export class DueHeap {
  readonly #heap: Due[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest, without taking it. */
  peek(): Due | undefined {
    return this.#heap[0];
  }

  /** All of them, in no order. */
  entries(): readonly Due[] {
    return this.#heap;
  }

  push(member: number, at: number): void {
    const heap = this.#heap;
    const due = { at, member };
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  pop(): Due | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first !== undefined && last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(due: Due): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = heap[left + 1];
      let child = left;
      let below = heap[left];
      if (below === undefined) break;
      if (right !== undefined && right.at < below.at) {
        child = left + 1;
        below = right;
      }
      if (below.at >= due.at) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = due;
  }
}
