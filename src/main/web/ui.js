import { h, render, createContext, Fragment } from "preact";
import htm from "htm";

export { h, render, createContext, Fragment };
export { useCallback, useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
export const html = htm.bind(h);
