// What preact-htm.js exports, as far as the pages use it.

/** What a component may return and a template gives. */
export type Node = object | string | number | boolean | null | undefined | Node[];

export function html(strings: TemplateStringsArray, ...values: unknown[]): any;
export function render(node: Node, parent: Element): void;

export abstract class Component<Props = {}> {
  props: Props;
  constructor(props: Props);
  state: any;
  setState(change: object): void;
  componentDidCatch?(fault: unknown): void;
  shouldComponentUpdate?(next: Readonly<Props>): boolean;
  abstract render(props: Props): Node;
}

type Cleanup = () => void;
export function useEffect(effect: () => void | Cleanup, inputs?: readonly unknown[]): void;
export function useLayoutEffect(effect: () => void | Cleanup, inputs?: readonly unknown[]): void;
export function useRef<T>(first: T): { current: T };
export function useState<T>(first: T | (() => T)): [T, (next: T | ((before: T) => T)) => void];
