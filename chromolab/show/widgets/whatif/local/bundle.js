// Made by `make widgets` from the modules beside it; never edited by hand.

// shared/alone.js
function bytesOf(base64) {
  const text = atob(base64), out = new Uint8Array(text.length);
  for (let i4 = 0; i4 < text.length; i4++) out[i4] = text.charCodeAt(i4);
  return out;
}
async function unzipped(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
function unplaned(bytes, size) {
  const out = new Uint8Array(bytes.length), count = bytes.length / size;
  for (let p5 = 0; p5 < size; p5++) for (let i4 = 0; i4 < count; i4++) out[i4 * size + p5] = bytes[p5 * count + i4];
  return out;
}
async function part(name) {
  const held = document.getElementById(`cl-${name}`);
  const bytes = held ? await unzipped(bytesOf(held.textContent)) : null;
  held?.remove();
  return bytes;
}
var jsonPart = async (name) => JSON.parse(new TextDecoder().decode(await part(name)));
function follow(system) {
  const tell = (dark) => {
    document.body.dataset.jpThemeLight = String(!dark);
  };
  tell(system.matches);
  system.addEventListener("change", () => tell(system.matches));
  addEventListener("message", ({ source, data }) => {
    if (source === parent && source !== window && typeof data?.dark === "boolean") tell(data.dark);
  });
}
async function alone(widget, makeModel) {
  const place = document.getElementById("cl-place");
  try {
    follow(matchMedia("(prefers-color-scheme: dark)"));
    const model = await makeModel();
    place.textContent = "";
    widget.render({ model, el: place });
    window.chromolab = model;
  } catch (error) {
    console.error(error);
    place.textContent = `The page could not be opened in this browser: ${error.message}. It needs Chromium 80, Firefox 113 or Safari 16.4.`;
  }
}

// ../../../node_modules/preact/dist/preact.module.js
var n;
var l;
var u;
var t;
var i;
var r;
var o;
var e;
var f;
var c;
var a;
var s;
var h;
var p;
var v;
var y;
var d = {};
var w = [];
var _ = /acit|ex(?:s|g|n|p|$)|rph|grid|ows|mnc|ntw|ine[ch]|zoo|^ord|itera/i;
var g = Array.isArray;
function m(n3, l4) {
  for (var u5 in l4) n3[u5] = l4[u5];
  return n3;
}
function b(n3) {
  n3 && n3.parentNode && n3.parentNode.removeChild(n3);
}
function k(l4, u5, t4) {
  var i4, r4, o4, e4 = {};
  for (o4 in u5) "key" == o4 ? i4 = u5[o4] : "ref" == o4 ? r4 = u5[o4] : e4[o4] = u5[o4];
  if (arguments.length > 2 && (e4.children = arguments.length > 3 ? n.call(arguments, 2) : t4), "function" == typeof l4 && null != l4.defaultProps) for (o4 in l4.defaultProps) void 0 === e4[o4] && (e4[o4] = l4.defaultProps[o4]);
  return x(l4, e4, i4, r4, null);
}
function x(n3, t4, i4, r4, o4) {
  var e4 = { type: n3, props: t4, key: i4, ref: r4, __k: null, __: null, __b: 0, __e: null, __c: null, constructor: void 0, __v: null == o4 ? ++u : o4, __i: -1, __u: 0 };
  return null == o4 && null != l.vnode && l.vnode(e4), e4;
}
function S(n3) {
  return n3.children;
}
function C(n3, l4) {
  this.props = n3, this.context = l4;
}
function $(n3, l4) {
  if (null == l4) return n3.__ ? $(n3.__, n3.__i + 1) : null;
  for (var u5; l4 < n3.__k.length; l4++) if (null != (u5 = n3.__k[l4]) && null != u5.__e) return u5.__e;
  return "function" == typeof n3.type ? $(n3) : null;
}
function I(n3) {
  if (n3.__P && n3.__d) {
    var u5 = n3.__v, t4 = u5.__e, i4 = [], r4 = [], o4 = m({}, u5);
    o4.__v = u5.__v + 1, l.vnode && l.vnode(o4), q(n3.__P, o4, u5, n3.__n, n3.__P.namespaceURI, 32 & u5.__u ? [t4] : null, i4, null == t4 ? $(u5) : t4, !!(32 & u5.__u), r4), o4.__v = u5.__v, o4.__.__k[o4.__i] = o4, D(i4, o4, r4), u5.__e = u5.__ = null, o4.__e != t4 && P(o4);
  }
}
function P(n3) {
  if (null != (n3 = n3.__) && null != n3.__c) return n3.__e = n3.__c.base = null, n3.__k.some(function(l4) {
    if (null != l4 && null != l4.__e) return n3.__e = n3.__c.base = l4.__e;
  }), P(n3);
}
function A(n3) {
  (!n3.__d && (n3.__d = true) && i.push(n3) && !H.__r++ || r != l.debounceRendering) && ((r = l.debounceRendering) || o)(H);
}
function H() {
  try {
    for (var n3, l4 = 1; i.length; ) i.length > l4 && i.sort(e), n3 = i.shift(), l4 = i.length, I(n3);
  } finally {
    i.length = H.__r = 0;
  }
}
function L(n3, l4, u5, t4, i4, r4, o4, e4, f5, c4, a4) {
  var s4, h5, p5, v4, y5, _3, g5 = t4 && t4.__k || w, m5 = l4.length;
  for (f5 = T(u5, l4, g5, f5, m5), s4 = 0; s4 < m5; s4++) null != (p5 = u5.__k[s4]) && (h5 = -1 != p5.__i && g5[p5.__i] || d, p5.__i = s4, _3 = q(n3, p5, h5, i4, r4, o4, e4, f5, c4, a4), v4 = p5.__e, p5.ref && h5.ref != p5.ref && (h5.ref && J(h5.ref, null, p5), a4.push(p5.ref, p5.__c || v4, p5)), null == y5 && null != v4 && (y5 = v4), 4 & p5.__u ? (f5 = j(p5, f5, n3), h5.__e && (h5.__e = null)) : "function" == typeof p5.type && void 0 !== _3 ? f5 = _3 : v4 && (f5 = v4.nextSibling), p5.__u &= -7);
  return u5.__e = y5, f5;
}
function T(n3, l4, u5, t4, i4) {
  var r4, o4, e4, f5, c4, a4 = u5.length, s4 = a4, h5 = 0;
  for (n3.__k = new Array(i4), r4 = 0; r4 < i4; r4++) null != (o4 = l4[r4]) && "boolean" != typeof o4 && "function" != typeof o4 ? ("string" == typeof o4 || "number" == typeof o4 || "bigint" == typeof o4 || o4.constructor == String ? o4 = n3.__k[r4] = x(null, o4, null, null, null) : g(o4) ? o4 = n3.__k[r4] = x(S, { children: o4 }, null, null, null) : void 0 === o4.constructor && o4.__b > 0 ? o4 = n3.__k[r4] = x(o4.type, o4.props, o4.key, o4.ref ? o4.ref : null, o4.__v) : n3.__k[r4] = o4, f5 = r4 + h5, o4.__ = n3, o4.__b = n3.__b + 1, e4 = null, -1 != (c4 = o4.__i = O(o4, u5, f5, s4)) && (s4--, (e4 = u5[c4]) && (e4.__u |= 2)), null == e4 || null == e4.__v ? (-1 == c4 && (i4 > a4 ? h5-- : i4 < a4 && h5++), "function" != typeof o4.type && (o4.__u |= 4)) : c4 != f5 && (c4 == f5 - 1 ? h5-- : c4 == f5 + 1 ? h5++ : (c4 > f5 ? h5-- : h5++, o4.__u |= 4))) : n3.__k[r4] = null;
  if (s4) for (r4 = 0; r4 < a4; r4++) null != (e4 = u5[r4]) && 0 == (2 & e4.__u) && (e4.__e == t4 && (t4 = $(e4)), K(e4, e4));
  return t4;
}
function j(n3, l4, u5) {
  var t4, i4;
  if ("function" == typeof n3.type) {
    for (t4 = n3.__k, i4 = 0; t4 && i4 < t4.length; i4++) t4[i4] && (t4[i4].__ = n3, l4 = j(t4[i4], l4, u5));
    return l4;
  }
  n3.__e != l4 && (l4 && n3.type && !l4.parentNode && (l4 = $(n3)), l4 = u5.insertBefore(n3.__e, l4 || null));
  do {
    l4 = l4 && l4.nextSibling;
  } while (null != l4 && 8 == l4.nodeType);
  return l4;
}
function O(n3, l4, u5, t4) {
  var i4, r4, o4, e4 = n3.key, f5 = n3.type, c4 = l4[u5], a4 = null != c4 && 0 == (2 & c4.__u);
  if (null === c4 && null == e4 || a4 && e4 == c4.key && f5 == c4.type) return u5;
  if (t4 > (a4 ? 1 : 0)) {
    for (i4 = u5 - 1, r4 = u5 + 1; i4 >= 0 || r4 < l4.length; ) if (null != (c4 = l4[o4 = i4 >= 0 ? i4-- : r4++]) && 0 == (2 & c4.__u) && e4 == c4.key && f5 == c4.type) return o4;
  }
  return -1;
}
function z(n3, l4, u5) {
  "-" == l4[0] ? n3.setProperty(l4, null == u5 ? "" : u5) : n3[l4] = null == u5 ? "" : "number" != typeof u5 || _.test(l4) ? u5 : u5 + "px";
}
function N(n3, l4, u5, t4, i4) {
  var r4, o4;
  n: if ("style" == l4) if ("string" == typeof u5) n3.style.cssText = u5;
  else {
    if ("string" == typeof t4 && (n3.style.cssText = t4 = ""), t4) for (l4 in t4) u5 && l4 in u5 || z(n3.style, l4, "");
    if (u5) for (l4 in u5) t4 && u5[l4] == t4[l4] || z(n3.style, l4, u5[l4]);
  }
  else if ("o" == l4[0] && "n" == l4[1]) r4 = l4 != (l4 = l4.replace(s, "$1")), o4 = l4.toLowerCase(), l4 = o4 in n3 || "onFocusOut" == l4 || "onFocusIn" == l4 ? o4.slice(2) : l4.slice(2), n3.l || (n3.l = {}), n3.l[l4 + r4] = u5, u5 ? t4 ? u5[a] = t4[a] : (u5[a] = h, n3.addEventListener(l4, r4 ? v : p, r4)) : n3.removeEventListener(l4, r4 ? v : p, r4);
  else {
    if ("http://www.w3.org/2000/svg" == i4) l4 = l4.replace(/xlink(H|:h)/, "h").replace(/sName$/, "s");
    else if ("width" != l4 && "height" != l4 && "href" != l4 && "list" != l4 && "form" != l4 && "tabIndex" != l4 && "download" != l4 && "rowSpan" != l4 && "colSpan" != l4 && "role" != l4 && "popover" != l4 && l4 in n3) try {
      n3[l4] = null == u5 ? "" : u5;
      break n;
    } catch (n4) {
    }
    "function" == typeof u5 || (null == u5 || false === u5 && "-" != l4[4] ? n3.removeAttribute(l4) : n3.setAttribute(l4, "popover" == l4 && 1 == u5 ? "" : u5));
  }
}
function V(n3) {
  return function(u5) {
    if (this.l) {
      var t4 = this.l[u5.type + n3];
      if (null == u5[c]) u5[c] = h++;
      else if (u5[c] < t4[a]) return;
      return t4(l.event ? l.event(u5) : u5);
    }
  };
}
function q(n3, u5, t4, i4, r4, o4, e4, f5, c4, a4) {
  var s4, h5, p5, v4, y5, d5, _3, k4, x3, M2, I2, P2, A4, H2, T4, j4, F2 = u5.type;
  if (void 0 !== u5.constructor) return null;
  128 & t4.__u && (c4 = !!(32 & t4.__u), o4 = [f5 = u5.__e = t4.__e]), (s4 = l.__b) && s4(u5);
  n: if ("function" == typeof F2) {
    h5 = e4.length;
    try {
      if (x3 = u5.props, M2 = F2.prototype && F2.prototype.render, I2 = (s4 = F2.contextType) && i4[s4.__c], P2 = s4 ? I2 ? I2.props.value : s4.__ : i4, t4.__c ? k4 = (p5 = u5.__c = t4.__c).__ = p5.__E : (M2 ? u5.__c = p5 = new F2(x3, P2) : (u5.__c = p5 = new C(x3, P2), p5.constructor = F2, p5.render = Q), I2 && I2.sub(p5), p5.state || (p5.state = {}), p5.__n = i4, v4 = p5.__d = true, p5.__h = [], p5._sb = []), M2 && null == p5.__s && (p5.__s = p5.state), M2 && null != F2.getDerivedStateFromProps && (p5.__s == p5.state && (p5.__s = m({}, p5.__s)), m(p5.__s, F2.getDerivedStateFromProps(x3, p5.__s))), y5 = p5.props, d5 = p5.state, p5.__v = u5, v4) M2 && null == F2.getDerivedStateFromProps && null != p5.componentWillMount && p5.componentWillMount(), M2 && null != p5.componentDidMount && p5.__h.push(p5.componentDidMount);
      else {
        if (M2 && null == F2.getDerivedStateFromProps && x3 !== y5 && null != p5.componentWillReceiveProps && p5.componentWillReceiveProps(x3, P2), u5.__v == t4.__v || !p5.__e && null != p5.shouldComponentUpdate && false === p5.shouldComponentUpdate(x3, p5.__s, P2)) {
          u5.__v != t4.__v && (p5.props = x3, p5.state = p5.__s, p5.__d = false), u5.__e = t4.__e, u5.__k = t4.__k, u5.__k.some(function(n4) {
            n4 && (n4.__ = u5);
          }), w.push.apply(p5.__h, p5._sb), p5._sb = [], p5.__h.length && e4.push(p5), f5 = $(t4);
          break n;
        }
        null != p5.componentWillUpdate && p5.componentWillUpdate(x3, p5.__s, P2), M2 && null != p5.componentDidUpdate && p5.__h.push(function() {
          p5.componentDidUpdate(y5, d5, _3);
        });
      }
      if (p5.context = P2, p5.props = x3, p5.__P = n3, p5.__e = false, A4 = l.__r, H2 = 0, M2) p5.state = p5.__s, p5.__d = false, A4 && A4(u5), s4 = p5.render(p5.props, p5.state, p5.context), w.push.apply(p5.__h, p5._sb), p5._sb = [];
      else do {
        p5.__d = false, A4 && A4(u5), s4 = p5.render(p5.props, p5.state, p5.context), p5.state = p5.__s;
      } while (p5.__d && ++H2 < 25);
      p5.state = p5.__s, null != p5.getChildContext && (i4 = m(m({}, i4), p5.getChildContext())), M2 && !v4 && null != p5.getSnapshotBeforeUpdate && (_3 = p5.getSnapshotBeforeUpdate(y5, d5)), T4 = null != s4 && s4.type === S && null == s4.key ? E(s4.props.children) : s4, f5 = L(n3, g(T4) ? T4 : [T4], u5, t4, i4, r4, o4, e4, f5, c4, a4), p5.base = u5.__e, u5.__u &= -161, p5.__h.length && e4.push(p5), k4 && (p5.__E = p5.__ = null);
    } catch (n4) {
      if (e4.length = h5, u5.__v = null, c4 || null != o4) {
        if (n4.then) {
          for (u5.__u |= c4 ? 160 : 128; f5 && 8 == f5.nodeType && f5.nextSibling; ) f5 = f5.nextSibling;
          null != o4 && (o4[o4.indexOf(f5)] = null), u5.__e = f5;
        } else if (null != o4) for (j4 = o4.length; j4--; ) b(o4[j4]);
      } else u5.__e = t4.__e;
      null == u5.__k && (u5.__k = t4.__k || []), n4.then || B(u5), l.__e(n4, u5, t4);
    }
  } else null == o4 && u5.__v == t4.__v ? (u5.__k = t4.__k, u5.__e = t4.__e) : f5 = u5.__e = G(t4.__e, u5, t4, i4, r4, o4, e4, c4, a4);
  return (s4 = l.diffed) && s4(u5), 128 & u5.__u ? void 0 : f5;
}
function B(n3) {
  n3 && (n3.__c && (n3.__c.__e = true), n3.__k && n3.__k.some(B));
}
function D(n3, u5, t4) {
  for (var i4 = 0; i4 < t4.length; i4++) J(t4[i4], t4[++i4], t4[++i4]);
  l.__c && l.__c(u5, n3), n3.some(function(u6) {
    try {
      n3 = u6.__h, u6.__h = [], n3.some(function(n4) {
        n4.call(u6);
      });
    } catch (n4) {
      l.__e(n4, u6.__v);
    }
  });
}
function E(n3) {
  return "object" != typeof n3 || null == n3 || n3.__b > 0 ? n3 : g(n3) ? n3.map(E) : void 0 !== n3.constructor ? null : m({}, n3);
}
function G(u5, t4, i4, r4, o4, e4, f5, c4, a4) {
  var s4, h5, p5, v4, y5, w5, _3, m5 = i4.props || d, k4 = t4.props, x3 = t4.type;
  if ("svg" == x3 ? o4 = "http://www.w3.org/2000/svg" : "math" == x3 ? o4 = "http://www.w3.org/1998/Math/MathML" : o4 || (o4 = "http://www.w3.org/1999/xhtml"), null != e4) {
    for (s4 = 0; s4 < e4.length; s4++) if ((y5 = e4[s4]) && "setAttribute" in y5 == !!x3 && (x3 ? y5.localName == x3 : 3 == y5.nodeType)) {
      u5 = y5, e4[s4] = null;
      break;
    }
  }
  if (null == u5) {
    if (null == x3) return document.createTextNode(k4);
    u5 = document.createElementNS(o4, x3, k4.is && k4), c4 && (l.__m && l.__m(t4, e4), c4 = false), e4 = null;
  }
  if (null == x3) m5 === k4 || c4 && u5.data == k4 || (u5.data = k4);
  else {
    if (e4 = "textarea" == x3 && null != k4.defaultValue ? null : e4 && n.call(u5.childNodes), !c4 && null != e4) for (m5 = {}, s4 = 0; s4 < u5.attributes.length; s4++) m5[(y5 = u5.attributes[s4]).name] = y5.value;
    for (s4 in m5) y5 = m5[s4], "dangerouslySetInnerHTML" == s4 ? p5 = y5 : "children" == s4 || s4 in k4 || "value" == s4 && "defaultValue" in k4 || "checked" == s4 && "defaultChecked" in k4 || N(u5, s4, null, y5, o4);
    for (s4 in k4) y5 = k4[s4], "children" == s4 ? v4 = y5 : "dangerouslySetInnerHTML" == s4 ? h5 = y5 : "value" == s4 ? w5 = y5 : "checked" == s4 ? _3 = y5 : c4 && "function" != typeof y5 || m5[s4] === y5 || N(u5, s4, y5, m5[s4], o4);
    if (h5) c4 || p5 && (h5.__html == p5.__html || h5.__html == u5.innerHTML) || (u5.innerHTML = h5.__html), t4.__k = [];
    else if (p5 && (u5.innerHTML = ""), L("template" == t4.type ? u5.content : u5, g(v4) ? v4 : [v4], t4, i4, r4, "foreignObject" == x3 ? "http://www.w3.org/1999/xhtml" : o4, e4, f5, e4 ? e4[0] : i4.__k && $(i4, 0), c4, a4), null != e4) for (s4 = e4.length; s4--; ) b(e4[s4]);
    c4 && "textarea" != x3 || (s4 = "value", "progress" == x3 && null == w5 ? u5.removeAttribute("value") : null != w5 && (w5 !== u5[s4] || "progress" == x3 && !w5 || "option" == x3 && w5 != m5[s4]) && N(u5, s4, w5, m5[s4], o4), s4 = "checked", null != _3 && _3 != u5[s4] && N(u5, s4, _3, m5[s4], o4));
  }
  return u5;
}
function J(n3, u5, t4) {
  try {
    if ("function" == typeof n3) {
      var i4 = "function" == typeof n3.__u;
      i4 && n3.__u(), i4 && null == u5 || (n3.__u = n3(u5));
    } else n3.current = u5;
  } catch (n4) {
    l.__e(n4, t4);
  }
}
function K(n3, u5, t4) {
  var i4, r4;
  if (l.unmount && l.unmount(n3), (i4 = n3.ref) && (i4.current && i4.current != n3.__e || J(i4, null, u5)), null != (i4 = n3.__c)) {
    if (i4.componentWillUnmount) try {
      i4.componentWillUnmount();
    } catch (n4) {
      l.__e(n4, u5);
    }
    i4.base = i4.__P = i4.__n = null;
  }
  if (i4 = n3.__k) for (r4 = 0; r4 < i4.length; r4++) i4[r4] && K(i4[r4], u5, t4 || "function" != typeof n3.type);
  t4 || b(n3.__e), n3.__c = n3.__ = n3.__e = void 0;
}
function Q(n3, l4, u5) {
  return this.constructor(n3, u5);
}
function R(u5, t4, i4) {
  var r4, o4, e4, f5;
  t4 == document && (t4 = document.documentElement), l.__ && l.__(u5, t4), o4 = (r4 = "function" == typeof i4) ? null : i4 && i4.__k || t4.__k, e4 = [], f5 = [], q(t4, u5 = (!r4 && i4 || t4).__k = k(S, null, [u5]), o4 || d, d, t4.namespaceURI, !r4 && i4 ? [i4] : o4 ? null : t4.firstChild ? n.call(t4.childNodes) : null, e4, !r4 && i4 ? i4 : o4 ? o4.__e : t4.firstChild, r4, f5), D(e4, u5, f5), u5.props.children = null;
}
n = w.slice, l = { __e: function(n3, l4, u5, t4) {
  for (var i4, r4, o4; l4 = l4.__; ) if ((i4 = l4.__c) && !i4.__) try {
    if ((r4 = i4.constructor) && null != r4.getDerivedStateFromError && (i4.setState(r4.getDerivedStateFromError(n3)), o4 = i4.__d), null != i4.componentDidCatch && (i4.componentDidCatch(n3, t4 || {}), o4 = i4.__d), o4) return i4.__E = i4;
  } catch (l5) {
    n3 = l5;
  }
  throw n3;
} }, u = 0, t = function(n3) {
  return null != n3 && void 0 === n3.constructor;
}, C.prototype.setState = function(n3, l4) {
  var u5;
  u5 = null != this.__s && this.__s != this.state ? this.__s : this.__s = m({}, this.state), "function" == typeof n3 && (n3 = n3(m({}, u5), this.props)), n3 && m(u5, n3), null != n3 && this.__v && (l4 && this._sb.push(l4), A(this));
}, C.prototype.forceUpdate = function(n3) {
  this.__v && (this.__e = true, n3 && this.__h.push(n3), A(this));
}, C.prototype.render = S, i = [], o = "function" == typeof Promise ? Promise.prototype.then.bind(Promise.resolve()) : setTimeout, e = function(n3, l4) {
  return n3.__v.__b - l4.__v.__b;
}, H.__r = 0, f = Math.random().toString(8), c = "__d" + f, a = "__a" + f, s = /(PointerCapture)$|Capture$/i, h = 0, p = V(false), v = V(true), y = 0;

// ../../../node_modules/preact/hooks/dist/hooks.module.js
var t2;
var r2;
var u2;
var i2;
var o2 = 0;
var f2 = [];
var c2 = l;
var e2 = c2.__b;
var a2 = c2.__r;
var v2 = c2.diffed;
var l2 = c2.__c;
var m2 = c2.unmount;
var p2 = c2.__;
function s2(n3, t4) {
  c2.__h && c2.__h(r2, n3, o2 || t4), o2 = 0;
  var u5 = r2.__H || (r2.__H = { __: [], __h: [] });
  return n3 >= u5.__.length && u5.__.push({}), u5.__[n3];
}
function d2(n3) {
  return o2 = 1, y2(D2, n3);
}
function y2(n3, u5, i4) {
  var o4 = s2(t2++, 2);
  if (o4.t = n3, !o4.__c && (o4.__ = [i4 ? i4(u5) : D2(void 0, u5), function(n4) {
    var t4 = o4.__N ? o4.__N[0] : o4.__[0], r4 = o4.t(t4, n4);
    t4 !== r4 && (o4.__N = [r4, o4.__[1]], o4.__c.setState({}));
  }], o4.__c = r2, !r2.__f)) {
    var f5 = function(n4, t4, r4) {
      if (!o4.__c.__H) return true;
      var u6 = false, i5 = o4.__c.props !== n4;
      if (o4.__c.__H.__.some(function(n5) {
        if (n5.__N) {
          u6 = true;
          var t5 = n5.__[0];
          n5.__ = n5.__N, n5.__N = void 0, t5 !== n5.__[0] && (i5 = true);
        }
      }), c4) {
        var f6 = c4.call(this, n4, t4, r4);
        return u6 ? f6 || i5 : f6;
      }
      return !u6 || i5;
    };
    r2.__f = true;
    var c4 = r2.shouldComponentUpdate, e4 = r2.componentWillUpdate;
    r2.componentWillUpdate = function(n4, t4, r4) {
      if (this.__e) {
        var u6 = c4;
        c4 = void 0, f5(n4, t4, r4), c4 = u6;
      }
      e4 && e4.call(this, n4, t4, r4);
    }, r2.shouldComponentUpdate = f5;
  }
  return o4.__N || o4.__;
}
function h2(n3, u5) {
  var i4 = s2(t2++, 3);
  !c2.__s && C2(i4.__H, u5) && (i4.__ = n3, i4.u = u5, r2.__H.__h.push(i4));
}
function A2(n3) {
  return o2 = 5, T2(function() {
    return { current: n3 };
  }, []);
}
function T2(n3, r4) {
  var u5 = s2(t2++, 7);
  return C2(u5.__H, r4) && (u5.__ = n3(), u5.__H = r4, u5.__h = n3), u5.__;
}
function g2() {
  var n3 = s2(t2++, 11);
  if (!n3.__) {
    for (var u5 = r2.__v; null !== u5 && !u5.__m && null !== u5.__; ) u5 = u5.__;
    var i4 = u5.__m || (u5.__m = [0, 0]);
    n3.__ = "P" + i4[0] + "-" + i4[1]++;
  }
  return n3.__;
}
function j2() {
  for (var n3; n3 = f2.shift(); ) {
    var t4 = n3.__H;
    if (n3.__P && t4) try {
      t4.__h.some(z2), t4.__h.some(B2), t4.__h = [];
    } catch (r4) {
      t4.__h = [], c2.__e(r4, n3.__v);
    }
  }
}
c2.__b = function(n3) {
  r2 = null, e2 && e2(n3);
}, c2.__ = function(n3, t4) {
  n3 && t4.__k && t4.__k.__m && (n3.__m = t4.__k.__m), p2 && p2(n3, t4);
}, c2.__r = function(n3) {
  a2 && a2(n3), t2 = 0;
  var i4 = (r2 = n3.__c).__H;
  i4 && (u2 === r2 ? (i4.__h = [], r2.__h = [], i4.__.some(function(n4) {
    n4.__N && (n4.__ = n4.__N), n4.u = n4.__N = void 0;
  })) : (i4.__h.some(z2), i4.__h.some(B2), i4.__h = [], t2 = 0)), u2 = r2;
}, c2.diffed = function(n3) {
  v2 && v2(n3);
  var t4 = n3.__c;
  t4 && t4.__H && (t4.__H.__h.length && (1 !== f2.push(t4) && i2 === c2.requestAnimationFrame || ((i2 = c2.requestAnimationFrame) || w2)(j2)), t4.__H.__.some(function(n4) {
    n4.u && (n4.__H = n4.u, n4.u = void 0);
  })), u2 = r2 = null;
}, c2.__c = function(n3, t4) {
  t4.some(function(n4) {
    try {
      n4.__h.some(z2), n4.__h = n4.__h.filter(function(n5) {
        return !n5.__ || B2(n5);
      });
    } catch (r4) {
      t4.some(function(n5) {
        n5.__h && (n5.__h = []);
      }), t4 = [], c2.__e(r4, n4.__v);
    }
  }), l2 && l2(n3, t4);
}, c2.unmount = function(n3) {
  m2 && m2(n3);
  var t4, r4 = n3.__c;
  r4 && r4.__H && (r4.__H.__.some(function(n4) {
    try {
      z2(n4);
    } catch (n5) {
      t4 = n5;
    }
  }), r4.__H = void 0, t4 && c2.__e(t4, r4.__v));
};
var k2 = "function" == typeof requestAnimationFrame;
function w2(n3) {
  var t4, r4 = function() {
    clearTimeout(u5), k2 && cancelAnimationFrame(t4), setTimeout(n3);
  }, u5 = setTimeout(r4, 35);
  k2 && (t4 = requestAnimationFrame(r4));
}
function z2(n3) {
  var t4 = r2, u5 = n3.__c;
  "function" == typeof u5 && (n3.__c = void 0, u5()), r2 = t4;
}
function B2(n3) {
  var t4 = r2;
  n3.__c = n3.__(), r2 = t4;
}
function C2(n3, t4) {
  return !n3 || n3.length !== t4.length || t4.some(function(t5, r4) {
    return t5 !== n3[r4];
  });
}
function D2(n3, t4) {
  return "function" == typeof t4 ? t4(n3) : t4;
}

// ../../../node_modules/@preact/signals-core/dist/signals-core.module.js
var i3 = /* @__PURE__ */ Symbol.for("preact-signals");
function t3() {
  if (!(v3 > 1)) {
    var i4, t4 = false;
    !(function() {
      var i5 = c3;
      c3 = void 0;
      while (void 0 !== i5) {
        var t5 = i5.S;
        if (t5.v === i5.v) {
          for (var r5 = t5.t; void 0 !== r5; r5 = r5.x) if (r5.i === i5.i) r5.i = t5.i;
        }
        i5 = i5.o;
      }
    })();
    while (void 0 !== h3) {
      var r4 = h3;
      h3 = void 0;
      s3++;
      while (void 0 !== r4) {
        var n3 = r4.u;
        r4.u = void 0;
        r4.f &= -3;
        if (!(8 & r4.f) && w3(r4)) try {
          r4.c();
        } catch (r5) {
          if (!t4) {
            i4 = r5;
            t4 = true;
          }
        }
        r4 = n3;
      }
    }
    s3 = 0;
    v3--;
    if (t4) throw i4;
  } else v3--;
}
function r3(i4) {
  if (v3 > 0) return i4();
  u3 = ++e3;
  v3++;
  try {
    return i4();
  } finally {
    t3();
  }
}
var n2;
var o3 = void 0;
function f3(i4) {
  var t4 = o3, r4 = n2;
  o3 = void 0;
  n2 = void 0;
  try {
    return i4();
  } finally {
    o3 = t4;
    n2 = r4;
  }
}
var h3 = void 0;
var v3 = 0;
var s3 = 0;
var e3 = 0;
var u3 = 0;
var c3 = void 0;
var a3 = 0;
function d3(i4) {
  if (void 0 !== o3) {
    var t4 = i4.n;
    if (void 0 === t4 || t4.t !== o3) {
      t4 = { i: 0, S: i4, p: o3.s, n: void 0, t: o3, e: void 0, x: void 0, r: t4 };
      if (void 0 !== o3.s) o3.s.n = t4;
      o3.s = t4;
      i4.n = t4;
      if (32 & o3.f) i4.S(t4);
      return t4;
    } else if (-1 === t4.i) {
      t4.i = 0;
      if (void 0 !== t4.n) {
        t4.n.p = t4.p;
        if (void 0 !== t4.p) t4.p.n = t4.n;
        t4.p = o3.s;
        t4.n = void 0;
        o3.s.n = t4;
        o3.s = t4;
      }
      return t4;
    }
  }
}
function l3(i4, t4) {
  this.v = i4;
  this.i = 0;
  this.n = void 0;
  this.t = void 0;
  this.l = 0;
  this.W = null == t4 ? void 0 : t4.watched;
  this.Z = null == t4 ? void 0 : t4.unwatched;
  this.name = null == t4 ? void 0 : t4.name;
}
l3.prototype.brand = i3;
l3.prototype.h = function() {
  return true;
};
l3.prototype.S = function(i4) {
  var t4 = this, r4 = this.t;
  if (r4 !== i4 && void 0 === i4.e) {
    i4.x = r4;
    this.t = i4;
    if (void 0 !== r4) r4.e = i4;
    else f3(function() {
      var i5;
      null == (i5 = t4.W) || i5.call(t4);
    });
  }
};
l3.prototype.U = function(i4) {
  var t4 = this;
  if (void 0 !== this.t) {
    var r4 = i4.e, n3 = i4.x;
    if (void 0 !== r4) {
      r4.x = n3;
      i4.e = void 0;
    }
    if (void 0 !== n3) {
      n3.e = r4;
      i4.x = void 0;
    }
    if (i4 === this.t) {
      this.t = n3;
      if (void 0 === n3) f3(function() {
        var i5;
        null == (i5 = t4.Z) || i5.call(t4);
      });
    }
  }
};
l3.prototype.subscribe = function(i4) {
  var t4 = this;
  return x2(function() {
    var r4 = t4.value;
    f3(function() {
      return i4(r4);
    });
  }, { name: "sub" });
};
l3.prototype.valueOf = function() {
  return this.value;
};
l3.prototype.toString = function() {
  return this.value + "";
};
l3.prototype.toJSON = function() {
  return this.value;
};
l3.prototype.peek = function() {
  var i4 = this;
  return f3(function() {
    return i4.value;
  });
};
Object.defineProperty(l3.prototype, "value", { get: function() {
  var i4 = d3(this);
  if (void 0 !== i4) i4.i = this.i;
  return this.v;
}, set: function(i4) {
  if (i4 !== this.v) {
    if (s3 > 100) throw new Error("Cycle detected");
    !(function(i5) {
      if (0 !== v3 && 0 === s3) {
        if (i5.l !== u3) {
          i5.l = u3;
          c3 = { S: i5, v: i5.v, i: i5.i, o: c3 };
        }
      }
    })(this);
    this.v = i4;
    this.i++;
    a3++;
    v3++;
    try {
      for (var r4 = this.t; void 0 !== r4; r4 = r4.x) r4.t.N();
    } finally {
      t3();
    }
  }
} });
function y3(i4, t4) {
  return new l3(i4, t4);
}
function w3(i4) {
  for (var t4 = i4.s; void 0 !== t4; t4 = t4.n) if (t4.S.i !== t4.i || !t4.S.h() || t4.S.i !== t4.i) return true;
  return false;
}
function b2(i4) {
  for (var t4 = i4.s; void 0 !== t4; t4 = t4.n) {
    var r4 = t4.S.n;
    if (void 0 !== r4) t4.r = r4;
    t4.S.n = t4;
    t4.i = -1;
    if (void 0 === t4.n) {
      i4.s = t4;
      break;
    }
  }
}
function _2(i4) {
  var t4 = i4.s, r4 = void 0;
  while (void 0 !== t4) {
    var n3 = t4.p;
    if (-1 === t4.i) {
      t4.S.U(t4);
      if (void 0 !== n3) n3.n = t4.n;
      if (void 0 !== t4.n) t4.n.p = n3;
    } else r4 = t4;
    t4.S.n = t4.r;
    if (void 0 !== t4.r) t4.r = void 0;
    t4 = n3;
  }
  i4.s = r4;
}
function j3(i4, t4) {
  l3.call(this, void 0, t4);
  this.x = i4;
  this.s = void 0;
  this.g = a3 - 1;
  this.f = 4;
}
j3.prototype = new l3();
j3.prototype.h = function() {
  this.f &= -3;
  if (1 & this.f) return false;
  if (32 == (36 & this.f)) return true;
  this.f &= -5;
  if (this.g === a3) return true;
  this.g = a3;
  this.f |= 1;
  if (this.i > 0 && !w3(this)) {
    this.f &= -2;
    return true;
  }
  var i4 = o3;
  try {
    b2(this);
    o3 = this;
    var t4 = this.x();
    if (16 & this.f || this.v !== t4 || 0 === this.i) {
      this.v = t4;
      this.f &= -17;
      this.i++;
    }
  } catch (i5) {
    this.v = i5;
    this.f |= 16;
    this.i++;
  }
  o3 = i4;
  _2(this);
  this.f &= -2;
  return true;
};
j3.prototype.S = function(i4) {
  if (void 0 === this.t) {
    this.f |= 36;
    for (var t4 = this.s; void 0 !== t4; t4 = t4.n) t4.S.S(t4);
  }
  l3.prototype.S.call(this, i4);
};
j3.prototype.U = function(i4) {
  if (void 0 !== this.t) {
    l3.prototype.U.call(this, i4);
    if (void 0 === this.t) {
      this.f &= -33;
      for (var t4 = this.s; void 0 !== t4; t4 = t4.n) t4.S.U(t4);
    }
  }
};
j3.prototype.N = function() {
  if (!(2 & this.f)) {
    this.f |= 6;
    for (var i4 = this.t; void 0 !== i4; i4 = i4.x) i4.t.N();
  }
};
Object.defineProperty(j3.prototype, "value", { get: function() {
  if (1 & this.f) throw new Error("Cycle detected");
  var i4 = d3(this);
  this.h();
  if (void 0 !== i4) i4.i = this.i;
  if (16 & this.f) throw this.v;
  return this.v;
} });
function O2(i4, t4) {
  return new j3(i4, t4);
}
function p3(i4) {
  var r4 = i4.j;
  i4.j = void 0;
  if ("function" == typeof r4) {
    v3++;
    var n3 = o3;
    o3 = void 0;
    try {
      r4();
    } catch (t4) {
      i4.f &= -2;
      i4.f |= 8;
      g3(i4);
      throw t4;
    } finally {
      o3 = n3;
      t3();
    }
  }
}
function g3(i4) {
  for (var t4 = i4.s; void 0 !== t4; t4 = t4.n) t4.S.U(t4);
  i4.x = void 0;
  i4.s = void 0;
  p3(i4);
}
function S2(i4) {
  if (o3 !== this) throw new Error("Out-of-order effect");
  _2(this);
  o3 = i4;
  this.f &= -2;
  try {
    if (8 & this.f) g3(this);
  } finally {
    t3();
  }
}
function m3(i4, t4) {
  this.x = i4;
  this.j = void 0;
  this.s = void 0;
  this.u = void 0;
  this.f = 32;
  this.name = null == t4 ? void 0 : t4.name;
  if (n2) n2.push(this);
}
m3.prototype.c = function() {
  var i4 = this.S();
  try {
    if (8 & this.f) return;
    if (void 0 === this.x) return;
    var t4 = this.x();
    if ("function" == typeof t4) this.j = t4;
  } finally {
    i4();
  }
};
m3.prototype.S = function() {
  if (1 & this.f) throw new Error("Cycle detected");
  this.f |= 1;
  this.f &= -9;
  p3(this);
  b2(this);
  v3++;
  var i4 = o3;
  o3 = this;
  return S2.bind(this, i4);
};
m3.prototype.N = function() {
  if (!(2 & this.f)) {
    this.f |= 2;
    this.u = h3;
    h3 = this;
  }
};
m3.prototype.d = function() {
  this.f |= 8;
  if (!(1 & this.f)) g3(this);
};
m3.prototype.dispose = function() {
  this.d();
};
function x2(i4, t4) {
  var r4 = new m3(i4, t4);
  try {
    r4.c();
  } catch (i5) {
    r4.d();
    throw i5;
  }
  var n3 = r4.d.bind(r4);
  n3[Symbol.dispose] = n3;
  return n3;
}

// ../../../node_modules/@preact/signals/dist/signals.module.js
var h4;
var d4;
var p4;
var m4 = "undefined" != typeof window && !!window.__PREACT_SIGNALS_DEVTOOLS__;
var g4 = [];
x2(function() {
  h4 = this.N;
})();
function b3(i4, n3) {
  l[i4] = n3.bind(null, l[i4] || function() {
  });
}
function y4(i4) {
  if (p4) {
    var n3 = p4;
    p4 = void 0;
    n3();
  }
  p4 = i4 && i4.S();
}
function w4(i4) {
  var n3 = this, r4 = i4.data, t4 = useSignal(r4);
  t4.name = "ReactiveDom";
  t4.value = r4;
  var e4 = T2(function() {
    var i5 = n3, r5 = n3.__v;
    while (r5 = r5.__) if (r5.__c) {
      r5.__c.__$f |= 4;
      break;
    }
    var o4 = O2(function() {
      var i6 = t4.value.value;
      return 0 === i6 ? 0 : true === i6 ? "" : i6 || "";
    }), e6 = O2(function() {
      return !Array.isArray(o4.value) && !t(o4.value);
    }), u6 = x2(function() {
      this.N = M;
      if (e6.value) {
        var n4 = o4.value;
        if (i5.__v && i5.__v.__e && 3 === i5.__v.__e.nodeType) i5.__v.__e.data = n4;
      }
    }), c5 = n3.__$u.d;
    n3.__$u.d = function() {
      u6();
      c5.call(this);
    };
    return [e6, o4];
  }, []), u5 = e4[0], c4 = e4[1];
  return u5.value ? c4.peek() : c4.value;
}
w4.displayName = "ReactiveTextNode";
Object.defineProperties(l3.prototype, { constructor: { configurable: true, value: k(S, null).constructor }, type: { configurable: true, value: w4 }, props: { configurable: true, get: function() {
  var i4 = this;
  return { data: { get value() {
    return i4.value;
  } } };
} }, __b: { configurable: true, value: 1 } });
b3("__b", function(i4, n3) {
  y4();
  d4 = void 0;
  if ("string" == typeof n3.type) {
    var r4, t4 = n3.props;
    for (var f5 in t4) if ("children" !== f5) {
      var o4 = t4[f5];
      if (o4 instanceof l3) {
        if (!r4) n3.__np = r4 = {};
        r4[f5] = o4;
        t4[f5] = o4.peek();
      }
    }
  }
  i4(n3);
});
b3("__r", function(i4, r4) {
  i4(r4);
  if (r4.type !== S) {
    y4();
    var t4, f5 = r4.__c;
    if (f5) {
      f5.__$f &= -2;
      if (void 0 === (t4 = f5.__$u)) f5.__$u = t4 = (function(i5, n3) {
        var r5;
        x2(function() {
          r5 = this;
        }, { name: n3 });
        r5.c = i5;
        return r5;
      })(/* @__PURE__ */ (function(i5) {
        return function() {
          var n3;
          if (m4) null == (n3 = this.y) || n3.call(this);
          i5.__$f |= 1;
          i5.setState({});
        };
      })(f5), "function" == typeof r4.type ? r4.type.displayName || r4.type.name : "");
    }
    d4 = f5;
    y4(t4);
  }
});
b3("__e", function(i4, n3, r4, t4) {
  y4();
  d4 = void 0;
  i4(n3, r4, t4);
});
b3("diffed", function(i4, n3) {
  y4();
  d4 = void 0;
  var r4;
  if ("string" == typeof n3.type && (r4 = n3.__e)) {
    var t4 = n3.__np, f5 = n3.props, o4 = r4.U;
    if (o4) for (var e4 in o4) {
      var u5 = o4[e4];
      if (!(void 0 === u5 || t4 && e4 in t4)) {
        u5.d();
        o4[e4] = void 0;
      }
    }
    if (t4) {
      if (!o4) {
        o4 = {};
        r4.U = o4;
      }
      for (var a4 in t4) {
        var c4 = o4[a4], v4 = t4[a4];
        if (void 0 === c4) {
          c4 = k3(r4, a4, v4, f5);
          o4[a4] = c4;
        } else c4.o(v4, f5);
      }
    }
  }
  i4(n3);
});
function k3(i4, n3, r4, t4) {
  var f5 = n3 in i4 && void 0 === i4.ownerSVGElement, o4 = y3(r4);
  return { o: function(i5, n4) {
    o4.value = i5;
    t4 = n4;
  }, d: x2(function() {
    this.N = M;
    var r5 = o4.value.value;
    if (t4[n3] !== r5) {
      t4[n3] = r5;
      if (f5) i4[n3] = r5;
      else if (null != r5 && (false !== r5 || "-" === n3[4])) i4.setAttribute(n3, r5);
      else i4.removeAttribute(n3);
    }
  }) };
}
b3("unmount", function(i4, n3) {
  if ("string" == typeof n3.type) {
    var r4 = n3.__e;
    if (r4) {
      var t4 = r4.U;
      if (t4) {
        r4.U = void 0;
        for (var f5 in t4) {
          var o4 = t4[f5];
          if (o4) o4.d();
        }
      }
    }
    var e4 = n3.__np;
    if (e4) {
      var u5 = n3.props;
      for (var a4 in e4) u5[a4] = e4[a4];
    }
    n3.__np = void 0;
  } else {
    var c4 = n3.__c;
    if (c4) {
      c4.__$f |= 8;
      var v4 = c4.__$u;
      if (v4) {
        c4.__$u = void 0;
        v4.d();
      }
    }
  }
  i4(n3);
});
b3("__h", function(i4, n3, r4, t4) {
  if (t4 < 3) n3.__$f |= 2;
  i4(n3, r4, t4);
});
C.prototype.shouldComponentUpdate = function(i4, n3) {
  if (this.__R) return true;
  var r4 = this.__$u, t4 = r4 && void 0 !== r4.s;
  for (var f5 in n3) return true;
  if (this.__f || "boolean" == typeof this.u && true === this.u) {
    var o4 = 2 & this.__$f;
    if (!(t4 || o4 || 4 & this.__$f)) return true;
    if (1 & this.__$f) return true;
  } else {
    if (!(t4 || 4 & this.__$f)) return true;
    if (3 & this.__$f) return true;
  }
  for (var e4 in i4) if ("__source" !== e4 && i4[e4] !== this.props[e4]) return true;
  for (var u5 in this.props) if (!(u5 in i4)) return true;
  return false;
};
function useSignal(i4, n3) {
  return T2(function() {
    return y3(i4, n3);
  }, []);
}
var A3 = function(i4) {
  queueMicrotask(function() {
    queueMicrotask(i4);
  });
};
function F() {
  r3(function() {
    var i4;
    while (i4 = g4.shift()) h4.call(i4);
  });
}
function M() {
  if (1 === g4.push(this)) (l.requestAnimationFrame || A3)(F);
}

// shared/dom.js
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== void 0) node.setAttribute(name, value);
  }
  node.append(...children.filter((c4) => c4 !== null && c4 !== void 0));
  return node;
}
function root(el, name) {
  const node = make("div", { class: `cl-widget ${name}`, "data-lm-suppress-shortcuts": "true" });
  node.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  el.append(node);
  return node;
}
var themes = /* @__PURE__ */ new WeakMap();
function themeOf(node) {
  const known = themes.get(node), now = performance.now();
  if (known && now - known.at < 1e3) return known.theme;
  const theme = readTheme(node);
  themes.set(node, { theme, at: now });
  return theme;
}
function readTheme(node) {
  const style = getComputedStyle(node);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  return {
    paper: read("--cl-paper", "#fff"),
    ink: read("--cl-ink", "#222"),
    quiet: read("--cl-quiet", "#666"),
    faint: read("--cl-faint", "#e4e4e4"),
    accent: read("--cl-accent", "#0072b2"),
    up: read("--cl-up", "#d1219b"),
    down: read("--cl-down", "#7c5ce0"),
    font: style.fontFamily || "sans-serif"
  };
}
function onTheme(f5) {
  const watch = new MutationObserver(() => {
    themes = /* @__PURE__ */ new WeakMap();
    f5();
  });
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => watch.disconnect();
}
function download(name, text, type = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1e3);
}

// shared/genes.js
var PAUSE = 120;
var GeneSearch = class {
  /**
   * @param {(text: string) => void} ask  Asks for genes; the answer comes through `answered`.
   * @param {(gene: Gene) => void} choose
   * @param {(text: string) => boolean} elsewhere  Whether Enter went to what the text names, which is no gene.
   */
  constructor(ask, choose, elsewhere = () => false) {
    this.ask = ask;
    this.choose = choose;
    this.elsewhere = elsewhere;
    this.text = y3("");
    this.found = y3([]);
    this.at = y3(0);
    this.problem = y3("");
    this.timer = null;
    this.foundFor = null;
    this.waiting = false;
  }
  /** The reader has typed, or came back to the box. */
  type(text) {
    this.text.value = text;
    this.problem.value = "";
    this.waiting = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(text), PAUSE);
  }
  /** Genes found for a text. Those of an older text are not shown. */
  answered(text, found2) {
    if (text !== this.text.value) return;
    this.foundFor = text;
    this.found.value = found2;
    this.at.value = 0;
    if (this.waiting) this.enter();
  }
  /** Choose the gene of that very name or id, else the one marked; wait where the text is not yet answered. */
  enter() {
    const text = this.text.value, plain = text.trim().toLowerCase();
    clearTimeout(this.timer);
    if (!plain) return;
    if (this.elsewhere(text.trim())) {
      this.rest("");
      return;
    }
    if (this.foundFor !== text) {
      this.waiting = true;
      this.ask(text);
      return;
    }
    this.waiting = false;
    const found2 = this.found.value, moved = this.at.value > 0;
    const exact = found2.find((g5) => [g5.gene_name, g5.gene_id].some((name) => name.toLowerCase() === plain));
    const gene2 = (moved ? null : exact) || found2[this.at.value];
    if (gene2) this.pick(gene2);
    else this.problem.value = `No gene has “${text.trim()}” in its name or id.`;
  }
  pick(gene2) {
    this.rest(gene2.gene_name || gene2.gene_id);
    this.choose(gene2);
  }
  /** The list closes; the box says `text`. */
  rest(text = this.text.value) {
    clearTimeout(this.timer);
    this.waiting = false;
    this.text.value = text;
    this.problem.value = "";
    this.found.value = [];
    this.foundFor = null;
  }
  move(by) {
    const n3 = this.found.value.length;
    if (n3) this.at.value = (this.at.value + by + n3) % n3;
  }
};

// shared/wire.js
function floatsOf(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
var viewOf = (b4) => b4 instanceof DataView ? b4 : new DataView(b4.buffer || b4);
var Wire = class {
  /**
   * @param {Model} model
   * @param {{onReply: (reply: Message, buffers: DataView[], request: Message) => void, onIdle?: () => void,
   *   merge?: (last: Message, next: Message) => Message | null}} handlers
   */
  constructor(model, { onReply, onIdle = () => {
  }, merge = (_last, _next) => null }) {
    this.model = model;
    this.onReply = onReply;
    this.onIdle = onIdle;
    this.merge = merge;
    this.waiting = [];
    this.underWay = null;
    this.seq = 0;
    this.id = Math.random().toString(36).slice(2, 8);
    this.receive = (reply, buffers) => {
      if (!this.underWay || reply.seq !== this.underWay.seq) return;
      const request = this.underWay;
      this.underWay = null;
      this.onReply(reply, (buffers || []).map(viewOf), request);
      this.pump();
      if (!this.underWay) this.onIdle();
    };
    model.on("msg:custom", this.receive);
  }
  /** Whether a reply answers this view of the widget; all views receive it. */
  mine(reply) {
    return String(reply.seq).startsWith(`${this.id}-`);
  }
  get busy() {
    return this.underWay !== null;
  }
  ask(request) {
    const last = this.waiting[this.waiting.length - 1];
    const both = last && this.merge(last, request);
    if (both) this.waiting[this.waiting.length - 1] = both;
    else this.waiting.push(request);
    this.pump();
  }
  pump() {
    if (this.underWay || !this.waiting.length) return;
    this.underWay = { ...this.waiting.shift(), seq: `${this.id}-${++this.seq}`, sent: performance.now() };
    try {
      this.model.send(this.underWay);
    } catch (error) {
      console.warn(error);
    }
  }
  close() {
    this.model.off("msg:custom", this.receive);
    this.waiting = [];
    this.underWay = null;
  }
};

// whatif/kept.js
var PLACE = "chromolab.whatif";
var LARGEST = 4e6;
var Keeper = class {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.steps = /* @__PURE__ */ new Map();
    this.now = null;
    this.last = null;
  }
  /** The edits change, and their texts are not yet told. */
  turned() {
    this.now = null;
  }
  newGene() {
    this.now = this.last = null;
  }
  /** Python took these actions for a gene. */
  took(key, actions) {
    const kept2 = this.steps.get(key);
    if (kept2 === null) return;
    this.steps.set(key, [...kept2 || [], ...actions.filter((a4) => !a4.draft && a4.do !== "cancel")]);
  }
  /** Code or another view made steps that this page did not see. */
  lost(key) {
    if (key) this.steps.set(key, null);
  }
  /** A gene is shown; does this page know how its edits came about? */
  shown(state) {
    if (state.edits && !this.steps.get(state.key)) this.lost(state.key);
  }
  /** The texts of the edits, for whom they were asked. */
  tookText(reply, as) {
    const { lab } = this, { state } = lab;
    this.now = this.last = reply;
    if (as === "json") this.saveFile(reply.json);
    if (as === "python") {
      lab.code.value = reply.python;
      const copied = () => lab.say("The script is on the clipboard.");
      navigator.clipboard?.writeText(reply.python).then(copied, () => {
      });
    }
    if (!state.edits) return;
    const { gene_id, cell_type, gene_name } = state.gene, { edits } = state;
    const actions = this.steps.get(state.key) || [{ do: "load", text: reply.json }];
    keep({ gene_id, cell_type, name: gene_name || gene_id, marks: lab.marks.map((m5) => m5.name), edits, actions });
  }
  /** The edits as a file; without Python the last that it told, and what was drawn since. */
  save() {
    const { wire, stopped } = this.lab;
    if (this.now) return this.saveFile(this.now.json);
    if (!stopped.value || !this.last) return this.lab.ask({ kind: "text", as: "json" });
    const open = [wire.underWay, ...wire.waiting].flatMap((request) => request?.actions || []);
    return this.saveFile(withUnanswered(this.last.json, open));
  }
  saveFile(text) {
    download(`edits-${this.lab.state.gene.gene_id.replace(/[^\w.-]+/g, "_")}.json`, text);
    this.lab.say("Saved.");
  }
  /** @param {HTMLInputElement} input */
  async load(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > LARGEST) this.lab.say(`${file.name}: ${Math.round(file.size / 1e6)} MB; the lab takes 4`, true);
    else this.lab.act({ do: "load", text: await file.text(), file: file.name });
  }
  /** A new lab without edits: were some made in this tab before? */
  offer() {
    const record = recalled(this.lab.marks.map((m5) => m5.name));
    if (record && !this.lab.state.edits) this.lab.offered.value = record;
  }
  bringBack() {
    const { gene_id, cell_type, actions } = this.lab.offered.value;
    this.lab.offered.value = null;
    this.lab.ask({ kind: "gene", gene_id, cell_type });
    this.lab.ask({ kind: "act", actions });
  }
  forget() {
    this.lab.offered.value = null;
    keep(null);
  }
};
function keep(record) {
  try {
    if (record) sessionStorage.setItem(PLACE, JSON.stringify(record));
    else sessionStorage.removeItem(PLACE);
  } catch {
  }
}
function recalled(marks) {
  try {
    const record = JSON.parse(sessionStorage.getItem(PLACE) || "null");
    return record && record.edits > 0 && record.marks.join() === marks.join() ? record : null;
  } catch {
    return null;
  }
}
function withUnanswered(text, actions) {
  const file = JSON.parse(text);
  for (const action of actions) {
    if (!action.draft && (action.do === "add" || action.do === "put")) file.edits.push(...action.edits);
  }
  return `${JSON.stringify(file, null, 1)}
`;
}

// whatif/keys.js
var HELP = [
  ["← → (Ctrl: ten bins)", "move along the track; with Shift, select"],
  ["Page Up, Page Down", "the mark above, below"],
  [", .", "the region to the left, to the right"],
  ["Home", "to the transcription start"],
  ["↑ ↓ (Shift: more)", "paint the selection higher, lower"],
  ["Delete", "erase the selection"],
  ["C", "cut the region’s contact, or restore it"],
  ["[ ]", "lower, raise the contact’s frequency"],
  ["P E S R V", "paint, erase, scale, select, move with the mouse or pen"],
  ["W", "show the region wide"],
  ["+ −", "zoom in, out"],
  ["Ctrl+Z, Ctrl+Y", "undo, redo"],
  ["Escape", "give up the stroke; forget the selection"],
  ["? ", "these keys"]
];
var TOOL_KEYS = { p: "paint", e: "erase", s: "scale", r: "select", v: "move" };
var PAINTING = /* @__PURE__ */ new Set(["ArrowUp", "ArrowDown", "Delete", "Backspace", "c", "[", "]"]);
function keyOnTracks(lab, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key, { cursor, state } = lab;
  const command = event.ctrlKey || event.metaKey, far = command ? 10 : 1, bins = state.regions[cursor.region].bins;
  const moves = {
    ArrowLeft: () => lab.moveTo({ bin: Math.max(0, cursor.bin - far) }, event.shiftKey),
    ArrowRight: () => lab.moveTo({ bin: Math.min(bins - 1, cursor.bin + far) }, event.shiftKey),
    PageUp: () => lab.moveTo({ mark: Math.max(0, cursor.mark - 1) }, true),
    PageDown: () => lab.moveTo({ mark: Math.min(state.marks.length - 1, cursor.mark + 1) }, true),
    Home: () => lab.toTss(),
    ",": () => lab.nextRegion(-1),
    ".": () => lab.nextRegion(1),
    ArrowUp: () => lab.presses.raise(event.shiftKey ? 5 : 1),
    ArrowDown: () => lab.presses.raise(event.shiftKey ? -5 : -1),
    Delete: () => lab.presses.erase(),
    Backspace: () => lab.presses.erase(),
    c: () => lab.presses.toggleContact(cursor.region),
    w: () => lab.widen(cursor.region),
    "[": () => lab.presses.nudgeContact(cursor.region, 0.8),
    "]": () => lab.presses.nudgeContact(cursor.region, 1.25),
    "+": () => lab.zoom(2),
    "=": () => lab.zoom(2),
    "-": () => lab.zoom(0.5),
    Escape: () => lab.dropStroke()
  };
  const plain = !command && !event.altKey;
  const does = moves[key] || TOOL_KEYS[key] && (() => lab.tool.value = TOOL_KEYS[key]);
  if (!does || event.altKey || !plain && key.length === 1 || PAINTING.has(key) && !lab.mayEdit()) return false;
  lab.byKeys(true);
  does();
  return true;
}
function keyInLab(lab, event) {
  const target = (
    /** @type {HTMLElement} */
    event.target
  );
  const typing = target.matches("input:not([type=range]):not([type=checkbox]), textarea, select");
  const command = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
  let ours = true;
  if (command && !typing && key === "z") lab.act({ do: event.shiftKey ? "redo" : "undo" });
  else if (command && !typing && key === "y") lab.act({ do: "redo" });
  else if (event.key === "?" && !typing) lab.help.value = !lab.help.value;
  else if (event.key === "Escape" && lab.help.value) lab.help.value = false;
  else ours = Boolean(lab.state) && target === lab.tracks?.canvas && keyOnTracks(lab, event);
  if (!ours) return;
  event.preventDefault();
  event.stopPropagation();
}

// whatif/state.js
var isPcre = (region) => region.rank > 0;
var nameOf = (region) => isPcre(region) ? `pCRE ${region.rank}` : region.rank === 0 ? "window" : "whole gene";
var State = class {
  /** @param {Mark[]} marks */
  constructor(marks) {
    this.marks = marks;
    this.regions = [];
    this.predicted = {};
    this.edits = 0;
    this.undo = this.redo = false;
    this.gene = null;
    this.before = this.after = null;
    this.print = "";
    this.tops = [];
    this.neighbours = [];
    this.recipes = [];
    this.notices = [];
    this.missions = [];
    this.words = {};
    this.can = [];
  }
  /**
   * Take over a state as Python sends it.
   * @param {import("../shared/wire.js").Message} reply
   * @param {DataView[]} buffers
   */
  take(reply, buffers) {
    for (const key of ["regions", "predicted", "edits", "undo", "redo"]) this[key] = reply[key];
    this.after = floatsOf(buffers[0]);
    this.print = printOf(this.after, this.regions);
    if (reply.gene) {
      this.gene = reply.gene;
      this.before = floatsOf(buffers[1]);
      for (const key of ["neighbours", "recipes", "notices", "missions", "can"]) this[key] = reply[key] || [];
      this.words = reply.words || {};
    }
    this.tops = this.gene.tops.slice();
    const m5 = this.marks.length;
    for (const depth of [this.before, this.after]) {
      for (let i4 = 0; i4 < depth.length; i4++) if (depth[i4] > this.tops[i4 % m5]) this.tops[i4 % m5] = depth[i4];
    }
  }
  /** Which gene in which cell type, as one text. */
  get key() {
    return this.gene ? `${this.gene.gene_id}
${this.gene.cell_type}` : "";
  }
  /** 1 where the gene is read along the chromosome, -1 against it. */
  get direction() {
    return this.gene.strand === "-" ? -1 : 1;
  }
  /** Distance of a place from the TSS in kb, downstream positive: as the gene is read, on either strand. */
  kb(bp) {
    return this.direction * (bp - this.gene.tss) / 1e3;
  }
  /**
   * A copy of one mark's bins in a region; null for a region that this copy of the depth lacks.
   * @param {Float32Array} depth
   * @param {Region} region
   * @param {number} mark
   */
  track(depth, region, mark) {
    const m5 = this.marks.length;
    if ((region.offset + region.bins) * m5 > depth.length) return null;
    return Float32Array.from({ length: region.bins }, (_3, i4) => depth[(region.offset + i4) * m5 + mark]);
  }
  set(region, bin, mark, value) {
    this.after[(region.offset + bin) * this.marks.length + mark] = value;
  }
  /** A bin in words. @param {{region: number, mark: number, bin: number}} at */
  inWords({ region, mark, bin }) {
    const r4 = this.regions[region], { name, unit } = this.marks[mark], value = this.track(this.after, r4, mark)[bin], number = Number.isFinite(value) ? `${value.toFixed(2)} ${unit || ""}` : "no data";
    return `${name}, ${nameOf(r4)}, ${this.kb(r4.start + bin * this.gene.bin_size).toFixed(1)} kb from the TSS: ${number}`;
  }
  /** "chrom:start-end" of a region, or of some of its bins. */
  place(region, first = 0, last = region.bins - 1) {
    const size = this.gene.bin_size;
    return `${region.chrom}:${region.start + first * size}-${Math.min(region.start + (last + 1) * size, region.end)}`;
  }
};
function printOf(depth, regions) {
  let hash = 2166136261;
  const bits = new Int32Array(depth.buffer, depth.byteOffset, depth.length);
  for (let i4 = 0; i4 < bits.length; i4++) hash = Math.imul(hash ^ bits[i4], 16777619);
  return `${hash} ${regions.map((r4) => r4.now).join()}`;
}
function mergeRequests(last, next) {
  if (last.kind === "letters" && next.kind === "letters") return next;
  if (last.kind === "search" && next.kind === "search" && last.box === next.box) return next;
  if (last.kind !== "act" || next.kind !== "act") return null;
  return { ...next, actions: [...last.actions.filter((a4) => !a4.draft), ...next.actions] };
}

// whatif/layout.js
var SIZE = {
  right: 8,
  gap: 9,
  arcs: 62,
  head: 32,
  carried: 30,
  attention: 20,
  row: 36,
  genes: 46,
  bins: 18,
  axis: 34
};
var GENE = 0.28;
var AT_TSS = 12;
var Layout = class {
  /**
   * @param {number} width
   * @param {import("./state.js").State} state
   * @param {number} wide  Index of the wide region.
   * @param {import("./view.js").View | null} view  What it shows; null: all.
   * @param {{carried: boolean, attention: boolean}} shown
   */
  constructor(width, state, wide, view, shown2) {
    this.width = width;
    this.state = state;
    this.wide = wide;
    this.left = width < 480 ? 66 : 92;
    const order = state.regions.map((_3, i4) => i4).sort((a4, b4) => this.middle(a4) - this.middle(b4));
    const room = width - this.left - SIZE.right - SIZE.gap * (order.length - 1), gene2 = state.regions.findIndex((r4) => r4.rank === null), aside = gene2 >= 0 && gene2 !== wide ? GENE * room : 0, others2 = order.length - (aside ? 2 : 1);
    const share = Math.min(0.46, 0.2 + 0.05 * others2);
    const narrow = others2 ? Math.max(14, Math.min(84, (room - aside) * share / others2)) : 0;
    let x3 = this.left;
    this.columns = order.map((index) => {
      const region = state.regions[index], w5 = index === wide ? room - aside - narrow * others2 : index === gene2 ? aside : narrow;
      const all = { from: region.start, to: region.end };
      const column = { index, region, x: x3, w: w5, ...index === wide && view ? view : all };
      x3 += w5 + SIZE.gap;
      return column;
    });
    this.arcs = state.regions.some(isPcre) ? SIZE.arcs : 4;
    this.carriedY = this.arcs + SIZE.head;
    this.attentionY = this.carriedY + (shown2.carried ? SIZE.carried : 0);
    this.top = this.attentionY + (shown2.attention ? SIZE.attention : 0) + 2;
    this.bottom = this.top + SIZE.row * state.marks.length;
    this.axis = this.bottom + SIZE.genes + (state.gene.bins ? SIZE.bins : 0) - 8;
    this.height = this.axis + 8 + SIZE.axis;
  }
  /** A region's position among the others, bp; for the window, that of the TSS, and a whole gene follows its window. */
  middle(index) {
    const r4 = this.state.regions[index], { tss } = this.state.gene;
    return isPcre(r4) ? (r4.start + r4.end) / 2 : r4.rank === null ? tss + this.state.direction : tss;
  }
  column(index) {
    return this.columns.find((c4) => c4.index === index);
  }
  x(column, bp) {
    return column.x + (bp - column.from) / (column.to - column.from) * column.w;
  }
  bp(column, x3) {
    return column.from + (x3 - column.x) / column.w * (column.to - column.from);
  }
  /** The panel of one mark in one column. */
  cell(column, mark) {
    return { x: column.x, y: this.top + mark * SIZE.row + 3, w: column.w, h: SIZE.row - 4 };
  }
  /** The whole row of one mark with its name: what changes during a stroke. */
  row(mark) {
    return { x: 0, y: this.top + mark * SIZE.row, w: this.width, h: SIZE.row, mark };
  }
  /** Left edge of a bin, also of the one after the last. */
  edge(column, bin) {
    return this.x(column, Math.min(column.region.start + bin * this.state.gene.bin_size, column.region.end));
  }
  /** First and last visible bin of a column. */
  visible(column) {
    const size = this.state.gene.bin_size, start = column.region.start;
    const last = Math.min(column.region.bins, Math.ceil((column.to - start) / size)) - 1;
    return [Math.max(0, Math.floor((column.from - start) / size)), last];
  }
  /** How many bins of a column are drawn as one, because a pixel holds so many. */
  pool(column) {
    return Math.max(1, Math.floor((column.to - column.from) / this.state.gene.bin_size / column.w));
  }
  /** The bin of a column under a pixel, kept within what is visible. */
  bin(column, x3) {
    const [first, last] = this.visible(column);
    const bin = Math.floor((this.bp(column, x3) - column.region.start) / this.state.gene.bin_size);
    return Math.max(first, Math.min(last, bin));
  }
  /** bp between this column and the next on its right that no column shows; null on another chromosome. */
  leftOut(column) {
    const at = this.columns.indexOf(column) + 1, next = this.columns[at];
    if (!next) return 0;
    if (next.region.chrom !== column.region.chrom) return null;
    const here = ({ region }) => region.chrom === column.region.chrom;
    const from = Math.max(
      ...this.columns.slice(0, at).filter(here).map((c4) => c4.region.end)
    );
    return Math.max(
      0,
      Math.min(
        ...this.columns.slice(at).filter(here).map((c4) => c4.region.start)
      ) - from
    );
  }
  /** The arc of a contact as a half ellipse over the columns. */
  arc(column) {
    const own = this.column(0), tss = Math.max(own.x, Math.min(own.x + own.w, this.x(own, this.state.gene.tss)));
    const foot = column.x + column.w / 2, far = Math.max(...this.columns.map((c4) => Math.abs(c4.x + c4.w / 2 - tss)));
    const height = 14 + (this.arcs - 24) * (Math.abs(foot - tss) / far) ** 0.9;
    return { x: (tss + foot) / 2, rx: Math.max(1, Math.abs(foot - tss) / 2), ry: height, y: this.arcs, foot, tss };
  }
  /**
   * What is under a point.
   * @returns {Hit}
   */
  hit(x3, y5) {
    if (y5 < this.arcs) return this.hitArc(x3, y5);
    if (x3 < this.left - SIZE.gap / 2 && y5 >= this.top && y5 < this.bottom)
      return { on: "label", mark: Math.floor((y5 - this.top) / SIZE.row) };
    const column = this.columns.find((c4) => x3 >= c4.x - SIZE.gap / 2 && x3 < c4.x + c4.w + SIZE.gap / 2);
    if (!column) return { on: null };
    if (y5 < this.carriedY) return { on: "head", column };
    if (y5 >= this.bottom) return { on: "ruler", column, bp: this.bp(column, x3), gene: this.gene(column, x3, y5) };
    const mark = Math.floor((y5 - this.top) / SIZE.row);
    if (y5 < this.top || mark >= this.state.marks.length) return { on: null, column };
    return { on: "track", column, mark, bin: this.bin(column, x3) };
  }
  /** The gene drawn under a point below the tracks. */
  gene(column, x3, y5) {
    const lane = y5 < this.bottom + SIZE.genes ? this.genes(column).find((g5) => x3 >= g5.left - 3 && x3 <= g5.right + 3) : null;
    return lane ? lane.gene : null;
  }
  /** The genes of a column with their ends in pixels, the shown one last, so that it lies on top. */
  genes(column) {
    const known = column.region.added ? [] : this.state.neighbours[column.index]?.genes || [];
    return known.map((gene2) => ({
      gene: gene2,
      left: Math.max(column.x, this.x(column, gene2.start)),
      right: Math.min(column.x + column.w, this.x(column, gene2.end))
    })).filter((g5) => g5.right > g5.left).sort((a4, b4) => Number(a4.gene.own) - Number(b4.gene.own));
  }
  hitArc(x3, y5) {
    let best = { on: null };
    let nearest = 7;
    for (const column of this.columns.filter((c4) => isPcre(c4.region))) {
      const a4 = this.arc(column), t4 = (x3 - a4.x) / a4.rx;
      if (Math.abs(t4) > 1.02 || Math.abs(x3 - a4.tss) < AT_TSS) continue;
      const away = Math.abs(y5 - (a4.y - a4.ry * Math.sqrt(Math.max(0, 1 - t4 * t4))));
      if (away < nearest) [best, nearest] = [{ on: "arc", column }, away];
    }
    return best;
  }
};

// whatif/letters.js
var REST = 250;
var KEPT = 500;
var Letters = class {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.kept = /* @__PURE__ */ new Map();
    this.answers = y3(0);
    this.timer = 0;
  }
  close() {
    clearTimeout(this.timer);
    this.kept.clear();
  }
  /** What a bin is asked for by; null where there are no letters to ask for. @param {import("./layout.js").Hit} hit */
  request(hit) {
    const { state } = this.lab;
    if (hit.on !== "track" || !state?.can.includes("letters")) return null;
    const { row } = hit.column.region;
    return { kind: "letters", row, bin: hit.bin, key: `${state.key}
${row} ${hit.bin}` };
  }
  /** The pointer is over something. @param {import("./layout.js").Hit} hit */
  over(hit) {
    clearTimeout(this.timer);
    const request = this.request(hit);
    if (request && !this.kept.has(request.key)) this.timer = window.setTimeout(() => this.ask(request), REST);
  }
  ask(request) {
    const { lab } = this;
    if (lab.stroke || lab.wire.busy || lab.chores.length) this.timer = window.setTimeout(() => this.ask(request), REST);
    else lab.wire.ask(request);
  }
  took(reply, request) {
    if (this.kept.size >= KEPT) this.kept.clear();
    this.kept.set(request.key, reply);
    this.answers.value++;
  }
  /** What is known of a bin. @param {import("./layout.js").Hit} hit @returns {Message | undefined} */
  of(hit) {
    const request = this.answers.value >= 0 && this.request(hit);
    return request ? this.kept.get(request.key) : void 0;
  }
};

// whatif/missions.js
var PLACE2 = "chromolab.missions";
var Missions = class {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.solved = y3(recalled2());
    this.chosen = y3(null);
  }
  /** The lab is new: it opens at the missions while some are not solved. */
  begin() {
    const { missions } = this.lab.state;
    this.take(missions.filter((m5) => m5.solved).map((m5) => m5.name));
    if (this.next(missions)) this.lab.tab.value = "missions";
  }
  /** Read a mission, and go to its gene. @param {Mission} mission */
  open({ name, gene_id, cell_type }) {
    this.chosen.value = name;
    if (this.lab.state.key !== `${gene_id}
${cell_type}`) this.lab.ask({ kind: "gene", gene_id, cell_type });
  }
  /** Take over what is known to be solved; returns the names that are new. @param {string[]} names */
  take(names) {
    const fresh = names.filter((name) => !this.solved.value.includes(name));
    if (fresh.length) {
      this.solved.value = [...this.solved.value, ...fresh];
      keep2(this.solved.value);
    }
    return fresh;
  }
  /** The mission to show among those offered. @param {Mission[]} offered */
  shown(offered2) {
    return offered2.find((m5) => m5.name === this.chosen.value) || this.next(offered2) || offered2[0];
  }
  /** The first that is not solved. @param {Mission[]} offered */
  next(offered2) {
    return offered2.find((m5) => !this.solved.value.includes(m5.name));
  }
};
function keep2(names) {
  try {
    sessionStorage.setItem(PLACE2, JSON.stringify(names));
  } catch {
  }
}
function recalled2() {
  try {
    const names = JSON.parse(sessionStorage.getItem(PLACE2) || "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

// whatif/overlays.js
var LEAST = 0.02;
function sumsOf(scores, marks) {
  const bins = new Float32Array(scores.length / marks);
  scores.forEach((v4, i4) => bins[Math.floor(i4 / marks)] += v4);
  return { bins, most: bins.reduce((a4, b4) => Math.max(a4, Math.abs(b4)), LEAST) };
}
function highest(values2, by) {
  const found2 = new Float32Array(Math.ceil(values2.length / by)).fill(NaN);
  for (let i4 = 0; i4 < values2.length; i4++) {
    const at = Math.floor(i4 / by);
    if (!(values2[i4] <= found2[at]) && Number.isFinite(values2[i4])) found2[at] = values2[i4];
  }
  return found2;
}
function meanOf(values2, from, to) {
  let sum2 = 0, count = 0;
  for (let i4 = from; i4 < to; i4++) if (Number.isFinite(values2[i4])) [sum2, count] = [sum2 + values2[i4], count + 1];
  return sum2 / count;
}
function attentionOf(level2) {
  const sorted = level2.filter(Number.isFinite).sort();
  return { level: level2, high: sorted[Math.floor(0.98 * (sorted.length - 1))] || 1 };
}

// whatif/strokes.js
var round2 = (v4) => Number(v4.toFixed(2));
var Stroke = class {
  /**
   * @param {import("./state.js").State} state
   * @param {{tool: string, reach: number, factor: number}} pen  `reach` in bins.
   * @param {import("./state.js").Region} region
   * @param {number} mark
   * @param {number} bin  Where the pen came down.
   */
  constructor(state, pen, region, mark, bin) {
    this.state = state;
    this.pen = pen;
    this.region = region;
    this.mark = mark;
    this.top = state.tops[mark];
    this.values = /* @__PURE__ */ new Map();
    this.low = this.high = bin;
    this.answered = false;
    this.last = null;
    this.base = state.track(state.after, region, mark);
  }
  /** The pen is over a bin, at a height (0..1 of the panel). */
  to(bin, height) {
    const value = round2(Math.max(0, Math.min(1, height)) * this.top);
    const from = this.last || { bin, value };
    const steps2 = Math.max(1, Math.abs(bin - from.bin)), { reach, tool } = this.pen;
    for (let s4 = 0; s4 <= steps2; s4++) {
      const middle = Math.round(from.bin + (bin - from.bin) * s4 / steps2);
      const v4 = round2(from.value + (value - from.value) * s4 / steps2);
      for (let b4 = middle - Math.floor((reach - 1) / 2); b4 <= middle + Math.ceil((reach - 1) / 2); b4++) {
        if (b4 >= 0 && b4 < this.region.bins) this.values.set(b4, v4);
      }
    }
    this.last = { bin, value };
    this.low = tool === "paint" ? Math.min(...this.values.keys()) : Math.min(this.low, bin);
    this.high = tool === "paint" ? Math.max(...this.values.keys()) : Math.max(this.high, bin);
    this.apply();
  }
  /** Draw it into the page's own copy of the depth, until Python answers. */
  apply() {
    const { tool, factor } = this.pen;
    for (let b4 = this.low; b4 <= this.high; b4++) {
      const old = this.base[b4];
      const times = tool === "scale" ? factor : 0;
      const v4 = tool === "paint" ? this.values.get(b4) : Number.isFinite(old) ? old * times : old;
      this.state.set(this.region, b4, this.mark, v4);
    }
  }
  /** The edit, as in a file of edits. */
  edit() {
    const mark = this.state.marks[this.mark].name, place = this.state.place(this.region, this.low, this.high);
    if (this.pen.tool === "erase") return { kind: "erase", mark, region: place };
    if (this.pen.tool === "scale") return { kind: "scale", mark, region: place, factor: this.pen.factor };
    const values2 = [];
    for (let b4 = this.low; b4 <= this.high; b4++) values2.push(this.values.get(b4));
    return { kind: "paint", mark, region: place, values: values2, step: this.state.gene.bin_size };
  }
};
var Raising = class {
  /**
   * @param {string} place
   * @param {number[]} base
   * @param {number} step
   */
  constructor(place, base, step) {
    this.place = place;
    this.base = base.map((v4) => Number.isFinite(v4) ? v4 : 0);
    this.step = step;
    this.steps = 0;
  }
  /** The values after further steps; steps below zero everywhere are not counted. */
  by(steps2) {
    const lowest = -Math.ceil(Math.max(...this.base) / this.step);
    this.steps = Math.max(lowest, this.steps + steps2);
    return this.base.map((v4) => round2(Math.max(0, v4 + this.steps * this.step)));
  }
};

// whatif/presses.js
var Presses = class {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.raising = null;
    this.nudging = null;
  }
  /** All is answered: the next press begins from there. */
  rest() {
    this.raising = this.nudging = null;
  }
  /** Another kind of action ends the nudging. */
  before(action) {
    if (action.do !== "put") this.nudging = null;
  }
  /** Paint the selection higher or lower by twentieths of the panel. */
  raise(steps2) {
    const { lab } = this, { state } = lab, t4 = lab.target(), { mark, region } = lab.targetPlace(), place = `${mark} ${region}`;
    if (this.raising?.place !== place) {
      const now = state.track(state.after, t4.region, t4.mark).slice(t4.low, t4.high + 1);
      this.raising = new Raising(place, Array.from(now), state.tops[t4.mark] / 20);
    }
    const edit = { kind: "paint", mark, region, values: this.raising.by(steps2), step: state.gene.bin_size };
    lab.act({ do: "put", edits: [edit] });
  }
  erase() {
    this.lab.act({ do: "add", edits: [{ kind: "erase", ...this.lab.targetPlace() }] });
  }
  toggleContact(index) {
    const { state } = this.lab;
    if (isPcre(state.regions[index])) this.lab.act({ do: "toggle", region: state.place(state.regions[index]) });
  }
  nudgeContact(index, factor) {
    const { state } = this.lab, r4 = state.regions[index];
    if (!isPcre(r4) || r4.now === null) return;
    const from = this.nudging?.index === index ? this.nudging.frequency : r4.now;
    this.nudging = { index, frequency: round2(Math.max(0.05, from * factor)) };
    const edit = { kind: "set_frequency", region: state.place(r4), frequency: this.nudging.frequency };
    this.lab.act({ do: "put", edits: [edit] });
  }
};

// whatif/questions.js
var SLOW = ["smallest", "dose", "replay", "others"];
var PATIENCE = 12e4;
var Questions = class {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.asked = y3(null);
    this.told = y3({});
    this.edit = y3(null);
  }
  /** @param {string} kind  @param {{[name: string]: any}} [more] */
  ask(kind, more = {}) {
    const request = { kind, task: this.lab.task.value, ...more };
    this.told.value = { ...this.told.value, [kind]: null };
    this.asked.value = request;
    this.lab.ask(request);
  }
  /** @param {Message} reply @param {Message} request */
  took(reply, request) {
    const { print } = this.lab.state;
    this.told.value = { ...this.told.value, [request.kind]: { request, reply, print } };
    this.asked.value = null;
  }
  /** The answer to a question about the gene as it is now, or null. @param {string} kind */
  answer(kind) {
    const told = this.told.value[kind];
    return told && told.print === this.lab.state.print ? told : null;
  }
  /** Whether there was an answer, and the gene has changed since. @param {string} kind */
  stale(kind) {
    return Boolean(this.told.value[kind]) && !this.answer(kind);
  }
  newGene() {
    this.told.value = {};
    this.edit.value = null;
  }
};

// whatif/timing.js
var KEPT2 = 1e3;
var Timing = class {
  constructor() {
    this.picture = [];
    this.prediction = [];
  }
  /** An input at `since` is about to be shown in the next frame. @param {"picture" | "prediction"} what */
  note(what, since) {
    const { port1, port2 } = new MessageChannel();
    requestAnimationFrame(() => {
      port1.onmessage = () => {
        this[what].push(performance.now() - since);
        if (this[what].length > KEPT2) this[what].shift();
        port1.close();
      };
      port2.postMessage(0);
    });
  }
};

// ../../../node_modules/preact/jsx-runtime/dist/jsxRuntime.module.js
var f4 = 0;
function u4(e4, t4, n3, o4, i4, u5) {
  t4 || (t4 = {});
  var a4, c4, p5 = t4;
  if ("ref" in p5) for (c4 in p5 = {}, t4) "ref" == c4 ? a4 = t4[c4] : p5[c4] = t4[c4];
  var l4 = { type: e4, props: p5, key: n3, ref: a4, __k: null, __: null, __b: 0, __e: null, __c: null, constructor: void 0, __v: --f4, __i: -1, __u: 0, __source: i4, __self: u5 };
  if ("function" == typeof e4 && (a4 = e4.defaultProps)) for (c4 in a4) void 0 === p5[c4] && (p5[c4] = a4[c4]);
  return l.vnode && l.vnode(l4), l4;
}

// shared/genebox.jsx
function GeneBox({ search, label, shown: shown2, hint = "name or id" }) {
  const id = g2();
  const input = A2(null);
  const list = A2(null);
  const found2 = search.found.value, at = search.at.value, open = found2.length > 0, problem = search.problem.value;
  h2(() => {
    if (document.activeElement !== input.current) search.text.value = shown2;
  }, [shown2]);
  h2(() => {
    const box = list.current;
    if (!open && !problem) {
      if (box.matches(":popover-open")) box.hidePopover();
      return void 0;
    }
    const put2 = () => {
      const place = input.current.getBoundingClientRect();
      const room = window.innerHeight - place.bottom - 8;
      const left = Math.max(4, Math.min(place.left, window.innerWidth - 268));
      Object.assign(box.style, { left: `${left}px`, maxHeight: `${Math.max(80, Math.min(260, room))}px` });
      if (room > 100) Object.assign(box.style, { top: `${place.bottom + 2}px`, bottom: "auto" });
      else
        Object.assign(box.style, {
          top: "auto",
          bottom: `${window.innerHeight - place.top + 2}px`,
          maxHeight: "220px"
        });
    };
    if (!box.matches(":popover-open")) box.showPopover();
    put2();
    addEventListener("scroll", put2, true);
    addEventListener("resize", put2);
    return () => {
      removeEventListener("scroll", put2, true);
      removeEventListener("resize", put2);
    };
  }, [open, problem]);
  h2(() => {
    if (open) list.current.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at, open]);
  const key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") search.enter();
    else if (event.key === "Escape") search.rest(shown2);
    else if (by) search.move(by);
    else return;
    event.preventDefault();
  };
  return /* @__PURE__ */ u4("label", { class: "cl-genebox", children: [
    /* @__PURE__ */ u4("span", { children: label }),
    /* @__PURE__ */ u4(
      "input",
      {
        ref: input,
        type: "search",
        role: "combobox",
        "aria-label": label,
        "aria-expanded": open ? "true" : "false",
        "aria-controls": `${id}-list`,
        "aria-autocomplete": "list",
        "aria-activedescendant": open ? `${id}-${at}` : void 0,
        "aria-invalid": problem ? "true" : void 0,
        placeholder: hint,
        title: search.text.value,
        autocomplete: "off",
        spellcheck: false,
        value: search.text,
        onInput: (e4) => search.type(e4.currentTarget.value),
        onFocus: (e4) => e4.currentTarget.select(),
        onBlur: () => search.rest(shown2),
        onKeyDown: key
      }
    ),
    /* @__PURE__ */ u4(
      "div",
      {
        ref: list,
        popover: "manual",
        class: "cl-found",
        id: `${id}-list`,
        role: "listbox",
        "aria-label": `${label}: genes found`,
        children: [
          problem && /* @__PURE__ */ u4("div", { role: "option", "aria-selected": "false", "aria-disabled": "true", class: "cl-none", children: problem }),
          found2.map((gene2, i4) => /* @__PURE__ */ u4(
            "div",
            {
              id: `${id}-${i4}`,
              role: "option",
              "aria-selected": i4 === at ? "true" : "false",
              onPointerDown: (e4) => {
                e4.preventDefault();
                search.pick(gene2);
              },
              children: [
                /* @__PURE__ */ u4("b", { children: gene2.gene_name || gene2.gene_id }),
                " ",
                gene2.gene_name === gene2.gene_id ? "" : gene2.gene_id
              ]
            },
            gene2.gene_id
          ))
        ]
      }
    )
  ] });
}

// shared/sheet.js
var Sheet = class {
  constructor(parent2, height, draw, attributes = {}) {
    this.canvas = make("canvas", { class: "cl-sheet", ...attributes });
    this.parent = parent2;
    this.height = height;
    this.draw = draw;
    this.frame = 0;
    this.width = 0;
    this.part = null;
    parent2.append(this.canvas);
    this.watch = new ResizeObserver(([entry]) => {
      this.width = Math.floor(entry.contentRect.width);
      this.now();
    });
    this.watch.observe(parent2);
  }
  redraw(part2 = null) {
    if (!this.frame) {
      this.part = part2;
      this.frame = requestAnimationFrame(() => this.now(this.part));
    } else if (!part2 || !this.part || part2.y !== this.part.y) this.part = null;
  }
  now(part2 = null) {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { width } = this;
    if (width <= 0) return;
    const ratio = window.devicePixelRatio || 1;
    const height = typeof this.height === "function" ? this.height(width) : this.height;
    const [w5, h5] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w5 || this.canvas.height !== h5) {
      Object.assign(this.canvas, { width: w5, height: h5 });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
      part2 = null;
    }
    const ctx = this.canvas.getContext("2d"), box = part2 || { x: 0, y: 0, w: width, h: height };
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.w, box.h);
    ctx.clip();
    ctx.clearRect(box.x, box.y, box.w, box.h);
    this.draw(ctx, width, height, part2);
    ctx.restore();
  }
  close() {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.canvas.width = this.canvas.height = 0;
    this.canvas.remove();
  }
};
function pointOn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

// whatif/pointer.js
var STILL = 3;
var Pointer = class {
  /**
   * @param {import("./lab.js").Lab} lab
   * @param {HTMLCanvasElement} canvas
   */
  constructor(lab, canvas) {
    this.lab = lab;
    this.canvas = canvas;
    this.doing = null;
    this.from = null;
    this.fingers = /* @__PURE__ */ new Map();
    const on = (name, f5, more = {}) => canvas.addEventListener(name, f5, more);
    on("pointerdown", (e4) => this.down(e4));
    on("pointermove", (e4) => this.move(e4));
    on("pointerup", (e4) => this.up(e4));
    on("pointercancel", (e4) => this.cancel(e4));
    on("pointerleave", () => !this.doing && lab.hoverOver({ on: null }, null));
    on("wheel", (e4) => this.wheel(e4), { passive: false });
  }
  /** @returns {import("./layout.js").Hit & {x: number, y: number}} */
  hit(event) {
    const p5 = pointOn(this.canvas, event);
    return { ...this.lab.layout.hit(p5.x, p5.y), ...p5 };
  }
  /** Whether this press may paint. */
  paints(event) {
    const { lab } = this;
    return lab.mayEdit() && (event.pointerType !== "touch" || lab.fingers.value);
  }
  down(event) {
    const { lab } = this;
    if (event.button !== 0 || !lab.state) return;
    const hit = this.hit(event);
    if (event.pointerType === "touch") {
      this.fingers.set(event.pointerId, { x: hit.x, y: hit.y });
      if (this.fingers.size === 2) {
        if (lab.stroke) lab.dropStroke();
        this.doing = "pinch";
        return;
      }
    }
    this.canvas.focus({ preventScroll: true });
    lab.byKeys(false);
    this.from = { ...hit, id: event.pointerId };
    this.doing = "press";
    if (hit.on === "track" && event.pointerType !== "touch") this.canvas.setPointerCapture(event.pointerId);
  }
  move(event) {
    const { lab } = this;
    if (!lab.state) return;
    if (this.fingers.has(event.pointerId)) {
      if (this.doing === "pinch") return this.pinch(event);
      this.fingers.set(event.pointerId, pointOn(this.canvas, event));
    }
    if (!this.doing) return lab.hoverOver(this.hit(event), event);
    const p5 = pointOn(this.canvas, event);
    if (this.doing === "press") {
      if (Math.hypot(p5.x - this.from.x, p5.y - this.from.y) < STILL) return;
      this.begin(event);
    }
    if (this.doing === "pan") this.pan(p5.x);
    else if (this.doing === "stroke" || this.doing === "select") this.draw(event);
  }
  /** The press has become a movement: what does it do? */
  begin(event) {
    const { lab } = this, { x: x3, y: y5 } = this.from;
    const from = this.from = { ...this.from, ...lab.layout.hit(x3, y5) };
    const moves = event.shiftKey || lab.tool.value === "move" || from.on === "ruler" || from.on === "head";
    if (moves || from.on !== "track" || !this.paints(event)) {
      this.doing = from.column && from.column.index === lab.wide ? "pan" : "none";
      if (this.doing === "pan") this.canvas.setPointerCapture(event.pointerId);
      return;
    }
    this.canvas.setPointerCapture(event.pointerId);
    this.doing = lab.tool.value === "select" ? "select" : "stroke";
    lab.cursor = { region: from.column.index, mark: from.mark, bin: from.bin, anchor: from.bin };
    if (this.doing === "stroke") {
      lab.beginStroke(from);
      this.paintAt(from, from.column, from.mark);
    }
    lab.hoverOver({ on: null }, null);
  }
  paintAt(point, column, mark) {
    const { layout, stroke } = this.lab, box = layout.cell(column, mark);
    stroke.to(layout.bin(column, point.x), 1 - (point.y - box.y) / box.h);
  }
  draw(event) {
    const { lab } = this, { mark } = this.from, column = lab.layout.column(this.from.column.index);
    if (!column || this.doing === "stroke" && !lab.stroke) {
      this.doing = "none";
      return;
    }
    const events = event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event];
    for (const e4 of events) {
      const p5 = pointOn(this.canvas, e4);
      if (lab.stroke) this.paintAt(p5, column, mark);
      lab.cursor.bin = lab.layout.bin(column, p5.x);
    }
    if (lab.stroke) lab.draft(event.timeStamp);
    lab.tracks.redraw(lab.layout.row(mark));
  }
  up(event) {
    const { lab, doing, from } = this;
    this.fingers.delete(event.pointerId);
    if (doing === "pinch") {
      if (!this.fingers.size) this.doing = null;
      return;
    }
    this.doing = null;
    if (doing === "press") this.click(event, from);
    else if (doing === "stroke" && lab.stroke) lab.endStroke(event.timeStamp);
    else if (doing === "select") lab.moved();
  }
  click(event, hit) {
    const { lab } = this;
    if (hit.on === "arc" && lab.mayEdit()) {
      lab.presses.toggleContact(hit.column.index);
      lab.pointed.value = null;
    } else if (hit.on === "head") lab.widen(hit.column.index);
    else if (hit.on === "ruler" && hit.gene && !hit.gene.own) lab.goTo(hit.gene);
    else if (hit.on === "track") {
      lab.moveTo({ region: hit.column.index, mark: hit.mark, bin: hit.bin }, event.shiftKey);
      lab.hoverOver(hit, event);
      if (lab.mayEdit() && ["paint", "erase", "scale"].includes(lab.tool.value))
        lab.say("Drag over a track to change it: a click only puts the cursor there.");
    }
  }
  cancel(event) {
    this.fingers.delete(event.pointerId);
    if (this.doing === "stroke") this.lab.dropStroke();
    this.doing = null;
  }
  pan(x3) {
    const { lab } = this, column = lab.layout.column(lab.wide);
    lab.pan((this.from.x - x3) / column.w * (column.to - column.from));
    this.from.x = x3;
  }
  /** Two fingers: the place under each stays under it. */
  pinch(event) {
    const { lab } = this, column = lab.layout.column(lab.wide);
    const before = [...this.fingers.values()];
    this.fingers.set(event.pointerId, pointOn(this.canvas, event));
    const after = [...this.fingers.values()];
    if (after.length < 2) return;
    const middle = (points) => (points[0].x + points[1].x) / 2;
    const apart = (points) => Math.max(20, Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y));
    lab.pan((middle(before) - middle(after)) / column.w * (column.to - column.from));
    lab.zoom(apart(after) / apart(before), lab.layout.bp(lab.layout.column(lab.wide), middle(after)));
  }
  /** Ctrl (or a pinch on a touchpad) zooms, Shift or a sideways wheel moves; on the ruler the plain wheel zooms. */
  wheel(event) {
    const { lab } = this;
    if (!lab.state) return;
    const hit = this.hit(event), column = lab.layout.column(lab.wide);
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
    const own = hit.column && hit.column.index === lab.wide;
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (sideways && !event.ctrlKey) {
      if (!lab.view) return;
      lab.pan(sideways * unit / column.w * (column.to - column.from));
    } else if (event.ctrlKey || event.metaKey || own && (hit.on === "ruler" || hit.on === "head")) {
      const about3 = own ? lab.layout.bp(column, hit.x) : (column.from + column.to) / 2;
      lab.zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY * unit)) / 200), about3);
    } else return;
    event.preventDefault();
  }
};

// ../../../node_modules/d3-array/src/ticks.js
var e10 = Math.sqrt(50);
var e5 = Math.sqrt(10);
var e22 = Math.sqrt(2);
function tickSpec(start, stop, count) {
  const step = (stop - start) / Math.max(0, count), power = Math.floor(Math.log10(step)), error = step / Math.pow(10, power), factor = error >= e10 ? 10 : error >= e5 ? 5 : error >= e22 ? 2 : 1;
  let i1, i22, inc;
  if (power < 0) {
    inc = Math.pow(10, -power) / factor;
    i1 = Math.round(start * inc);
    i22 = Math.round(stop * inc);
    if (i1 / inc < start) ++i1;
    if (i22 / inc > stop) --i22;
    inc = -inc;
  } else {
    inc = Math.pow(10, power) * factor;
    i1 = Math.round(start / inc);
    i22 = Math.round(stop / inc);
    if (i1 * inc < start) ++i1;
    if (i22 * inc > stop) --i22;
  }
  if (i22 < i1 && 0.5 <= count && count < 2) return tickSpec(start, stop, count * 2);
  return [i1, i22, inc];
}
function ticks(start, stop, count) {
  stop = +stop, start = +start, count = +count;
  if (!(count > 0)) return [];
  if (start === stop) return [start];
  const reverse = stop < start, [i1, i22, inc] = reverse ? tickSpec(stop, start, count) : tickSpec(start, stop, count);
  if (!(i22 >= i1)) return [];
  const n3 = i22 - i1 + 1, ticks2 = new Array(n3);
  if (reverse) {
    if (inc < 0) for (let i4 = 0; i4 < n3; ++i4) ticks2[i4] = (i22 - i4) / -inc;
    else for (let i4 = 0; i4 < n3; ++i4) ticks2[i4] = (i22 - i4) * inc;
  } else {
    if (inc < 0) for (let i4 = 0; i4 < n3; ++i4) ticks2[i4] = (i1 + i4) / -inc;
    else for (let i4 = 0; i4 < n3; ++i4) ticks2[i4] = (i1 + i4) * inc;
  }
  return ticks2;
}

// shared/drawing.js
function drawArea(ctx, box, values2, top, colour, edges = (i4) => box.x + i4 * box.w / values2.length) {
  const y5 = (v4) => box.y + box.h - Math.min(v4 / top, 1) * box.h;
  ctx.beginPath();
  for (let i4 = 0, open = false; i4 <= values2.length; i4++) {
    const v4 = values2[i4];
    if (i4 === values2.length || !Number.isFinite(v4)) {
      if (open) ctx.lineTo(edges(i4), box.y + box.h);
      open = false;
      continue;
    }
    if (!open) ctx.moveTo(edges(i4), box.y + box.h);
    open = true;
    ctx.lineTo(edges(i4), y5(v4));
    ctx.lineTo(edges(i4 + 1), y5(v4));
  }
  ctx.fillStyle = colour;
  ctx.fill();
}
function drawSteps(ctx, box, values2, top, colour, { edges, where = () => true, dash = [], width = 1.2 } = {}) {
  const at = edges || ((i4) => box.x + i4 * box.w / values2.length);
  const y5 = (v4) => box.y + box.h - Math.min(v4 / top, 1) * box.h;
  ctx.beginPath();
  for (let i4 = 0, open = false; i4 < values2.length; i4++) {
    const shown2 = where(i4) && Number.isFinite(values2[i4]);
    if (shown2) {
      if (open) ctx.lineTo(at(i4), y5(values2[i4]));
      else ctx.moveTo(at(i4), y5(values2[i4]));
      ctx.lineTo(at(i4 + 1), y5(values2[i4]));
    }
    open = shown2;
  }
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}
function drawHatch(ctx, box, colour, gap = 5) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.w, box.h);
  ctx.clip();
  ctx.beginPath();
  for (let x3 = Math.floor((box.x - box.h) / gap) * gap; x3 < box.x + box.w; x3 += gap) {
    ctx.moveTo(x3, box.y + box.h);
    ctx.lineTo(x3 + box.h, box.y);
  }
  Object.assign(ctx, { strokeStyle: colour, lineWidth: 0.8 });
  ctx.stroke();
  ctx.restore();
}
function drawAxis(ctx, box, start, end, { ink = "#222", zero = null, direction = 1, title = "", count = 5, font = "sans-serif" } = {}) {
  const shift = zero ?? 0, x3 = (bp) => box.x + (bp - start) / (end - start) * box.w;
  Object.assign(ctx, { strokeStyle: ink, fillStyle: ink, lineWidth: 1, textAlign: "center", textBaseline: "top" });
  ctx.font = `11px ${font}`;
  ctx.beginPath();
  ctx.moveTo(box.x, box.y + 0.5);
  ctx.lineTo(box.x + box.w, box.y + 0.5);
  const ends = [start, end].map((bp) => direction * (bp - shift) / 1e3).sort((a4, b4) => a4 - b4);
  for (const tick of ticks(ends[0], ends[1], count)) {
    const at = Math.round(x3(direction * tick * 1e3 + shift)) + 0.5;
    ctx.moveTo(at, box.y);
    ctx.lineTo(at, box.y + 4);
    const text = (zero !== null && tick > 0 ? "+" : "") + tick.toLocaleString("en").replace("-", "−");
    const half2 = ctx.measureText(text).width / 2;
    ctx.fillText(text, Math.max(box.x + half2, Math.min(box.x + box.w - half2, at)), box.y + 6);
  }
  ctx.stroke();
  if (title) ctx.fillText(title, box.x + box.w / 2, box.y + 20);
}

// shared/numbers.js
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "no data";
  const text = Math.abs(value) >= 1e3 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}
function fixed(value) {
  return (Math.abs(value) < 5e-3 ? 0 : value).toFixed(2).replace("-", "−");
}
function grouped(value) {
  return Math.round(value).toLocaleString("en");
}
var CIVIDIS = [
  "#00224e",
  "#123570",
  "#3b496c",
  "#575d6d",
  "#707173",
  "#8a8678",
  "#a59c74",
  "#c3b369",
  "#e1cc55",
  "#fee838"
];
var BLUE_ORANGE = ["#0a3d62", "#0072b2", "#6fb1d9", "#c9dfee", "#f4f4f2", "#f8d9be", "#f0a35e", "#d55e00", "#7f3300"];
function ramp(kind) {
  const stops = (kind === "diverging" ? BLUE_ORANGE : CIVIDIS).map(
    (c4) => [1, 3, 5].map((i4) => parseInt(c4.slice(i4, i4 + 2), 16))
  );
  const table = Array.from({ length: 256 }, (_3, i4) => {
    const at = i4 / 255 * (stops.length - 1), a4 = stops[Math.floor(at)], b4 = stops[Math.ceil(at)], t4 = at % 1;
    return `rgb(${a4.map((x3, c4) => Math.round(x3 + (b4[c4] - x3) * t4)).join(",")})`;
  });
  return (value) => Number.isFinite(value) ? table[Math.max(0, Math.min(255, Math.round(value * 255)))] : "transparent";
}

// whatif/genes.js
function drawBelow(ctx, layout, lab, theme) {
  Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle", font: `11px ${theme.font}` });
  ctx.fillText("genes", 0, layout.bottom + 20);
  for (const column of layout.columns) {
    drawFragments(ctx, layout, column, lab, theme);
    drawGenes(ctx, layout, column, lab, theme);
    if (column.region.rank === null) drawBins(ctx, layout, column, lab, theme);
    drawColumnAxis(ctx, layout, column, lab, theme);
    drawBreak(ctx, layout, column, theme);
  }
  drawLegend(ctx, layout, lab, theme);
}
function drawGenes(ctx, layout, column, lab, theme) {
  const y5 = layout.bottom + 20, x3 = (bp) => layout.x(column, bp);
  let genes = layout.genes(column);
  if (!genes.length && column.index === 0) genes = [{ gene: ownGene(lab.state.gene), left: 0, right: 0 }];
  const taken = [];
  ctx.save();
  ctx.beginPath();
  ctx.rect(column.x - 1, layout.bottom, column.w + 2, SIZE.genes);
  ctx.clip();
  for (const { gene: gene2 } of genes.reverse()) {
    const colour = gene2.own ? theme.ink : theme.quiet, forward = gene2.strand !== "-";
    Object.assign(ctx, { fillStyle: colour, strokeStyle: colour, lineWidth: 1.4 });
    if (gene2.start !== null && gene2.end !== null) {
      const [a4, b4] = [x3(gene2.start), x3(gene2.end)];
      if (gene2.exons) {
        ctx.fillRect(a4, y5 - 0.7, b4 - a4, 1.4);
        for (const [from, to] of gene2.exons) ctx.fillRect(x3(from), y5 - 4, Math.max(1, x3(to) - x3(from)), 8);
      } else ctx.fillRect(a4, y5 - 3, Math.max(1, b4 - a4), 6);
    }
    const tss = x3(gene2.tss), tip = tss + (forward ? 1 : -1) * (gene2.own ? 16 : 10);
    ctx.beginPath();
    ctx.moveTo(tss, y5);
    ctx.lineTo(tss, y5 - 13);
    ctx.lineTo(tip, y5 - 13);
    ctx.moveTo(tip - (forward ? 4 : -4), y5 - 16);
    ctx.lineTo(tip, y5 - 13);
    ctx.lineTo(tip - (forward ? 4 : -4), y5 - 10);
    ctx.stroke();
    if (column.w < 90) continue;
    ctx.font = `${gene2.own ? "bold " : ""}10.5px ${theme.font}`;
    const w5 = ctx.measureText(gene2.name).width, [first, other] = forward ? [tip + 4, tss - 4 - w5] : [tip - 4 - w5, tss + 4], left = first < column.x || first + w5 > column.x + column.w ? other : first;
    const at = Math.max(column.x, Math.min(column.x + column.w - w5, left));
    if (taken.some(([from, to]) => at < to + 6 && at + w5 > from - 6)) continue;
    taken.push([at, at + w5]);
    Object.assign(ctx, { textAlign: "left", textBaseline: "middle" });
    ctx.fillText(gene2.name, at, y5 - 13);
  }
  ctx.restore();
}
function ownGene({ gene_name, gene_id, strand, tss, start, end }) {
  return { own: true, name: gene_name || gene_id, strand, tss, start, end, exons: null };
}
function drawFragments(ctx, layout, column, lab, theme) {
  const known = column.region.added ? [] : lab.state.neighbours[column.index]?.fragments || [];
  ctx.fillStyle = theme.quiet;
  ctx.globalAlpha = 0.55;
  for (const { start, end } of known) {
    const a4 = Math.max(column.x, layout.x(column, start)), b4 = Math.min(column.x + column.w, layout.x(column, end));
    if (b4 > a4) ctx.fillRect(a4, layout.bottom + 29, b4 - a4, 3);
  }
  ctx.globalAlpha = 1;
  if (column.index === 0 && known.length && layout.left > 80) {
    Object.assign(ctx, {
      fillStyle: theme.quiet,
      font: `10px ${theme.font}`,
      textAlign: "left",
      textBaseline: "middle"
    });
    ctx.fillText("others’ pCREs", 0, layout.bottom + 32, layout.left - 4);
  }
}
function drawBins(ctx, layout, column, lab, theme) {
  const y5 = layout.axis - 15, x3 = (bp) => Math.max(column.x, Math.min(column.x + column.w, layout.x(column, bp)));
  lab.state.gene.bins.forEach(([start, end], i4) => {
    ctx.fillStyle = i4 % 2 ? theme.faint : theme.quiet;
    ctx.fillRect(x3(start), y5, x3(end) - x3(start), 7);
  });
  Object.assign(ctx, { fillStyle: theme.quiet, font: `10px ${theme.font}`, textAlign: "left", textBaseline: "middle" });
  ctx.fillText("bins it is read in", 0, y5 + 4, layout.left - 4);
}
function drawColumnAxis(ctx, layout, column, lab, theme) {
  const y5 = layout.axis, { state } = lab;
  if (column.index === layout.wide) {
    const away = column.region.chrom !== state.gene.chrom;
    const along2 = state.direction < 0 ? "kb from the TSS (the gene runs to the left)" : "kb from the TSS";
    const title = away ? `${column.region.chrom}, kb` : column.w > 300 ? along2 : "kb from the TSS";
    const more = away ? {} : { zero: state.gene.tss, direction: state.direction };
    const count = Math.max(2, Math.round(column.w / 80)), box = { x: column.x, y: y5, w: column.w };
    drawAxis(ctx, box, column.from, column.to, { ink: theme.quiet, title, count, font: theme.font, ...more });
    return;
  }
  ctx.fillStyle = theme.quiet;
  ctx.fillRect(column.x, y5, column.w, 1);
  Object.assign(ctx, { textAlign: "center", textBaseline: "top", font: `10px ${theme.font}` });
  const kb = short((column.region.end - column.region.start) / 1e3, 2);
  if (column.w >= 20) ctx.fillText(column.w > 28 ? `${kb} kb` : kb, column.x + column.w / 2, y5 + 5);
}
function drawBreak(ctx, layout, column, theme) {
  if (layout.leftOut(column) === 0) return;
  const x3 = column.x + column.w + SIZE.gap / 2, y5 = layout.axis + 0.5;
  Object.assign(ctx, { strokeStyle: theme.quiet, lineWidth: 1.2 });
  ctx.beginPath();
  for (const dx of [-2, 2]) {
    ctx.moveTo(x3 + dx - 2, y5 + 5);
    ctx.lineTo(x3 + dx + 2, y5 - 5);
  }
  ctx.stroke();
}
function drawLegend(ctx, layout, lab, theme) {
  const lines = [];
  if (lab.state.edits) lines.push([[2, 2], "before"]);
  if (lab.compared)
    lines.push([[], lab.compared.cell_type === lab.state.gene.cell_type ? lab.compared.name : lab.compared.cell_type]);
  lines.forEach(([dash, said2], i4) => {
    const y5 = layout.height - 8 - 14 * (lines.length - 1 - i4);
    Object.assign(ctx, { strokeStyle: theme.ink, fillStyle: theme.ink, lineWidth: 1.2, font: `10.5px ${theme.font}` });
    Object.assign(ctx, { textAlign: "left", textBaseline: "middle" });
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(0, y5);
    ctx.lineTo(16, y5);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillText(said2, 20, y5, layout.left - 24);
  });
}

// whatif/fresh.js
function settledNow(lab) {
  const told = lab.settled.value;
  return told?.turn === lab.turn && lab.state?.edits ? told : null;
}
function reasonsLag(lab) {
  const told = lab.reasons.value;
  return Boolean(lab.state?.edits) && told?.turn !== lab.turn;
}

// whatif/tracks.js
var TracksPicture = class {
  /**
   * @param {import("./lab.js").Lab} lab
   * @param {boolean} kept  For a file: without the cursor, and what only helps to use the page.
   */
  constructor(lab, kept2 = false) {
    this.lab = lab;
    this.kept = kept2;
    this.theme = null;
  }
  /** All of it, or one mark's row (`part`, from `Layout.row`). */
  draw(ctx, layout, part2) {
    this.theme = themeOf(this.lab.node);
    if (!part2) this.above(ctx, layout);
    this.lab.state.marks.forEach((mark, m5) => (!part2 || part2.mark === m5) && this.row(ctx, layout, mark, m5));
    if (this.lab.shown.attention) layout.columns.forEach((column) => this.veil(ctx, layout, column));
    this.start(ctx, layout);
    this.cursor(ctx, layout);
    if (!part2) drawBelow(ctx, layout, this.lab, this.theme);
  }
  above(ctx, layout) {
    this.arcs(ctx, layout);
    for (const column of layout.columns) this.head(ctx, layout, column);
    if (this.lab.shown.carried) this.carried(ctx, layout);
    if (this.lab.shown.attention) this.attention(ctx, layout);
  }
  row(ctx, layout, mark, m5) {
    this.label(ctx, layout, mark, m5);
    for (const column of layout.columns) this.track(ctx, layout, column, mark, m5);
  }
  text(ctx, size, weight = "") {
    ctx.font = `${weight} ${size}px ${this.theme.font}`.trim();
  }
  arcs(ctx, layout) {
    const { lab, theme } = this, columns = layout.columns.filter((c4) => isPcre(c4.region));
    if (!columns.length) return;
    this.text(ctx, 11.5);
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top" });
    ctx.fillText("contacts", 0, layout.arcs - 30);
    this.text(ctx, 10.5);
    ctx.fillStyle = theme.quiet;
    if (layout.left > 80 && !this.kept) ctx.fillText("click: cut", 0, layout.arcs - 15);
    const strongest = Math.max(...columns.map((c4) => Math.max(c4.region.frequency || 0, c4.region.now || 0)));
    for (const column of columns) {
      const a4 = layout.arc(column), { now } = column.region, cut = now === null, hot = lab.hover.arc === column.index;
      ctx.beginPath();
      ctx.ellipse(a4.x, a4.y, a4.rx, a4.ry, 0, Math.PI, 2 * Math.PI);
      Object.assign(ctx, { strokeStyle: hot ? theme.accent : theme.quiet, globalAlpha: cut && !hot ? 0.7 : 1 });
      ctx.lineWidth = (cut ? 0.8 : 0.8 + 2 * ((now || 0) / strongest)) + (hot ? 1 : 0);
      ctx.setLineDash(cut ? [3, 4] : []);
      ctx.stroke();
      ctx.globalAlpha = 1;
      ctx.setLineDash([]);
    }
    for (const column of columns) this.arcLabel(ctx, layout, column);
  }
  arcLabel(ctx, layout, column) {
    const { theme, lab } = this, a4 = layout.arc(column), { now, frequency } = column.region;
    const hot = lab.hover.arc === column.index, changed3 = now !== null && frequency !== null && now !== frequency;
    if (!hot && now !== null && !changed3 && column.w < 26) return;
    const said2 = now === null ? "cut" : changed3 ? `${short(frequency, 2)}→${short(now, 2)}` : short(now, 2);
    this.text(ctx, 10.5, hot || now === null || changed3 ? "bold" : "");
    const x3 = a4.foot + (a4.x - a4.foot) * 0.25, t4 = (x3 - a4.x) / a4.rx;
    const y5 = Math.max(8, a4.y - a4.ry * Math.sqrt(Math.max(0, 1 - t4 * t4))), w5 = ctx.measureText(said2).width + 4;
    Object.assign(ctx, { fillStyle: theme.paper, textAlign: "center", textBaseline: "middle" });
    ctx.fillRect(x3 - w5 / 2, y5 - 7, w5, 13);
    ctx.fillStyle = hot ? theme.accent : theme.ink;
    ctx.fillText(said2, x3, y5);
  }
  head(ctx, layout, column) {
    const { lab, theme } = this, middle = column.x + column.w / 2, y5 = layout.arcs + 3;
    const hot = lab.hover.head === column.index, wide = column.index === layout.wide, { rank } = column.region;
    Object.assign(ctx, { fillStyle: hot ? theme.accent : theme.ink, textAlign: "center", textBaseline: "top" });
    this.text(ctx, 11.5, "bold");
    const own = rank === 0 ? ["promoter window", "TSS"] : ["whole gene", "gene"], pcre = isPcre(column.region);
    const name = pcre ? column.w > 50 ? `pCRE ${rank}` : String(rank) : own[column.w > 90 ? 0 : 1];
    ctx.fillText(column.region.added ? `${name}+` : name, middle, y5);
    this.text(ctx, 10);
    ctx.fillStyle = theme.quiet;
    const length = (column.region.end - column.region.start) / 1e3;
    const away = lab.state.kb(layout.middle(column.index)), place = `${away > 0 ? "+" : "−"}${short(Math.abs(away), 2)}`;
    const seen = (column.to - column.from) / 1e3, long = seen < length ? `${short(seen)} of ${short(length)} kb` : `${short(length)} kb`;
    const there = wide ? `${place} kb from the TSS, ${long}${seen < length ? "" : " long"}` : column.w > 46 ? `${place} kb` : "";
    ctx.fillText(!pcre ? long : there || (column.w >= 24 ? place : ""), middle, y5 + 14);
    if (!wide && hot) {
      Object.assign(ctx, { strokeStyle: theme.accent, lineWidth: 1.5 });
      ctx.strokeRect(column.x - 3, layout.arcs + 1, column.w + 6, SIZE.head - 3);
    }
  }
  label(ctx, layout, mark, m5) {
    const { lab, theme } = this, y5 = layout.top + m5 * SIZE.row;
    if (lab.cursor.mark === m5 && lab.focused && !this.kept) {
      ctx.fillStyle = theme.accent;
      ctx.fillRect(0, y5 + 4, 3, SIZE.row - 6);
    }
    ctx.fillStyle = mark.colour;
    ctx.fillRect(6, y5 + 8, 9, 9);
    this.text(ctx, layout.left > 80 ? 12 : 10.5, "bold");
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top" });
    ctx.fillText(mark.name, 19, y5 + 6, layout.left - 22);
    this.text(ctx, 10);
    ctx.fillStyle = theme.quiet;
    ctx.fillText(`0 to ${short(lab.state.tops[m5], 2)}`, 19, y5 + 20, layout.left - 22);
  }
  track(ctx, layout, column, mark, m5) {
    const { lab, theme } = this, box = layout.cell(column, m5), top = lab.state.tops[m5];
    const by = layout.pool(column), drawn = (depth) => {
      const all = lab.state.track(depth, column.region, m5);
      return all && by > 1 ? highest(all, by) : all;
    };
    const now = drawn(lab.state.after), was = drawn(lab.state.before), edges = (i4) => layout.edge(column, i4 * by);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y - 1, box.w, box.h + 2);
    ctx.clip();
    ctx.globalAlpha = column.region.now === null && isPcre(column.region) ? 0.3 : 1;
    for (let i4 = 0; i4 < now.length; i4++) {
      if (Number.isFinite(now[i4])) continue;
      drawHatch(ctx, { x: edges(i4), y: box.y, w: edges(i4 + 1) - edges(i4), h: box.h }, theme.faint);
    }
    drawArea(ctx, box, now, top, mark.colour, edges);
    if (was) {
      const changed3 = (i4) => now[i4] !== was[i4] && (Number.isFinite(now[i4]) || Number.isFinite(was[i4]));
      drawSteps(ctx, box, was, top, theme.ink, { edges, where: changed3, dash: [2, 2] });
    }
    if (lab.compared && column.index === 0) this.other(ctx, layout, column, box, top, m5);
    ctx.restore();
    ctx.fillStyle = theme.faint;
    ctx.fillRect(box.x, box.y + box.h, box.w, 1);
  }
  /** The compared gene's track: one quiet line with a border of paper, so that it reads over the area. */
  other(ctx, layout, column, box, top, m5) {
    const marks = this.lab.state.marks.length, bins = this.lab.compared.depth.length / marks;
    const pooled = Math.max(1, Math.ceil(3 * bins / column.w)), means = [];
    for (let i4 = 0; i4 < bins; i4 += pooled) {
      const part2 = [];
      for (let b4 = i4; b4 < Math.min(bins, i4 + pooled); b4++) part2.push(this.lab.compared.depth[b4 * marks + m5]);
      means.push(part2.reduce((a4, b4) => a4 + b4, 0) / part2.length);
    }
    const edges = (i4) => layout.edge(column, Math.min(bins, i4 * pooled));
    drawSteps(ctx, box, means, top, this.theme.paper, { edges, width: 2.8 });
    drawSteps(ctx, box, means, top, this.theme.ink, { edges, width: 1.2 });
  }
  /** Up and down bars of what carried the change, all marks of a bin together. */
  carried(ctx, layout) {
    const { lab, theme } = this, y5 = layout.carriedY, half2 = (SIZE.carried - 8) / 2;
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("what carried", 0, y5 + half2 - 4, layout.left - 4);
    ctx.fillText("the change", 0, y5 + half2 + 9, layout.left - 4);
    const sums = reasonsLag(lab) ? null : lab.sums, m5 = lab.state.marks.length, fits = sums && sums.bins.length * m5 === lab.state.after.length;
    for (const column of layout.columns) {
      ctx.fillStyle = theme.faint;
      ctx.fillRect(column.x, y5 + half2, column.w, 1);
      if (!fits) continue;
      const [first, last] = layout.visible(column);
      for (let i4 = first; i4 <= last; i4++) {
        const share = sums.bins[column.region.offset + i4] / sums.most;
        if (!share) continue;
        const h5 = Math.abs(share) * half2, left = Math.max(column.x, layout.edge(column, i4));
        const right = Math.min(column.x + column.w, layout.edge(column, i4 + 1));
        ctx.fillStyle = share > 0 ? theme.up : theme.down;
        ctx.fillRect(left, share > 0 ? y5 + half2 - h5 : y5 + half2 + 1, Math.max(1, right - left), h5);
      }
    }
    const wide = layout.column(layout.wide);
    Object.assign(ctx, { fillStyle: theme.quiet, textAlign: "left" });
    const said2 = sums ? `full bar: ${short(sums.most, 2)} a bin` : reasonsLag(lab) ? "…" : "nothing has changed yet";
    ctx.fillText(said2, wide.x + 4, y5 + half2 - 7, wide.w - 8);
  }
  attention(ctx, layout) {
    const { lab, theme } = this, y5 = layout.attentionY, h5 = SIZE.attention - 6;
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("attention", 0, y5 + h5 / 2, layout.left - 4);
    if (!lab.looked) return;
    const colour = ramp("sequential");
    for (const column of layout.columns) {
      this.inside(ctx, column, y5, h5, () => {
        this.eachLevel(layout, column, (level2, x3, w5) => {
          if (!Number.isFinite(level2)) return;
          ctx.fillStyle = colour(level2 / lab.looked.high);
          ctx.fillRect(x3, y5, w5 + 0.5, h5);
        });
      });
    }
  }
  /** Attention over the tracks: bins with little attention fade. */
  veil(ctx, layout, column) {
    const { lab, theme } = this;
    if (!lab.looked) return;
    const tall = layout.bottom - layout.top - 1;
    this.inside(ctx, column, layout.top, tall, () => {
      ctx.fillStyle = theme.paper;
      this.eachLevel(layout, column, (level2, x3, w5) => {
        ctx.globalAlpha = 0.72 * (1 - Math.min(1, (Number.isFinite(level2) ? level2 : 0) / lab.looked.high));
        ctx.fillRect(x3, layout.top, w5, tall);
      });
    });
  }
  /** The attention of the bins in view, those of one pixel together: `draw(level, x, width)`. */
  eachLevel(layout, column, draw) {
    const { level: level2 } = this.lab.looked, { offset } = column.region, [first, last] = layout.visible(column), by = layout.pool(column);
    for (let i4 = first; i4 <= last; i4 += by) {
      const end = Math.min(last + 1, i4 + by), x3 = layout.edge(column, i4);
      draw(meanOf(level2, offset + i4, offset + end), x3, layout.edge(column, end) - x3);
    }
  }
  /** Draw something, clipped to a column. */
  inside(ctx, column, y5, h5, something) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(column.x - 1, y5, column.w + 2, h5);
    ctx.clip();
    something();
    ctx.restore();
  }
  /** The TSS, through all tracks. */
  start(ctx, layout) {
    for (const column of layout.columns.filter((c4) => !isPcre(c4.region))) {
      const tss = layout.x(column, this.lab.state.gene.tss);
      this.inside(ctx, column, 0, layout.height, () => {
        Object.assign(ctx, { strokeStyle: this.theme.ink, lineWidth: 1.4, globalAlpha: 0.5 });
        ctx.setLineDash([2, 3]);
        ctx.beginPath();
        ctx.moveTo(tss, layout.top);
        ctx.lineTo(tss, layout.bottom);
        ctx.stroke();
      });
    }
  }
  cursor(ctx, layout) {
    const { lab, theme } = this, { region, mark, bin, anchor } = lab.cursor, column = layout.column(region);
    if (this.kept || !column || !(lab.focused || lab.selection())) return;
    const box = layout.cell(column, mark), low = Math.min(bin, anchor), high = Math.max(bin, anchor);
    const a4 = Math.max(box.x, layout.edge(column, low)), b4 = Math.min(box.x + box.w, layout.edge(column, high + 1));
    if (b4 < box.x || a4 > box.x + box.w) return;
    Object.assign(ctx, { fillStyle: theme.accent, strokeStyle: theme.accent, lineWidth: 1.5, globalAlpha: 0.18 });
    ctx.fillRect(a4, box.y - 1, Math.max(b4 - a4, 2), box.h + 2);
    ctx.globalAlpha = 1;
    ctx.strokeRect(a4, box.y - 1, Math.max(b4 - a4, 2), box.h + 2);
  }
};

// whatif/multiples.js
var [HEAD, ROW, CONTACTS, AXIS, GAP, RIGHT] = [40, 38, 40, 36, 16, 8];
var mean = (list) => list.reduce((a4, b4) => a4 + b4, 0) / list.length;
function panelsOf(lab) {
  const { state, compared } = lab, [window2] = state.regions, pcres = state.regions.filter(isPcre), m5 = state.marks.length;
  const own = (depth) => depth.subarray(window2.offset * m5, (window2.offset + window2.bins) * m5);
  const of = (when) => Object.fromEntries(Object.entries(state.predicted).map(([task, p5]) => [task, mean(p5[when])]));
  const panels2 = [
    {
      title: `as measured, ${state.gene.cell_type}`,
      depth: own(state.before),
      predicted: of("before"),
      contacts: pcres.filter((r4) => !r4.added).map((r4) => r4.frequency),
      edited: false
    }
  ];
  if (state.edits) {
    const contacts = pcres.map((r4) => r4.now);
    panels2.push({ title: "edited", depth: own(state.after), predicted: of("after"), contacts, edited: true });
  }
  if (compared) {
    const same = compared.gene_id === state.gene.gene_id;
    panels2.push({
      title: same ? compared.cell_type : `${compared.name}, ${compared.cell_type}`,
      depth: compared.depth,
      predicted: Object.fromEntries(Object.entries(compared.predicted).map(([task, list]) => [task, mean(list)])),
      contacts: compared.contacts.map((c4) => c4.frequency),
      edited: false
    });
  }
  return panels2;
}
function predictedWords({ predicted }) {
  const chance2 = "classification" in predicted ? `chance ${fixed(predicted.classification)}` : "";
  const level2 = "regression" in predicted ? `level ${fixed(predicted.regression)}` : "";
  return [chance2, level2].filter(Boolean).join(", ");
}
var Multiples = class {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
  }
  get height() {
    const { state } = this.lab;
    return HEAD + ROW * state.marks.length + (state.regions.some(isPcre) ? CONTACTS : 0) + AXIS;
  }
  draw(ctx, width) {
    const { lab } = this, { state } = lab, theme = this.theme = themeOf(lab.node), panels2 = panelsOf(lab), left = width < 480 ? 66 : 92;
    const w5 = (width - left - RIGHT - GAP * (panels2.length - 1)) / panels2.length;
    const tops = state.marks.map((_3, m5) => {
      let top = state.tops[m5];
      for (const { depth } of panels2)
        for (let i4 = m5; i4 < depth.length; i4 += state.marks.length) top = Math.max(top, depth[i4] || 0);
      return top;
    });
    state.marks.forEach((mark, m5) => this.label(ctx, mark, tops[m5], HEAD + m5 * ROW, left));
    const most = Math.max(...panels2.flatMap((p5) => p5.contacts.map((f5) => f5 || 0)), 1e-9);
    panels2.forEach((panel, i4) => {
      const box = { x: left + i4 * (w5 + GAP), w: w5 };
      this.head(ctx, panel, box);
      state.marks.forEach((mark, m5) => this.track(ctx, panel, panels2[0], box, mark, m5, tops[m5]));
      if (state.regions.some(isPcre)) this.contacts(ctx, panel, box, most, i4 === 0);
      this.axis(ctx, box);
    });
    ctx.fillStyle = theme.ink;
  }
  label(ctx, mark, top, y5, left) {
    const { theme } = this;
    ctx.fillStyle = mark.colour;
    ctx.fillRect(6, y5 + 8, 9, 9);
    Object.assign(ctx, {
      fillStyle: theme.ink,
      textAlign: "left",
      textBaseline: "top",
      font: `bold 12px ${theme.font}`
    });
    ctx.fillText(mark.name, 19, y5 + 6, left - 22);
    Object.assign(ctx, { fillStyle: theme.quiet, font: `10px ${theme.font}` });
    ctx.fillText(`0 to ${short(top, 2)}`, 19, y5 + 20, left - 22);
  }
  head(ctx, panel, { x: x3, w: w5 }) {
    const { theme } = this;
    Object.assign(ctx, {
      fillStyle: theme.ink,
      textAlign: "left",
      textBaseline: "top",
      font: `bold 12px ${theme.font}`
    });
    ctx.fillText(panel.title, x3, 4, w5);
    Object.assign(ctx, { fillStyle: theme.quiet, font: `11px ${theme.font}` });
    ctx.fillText(predictedWords(panel), x3, 20, w5);
  }
  /** The stretch that is in view, bp: that of the lab where its window is the wide region. */
  get view() {
    const { lab } = this, [{ start, end }] = lab.state.regions;
    return lab.wide === 0 && lab.view ? lab.view : { from: start, to: end };
  }
  track(ctx, panel, first, { x: x3, w: w5 }, mark, m5, top) {
    const { state } = this.lab, { theme } = this, marks = state.marks.length, box = { x: x3, y: HEAD + m5 * ROW + 3, w: w5, h: ROW - 7 };
    const { from, to } = this.view, [{ start }] = state.regions, size = state.gene.bin_size;
    const edges = (i4) => x3 + (start + i4 * size - from) / (to - from) * w5;
    const of = ({ depth }) => Float32Array.from({ length: depth.length / marks }, (_3, i4) => depth[i4 * marks + m5]);
    const values2 = of(panel);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y - 1, box.w, box.h + 2);
    ctx.clip();
    for (let i4 = 0; i4 < values2.length; i4++) {
      if (Number.isFinite(values2[i4])) continue;
      drawHatch(ctx, { x: edges(i4), y: box.y, w: edges(i4 + 1) - edges(i4), h: box.h }, theme.faint);
    }
    drawArea(ctx, box, values2, top, mark.colour, edges);
    if (panel.edited) {
      const was = of(first);
      drawSteps(ctx, box, was, top, theme.ink, { edges, where: (i4) => values2[i4] !== was[i4], dash: [2, 2] });
    }
    ctx.restore();
    ctx.fillStyle = theme.faint;
    ctx.fillRect(box.x, box.y + box.h, box.w, 1);
  }
  /** How often the promoter touches each pCRE, below the axis, by rank; a contact that is cut leaves a gap. */
  contacts(ctx, panel, { x: x3, w: w5 }, most, first) {
    const { theme } = this, { marks } = this.lab.state, y5 = HEAD + marks.length * ROW + AXIS + 2, h5 = CONTACTS - 16, pitch = Math.min(24, w5 / Math.max(1, panel.contacts.length));
    if (first) {
      Object.assign(ctx, {
        fillStyle: theme.ink,
        textAlign: "left",
        textBaseline: "top",
        font: `bold 12px ${theme.font}`
      });
      ctx.fillText("contacts", 0, y5 + 2);
      Object.assign(ctx, { fillStyle: theme.quiet, font: `10px ${theme.font}` });
      ctx.fillText(`pCREs, 0 to ${short(most, 2)}`, 0, y5 + 16);
    }
    panel.contacts.forEach((frequency, i4) => {
      const tall = (frequency || 0) / most * h5;
      ctx.fillStyle = theme.quiet;
      ctx.fillRect(x3 + i4 * pitch, y5 + h5 - tall, Math.max(2, pitch - 4), tall);
      if (pitch < 14) return;
      Object.assign(ctx, { textAlign: "center", textBaseline: "top", font: `10px ${theme.font}` });
      ctx.fillText(frequency === null ? "cut" : String(i4 + 1), x3 + i4 * pitch + pitch / 2 - 2, y5 + h5 + 3);
    });
    ctx.fillStyle = theme.faint;
    ctx.fillRect(x3, y5 + h5, w5, 1);
  }
  axis(ctx, { x: x3, w: w5 }) {
    const { gene: gene2, direction } = this.lab.state, { from, to } = this.view;
    const more = { ink: this.theme.quiet, font: this.theme.font, zero: gene2.tss, direction };
    const title = w5 > 150 && direction < 0 ? "kb from the TSS (read to the left)" : "kb from the TSS";
    drawAxis(ctx, { x: x3, y: HEAD + this.lab.state.marks.length * ROW + 2, w: w5 }, from, to, {
      count: Math.max(2, Math.round(w5 / 70)),
      title,
      ...more
    });
  }
};

// whatif/ui/tools.jsx
var TOOLS = [
  ["paint", "✎ Paint", "Drag over a track to draw it with the pen (P)"],
  ["erase", "⌫ Erase", "Drag along a track to erase the mark there (E)"],
  ["scale", "↕ Scale", "Drag along a track to multiply it there (S)"],
  ["select", "▭ Select", "Drag along a track, then choose what to do there (R)"],
  ["move", "✥ Move", "Drag the tracks to move the view (V); with any tool: Shift and drag"]
];
var PENS = [
  [100, "100 bp"],
  [500, "500 bp"],
  [1e3, "1 kb"],
  [2e3, "2 kb"]
];
var FACTORS = [0.1, 0.25, 0.5, 1.5, 2, 4];
function Tools({ lab }) {
  const tool = lab.tool.value;
  const coarse = matchMedia("(any-pointer: coarse)").matches;
  return /* @__PURE__ */ u4("div", { class: "cl-bar cl-tools", children: [
    /* @__PURE__ */ u4("div", { class: "cl-group", role: "group", "aria-label": "tools", children: TOOLS.map(([name, text, title]) => /* @__PURE__ */ u4(
      "button",
      {
        title,
        "aria-pressed": name === tool ? "true" : "false",
        onClick: () => lab.tool.value = name,
        children: text
      },
      name
    )) }),
    tool === "paint" && /* @__PURE__ */ u4("label", { title: "How wide the pen is", children: [
      "pen",
      /* @__PURE__ */ u4("select", { value: lab.brush.value, onChange: (e4) => lab.brush.value = +e4.currentTarget.value, children: PENS.map(([bp, text]) => /* @__PURE__ */ u4("option", { value: bp, children: text }, bp)) })
    ] }),
    tool === "scale" && /* @__PURE__ */ u4("label", { title: "What the track is multiplied by", children: [
      "by",
      /* @__PURE__ */ u4("select", { value: lab.factor.value, onChange: (e4) => lab.factor.value = +e4.currentTarget.value, children: FACTORS.map((f5) => /* @__PURE__ */ u4("option", { value: f5, children: [
        "× ",
        f5
      ] }, f5)) })
    ] }),
    coarse && /* @__PURE__ */ u4("label", { title: "A finger paints, as a mouse does; otherwise fingers move and zoom", children: [
      /* @__PURE__ */ u4(
        "input",
        {
          type: "checkbox",
          checked: lab.fingers.value,
          onChange: (e4) => lab.fingers.value = e4.currentTarget.checked
        }
      ),
      " ",
      "finger paints"
    ] }),
    /* @__PURE__ */ u4("span", { class: "cl-space" }),
    /* @__PURE__ */ u4(Zoom, { lab })
  ] });
}
function Zoom({ lab }) {
  const part2 = lab.places.value >= 0 && lab.view !== null;
  return /* @__PURE__ */ u4("div", { class: "cl-group", role: "group", "aria-label": "zoom", children: [
    part2 && /* @__PURE__ */ u4(
      "button",
      {
        title: "Show all of the region",
        onClick: () => {
          lab.view = null;
          lab.moved();
        },
        children: "all"
      }
    ),
    /* @__PURE__ */ u4("button", { title: "Zoom out (−), or Ctrl and the wheel", "aria-label": "zoom out", onClick: () => lab.zoom(0.5), children: "−" }),
    /* @__PURE__ */ u4("button", { title: "Zoom in (+), or Ctrl and the wheel", "aria-label": "zoom in", onClick: () => lab.zoom(2), children: "+" })
  ] });
}

// whatif/ui/beside.jsx
function Beside({ lab }) {
  const stage = A2(null);
  lab.answers.value;
  lab.places.value;
  const said2 = panelsOf(lab).map((panel) => `${panel.title}: ${predictedWords(panel)}`);
  h2(() => {
    const picture = new Multiples(lab);
    const sheet = new Sheet(
      stage.current,
      () => picture.height,
      (ctx, width) => lab.state && picture.draw(ctx, width),
      { role: "img" }
    );
    lab.panels = sheet;
    return () => {
      lab.panels = null;
      sheet.close();
    };
  }, []);
  h2(() => {
    lab.panels.canvas.setAttribute("aria-label", `Side by side. ${said2.join("; ")}`);
    lab.panels.redraw();
  });
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("div", { class: "cl-bar cl-tools", children: [
      /* @__PURE__ */ u4("b", { children: "Side by side" }),
      /* @__PURE__ */ u4("button", { onClick: () => lab.beside.value = false, children: "Back to the tracks" }),
      /* @__PURE__ */ u4("span", { class: "cl-space" }),
      /* @__PURE__ */ u4(Zoom, { lab })
    ] }),
    /* @__PURE__ */ u4("div", { ref: stage, class: "cl-beside" })
  ] });
}

// whatif/glossary.js
function split(text, words) {
  if (!words.length) return [{ said: text, word: null }];
  const long = [...words].sort((a4, b4) => b4.length - a4.length).map((w5) => w5.replace(/[^\w\s]/g, "\\$&"));
  const found2 = new RegExp(`(?<![\\w-])(${long.join("|")})s?(?![\\w-])`, "gi"), named3 = Object.fromEntries(words.map((word) => [word.toLowerCase(), word])), seen = /* @__PURE__ */ new Set(), parts = [];
  let from = 0;
  for (const match of text.matchAll(found2)) {
    const word = named3[match[1].toLowerCase()];
    if (seen.has(word)) continue;
    seen.add(word);
    parts.push({ said: text.slice(from, match.index), word: null }, { said: match[0], word });
    from = match.index + match[0].length;
  }
  return [...parts, { said: text.slice(from), word: null }].filter(({ said: said2 }) => said2);
}

// whatif/ui/words.jsx
var glossId = (lab) => `cl-gloss-${lab.wire.id}`;
function Word({ lab, of, passed = false, children = of }) {
  const text = lab.state?.words[of], told = lab.glossed.value;
  const own = A2(null);
  if (!text) return /* @__PURE__ */ u4(S, { children });
  const show = () => lab.glossed.value = { word: of, text, at: own.current.getBoundingClientRect(), node: own.current }, hide = () => lab.glossed.value = null;
  return /* @__PURE__ */ u4(
    "dfn",
    {
      ref: own,
      class: "cl-word",
      tabIndex: passed ? void 0 : 0,
      "aria-describedby": told && told.node === own.current ? glossId(lab) : void 0,
      onPointerEnter: show,
      onPointerLeave: hide,
      onFocus: show,
      onBlur: hide,
      onKeyDown: (e4) => {
        if (e4.key === "Escape") hide();
      },
      children
    }
  );
}
function Words({ lab, text, passed }) {
  const parts = split(text, Object.keys(lab.state?.words || {}));
  return /* @__PURE__ */ u4(S, { children: parts.map(
    ({ said: said2, word }, i4) => word ? /* @__PURE__ */ u4(Word, { lab, of: word, passed, children: said2 }, i4) : said2
  ) });
}
function Gloss({ lab }) {
  const box = A2(null);
  const told = lab.glossed.value;
  h2(() => {
    const { current } = box;
    if (!told) {
      if (current.matches(":popover-open")) current.hidePopover();
      return;
    }
    if (!current.matches(":popover-open")) current.showPopover();
    const { width, height } = current.getBoundingClientRect(), { left, bottom, top } = told.at;
    const below = bottom + 6 + height < window.innerHeight;
    Object.assign(current.style, {
      left: `${Math.max(4, Math.min(left, window.innerWidth - width - 8))}px`,
      top: `${below ? bottom + 6 : Math.max(4, top - 6 - height)}px`
    });
  }, [told]);
  return /* @__PURE__ */ u4("div", { ref: box, id: glossId(lab), class: "cl-gloss", popover: "manual", role: "tooltip", children: told && /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("b", { children: told.word }),
    ": ",
    told.text
  ] }) });
}

// whatif/ui/cards.jsx
var mean2 = (list) => list.reduce((a4, b4) => a4 + b4, 0) / list.length;
var TITLES = { classification: "Chance of being expressed", regression: "Expression, log2(RPKM + 1)" };
function Card({ lab, task }) {
  const { state } = lab, own = state.predicted[task], edited2 = state.edits > 0;
  const [before, after] = [mean2(own.before), mean2(own.after)], change2 = after - before;
  const told = settledNow(lab)?.true, waits = edited2 && !settledNow(lab) && lab.settled.value?.true, truth = told?.tasks?.[task], words = [spread(own), ...measuredWords(task, state.gene), waits ? "true …" : trueWords(task, told, truth)].filter(Boolean).join(" · ");
  return /* @__PURE__ */ u4("section", { class: "cl-card", "aria-label": TITLES[task], children: [
    /* @__PURE__ */ u4("div", { class: "cl-said", children: [
      /* @__PURE__ */ u4("small", { children: /* @__PURE__ */ u4(Words, { lab, text: TITLES[task] }) }),
      /* @__PURE__ */ u4("div", { children: [
        /* @__PURE__ */ u4("span", { class: edited2 ? "cl-before" : "cl-now", children: fixed(before) }),
        edited2 && /* @__PURE__ */ u4(S, { children: [
          /* @__PURE__ */ u4("span", { class: "cl-quiet", children: " → " }),
          /* @__PURE__ */ u4("b", { class: "cl-now", children: fixed(after) }),
          " ",
          /* @__PURE__ */ u4("span", { class: Math.abs(change2) < SEEN ? "cl-quiet" : change2 > 0 ? "cl-up" : "cl-down", children: changed(change2) })
        ] })
      ] })
    ] }),
    /* @__PURE__ */ u4(Gauge, { own, task, edited: edited2, measured: state.gene.measured, truth }),
    /* @__PURE__ */ u4("div", { class: "cl-spread cl-quiet", title: words, children: words })
  ] });
}
var SEEN = 5e-4;
function changed(change2) {
  if (Math.abs(change2) < SEEN) return "no change";
  return `${change2 > 0 ? "▲ +" : "▼ −"}${Math.abs(change2).toFixed(Math.abs(change2) < 0.0995 ? 3 : 2)}`;
}
function spread({ after }) {
  const n3 = after.length;
  return n3 > 1 ? `${n3} models: ${fixed(Math.min(...after))} to ${fixed(Math.max(...after))}` : "one model";
}
function measuredWords(task, gene2) {
  const own = gene2.measured[task];
  if (own === null || own === void 0 || task === "classification" && own < 0) return [];
  return [task === "regression" ? `measured ▾ ${fixed(own)}` : `measured: ${own ? "expressed" : "below the median"}`];
}
function trueWords(task, told, truth) {
  if (!told) return "";
  if (told.refused?.length) return `true value not known: ${told.refused[0]}`;
  if (!truth) return "";
  if (task === "regression") return truth.after === null ? "" : `true ◆ ${fixed(truth.before)} → ${fixed(truth.after)}`;
  if (!truth.before || !truth.after) return "no true chance: a gene is above or below";
  return truth.before === truth.after ? `truly stays ${truth.after} the median` : `truly ${truth.before} → ${truth.after} the median`;
}
function Gauge({ own, task, edited: edited2, measured, truth }) {
  const level2 = task === "regression", told = level2 && truth && truth.after !== null ? truth : null;
  const values2 = [...own.before, ...own.after, measured.regression || 0, told?.before || 0, told?.after || 0];
  const high = level2 ? Math.ceil(Math.max(8, ...values2)) : 1, ticks2 = level2 ? ticks(0, high, 4) : [0, 0.5, 1];
  const x3 = (v4) => `${3 + 94 * Math.max(0, Math.min(high, v4)) / high}%`;
  const rose = mean2(own.after) >= mean2(own.before);
  return /* @__PURE__ */ u4("svg", { class: "cl-gauge", height: "40", width: "100%", role: "img", "aria-label": "before and after, every model", children: [
    /* @__PURE__ */ u4("line", { class: "cl-axis", x1: x3(0), x2: x3(high), y1: "20", y2: "20" }),
    ticks2.map((t4) => /* @__PURE__ */ u4("text", { x: x3(t4), y: "38", "text-anchor": "middle", children: t4 }, t4)),
    level2 && measured.regression !== null && /* @__PURE__ */ u4("svg", { x: x3(measured.regression), y: "4", overflow: "visible", children: /* @__PURE__ */ u4("path", { class: "cl-measured", d: "M0,8 L-4,0 H4 z", children: /* @__PURE__ */ u4("title", { children: "measured" }) }) }),
    /* @__PURE__ */ u4(Whisker, { list: own.before, x: x3, class: "cl-was", filled: !edited2 }),
    edited2 && /* @__PURE__ */ u4(Whisker, { list: own.after, x: x3, class: rose ? "cl-up" : "cl-down", filled: true }),
    told && /* @__PURE__ */ u4(S, { children: [
      /* @__PURE__ */ u4(True, { at: x3(told.before), filled: false, what: "true value before the edits" }),
      /* @__PURE__ */ u4(True, { at: x3(told.after), filled: true, what: "true value after the edits" })
    ] })
  ] });
}
function True({ at, filled, what }) {
  return /* @__PURE__ */ u4("svg", { x: at, y: "7", overflow: "visible", children: /* @__PURE__ */ u4("path", { class: "cl-true", "fill-opacity": filled ? 1 : 0, d: "M0,-5 L5,0 L0,5 L-5,0 z", children: /* @__PURE__ */ u4("title", { children: what }) }) });
}
function Whisker({ list, x: x3, filled, ...more }) {
  return /* @__PURE__ */ u4("g", { class: more.class, children: [
    /* @__PURE__ */ u4("line", { x1: x3(Math.min(...list)), x2: x3(Math.max(...list)), y1: "20", y2: "20" }),
    list.map((v4, i4) => /* @__PURE__ */ u4("line", { x1: x3(v4), x2: x3(v4), y1: "15", y2: "25" }, i4)),
    /* @__PURE__ */ u4("circle", { cx: x3(mean2(list)), cy: "20", r: "5", class: filled ? "" : "cl-hollow" })
  ] });
}

// whatif/ui/help.jsx
function Help({ lab }) {
  const box = A2(null);
  const open = lab.help.value;
  h2(() => {
    if (!open) return void 0;
    box.current.showPopover();
    box.current.focus();
    const back = document.activeElement;
    return () => back instanceof HTMLElement && back.isConnected && lab.tracks?.canvas.focus({ preventScroll: true });
  }, [open]);
  if (!open) return null;
  return /* @__PURE__ */ u4(
    "div",
    {
      ref: box,
      class: "cl-help",
      popover: "auto",
      tabindex: -1,
      role: "dialog",
      "aria-label": "keys",
      onToggle: (e4) => e4.newState === "closed" && (lab.help.value = false),
      children: [
        /* @__PURE__ */ u4("b", { children: "Keys, while the tracks have the focus" }),
        /* @__PURE__ */ u4("dl", { children: HELP.map(([keys, what]) => /* @__PURE__ */ u4("div", { children: [
          /* @__PURE__ */ u4("dt", { children: keys }),
          /* @__PURE__ */ u4("dd", { children: what })
        ] }, keys)) }),
        /* @__PURE__ */ u4("p", { children: "Panels beside the tracks: missions, where the lab has them; whole marks; contacts; recipes; the smallest edit that flips the prediction; the list of edits, with dose curve, other genes, replay, files and pictures; another gene or cell type, over the tracks or side by side. Arrow keys go from one tab to the next." }),
        /* @__PURE__ */ u4("p", { class: "cl-quiet", children: "Mouse: drag to use the tool, Shift and drag to move the view, Ctrl and the wheel to zoom, the wheel over the axis to zoom; click an arc to cut a contact, a title to see that region wide, a neighbouring gene to go there. Fingers move and pinch." }),
        /* @__PURE__ */ u4("details", { children: [
          /* @__PURE__ */ u4("summary", { children: "Words" }),
          /* @__PURE__ */ u4("dl", { class: "cl-glossary", children: Object.entries(lab.state?.words || {}).map(([word, text]) => /* @__PURE__ */ u4("div", { children: [
            /* @__PURE__ */ u4("dt", { children: word }),
            /* @__PURE__ */ u4("dd", { children: text })
          ] }, word)) })
        ] })
      ]
    }
  );
}

// whatif/ui/letters.jsx
var BASES = "ACGT";
var COLOURS = ["#009e73", "#0072b2", "#e69f00", "#d55e00"];
var [WIDE, MOST, TALL, FLANK] = [11, 276, 44, 3];
var CAP = 0.72;
function Letters2({ told, from, to, away }) {
  if (told.error) return /* @__PURE__ */ u4("span", { class: "cl-quiet", children: told.error });
  const [best] = told.sites;
  return /* @__PURE__ */ u4("div", { class: "cl-letters", children: [
    /* @__PURE__ */ u4(Sequence, { told, from, to }),
    told.brings && /* @__PURE__ */ u4(Brings, { told, from }),
    best && /* @__PURE__ */ u4(Logo, { site: best, told }),
    told.sites.map((site) => /* @__PURE__ */ u4("div", { children: [
      /* @__PURE__ */ u4("b", { children: site.motif }),
      " on ",
      site.strand === "-" ? "−" : "+",
      ", ",
      away(site.start),
      ", score ",
      short(site.score),
      ", p",
      " ",
      site.p.toExponential(0)
    ] }, `${site.motif} ${site.start} ${site.strand}`)),
    /* @__PURE__ */ u4("span", { class: "cl-quiet", children: [
      best ? told.more ? `and ${told.more} more. ` : "" : "No known motif fits here. ",
      "The models read marks, not letters."
    ] })
  ] });
}
function Sequence({ told, from, to }) {
  const inside = (bp) => told.sites.some((site) => bp >= site.start && bp < site.end);
  const runs = [];
  for (let bp = from; bp < to; bp++) {
    const letter = told.letters[bp - told.start], last = runs.at(-1);
    if (last && last.site === inside(bp)) last.text += letter;
    else runs.push({ site: inside(bp), text: letter });
  }
  return /* @__PURE__ */ u4("code", { children: runs.map(({ site, text }, i4) => site ? /* @__PURE__ */ u4("b", { children: text }, i4) : text) });
}
function Brings({ told, from }) {
  const { track, values: values2 } = told.brings, most = Math.max(...values2.map(Math.abs), 1e-9), wide = MOST / values2.length;
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("svg", { class: "cl-logo", width: MOST, height: 1.5 * TALL, role: "img", "aria-label": `what letters bring to ${track}`, children: values2.map((value, i4) => {
      const letter = told.letters[from + i4 - told.start], scale = `scale(${wide / 8} ${value / most * TALL * 0.98 / (10 * CAP)})`;
      return Math.abs(value) > 0.02 * most && /* @__PURE__ */ u4(
        "text",
        {
          transform: `translate(${(i4 + 0.5) * wide} ${TALL}) ${scale}`,
          "text-anchor": "middle",
          fill: COLOURS[BASES.indexOf(letter)],
          children: letter
        },
        i4
      );
    }) }),
    /* @__PURE__ */ u4("div", { children: [
      "letters of this bin, by what each brings to ",
      /* @__PURE__ */ u4("b", { children: track }),
      ": at most ",
      short(most),
      " of ln(1 + depth)"
    ] })
  ] });
}
function Logo({ site, told }) {
  const places = site.heights.length, wide = Math.min(WIDE, MOST / (places + 2 * FLANK)), first = site.start - FLANK;
  return /* @__PURE__ */ u4("svg", { class: "cl-logo", width: (places + 2 * FLANK) * wide, height: TALL + 14, role: "img", "aria-label": site.motif, children: [
    site.heights.map((bits, i4) => /* @__PURE__ */ u4(Stack, { bits, x: (FLANK + i4 + 0.5) * wide, wide }, i4)),
    Array.from({ length: places + 2 * FLANK }, (_3, i4) => /* @__PURE__ */ u4(
      "text",
      {
        x: (i4 + 0.5) * wide,
        y: TALL + 11,
        "text-anchor": "middle",
        class: i4 >= FLANK && i4 < FLANK + places ? "" : "cl-quiet",
        children: told.letters[first + i4 - told.start]
      },
      i4
    ))
  ] });
}
function Stack({ bits, x: x3, wide }) {
  let base = TALL;
  const order = bits.map((value, i4) => ({ value, i: i4 })).sort((a4, b4) => a4.value - b4.value);
  return /* @__PURE__ */ u4(S, { children: order.map(({ value, i: i4 }) => {
    const high = value / 2 * TALL, y5 = base;
    base -= high;
    const scale = `scale(${wide / 8} ${high / (10 * CAP)})`;
    return high > 0.5 && /* @__PURE__ */ u4("text", { transform: `translate(${x3} ${y5}) ${scale}`, "text-anchor": "middle", fill: COLOURS[i4], children: BASES[i4] }, i4);
  }) });
}

// whatif/ui/pointed.jsx
var WHOLE = ", from before the TSS to past its end: what is painted here changes the window, too";
function Pointed({ lab }) {
  const box = A2(null);
  const at = lab.pointed.value, words = at && lab.state && !lab.stroke ? said(lab, at.hit) : null;
  h2(() => {
    if (!words) return;
    if (!box.current.matches(":popover-open")) box.current.showPopover();
    const { width, height } = box.current.getBoundingClientRect();
    const left = at.x + 14 + width < window.innerWidth ? at.x + 14 : at.x - 14 - width;
    const top = at.y + 14 + height < window.innerHeight ? at.y + 14 : Math.max(4, at.y - 14 - height);
    Object.assign(box.current.style, { left: `${Math.max(4, left)}px`, top: `${top}px` });
  });
  if (!words) return null;
  return /* @__PURE__ */ u4("div", { ref: box, class: "cl-pointed", popover: "manual", "aria-hidden": "true", children: words });
}
function said(lab, hit) {
  const { state } = lab, r4 = hit.column?.region;
  if (hit.on === "label") return named(state, state.marks[hit.mark]);
  if (!r4 || !state.regions[hit.column.index]) return null;
  const away = (bp2) => r4.chrom === state.gene.chrom ? `${state.kb(bp2) > 0 ? "+" : ""}${short(state.kb(bp2))} kb from the TSS` : r4.chrom;
  if (hit.on === "arc") {
    const does = r4.now === null ? "contact cut; click to restore it" : `contact frequency ${short(r4.now)}; click to cut it`;
    return /* @__PURE__ */ u4(S, { children: [
      /* @__PURE__ */ u4("b", { children: nameOf(r4) }),
      ", ",
      away((r4.start + r4.end) / 2),
      /* @__PURE__ */ u4("br", {}),
      does
    ] });
  }
  if (hit.on === "head") {
    return /* @__PURE__ */ u4(S, { children: [
      /* @__PURE__ */ u4("b", { children: r4.rank === 0 ? "promoter window" : nameOf(r4) }),
      isPcre(r4) ? ", a fragment that this promoter touches" : r4.rank === null ? WHOLE : "",
      /* @__PURE__ */ u4("br", {}),
      state.place(r4),
      /* @__PURE__ */ u4("br", {}),
      hit.column.index === lab.wide ? "drag to move, wheel to zoom" : "click to see it wide"
    ] });
  }
  if (hit.on === "ruler") return hit.gene ? gene(hit.gene, away) : binRead(state, hit) || broken(lab, hit);
  if (hit.on !== "track") return null;
  const bp = r4.start + hit.bin * state.gene.bin_size, told = lab.letters.of(hit);
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("span", { class: "cl-quiet", children: [
      r4.chrom,
      ":",
      grouped(bp),
      ", ",
      away(bp)
    ] }),
    /* @__PURE__ */ u4("table", { children: /* @__PURE__ */ u4("tbody", { children: state.marks.map((mark, m5) => {
      const now = state.track(state.after, r4, m5)[hit.bin], was = (state.track(state.before, r4, m5) || [])[hit.bin];
      const changed3 = was !== void 0 && was !== now && (Number.isFinite(now) || Number.isFinite(was));
      return /* @__PURE__ */ u4("tr", { class: m5 === hit.mark ? "cl-this" : "", children: [
        /* @__PURE__ */ u4("th", { children: [
          /* @__PURE__ */ u4("i", { style: { background: mark.colour } }),
          mark.name
        ] }),
        /* @__PURE__ */ u4("td", { children: short(now) }),
        /* @__PURE__ */ u4("td", { class: "cl-quiet", children: changed3 ? `was ${short(was)}` : "" })
      ] }, mark.name);
    }) }) }),
    /* @__PURE__ */ u4("span", { class: "cl-quiet", children: units(state.marks) }),
    told && /* @__PURE__ */ u4(Letters2, { told, from: bp, to: Math.min(bp + state.gene.bin_size, r4.end), away })
  ] });
}
function named(state, mark) {
  const text = mark && state.words[mark.name];
  return text ? /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("b", { children: mark.name }),
    ": ",
    text
  ] }) : null;
}
function units(marks) {
  const known = [...new Set(marks.map((m5) => m5.unit).filter(Boolean))];
  return known.length > 1 ? marks.map((m5) => `${m5.name}: ${m5.unit}`).join("; ") : known[0] || "";
}
function gene(shown2, away) {
  const { name, strand, own, start, end } = shown2;
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("b", { children: name }),
    ", ",
    strand === "-" ? "minus" : "plus",
    " strand",
    /* @__PURE__ */ u4("br", {}),
    away(start),
    " to ",
    away(end),
    /* @__PURE__ */ u4("br", {}),
    own ? "the gene shown" : "a neighbour; click to show it"
  ] });
}
function binRead(state, hit) {
  const bin = hit.column.region.rank === null && state.gene.bins.find(([a4, b4]) => a4 <= hit.bp && hit.bp < b4);
  return bin ? `the model reads one number a mark for these ${short((bin[1] - bin[0]) / 1e3)} kb` : null;
}
function broken(lab, hit) {
  const left = lab.layout.leftOut(hit.column);
  return left ? `${short(left / 1e3)} kb between this panel and the next are not shown` : null;
}

// whatif/ui/slider.jsx
function Slider({ name, label, title, max, step, value, said: said2, onTurn, colour, cut, disabled, children }) {
  const held = A2(false);
  const [now, turn] = d2(value);
  h2(() => {
    if (!held.current) turn(value);
  }, [value]);
  return /* @__PURE__ */ u4("div", { class: `cl-slider ${cut ? "cl-cut" : ""}`, children: [
    /* @__PURE__ */ u4("span", { title: label ? void 0 : title, children: [
      colour && /* @__PURE__ */ u4("i", { style: { background: colour } }),
      label || name
    ] }),
    /* @__PURE__ */ u4(
      "input",
      {
        type: "range",
        min: "0",
        max,
        step,
        value: now,
        title,
        "aria-label": title,
        "aria-valuetext": said2(now),
        disabled,
        onInput: (e4) => {
          held.current = true;
          turn(+e4.currentTarget.value);
          onTurn(+e4.currentTarget.value, true);
        },
        onChange: (e4) => {
          held.current = false;
          turn(+e4.currentTarget.value);
          onTurn(+e4.currentTarget.value, false);
        }
      }
    ),
    /* @__PURE__ */ u4("output", { children: said2(now) }),
    children
  ] });
}

// whatif/ui/selection.jsx
function Selection({ lab }) {
  lab.places.value;
  const selection = lab.state && lab.selection();
  if (!selection || !lab.mayEdit()) return null;
  const place = lab.targetPlace(), { low, high, mark } = selection;
  const length = (high - low + 1) * lab.state.gene.bin_size, { unit } = lab.state.marks[mark];
  const put2 = (kind, more, draft = false) => lab.act({ do: "put", draft, edits: [{ kind, ...place, ...more }] });
  let level2 = round2(lab.state.tops[mark] / 2);
  return /* @__PURE__ */ u4("div", { class: "cl-selection", role: "group", "aria-label": "selection", title: place.region, children: [
    /* @__PURE__ */ u4("b", { children: [
      place.mark,
      ", ",
      short(length / 1e3),
      " kb"
    ] }),
    /* @__PURE__ */ u4(
      Slider,
      {
        name: "×",
        title: `${place.mark} in the selection, multiplied by`,
        max: 3,
        step: 0.05,
        value: 1,
        said: (v4) => v4.toFixed(2),
        onTurn: (factor, draft) => put2("scale", { factor }, draft)
      },
      place.mark + place.region
    ),
    /* @__PURE__ */ u4("button", { title: "Take the mark away there (Delete)", onClick: () => lab.presses.erase(), children: "Erase" }),
    /* @__PURE__ */ u4("label", { children: [
      /* @__PURE__ */ u4(
        "input",
        {
          type: "number",
          min: "0",
          step: "0.5",
          defaultValue: String(level2),
          "aria-label": `depth, ${unit || "in the track’s unit"}`,
          title: unit,
          onInput: (e4) => level2 = Math.max(0, +e4.currentTarget.value || 0)
        },
        `${place.mark} ${place.region}`
      ),
      /* @__PURE__ */ u4(
        "button",
        {
          title: "The same depth everywhere in the selection",
          onClick: (e4) => {
            const field = (
              /** @type {HTMLInputElement} */
              e4.currentTarget.parentElement.querySelector("input")
            );
            lab.act({ do: "add", edits: [{ kind: "set_depth", ...place, depth: Math.max(0, +field.value || 0) }] });
          },
          children: "Set"
        }
      )
    ] }),
    /* @__PURE__ */ u4(
      "button",
      {
        class: "cl-small",
        title: "Forget the selection (Escape)",
        "aria-label": "forget the selection",
        onClick: () => lab.dropStroke(),
        children: "×"
      }
    )
  ] });
}

// whatif/ui/compare.jsx
function ComparePanel({ lab }) {
  const other = lab.compared, { gene: gene2, edits } = lab.state;
  const elsewhere = gene2.cell_types.filter((cell) => cell !== gene2.cell_type);
  const inCell = (cell) => lab.compare({ gene_id: gene2.gene_id, cell_types: [cell] }, cell);
  const beside = () => {
    if (!other && !edits) inCell(elsewhere[0]);
    lab.beside.value = !lab.beside.value;
  };
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4(GeneBox, { search: lab.boxes[1], label: "Compare with", shown: other?.name || "" }),
    elsewhere.length > 0 && /* @__PURE__ */ u4("div", { class: "cl-buttons", role: "group", "aria-label": "this gene in another cell type", children: elsewhere.map((cell) => /* @__PURE__ */ u4(
      "button",
      {
        class: "cl-small",
        title: "This gene in another cell type",
        "aria-pressed": other?.gene_id === gene2.gene_id && other.cell_type === cell ? "true" : "false",
        onClick: () => inCell(cell),
        children: cell
      },
      cell
    )) }),
    /* @__PURE__ */ u4("div", { class: "cl-buttons", children: [
      /* @__PURE__ */ u4(
        "button",
        {
          "aria-pressed": lab.beside.value ? "true" : "false",
          disabled: !other && !edits && !elsewhere.length,
          title: "As measured, edited, and what is compared, in panels side by side",
          onClick: beside,
          children: "Side by side"
        }
      ),
      other && /* @__PURE__ */ u4("button", { onClick: () => lab.stopComparing(), children: "Stop comparing" })
    ] }),
    !other && /* @__PURE__ */ u4("p", { class: "cl-quiet", children: "A gene’s tracks are drawn as lines over the window, aligned by the TSS and read in the same direction." }),
    (other || edits > 0) && /* @__PURE__ */ u4(Numbers, { lab }),
    other && /* @__PURE__ */ u4(S, { children: [
      other.gene_id !== gene2.gene_id && /* @__PURE__ */ u4(CellOf, { lab, other }),
      /* @__PURE__ */ u4(
        "button",
        {
          title: "Paint its whole window over this gene’s",
          disabled: !lab.mayEdit(),
          onClick: () => lab.act({ do: "copy", gene_id: other.gene_id, cell_type: other.cell_type }),
          children: "Copy its promoter here"
        }
      )
    ] })
  ] });
}
function CellOf({ lab, other }) {
  return /* @__PURE__ */ u4("label", { class: "cl-cells", children: [
    other.name,
    " in",
    " ",
    /* @__PURE__ */ u4(
      "select",
      {
        value: other.cell_type,
        "aria-label": "cell type of the compared gene",
        onChange: (e4) => lab.compare({ gene_id: other.gene_id, cell_types: [e4.currentTarget.value] }, ""),
        children: (other.cell_types || [other.cell_type]).map((cell) => /* @__PURE__ */ u4("option", { children: cell }, cell))
      }
    )
  ] });
}
function Numbers({ lab }) {
  const panels2 = panelsOf(lab), tasks = Object.keys(panels2[0].predicted);
  return /* @__PURE__ */ u4("table", { class: "cl-small-table", "aria-label": "predictions compared", children: [
    /* @__PURE__ */ u4("thead", { children: /* @__PURE__ */ u4("tr", { children: [
      /* @__PURE__ */ u4("th", { scope: "col", children: "predicted" }),
      tasks.map((task) => /* @__PURE__ */ u4("td", { title: TITLES[task], children: task === "classification" ? "chance" : "level" }, task))
    ] }) }),
    /* @__PURE__ */ u4("tbody", { children: panels2.map((panel) => /* @__PURE__ */ u4("tr", { children: [
      /* @__PURE__ */ u4("th", { scope: "row", children: panel.title }),
      tasks.map((task) => /* @__PURE__ */ u4("td", { children: fixed(panel.predicted[task]) }, task))
    ] }, panel.title)) })
  ] });
}

// whatif/svg.js
var two = (v4) => String(Math.round(v4 * 100) / 100);
var SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
var safe = (text) => String(text).replace(/[&<>"]/g, (c4) => SIGNS[c4]);
var ANCHORS = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
var KEPT3 = ["fillStyle", "strokeStyle", "lineWidth", "globalAlpha", "font", "textAlign", "textBaseline", "dash"];
var SvgContext = class {
  /**
   * @param {number} width
   * @param {number} height
   * @param {CanvasRenderingContext2D} measuring  A canvas' context, which knows how wide a text is.
   */
  constructor(width, height, measuring) {
    this.size = { width, height };
    this.measuring = measuring;
    this.fillStyle = this.strokeStyle = "#000000";
    this.lineWidth = this.globalAlpha = 1;
    this.font = "10px sans-serif";
    this.textAlign = "left";
    this.textBaseline = "alphabetic";
    this.dash = [];
    this.path = [];
    this.out = [];
    this.clips = 0;
    this.open = 0;
    this.stack = [];
  }
  /** The whole file. @param {string} title */
  text(title) {
    const { width, height } = this.size;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<title>${safe(title)}</title>`,
      ...this.out,
      "</svg>\n"
    ].join("\n");
  }
  save() {
    this.stack.push({ ...Object.fromEntries(KEPT3.map((name) => [name, this[name]])), open: this.open });
    this.open = 0;
  }
  restore() {
    for (; this.open; this.open--) this.out.push("</g>");
    Object.assign(this, this.stack.pop());
  }
  group(attributes) {
    this.out.push(`<g ${attributes}>`);
    this.open++;
  }
  translate(x3, y5) {
    this.group(`transform="translate(${two(x3)} ${two(y5)})"`);
  }
  clip() {
    const id = `clip${++this.clips}`;
    this.out.push(`<clipPath id="${id}"><path d="${this.path.join("")}"/></clipPath>`);
    this.group(`clip-path="url(#${id})"`);
  }
  beginPath() {
    this.path = [];
  }
  moveTo(x3, y5) {
    this.path.push(`M${two(x3)} ${two(y5)}`);
  }
  lineTo(x3, y5) {
    this.path.push(`L${two(x3)} ${two(y5)}`);
  }
  rect(x3, y5, w5, h5) {
    this.path.push(`M${two(x3)} ${two(y5)}h${two(w5)}v${two(h5)}h${two(-w5)}z`);
  }
  ellipse(x3, y5, rx, ry, _turned, from, to) {
    const at = (angle) => `${two(x3 + rx * Math.cos(angle))} ${two(y5 + ry * Math.sin(angle))}`;
    this.path.push(`M${at(from)}A${two(rx)} ${two(ry)} 0 ${to - from > Math.PI ? 1 : 0} 1 ${at(to)}`);
  }
  fill() {
    this.shape(`d="${this.path.join("")}"`, this.paint("fill", this.fillStyle));
  }
  stroke() {
    this.shape(`d="${this.path.join("")}"`, this.line());
  }
  fillRect(x3, y5, w5, h5) {
    this.shape(`d="M${two(x3)} ${two(y5)}h${two(w5)}v${two(h5)}h${two(-w5)}z"`, this.paint("fill", this.fillStyle));
  }
  strokeRect(x3, y5, w5, h5) {
    this.shape(`d="M${two(x3)} ${two(y5)}h${two(w5)}v${two(h5)}h${two(-w5)}z"`, this.line());
  }
  shape(d5, paint) {
    if (paint && d5 !== 'd=""') this.out.push(`<path ${d5} ${paint}/>`);
  }
  setLineDash(dash) {
    this.dash = dash;
  }
  line() {
    const paint = this.paint("stroke", this.strokeStyle), dash = this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : "";
    return paint && `fill="none" ${paint} stroke-width="${two(this.lineWidth)}"${dash}`;
  }
  /** A colour as attributes that every reader of SVG knows; "" where it is transparent. */
  paint(what, colour) {
    this.measuring.fillStyle = colour;
    const plain = String(this.measuring.fillStyle), parts = plain.match(/^rgba\((.*), (.*), (.*), (.*)\)$/);
    const alpha = (parts ? Number(parts[4]) : 1) * this.globalAlpha;
    if (!alpha) return "";
    const said2 = parts ? `rgb(${parts.slice(1, 4).join(",")})` : plain;
    return `${what}="${said2}"${alpha < 1 ? ` ${what}-opacity="${two(alpha)}"` : ""}`;
  }
  measureText(text) {
    this.measuring.font = this.font;
    return this.measuring.measureText(text);
  }
  fillText(text, x3, y5, most = Infinity) {
    const [, weight = "", size, family] = this.font.match(/^(\w+ )?([\d.]+)px (.*)$/);
    const ascent = (baseline) => {
      this.measuring.textBaseline = baseline;
      return this.measureText(text).fontBoundingBoxAscent;
    };
    const down = ascent("alphabetic") - ascent(
      /** @type {CanvasTextBaseline} */
      this.textBaseline
    ), { width } = this.measureText(text);
    const squeezed = width > most ? ` textLength="${two(most)}" lengthAdjust="spacingAndGlyphs"` : "";
    const bold = weight ? ` font-weight="${weight.trim()}"` : "";
    this.out.push(
      `<text x="${two(x3)}" y="${two(y5 + down)}" font-family="${safe(family)}" font-size="${size}"${bold} text-anchor="${ANCHORS[this.textAlign]}" ${this.paint("fill", this.fillStyle)}${squeezed}>${safe(text)}</text>`
    );
  }
};

// whatif/picture.js
var [EDGE, HEAD2, LINE] = [12, 64, 15];
var LISTED = 12;
var NAMES = { classification: "chance of being expressed", regression: "log2(RPKM + 1)" };
var mean3 = (list) => list.reduce((a4, b4) => a4 + b4, 0) / list.length;
function savePicture(lab, kind) {
  const { gene: gene2 } = lab.state, named3 = `${gene2.gene_name || gene2.gene_id}-${gene2.cell_type}`.replace(/[^\w.-]+/g, "_");
  const canvas = document.createElement("canvas"), ctx = canvas.getContext("2d"), { width, height, draw } = pictureOf(lab);
  const said2 = () => lab.say(`Saved: ${named3}.${kind}`);
  if (kind === "svg") {
    const svg = new SvgContext(width, height, ctx);
    draw(svg);
    download(`${named3}.svg`, svg.text(`${titleOf(lab)}: ${predictions(lab).join("; ")}`), "image/svg+xml");
    said2();
    return;
  }
  Object.assign(canvas, { width: 2 * width, height: 2 * height });
  ctx.scale(2, 2);
  draw(ctx);
  canvas.toBlob((blob) => {
    download(`${named3}.png`, blob, "image/png");
    said2();
  }, "image/png");
}
function titleOf(lab) {
  const { gene: gene2 } = lab.state, id = gene2.gene_name && gene2.gene_name !== gene2.gene_id ? ` (${gene2.gene_id})` : "";
  return `${gene2.gene_name || gene2.gene_id}${id} in ${gene2.cell_type}`;
}
function predictions(lab) {
  const { predicted, edits } = lab.state;
  return Object.entries(predicted).map(([task, { before, after }]) => {
    const change2 = edits ? `${fixed(mean3(before))} → ${fixed(mean3(after))}` : fixed(mean3(before));
    const models = after.length > 1 ? ` (${after.length} models: ${fixed(Math.min(...after))} to ${fixed(Math.max(...after))})` : "";
    return `${NAMES[task]} ${change2}${models}`;
  });
}
function footer(lab) {
  const { state } = lab, told = settledNow(lab);
  const list = (told?.list || []).map(([words], i4) => `${told.first + i4 + 1}. ${words}`), left = state.edits - Math.min(list.length, LISTED);
  const edits = list.length ? ["Edits", ...left > 0 ? [`(${left} before these)`] : [], ...list.slice(-LISTED)] : [];
  return [...edits, ...state.notices];
}
function pictureOf(lab) {
  const inner = Math.max(560, (lab.beside.value ? lab.panels : lab.tracks).width), beside = lab.beside.value ? new Multiples(lab) : null, layout = new Layout(inner, lab.state, lab.wide, lab.view, lab.shown);
  const tall = beside ? beside.height : layout.height, lines = footer(lab);
  const [width, height] = [inner + 2 * EDGE, Math.ceil(HEAD2 + tall + 8 + LINE * lines.length + EDGE)];
  const draw = (ctx) => {
    const theme = themeOf(lab.node);
    ctx.fillStyle = theme.paper;
    ctx.fillRect(0, 0, width, height);
    ctx.save();
    ctx.translate(EDGE, EDGE);
    head(ctx, lab, theme, inner);
    ctx.translate(0, HEAD2 - EDGE);
    ctx.save();
    if (beside) beside.draw(ctx, inner);
    else new TracksPicture(lab, true).draw(ctx, layout, null);
    ctx.restore();
    Object.assign(ctx, { textAlign: "left", textBaseline: "top" });
    lines.forEach((words, i4) => {
      Object.assign(ctx, { fillStyle: theme.ink, font: `${words === "Edits" ? "bold " : ""}11px ${theme.font}` });
      ctx.fillText(words, 0, tall + 8 + i4 * LINE, inner);
    });
    ctx.restore();
  };
  return { width, height, draw };
}
function head(ctx, lab, theme, width) {
  const { gene: gene2 } = lab.state, strand = gene2.strand === "-" ? "minus" : "plus";
  Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top", font: `bold 14px ${theme.font}` });
  ctx.fillText(titleOf(lab), 0, 0);
  ctx.font = `12px ${theme.font}`;
  ctx.fillText(`predicted: ${predictions(lab).join("; ")}`, 0, 36, width);
  ctx.fillStyle = theme.quiet;
  ctx.fillText(`${gene2.chrom}:${grouped(gene2.tss)}, ${strand} strand`, 0, 19);
  if (!gene2.origin) return;
  Object.assign(ctx, { textAlign: "right", fillStyle: theme.ink });
  ctx.fillText(gene2.origin, width, 0);
}

// whatif/ui/asking.jsx
function Asking({ lab, kind, what }) {
  const { asked, told } = lab.questions, error = told.value[kind]?.reply.error;
  return /* @__PURE__ */ u4("div", { class: "cl-asking", role: "status", children: [
    asked.value?.kind === kind && /* @__PURE__ */ u4("p", { children: [
      /* @__PURE__ */ u4("progress", { "aria-label": "searching" }),
      " ",
      what,
      " Edits made meanwhile are answered after it."
    ] }),
    error && /* @__PURE__ */ u4("p", { class: "cl-error", children: error })
  ] });
}

// whatif/ui/seen.js
function useSeen(told) {
  const own = A2(null);
  h2(() => {
    const panel = own.current.closest(".cl-panel"), [mine, its] = [own.current, panel].map((node) => node.getBoundingClientRect());
    if (mine.bottom > its.bottom) panel.scrollTop += Math.min(mine.bottom - its.bottom + 6, mine.top - its.top);
  }, [told]);
  return own;
}

// whatif/ui/course.jsx
var [WIDE2, HIGH, LEFT, BELOW] = [236, 104, 30, 18];
var mean4 = (list) => list.reduce((a4, b4) => a4 + b4, 0) / list.length;
function Course({ label, of, stops, task }) {
  const own = useSeen(label);
  const all = stops.flatMap((s4) => s4.values), means = stops.map((s4) => mean4(s4.values));
  const [low, high] = task === "classification" ? [0, 1] : [Math.min(0, ...all), Math.max(1, ...all)];
  const x3 = (i4) => LEFT + i4 * (WIDE2 - LEFT - 8) / Math.max(1, stops.length - 1), y5 = (v4) => 6 + (HIGH - BELOW - 8) * (1 - (v4 - low) / (high - low));
  const line = (values2) => values2.map((v4, i4) => `${x3(i4).toFixed(1)},${y5(v4).toFixed(1)}`).join(" ");
  const said2 = `${label}: from ${fixed(means[0])} to ${fixed(means[means.length - 1])}, mean of the models`;
  return /* @__PURE__ */ u4("figure", { ref: own, class: "cl-course", children: [
    /* @__PURE__ */ u4("svg", { viewBox: `0 0 ${WIDE2} ${HIGH}`, role: "img", "aria-label": said2, children: [
      ticks(low, high, 3).map((t4) => /* @__PURE__ */ u4("g", { children: [
        /* @__PURE__ */ u4("line", { class: "cl-axis", x1: LEFT, x2: WIDE2 - 8, y1: y5(t4), y2: y5(t4) }),
        /* @__PURE__ */ u4("text", { x: LEFT - 5, y: y5(t4) + 3.5, "text-anchor": "end", children: t4 })
      ] }, t4)),
      stops[0].values.map((_3, m5) => /* @__PURE__ */ u4("polyline", { class: "cl-each", points: line(stops.map((s4) => s4.values[m5])) }, m5)),
      /* @__PURE__ */ u4("polyline", { class: "cl-mean", points: line(means) }),
      stops.map((stop, i4) => /* @__PURE__ */ u4("g", { children: [
        /* @__PURE__ */ u4("circle", { cx: x3(i4), cy: y5(means[i4]), r: stops.length > 20 ? 1.6 : 3, children: /* @__PURE__ */ u4("title", { children: [
          stop.name,
          ": ",
          fixed(means[i4])
        ] }) }),
        stop.tick && /* @__PURE__ */ u4("text", { x: x3(i4), y: HIGH - 4, "text-anchor": i4 ? i4 === stops.length - 1 ? "end" : "middle" : "start", children: stop.tick })
      ] }, i4))
    ] }),
    /* @__PURE__ */ u4("details", { children: [
      /* @__PURE__ */ u4("summary", { children: [
        label,
        " in numbers"
      ] }),
      /* @__PURE__ */ u4("table", { class: "cl-small-table", children: [
        /* @__PURE__ */ u4("thead", { children: /* @__PURE__ */ u4("tr", { children: [
          /* @__PURE__ */ u4("th", { scope: "col", children: of }),
          /* @__PURE__ */ u4("td", { children: "mean" }),
          /* @__PURE__ */ u4("td", { children: "models" })
        ] }) }),
        /* @__PURE__ */ u4("tbody", { children: stops.map((stop, i4) => /* @__PURE__ */ u4("tr", { children: [
          /* @__PURE__ */ u4("th", { scope: "row", children: stop.name }),
          /* @__PURE__ */ u4("td", { children: fixed(means[i4]) }),
          /* @__PURE__ */ u4("td", { children: [
            fixed(Math.min(...stop.values)),
            " to ",
            fixed(Math.max(...stop.values))
          ] })
        ] }, i4)) })
      ] })
    ] })
  ] });
}

// whatif/ui/one_edit.jsx
var TICKS = { 0: "without", 1: "as it is", 2: "twice" };
function OneEdit({ lab, index, name }) {
  const { questions, state } = lab, busy = questions.asked.value !== null;
  const about3 = (kind) => {
    const told = questions.answer(kind);
    return told?.request.name === name && !told.reply.error ? told : null;
  };
  const doses2 = about3("dose"), genes = about3("others");
  return /* @__PURE__ */ u4("div", { class: "cl-one", role: "group", "aria-label": "about this edit", children: [
    /* @__PURE__ */ u4("div", { class: "cl-buttons", children: [
      state.can.includes("dose") && /* @__PURE__ */ u4(
        "button",
        {
          class: "cl-small",
          disabled: busy,
          title: "The prediction with none, half, all and twice of this edit",
          onClick: () => questions.ask("dose", { index, name }),
          children: "Dose curve"
        }
      ),
      state.can.includes("others") && /* @__PURE__ */ u4(
        "button",
        {
          class: "cl-small",
          disabled: busy,
          title: "This edit alone on all genes whose window or pCREs it touches",
          onClick: () => questions.ask("others", { index, name }),
          children: "Other genes"
        }
      )
    ] }),
    /* @__PURE__ */ u4(Asking, { lab, kind: "dose", what: "Trying doses." }),
    /* @__PURE__ */ u4(Asking, { lab, kind: "others", what: "Trying the edit on other genes." }),
    doses2 && /* @__PURE__ */ u4(
      Course,
      {
        label: "dose curve",
        of: "dose",
        task: doses2.request.task,
        stops: doses2.reply.doses.map((dose, i4) => ({
          name: `× ${dose}`,
          tick: TICKS[dose],
          values: doses2.reply.values[i4]
        }))
      }
    ),
    genes && /* @__PURE__ */ u4(Genes, { lab, rows: genes.reply.rows, among: genes.reply.among, task: lab.task.value })
  ] });
}
function Genes({ lab, rows, among, task }) {
  const own = useSeen(rows);
  return /* @__PURE__ */ u4("table", { ref: own, class: "cl-small-table cl-genes", "aria-label": "genes that this edit touches", children: [
    among !== void 0 && /* @__PURE__ */ u4("caption", { class: "cl-quiet", children: [
      "among the ",
      among,
      " genes of this page in this cell type"
    ] }),
    /* @__PURE__ */ u4("thead", { children: /* @__PURE__ */ u4("tr", { children: [
      /* @__PURE__ */ u4("th", { scope: "col", children: "gene" }),
      /* @__PURE__ */ u4("td", { children: "where" }),
      /* @__PURE__ */ u4("td", { children: task === "classification" ? "chance" : "level" })
    ] }) }),
    /* @__PURE__ */ u4("tbody", { children: rows.map((row) => {
      const { before, after } = row.predicted[task], name = row.gene_name || row.gene_id;
      const where = row.frequency === null ? row.via : `contact ${short(row.frequency, 2)}`;
      return /* @__PURE__ */ u4("tr", { children: [
        /* @__PURE__ */ u4("th", { scope: "row", children: row.shown ? /* @__PURE__ */ u4("b", { title: "the gene shown", children: name }) : /* @__PURE__ */ u4(
          "button",
          {
            class: "cl-link",
            title: "Show this gene; the edit stays with the other",
            onClick: () => lab.goTo(row),
            children: name
          }
        ) }),
        /* @__PURE__ */ u4("td", { title: `${short(row.distance / 1e3)} kb from its TSS`, children: where }),
        /* @__PURE__ */ u4("td", { children: [
          fixed(before),
          " → ",
          fixed(after)
        ] })
      ] }, row.gene_id);
    }) })
  ] });
}

// whatif/ui/edits.jsx
function EditsPanel({ lab }) {
  const file = A2(null);
  const told = lab.state.edits ? lab.settled.value : null, list = told?.list || [], code = lab.code.value, chosen = lab.questions.edit.value;
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("div", { class: "cl-buttons cl-files", children: [
      /* @__PURE__ */ u4(
        "button",
        {
          title: "Show and copy a Python script that makes the same edits and predicts",
          onClick: () => lab.ask({ kind: "text", as: "python" }),
          children: "Python"
        }
      ),
      /* @__PURE__ */ u4("button", { title: "Keep the edits as a file (JSON)", onClick: () => lab.keeper.save(), children: "Save" }),
      /* @__PURE__ */ u4(
        "button",
        {
          title: "Read edits from a file (JSON), at most 2,000",
          disabled: !lab.mayEdit(),
          onClick: () => file.current.click(),
          children: "Load"
        }
      ),
      /* @__PURE__ */ u4(
        "input",
        {
          ref: file,
          type: "file",
          accept: ".json,application/json",
          class: "cl-hidden",
          tabIndex: -1,
          "aria-label": "file of edits",
          onChange: () => lab.keeper.load(file.current)
        }
      ),
      ["svg", "png"].map((kind) => /* @__PURE__ */ u4(
        "button",
        {
          title: `Keep the view as a picture: ${kind === "svg" ? "lines and text, for papers" : "pixels, for slides"}`,
          "aria-label": `picture of the view, ${kind.toUpperCase()}`,
          onClick: () => savePicture(lab, kind),
          children: kind.toUpperCase()
        },
        kind
      ))
    ] }),
    code && /* @__PURE__ */ u4(
      "textarea",
      {
        class: "cl-code",
        readOnly: true,
        rows: 7,
        "aria-label": "the edits as Python",
        value: code,
        onFocus: (e4) => e4.currentTarget.select()
      }
    ),
    list.length > 0 && /* @__PURE__ */ u4(Replay, { lab }),
    /* @__PURE__ */ u4("ol", { class: "cl-list", reversed: true, children: [
      list.map(([text, name], i4) => /* @__PURE__ */ u4("li", { children: [
        /* @__PURE__ */ u4("div", { class: "cl-line", children: [
          /* @__PURE__ */ u4(Line, { lab, text, name, open: name === chosen }),
          /* @__PURE__ */ u4(
            "button",
            {
              class: "cl-small",
              disabled: !lab.mayEdit(),
              title: "Remove this edit",
              "aria-label": `remove: ${text}`,
              onClick: () => lab.act({ do: "remove", index: told.first + i4, name }),
              children: "×"
            }
          )
        ] }),
        name === chosen && /* @__PURE__ */ u4(OneEdit, { lab, index: told.first + i4, name })
      ] }, name + i4)).reverse(),
      !list.length && /* @__PURE__ */ u4("li", { class: "cl-quiet", children: lab.state.edits ? "…" : "none yet" }),
      told?.first > 0 && /* @__PURE__ */ u4("li", { class: "cl-quiet", children: [
        "and ",
        told.first,
        " before these"
      ] })
    ] }),
    /* @__PURE__ */ u4(Truth, { told: told?.true })
  ] });
}
function Line({ lab, text, name, open }) {
  if (!["dose", "others"].some((kind) => lab.state.can.includes(kind))) return /* @__PURE__ */ u4("span", { title: text, children: text });
  return /* @__PURE__ */ u4(
    "button",
    {
      class: "cl-plain",
      title: `${text}: dose curve, other genes`,
      "aria-expanded": open ? "true" : "false",
      onClick: () => lab.questions.edit.value = open ? null : name,
      children: text
    }
  );
}
function Replay({ lab }) {
  const { questions, state } = lab, told = questions.answer("replay");
  if (!state.can.includes("replay")) return null;
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("div", { class: "cl-buttons", children: /* @__PURE__ */ u4(
      "button",
      {
        class: "cl-small",
        disabled: questions.asked.value !== null,
        title: "The prediction after each edit of the list, in order",
        onClick: () => questions.ask("replay"),
        children: "▶ Replay the list"
      }
    ) }),
    /* @__PURE__ */ u4(Asking, { lab, kind: "replay", what: "Making the edits again, one by one." }),
    told && !told.reply.error && /* @__PURE__ */ u4(
      Course,
      {
        label: "replay",
        of: "after",
        task: told.request.task,
        stops: told.reply.steps.map(({ step, words, values: values2 }, i4, all) => ({
          name: step ? `${step}. ${words}` : words,
          tick: i4 === 0 || i4 === all.length - 1 || all.length < 9 ? String(step) : "",
          values: values2
        }))
      }
    )
  ] });
}
function Truth({ told }) {
  if (!told) return null;
  const rows = [...told.parts, ...told.refused.map((what) => ({ what, change: null }))];
  if (!rows.length) return null;
  return /* @__PURE__ */ u4("div", { class: "cl-truth", children: [
    /* @__PURE__ */ u4("b", { children: "True change of log2(RPKM + 1), each cause alone" }),
    rows.map(({ what, change: change2 }) => /* @__PURE__ */ u4("div", { children: [
      what,
      ": ",
      change2 === null ? "not known" : `${change2 > 0 ? "+" : ""}${short(change2, 2)}`
    ] }, what))
  ] });
}

// whatif/ui/task.jsx
var NAMES2 = { classification: "chance", regression: "level" };
function TaskChoice({ lab, names = NAMES2 }) {
  const tasks = Object.keys(lab.state.predicted);
  if (tasks.length < 2) return null;
  return /* @__PURE__ */ u4(
    "select",
    {
      "aria-label": "of which prediction",
      value: lab.task.value,
      onChange: (e4) => lab.explain(e4.currentTarget.value),
      children: tasks.map((task) => /* @__PURE__ */ u4("option", { value: task, children: names[task] }, task))
    }
  );
}

// whatif/ui/flip.jsx
function FlipPanel({ lab }) {
  const { questions } = lab, task = lab.task.value, [target, aim] = d2(""), [contacts, touch] = d2(true);
  const told = questions.told.value.smallest, fresh = questions.answer("smallest");
  const busy = questions.asked.value !== null, number = target.trim() === "" ? null : Number(target);
  const ask = (event) => {
    event.preventDefault();
    questions.ask("smallest", { target: number, contacts });
  };
  const middle = task === "classification" ? "0.5" : "its cell type’s median";
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("form", { class: "cl-flip", onSubmit: ask, children: [
      /* @__PURE__ */ u4("button", { disabled: busy || !lab.mayEdit() || Number.isNaN(number), children: number === null ? "Find the smallest edit that flips it" : "Find the smallest edit that reaches it" }),
      /* @__PURE__ */ u4("div", { class: "cl-buttons", children: [
        /* @__PURE__ */ u4(TaskChoice, { lab }),
        /* @__PURE__ */ u4(
          "label",
          {
            class: "cl-target",
            title: `Where the prediction has to get to. Left empty: to the other side of ${middle}.`,
            children: [
              "target",
              " ",
              /* @__PURE__ */ u4(
                "input",
                {
                  type: "number",
                  step: "any",
                  value: target,
                  placeholder: task === "classification" ? "0.5" : "median",
                  onInput: (e4) => aim(e4.currentTarget.value)
                }
              )
            ]
          }
        ),
        /* @__PURE__ */ u4("label", { title: "Whether contacts may be cut, too", children: [
          /* @__PURE__ */ u4("input", { type: "checkbox", checked: contacts, onChange: (e4) => touch(e4.currentTarget.checked) }),
          " contacts"
        ] })
      ] })
    ] }),
    /* @__PURE__ */ u4(Asking, { lab, kind: "smallest", what: "Trying single edits and pairs of them: some seconds." }),
    told && !told.reply.error && /* @__PURE__ */ u4(Found, { lab, told, fresh: fresh !== null }),
    !told && !busy && /* @__PURE__ */ u4("p", { class: "cl-quiet", children: /* @__PURE__ */ u4(
      Words,
      {
        lab,
        text: `A search over stretches of the tracks, each histone mark and each contact: the edit that changes the least signal. Empty target: the other side of ${middle}.`
      }
    ) })
  ] });
}
function Found({ lab, told, fresh }) {
  const { rows, target } = told.reply, of = told.request.task === "classification" ? "a chance of" : "a level of";
  const models = lab.state.predicted[told.request.task].after.length;
  if (!rows.length) return /* @__PURE__ */ u4("p", { children: [
    "No edit that was tried moves the prediction towards ",
    fixed(target),
    "."
  ] });
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("p", { class: "cl-quiet", role: "status", children: fresh ? `Towards ${of} ${fixed(target)}, the smallest first; size: kb of a mark’s full signal` : "For the gene as it was: undo, and try another of them, or search again." }),
    /* @__PURE__ */ u4("ol", { class: "cl-flips", "aria-label": "smallest edits", children: rows.map((row, i4) => /* @__PURE__ */ u4("li", { children: [
      /* @__PURE__ */ u4(
        "button",
        {
          class: "cl-small",
          disabled: !fresh || !lab.mayEdit(),
          title: "Apply it; undo takes it back",
          "aria-label": `apply: ${row.words}`,
          onClick: () => lab.act({ do: "add", edits: row.edits }),
          children: "Apply"
        }
      ),
      /* @__PURE__ */ u4("div", { children: [
        row.words,
        /* @__PURE__ */ u4("div", { class: "cl-quiet", children: about(row, told.request.task, models) })
      ] })
    ] }, i4)) })
  ] });
}
function about(row, task, models) {
  const agree = Math.round(row.agree * models);
  return [
    `${fixed(row.before)} → ${fixed(row.after)}${row.reached ? "" : ", not there"}`,
    row.true !== null && `${task === "classification" ? "true level" : "true"} ${fixed(row.true)}`,
    `${row.strokes} ${row.strokes === 1 ? "stroke" : "strokes"}${row.size ? `, size ${short(row.size, 2)}` : ""}`,
    models > 1 && `${agree} of ${models} agree`
  ].filter(Boolean).join(" · ");
}

// whatif/ui/missions.jsx
function MissionsPanel({ lab }) {
  const { missions, state } = lab, offered2 = state.missions, solved = missions.solved.value, shown2 = missions.shown(offered2);
  const done = offered2.filter((m5) => solved.includes(m5.name)).length;
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("h3", { children: [
      "Missions: ",
      done === offered2.length ? "all" : `${done} of ${offered2.length}`,
      " solved"
    ] }),
    /* @__PURE__ */ u4("ol", { class: "cl-missions", children: offered2.map((mission) => {
      const is = solved.includes(mission.name), open = mission === shown2;
      return /* @__PURE__ */ u4("li", { children: [
        /* @__PURE__ */ u4(
          "button",
          {
            class: "cl-plain",
            "aria-expanded": open ? "true" : "false",
            onClick: () => missions.chosen.value = mission.name,
            children: [
              /* @__PURE__ */ u4("span", { "aria-hidden": "true", children: is ? "✓" : "○" }),
              " ",
              mission.name,
              /* @__PURE__ */ u4("span", { class: "cl-spoken", children: is ? " (solved)" : "" })
            ]
          }
        ),
        open && /* @__PURE__ */ u4(Mission, { lab, mission, solved: is }, mission.name)
      ] }, mission.name);
    }) })
  ] });
}
function Mission({ lab, mission, solved }) {
  const [hinted, hint] = d2(false), { gene: gene2 } = lab.state;
  const here = gene2.gene_id === mission.gene_id && gene2.cell_type === mission.cell_type, next = solved ? lab.missions.next(lab.state.missions) : null;
  return /* @__PURE__ */ u4("div", { class: "cl-mission", children: [
    /* @__PURE__ */ u4("p", { children: /* @__PURE__ */ u4(Words, { lab, text: mission.text }) }),
    /* @__PURE__ */ u4("div", { class: "cl-buttons", children: [
      !here && /* @__PURE__ */ u4("button", { onClick: () => lab.missions.open(mission), children: [
        "Open its gene, ",
        mission.gene_id,
        " in ",
        mission.cell_type
      ] }),
      !hinted && !solved && /* @__PURE__ */ u4("button", { onClick: () => hint(true), children: "Hint" }),
      next && /* @__PURE__ */ u4("button", { onClick: () => lab.missions.open(next), children: [
        "Next: ",
        next.name
      ] })
    ] }),
    hinted && !solved && /* @__PURE__ */ u4("p", { class: "cl-hint", children: /* @__PURE__ */ u4(Words, { lab, text: mission.hint }) }),
    /* @__PURE__ */ u4("p", { role: "status", class: solved ? "cl-solved" : "cl-quiet", children: solved ? `✓ Solved. ${mission.learnt}` : here ? "Not yet: after each edit the lab looks at all that are in the list." : "" })
  ] });
}

// whatif/ui/panels.jsx
function spans(regions) {
  const found2 = /* @__PURE__ */ new Map();
  for (const r4 of regions) {
    const s4 = found2.get(r4.chrom) || { chrom: r4.chrom, start: Math.max(0, r4.start), end: r4.end };
    s4.start = Math.max(0, Math.min(s4.start, r4.start));
    s4.end = Math.max(s4.end, r4.end);
    found2.set(r4.chrom, s4);
  }
  return [...found2.values()];
}
function MarksPanel({ lab }) {
  const { state } = lab, everywhere = spans(state.regions), factors = lab.settled.value?.factors || [];
  const own = (mark) => {
    const [{ chrom, start, end }] = everywhere;
    return factors.find((f5) => f5.mark === mark && f5.chrom === chrom && f5.start === start && f5.end === end)?.factor ?? 1;
  };
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("h3", { children: "A whole mark, multiplied" }),
    state.marks.map(({ name, colour }) => /* @__PURE__ */ u4(
      Slider,
      {
        name,
        label: /* @__PURE__ */ u4(Word, { lab, of: name }),
        colour,
        title: `${name} everywhere, multiplied by`,
        max: 3,
        step: 0.05,
        value: own(name),
        disabled: !lab.mayEdit(),
        said: (v4) => `× ${v4.toFixed(2)}`,
        onTurn: (factor, draft) => lab.act({
          do: "put",
          draft,
          edits: everywhere.map((s4) => ({
            kind: "scale",
            mark: name,
            region: `${s4.chrom}:${s4.start}-${s4.end}`,
            factor
          }))
        })
      },
      name
    ))
  ] });
}
function ContactsPanel({ lab }) {
  const { state } = lab, contacts = state.regions.map((r4, index) => ({ r: r4, index })).filter(({ r: r4 }) => isPcre(r4));
  const most = Math.max(...contacts.map(({ r: r4 }) => Math.max(r4.frequency || 0, r4.now || 0)), 1);
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("h3", { children: /* @__PURE__ */ u4(Words, { lab, text: "How often the promoter touches a pCRE: interaction frequency" }) }),
    !contacts.length && /* @__PURE__ */ u4("p", { class: "cl-quiet", children: "This gene has no contacts." }),
    contacts.map(({ r: r4, index }) => {
      const region = state.place(r4), name = nameOf(r4), cut = r4.now === null;
      const back = r4.added ? "take out" : "restore";
      return /* @__PURE__ */ u4(
        Slider,
        {
          name,
          cut,
          title: `How often the promoter touches ${name}, ${region}`,
          max: Math.ceil(2 * most),
          step: 0.05,
          value: r4.now ?? 0,
          disabled: !lab.mayEdit(),
          said: (v4) => cut ? "cut" : v4.toFixed(2),
          onTurn: (frequency, draft) => lab.act({ do: "put", draft, edits: [{ kind: "set_frequency", region, frequency }] }),
          children: /* @__PURE__ */ u4(
            "button",
            {
              class: "cl-small",
              disabled: !lab.mayEdit(),
              "aria-label": cut || r4.added ? `${back} the contact with ${name}` : `cut the contact with ${name}`,
              title: cut ? "Restore this contact" : "Cut this contact",
              onClick: () => lab.presses.toggleContact(index),
              children: cut || r4.added ? back : "cut"
            }
          )
        },
        region
      );
    })
  ] });
}
function RecipesPanel({ lab }) {
  return /* @__PURE__ */ u4(S, { children: [
    /* @__PURE__ */ u4("h3", { children: "Recipes: plain edits, which undo takes back" }),
    /* @__PURE__ */ u4("ul", { class: "cl-recipes", children: lab.state.recipes.map(({ name, what, why }) => /* @__PURE__ */ u4("li", { children: [
      /* @__PURE__ */ u4(
        "button",
        {
          disabled: Boolean(why) || !lab.mayEdit(),
          title: why || what,
          onClick: () => lab.act({ do: "recipe", name }),
          children: name
        }
      ),
      /* @__PURE__ */ u4("div", { class: "cl-quiet", children: why ? `Not here: ${why}` : /* @__PURE__ */ u4(Words, { lab, text: what }) })
    ] }, name)) })
  ] });
}

// whatif/ui/side.jsx
var PANELS = [
  ["missions", "Missions", MissionsPanel],
  ["marks", "Marks", MarksPanel],
  ["contacts", "Contacts", ContactsPanel],
  ["recipes", "Recipes", RecipesPanel],
  ["flip", "Flip", FlipPanel],
  ["edits", "Edits", EditsPanel],
  ["compare", "Compare", ComparePanel]
];
var CHANGES = { classification: "log-odds", regression: "level, log2" };
var LISTED2 = 5;
var LEAST2 = 0.1;
function panels({ missions, can }) {
  const absent = [!missions.length && "missions", !can.includes("smallest") && "flip"];
  return PANELS.filter(([name]) => !absent.includes(String(name)));
}
function Side({ lab }) {
  const id = g2(), offered2 = panels(lab.state), { edits } = lab.state;
  const open = offered2.find(([name]) => name === lab.tab.value) || offered2[0], chosen = open[0], Panel = (
    /** @type {any} */
    open[2]
  );
  const key = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -9, End: 9 }[event.key];
    if (!by) return;
    const at = offered2.findIndex(([name]) => name === chosen), n3 = offered2.length;
    const to = Math.abs(by) > 1 ? by < 0 ? 0 : n3 - 1 : (at + by + n3) % n3;
    lab.tab.value = String(offered2[to][0]);
    event.currentTarget.children[to].focus();
    event.preventDefault();
  };
  return /* @__PURE__ */ u4("aside", { class: "cl-side", "aria-label": "reasons and panels", children: [
    /* @__PURE__ */ u4(Why, { lab }),
    /* @__PURE__ */ u4(
      "div",
      {
        class: `cl-tabs ${offered2.length % 2 ? "cl-odd" : ""}`,
        style: { gridTemplateColumns: `repeat(${Math.ceil(offered2.length / 2)}, 1fr)` },
        role: "tablist",
        "aria-label": "panels",
        onKeyDown: key,
        children: offered2.map(([name, title]) => /* @__PURE__ */ u4(
          "button",
          {
            id: `${id}-${name}`,
            role: "tab",
            "aria-selected": name === chosen ? "true" : "false",
            "aria-controls": `${id}-panel`,
            tabIndex: name === chosen ? 0 : -1,
            onClick: () => lab.tab.value = String(name),
            children: [
              title,
              name === "edits" && edits ? ` ${edits}` : ""
            ]
          },
          name
        ))
      }
    ),
    /* @__PURE__ */ u4("div", { class: "cl-panel", id: `${id}-panel`, role: "tabpanel", "aria-labelledby": `${id}-${chosen}`, tabIndex: 0, children: /* @__PURE__ */ u4(Panel, { lab }) })
  ] });
}
function Why({ lab }) {
  const told = lab.reasons.value;
  const reasons = (told?.reasons || []).filter((r4) => Math.abs(r4.score) > 1e-4).slice(0, LISTED2);
  const most = Math.max(...reasons.map((r4) => Math.abs(r4.score)), LEAST2), lags = reasonsLag(lab);
  return /* @__PURE__ */ u4("section", { class: "cl-why", "aria-label": "what carried the change", children: [
    /* @__PURE__ */ u4("div", { class: "cl-row", children: [
      /* @__PURE__ */ u4("h3", { children: "What carried it" }),
      /* @__PURE__ */ u4(TaskChoice, { lab, names: CHANGES })
    ] }),
    reasons.length ? /* @__PURE__ */ u4("ul", { class: lags ? "cl-lags" : "", "aria-busy": lags ? "true" : "false", children: reasons.map((r4) => /* @__PURE__ */ u4(Reason, { lab, reason: r4, most, models: told.models }, `${r4.row} ${r4.mark}`)) }) : /* @__PURE__ */ u4("p", { class: "cl-quiet", children: lags ? "Working out what changed the prediction …" : told ? "Nothing carried it: the prediction has not changed." : `${lab.mode.value === "reading" ? "After an edit" : "Paint on a track or cut a contact:"} here stands what changed the prediction.` }),
    reasons.length > 0 && lags && /* @__PURE__ */ u4("p", { class: "cl-quiet cl-tiny", children: "Of the edits before; the new ones are worked out …" }),
    reasons.length > 0 && !lags && told.models > 1 && /* @__PURE__ */ u4("p", { class: "cl-quiet cl-tiny", children: [
      signed(told.change),
      " ",
      /* @__PURE__ */ u4(Words, { lab, text: told.unit }),
      ", mean of ",
      told.models,
      " models (",
      signed(told.low),
      " ",
      "to ",
      signed(told.high),
      ")"
    ] }),
    /* @__PURE__ */ u4("div", { class: "cl-overlays", children: [
      /* @__PURE__ */ u4(
        Tick,
        {
          lab,
          shown: lab.carriedShown,
          title: "Bars over the tracks: up where a bin raised the prediction, down where it lowered it",
          children: "bars over the tracks"
        }
      ),
      /* @__PURE__ */ u4(
        Tick,
        {
          lab,
          shown: lab.attentionShown,
          title: "Bins that get little of the models’ attention fade (mean over the models)",
          children: /* @__PURE__ */ u4(Word, { lab, of: "attention" })
        }
      )
    ] })
  ] });
}
function Tick({ lab, shown: shown2, title, children }) {
  return /* @__PURE__ */ u4("label", { title, children: [
    /* @__PURE__ */ u4("input", { type: "checkbox", checked: shown2.value, onChange: () => lab.toggle(shown2) }),
    " ",
    children
  ] });
}
var signed = (v4) => `${v4 > 0 ? "+" : ""}${short(v4, 2)}`;
function Reason({ lab, reason, most, models }) {
  const { state } = lab, region = state.regions.find((r4) => r4.row === reason.row), mark = state.marks.find((m5) => m5.name === reason.mark);
  const where = region?.rank === null ? "gene" : region ? nameOf(region) : "", up = reason.score > 0;
  const agree = Math.round(reason.agree * models);
  const said2 = `${signed(reason.score)}${models > 1 ? `; ${agree} of ${models} models agree on the direction` : ""}`;
  return /* @__PURE__ */ u4("li", { class: "cl-reason", title: said2, children: [
    /* @__PURE__ */ u4("span", { children: [
      /* @__PURE__ */ u4("i", { style: { background: mark ? mark.colour : "currentColor" } }),
      /* @__PURE__ */ u4(Word, { lab, of: reason.mark || "contact", passed: true }),
      ", ",
      where
    ] }),
    /* @__PURE__ */ u4("em", { class: up ? "cl-up" : "cl-down", style: { width: `${100 * Math.abs(reason.score) / most}%` } }),
    /* @__PURE__ */ u4("output", { children: [
      up ? "▲" : "▼",
      " ",
      signed(reason.score),
      models > 1 && agree < models ? /* @__PURE__ */ u4("small", { children: [
        " ",
        agree,
        "/",
        models
      ] }) : ""
    ] })
  ] });
}

// whatif/ui/app.jsx
function App({ lab }) {
  const ready = lab.state !== null;
  h2(() => {
    const watch = new ResizeObserver(([entry]) => lab.width.value = entry.contentRect.width);
    watch.observe(lab.node);
    const stick = letStick(lab.node);
    return () => {
      watch.disconnect();
      stick();
    };
  }, []);
  h2(() => {
    lab.node.dataset.mode = lab.mode.value;
  }, [lab.mode.value]);
  return /* @__PURE__ */ u4("section", { class: "cl-page", "aria-label": "what-if lab", children: [
    /* @__PURE__ */ u4("div", { class: "cl-strip", children: [
      /* @__PURE__ */ u4(Gene, { lab }),
      /* @__PURE__ */ u4(Notices, { lab }),
      /* @__PURE__ */ u4("div", { class: "cl-cards", children: ready && Object.keys(lab.state.predicted).map((task) => /* @__PURE__ */ u4(Card, { lab, task }, task)) }),
      /* @__PURE__ */ u4(Message, { lab })
    ] }),
    /* @__PURE__ */ u4("div", { class: "cl-body", children: [
      /* @__PURE__ */ u4("div", { class: "cl-main", children: [
        lab.mode.value !== "reading" && !lab.beside.value && /* @__PURE__ */ u4(Tools, { lab }),
        /* @__PURE__ */ u4(Tracks, { lab }),
        ready && lab.beside.value ? /* @__PURE__ */ u4(Beside, { lab }) : /* @__PURE__ */ u4(Selection, { lab })
      ] }),
      ready && /* @__PURE__ */ u4(Side, { lab })
    ] }),
    /* @__PURE__ */ u4(Help, { lab }),
    /* @__PURE__ */ u4(Pointed, { lab }),
    /* @__PURE__ */ u4(Gloss, { lab }),
    /* @__PURE__ */ u4("div", { class: "cl-spoken", "aria-live": "polite", children: lab.spoken })
  ] });
}
function Gene({ lab }) {
  const { state } = lab, gene2 = state?.gene, name = gene2 ? gene2.gene_name || gene2.gene_id : "";
  return /* @__PURE__ */ u4("div", { class: "cl-bar", children: [
    /* @__PURE__ */ u4(GeneBox, { search: lab.boxes[0], label: "Gene", shown: name }),
    /* @__PURE__ */ u4(
      "select",
      {
        "aria-label": "cell type",
        value: gene2?.cell_type,
        onChange: (e4) => lab.ask({ kind: "gene", gene_id: gene2.gene_id, cell_type: e4.currentTarget.value }),
        children: (gene2?.cell_types || []).map((cell) => /* @__PURE__ */ u4("option", { children: cell }, cell))
      }
    ),
    /* @__PURE__ */ u4("span", { class: "cl-about cl-quiet", title: gene2 ? about2(gene2) : "", children: gene2 && about2(gene2) }),
    /* @__PURE__ */ u4("span", { class: "cl-group", role: "group", "aria-label": "history", children: [
      /* @__PURE__ */ u4("button", { disabled: !state?.undo, title: "Undo the last step (Ctrl+Z)", onClick: () => lab.act({ do: "undo" }), children: "↶ Undo" }),
      /* @__PURE__ */ u4(
        "button",
        {
          disabled: !state?.redo,
          title: "Redo the step that was undone (Ctrl+Y)",
          onClick: () => lab.act({ do: "redo" }),
          children: "↷ Redo"
        }
      ),
      /* @__PURE__ */ u4(
        "button",
        {
          disabled: !state?.edits,
          title: "Back to the gene as it was measured; undo brings the edits back",
          onClick: () => lab.act({ do: "reset" }),
          children: "⟲ Reset"
        }
      )
    ] }),
    /* @__PURE__ */ u4(
      "button",
      {
        title: "What the keys do: everything also works from the keyboard (?)",
        "aria-expanded": lab.help.value ? "true" : "false",
        onClick: () => lab.help.value = !lab.help.value,
        children: "? Keys"
      }
    )
  ] });
}
function about2(gene2) {
  const id = gene2.gene_name && gene2.gene_name !== gene2.gene_id ? gene2.gene_id : "";
  const strand = gene2.strand === "-" ? "minus strand" : "plus strand";
  return [id, `${gene2.chrom}:${gene2.tss.toLocaleString("en")}`, strand, gene2.origin].filter(Boolean).join(" · ");
}
function Notices({ lab }) {
  const offered2 = lab.offered.value;
  return /* @__PURE__ */ u4(S, { children: [
    lab.mode.value === "reading" && /* @__PURE__ */ u4("p", { class: "cl-notice", role: "note", children: "Here is too little room to edit: this is for reading. Turn the screen, or open the lab in a wider window." }),
    (lab.state?.notices || []).map((words) => /* @__PURE__ */ u4("p", { class: "cl-notice", role: "note", children: words }, words)),
    offered2 && /* @__PURE__ */ u4("p", { class: "cl-notice cl-offer", role: "note", children: [
      offered2.edits,
      " ",
      offered2.edits === 1 ? "edit" : "edits",
      " of ",
      offered2.name,
      " in ",
      offered2.cell_type,
      " ",
      offered2.edits === 1 ? "was" : "were",
      " made here before this lab was opened.",
      " ",
      /* @__PURE__ */ u4("button", { class: "cl-small", onClick: () => lab.keeper.bringBack(), children: "Bring back" }),
      " ",
      /* @__PURE__ */ u4("button", { class: "cl-small", onClick: () => lab.keeper.forget(), children: "Forget" })
    ] })
  ] });
}
function Message({ lab }) {
  const { text, wrong } = lab.message.value, silent = lab.silence.value > 0;
  const told = lab.settled.value;
  const warnings = lab.state?.edits && told?.warnings || [];
  return /* @__PURE__ */ u4("div", { class: "cl-lines", children: [
    /* @__PURE__ */ u4("span", { class: `cl-message ${wrong ? "cl-error" : ""}`, role: wrong ? "alert" : "status", children: text }),
    silent && !lab.stopped.value && /* @__PURE__ */ u4("span", { class: "cl-quiet", children: "Waiting for Python …" }),
    lab.stopped.value && /* @__PURE__ */ u4("span", { class: "cl-stopped", role: "alert", children: [
      "Python does not answer: it is busy, or has stopped. What is drawn from now on would not count. Save keeps the edits as a file; after a restart run the cell again, and the lab offers to bring them back.",
      " ",
      /* @__PURE__ */ u4("button", { class: "cl-small", onClick: () => lab.keeper.save(), children: "Save" })
    ] }),
    warnings.map((words) => /* @__PURE__ */ u4("span", { class: "cl-warning", role: "status", children: [
      "⚠ ",
      words
    ] }, words))
  ] });
}
function Tracks({ lab }) {
  const stage = A2(null);
  h2(() => {
    const picture = new TracksPicture(lab);
    const height = (width) => lab.state ? lab.laidOut(width).height : 300;
    const sheet = new Sheet(
      stage.current,
      height,
      (ctx, _w, _h, part2) => lab.state && picture.draw(ctx, part2 ? lab.layout : lab.laidOut(sheet.width), part2),
      {
        tabindex: 0,
        role: "application",
        "aria-roledescription": "tracks",
        "aria-label": "Tracks to paint on. Press ? for the keys."
      }
    );
    lab.tracks = sheet;
    new Pointer(lab, sheet.canvas);
    sheet.canvas.addEventListener("focus", () => lab.byKeys(sheet.canvas.matches(":focus-visible")));
    sheet.canvas.addEventListener("blur", () => lab.byKeys(false));
    return () => sheet.close();
  }, []);
  const finger = lab.fingers.value ? "cl-finger" : "";
  return /* @__PURE__ */ u4("div", { ref: stage, class: `cl-stage ${finger} ${lab.beside.value ? "cl-hidden" : ""}` });
}
function letStick(node) {
  const changed3 = [];
  for (let around2 = node.parentElement; around2; around2 = around2.parentElement) {
    const style = getComputedStyle(around2), scrolls = /auto|scroll/.test(style.overflowY);
    if (scrolls && around2.scrollHeight > around2.clientHeight + 1 && around2.clientHeight > 0) break;
    if (around2 === document.body || /jp-(WindowedPanel|Notebook)/.test(String(around2.className))) break;
    if (style.overflowY !== "visible" && style.overflowY !== "clip") {
      changed3.push([around2, around2.style.overflow]);
      around2.style.overflow = "clip";
    }
  }
  return () => changed3.forEach(([around2, was]) => around2.style.overflow = was);
}

// whatif/view.js
function zoomed(view, region, by, about3, least) {
  const now = view || { from: region.start, to: region.end };
  const length = Math.max(Math.min(least, region.end - region.start), (now.to - now.from) / by);
  const share = (about3 - now.from) / (now.to - now.from);
  return kept({ from: about3 - share * length, to: about3 + (1 - share) * length }, region);
}
function panned(view, region, bp) {
  return view && kept({ from: view.from + bp, to: view.to + bp }, region);
}
function kept({ from, to }, { start, end }) {
  const length = to - from;
  if (length >= end - start) return null;
  const left = Math.max(start, Math.min(end - length, from));
  return { from: left, to: left + length };
}
function showing(view, region, bp) {
  if (!view || bp >= view.from && bp < view.to) return view;
  const length = view.to - view.from;
  return kept({ from: bp - length / 2, to: bp + length / 2 }, region);
}

// whatif/lab.js
var REST2 = 600;
var CHORES = ["settle", "carried", "attention", "keep"];
var WAITING = 1500;
var STOPPED = 8e3;
var Lab = class {
  /**
   * @param {import("../shared/wire.js").Model} model
   * @param {HTMLElement} el
   */
  constructor(model, el) {
    this.model = model;
    this.marks = model.get("marks");
    this.signals();
    this.state = null;
    this.layout = null;
    this.tracks = null;
    this.panels = null;
    this.wide = 0;
    this.view = null;
    this.stroke = null;
    this.presses = new Presses(this);
    this.cursor = { region: 0, mark: 0, bin: 0, anchor: 0 };
    this.hover = { arc: null, head: null };
    this.focused = false;
    this.sums = null;
    this.looked = null;
    this.chores = [];
    this.turn = 0;
    this.keeper = new Keeper(this);
    this.missions = new Missions(this);
    this.questions = new Questions(this);
    this.letters = new Letters(this);
    this.timing = new Timing();
    this.timer = 0;
    this.node = root(el, "cl-whatif");
    this.node.lab = this;
    this.wire = new Wire(model, {
      onReply: (...a4) => this.take(...a4),
      onIdle: () => this.rest(),
      merge: mergeRequests
    });
    const box = (number, choose) => new GeneSearch((text) => this.wire.ask({ kind: "search", text, box: number }), choose);
    this.boxes = [
      box(0, (gene2) => this.choose(gene2, this.state.gene.cell_type)),
      box(1, (gene2) => this.compare(gene2, this.state.gene.cell_type))
    ];
    this.changed = (message, buffers) => {
      if (message && message.changed) {
        this.keeper.lost(this.state?.key);
        this.ask({ kind: "hello" });
      } else if (message && message.kind === "state" && !this.wire.mine(message)) this.follow(message, buffers);
    };
    model.on("msg:custom", this.changed);
    this.node.addEventListener("keydown", (e4) => keyInLab(this, e4));
    this.stopTheme = onTheme(() => [this.tracks, this.panels].forEach((sheet) => sheet?.redraw()));
    R(k(App, { lab: this }), this.node);
    this.ask({ kind: "hello" });
    this.slow = window.setInterval(() => this.listen(), 500);
  }
  /** What the parts of the page show; each draws itself anew when what it read changes. */
  signals() {
    this.answers = y3(0);
    this.places = y3(0);
    this.tool = y3("paint");
    this.brush = y3(500);
    this.factor = y3(0.5);
    this.fingers = y3(false);
    this.task = y3("");
    this.carriedShown = y3(true);
    this.attentionShown = y3(false);
    this.settled = y3(null);
    this.reasons = y3(null);
    this.other = y3(null);
    this.beside = y3(false);
    this.message = y3({ text: "", wrong: false });
    this.silence = y3(0);
    this.stopped = O2(() => this.silence.value > STOPPED);
    this.offered = y3(null);
    this.help = y3(false);
    this.tab = y3("marks");
    this.code = y3("");
    this.width = y3(0);
    this.mode = O2(() => this.width.value < 480 ? "reading" : this.width.value < 760 ? "stacked" : "wide");
    this.spoken = y3("");
    this.glossed = y3(null);
    this.pointed = y3(null);
  }
  /** Python's last answer; a part of the page that reads it is drawn anew with every further one. */
  get state() {
    return this.answers.value < 0 ? null : this.held;
  }
  set state(state) {
    this.held = state;
  }
  get shown() {
    return { carried: this.carriedShown.value, attention: this.attentionShown.value };
  }
  /** The gene that is compared, or null. */
  get compared() {
    return this.other.value;
  }
  close() {
    this.wire.close();
    this.letters.close();
    this.model.off("msg:custom", this.changed);
    clearInterval(this.slow);
    clearTimeout(this.timer);
    this.stopTheme();
    R(null, this.node);
    this.node.lab = null;
    this.node.remove();
    if (this.held) this.held.before = this.held.after = null;
    this.state = this.layout = this.looked = this.sums = this.stroke = this.tracks = null;
    this.other.value = this.settled.value = this.reasons.value = this.pointed.value = null;
  }
  // ----- talking -----------------------------------------------------------------------------------------------------
  ask(request) {
    clearTimeout(this.timer);
    if (["hello", "gene", "act", "open"].includes(request.kind)) {
      this.chores = [...CHORES];
      this.keeper.turned();
      this.say("");
    }
    this.wire.ask(request);
  }
  act(action, born = performance.now()) {
    this.presses.before(action);
    this.ask({ kind: "act", actions: [action], born });
  }
  /** No request is under way: after a pause, ask the next slower question. */
  rest() {
    this.silence.value = 0;
    this.presses.rest();
    clearTimeout(this.timer);
    const wait = this.chores[0] === "settle" ? REST2 : 1;
    this.timer = window.setTimeout(() => {
      const chore = this.chores.shift();
      if (!chore || !this.state) return;
      if (this.stroke) this.chores.unshift(chore);
      else if (chore === "keep" && this.state.edits) this.wire.ask({ kind: "text", as: "keep" });
      else if (chore === "settle" || chore === "carried" && this.state.edits || chore === "attention" && this.shown.attention)
        this.wire.ask({ kind: chore, task: this.task.value });
      else this.rest();
    }, wait);
  }
  take(reply, buffers, request) {
    this.silence.value = 0;
    if (SLOW.includes(request.kind)) return this.questions.took(reply, request);
    if (request.kind === "letters") return this.letters.took(reply, request);
    const file = request.file || (request.actions || []).find((a4) => a4.file)?.file;
    if (reply.error) this.say(file ? `${file}: ${reply.error}` : reply.error, true);
    if (reply.error && reply.kind !== "state") return;
    const takes = {
      settle: () => this.settledBy(reply),
      carried: () => {
        this.sums = sumsOf(floatsOf(buffers[0]), this.marks.length);
        this.reasons.value = { ...reply, turn: this.turn };
      },
      attention: () => this.looked = attentionOf(floatsOf(buffers[0])),
      search: () => this.boxes[request.box].answered(request.text, reply.found),
      compare: () => this.other.value = { ...reply, depth: floatsOf(buffers[0]) },
      text: () => this.keeper.tookText(reply, request.as)
    };
    if (reply.kind === "state") return this.takeState(reply, buffers, request);
    takes[request.kind]();
    this.tracks?.redraw();
  }
  /** Take over what another view of this lab asked for. */
  follow(reply, buffers) {
    if (!this.state && !reply.gene) return;
    this.keeper.lost(this.state?.key);
    this.takeState(reply, buffers.map(viewOf), {});
    this.chores = [...CHORES];
    this.keeper.turned();
    if (!this.wire.busy) this.rest();
  }
  takeState(reply, buffers, request) {
    const first = !this.state, was = this.state?.key;
    this.state = this.state || new State(this.marks);
    this.state.take(reply, buffers);
    this.turn++;
    if (reply.gene && this.state.key !== was) this.newGene();
    if (request.kind === "act" && !reply.error) this.keeper.took(this.state.key, request.actions);
    else if (reply.gene) this.keeper.shown(this.state);
    if (first) {
      this.missions.begin();
      this.keeper.offer();
    }
    if (!this.state.regions[this.cursor.region]) this.cursor = { region: 0, mark: 0, bin: 0, anchor: 0 };
    if (!this.state.edits) {
      this.sums = null;
      this.reasons.value = null;
    }
    if (this.stroke) {
      this.stroke.state = this.state;
      this.stroke.apply();
    }
    if (reply.note) this.say(reply.note);
    const drawing = this.stroke && (request.actions || []).length && request.actions.every((a4) => a4.draft);
    this.answers.value++;
    this.tracks?.redraw(drawing && this.stroke.answered ? this.layout.row(this.stroke.mark) : null);
    if (drawing) this.stroke.answered = true;
    if (request.born) this.timing.note("prediction", request.born);
  }
  newGene() {
    this.stroke = this.view = this.sums = this.looked = null;
    this.keeper.newGene();
    this.wide = 0;
    this.other.value = this.reasons.value = this.settled.value = null;
    this.questions.newGene();
    this.beside.value = false;
    this.code.value = "";
    if (!this.task.value) this.task.value = Object.keys(this.state.predicted)[0];
    this.toTss();
  }
  /** The slower answers: exact numbers, the list, warnings, true values. */
  settledBy(reply) {
    this.state.predicted = reply.predicted;
    if (reply.recipes) this.state.recipes = reply.recipes;
    this.settled.value = { ...reply, turn: this.turn };
    const solved = this.missions.take(reply.solved || []);
    if (solved.length) this.say(`✓ Mission solved: ${solved.join(", ")}`);
    this.answers.value++;
    const mean8 = (list) => (list.reduce((a4, b4) => a4 + b4, 0) / list.length).toFixed(2);
    const said2 = Object.entries(reply.predicted).map(([task, p5]) => `${task}: ${mean8(p5.after)}`);
    this.spoken.value = [...said2, ...reply.warnings].join(", ");
  }
  /** No answer for a while: say so, and in the end take Python for gone. */
  listen() {
    const { underWay } = this.wire, since = underWay ? performance.now() - underWay.sent : 0;
    this.silence.value = since > (SLOW.includes(underWay?.kind) ? PATIENCE : WAITING) ? since : 0;
  }
  /** A line for the reader; it stays until the next action. */
  say(text, wrong = false) {
    this.message.value = { text, wrong };
  }
  // ----- genes -------------------------------------------------------------------------------------------------------
  /** Show a gene: in this cell type if it is known there, else in its first. */
  choose({ gene_id, cell_types }, cell) {
    this.ask({ kind: "gene", gene_id, cell_type: cell_types.includes(cell) ? cell : cell_types[0] });
  }
  goTo(gene2) {
    this.ask({ kind: "gene", gene_id: gene2.gene_id, cell_type: this.state.gene.cell_type });
  }
  compare({ gene_id, cell_types }, cell) {
    this.wire.ask({ kind: "compare", gene_id, cell_type: cell_types.includes(cell) ? cell : cell_types[0] });
  }
  stopComparing() {
    this.other.value = null;
    this.beside.value = false;
    this.boxes[1].rest("");
    this.tracks.redraw();
  }
  explain(task) {
    this.task.value = task;
    this.chores.push("carried", "attention");
    if (!this.wire.busy) this.rest();
  }
  toggle(overlay) {
    overlay.value = !overlay.value;
    this.chores.push("carried", "attention");
    if (!this.wire.busy) this.rest();
    this.tracks.redraw();
  }
  // ----- painting ----------------------------------------------------------------------------------------------------
  /** Whether strokes count: not on a page that only reads, and not while nobody takes them. */
  mayEdit() {
    return this.mode.value !== "reading" && !this.stopped.value;
  }
  beginStroke(hit) {
    const reach = Math.max(1, Math.round(this.brush.value / this.state.gene.bin_size));
    const pen = { tool: this.tool.value, reach, factor: this.factor.value };
    this.stroke = new Stroke(this.state, pen, hit.column.region, hit.mark, hit.bin);
  }
  draft(at) {
    this.timing.note("picture", at);
    this.act({ do: "add", edits: [this.stroke.edit()], draft: true }, at);
  }
  endStroke(at) {
    const edit = this.stroke.edit();
    this.cursor.anchor = this.cursor.bin;
    this.stroke = null;
    this.act({ do: "add", edits: [edit] }, at);
    this.moved();
  }
  dropStroke() {
    if (this.stroke) this.act({ do: "cancel" });
    this.stroke = null;
    this.cursor.anchor = this.cursor.bin;
    this.moved();
  }
  // ----- places ------------------------------------------------------------------------------------------------------
  /** @returns {Layout} */
  laidOut(width) {
    this.layout = new Layout(width, this.state, this.wide, this.view, this.shown);
    return this.layout;
  }
  /** Whether the tracks are being used by keyboard: then the cursor and a frame are shown. */
  byKeys(on) {
    this.focused = on;
    this.tracks?.parent.classList.toggle("cl-keys", on);
    this.tracks?.redraw();
  }
  selection() {
    const { region, mark, bin, anchor } = this.cursor;
    if (bin === anchor || this.stroke || !this.state.regions[region]) return null;
    return { region: this.state.regions[region], mark, low: Math.min(bin, anchor), high: Math.max(bin, anchor) };
  }
  /** The selection, or the one bin under the cursor. */
  target() {
    const { region, mark, bin } = this.cursor;
    return this.selection() || { region: this.state.regions[region], mark, low: bin, high: bin };
  }
  targetPlace() {
    const t4 = this.target();
    return { mark: this.state.marks[t4.mark].name, region: this.state.place(t4.region, t4.low, t4.high) };
  }
  /** The cursor, the selection or the view has changed. */
  moved() {
    this.presses.raising = null;
    this.places.value++;
    this.tracks?.redraw();
  }
  moveTo(change2, keepAnchor) {
    Object.assign(this.cursor, change2);
    if (!keepAnchor) this.cursor.anchor = this.cursor.bin;
    if (this.cursor.region === this.wide) {
      const region = this.state.regions[this.wide], size = this.state.gene.bin_size;
      this.view = showing(this.view, region, region.start + (this.cursor.bin + 0.5) * size);
    }
    this.moved();
    this.pointed.value = null;
    if (this.focused) this.spoken.value = this.state.inWords(this.cursor);
  }
  toTss() {
    const { gene: gene2, regions } = this.state, bin = Math.floor((gene2.tss - regions[0].start) / gene2.bin_size);
    this.moveTo({ region: 0, bin }, false);
  }
  nextRegion(by) {
    const order = this.layout.columns.map((c4) => c4.index), at = order.indexOf(this.cursor.region) + by;
    if (at < 0 || at >= order.length) return;
    this.moveTo({ region: order[at], bin: Math.floor(this.state.regions[order[at]].bins / 2) }, false);
  }
  /** Show a region wide, all of it; the one that is wide gives way to the window. */
  widen(index) {
    this.wide = index === this.wide ? 0 : index;
    this.view = null;
    this.moved();
  }
  /** Show less or more of the wide region, about a place or the cursor. */
  zoom(by, about3 = null) {
    const r4 = this.state.regions[this.wide], size = this.state.gene.bin_size;
    const now = this.view || { from: r4.start, to: r4.end }, own = r4.start + (this.cursor.bin + 0.5) * size;
    const seen = this.cursor.region === this.wide && own >= now.from && own < now.to;
    this.view = zoomed(this.view, r4, by, about3 ?? (seen ? own : (now.from + now.to) / 2), 20 * size);
    this.moved();
  }
  /** Move the view of the wide region by some bp. */
  pan(bp) {
    this.view = panned(this.view, this.state.regions[this.wide], bp);
    this.moved();
  }
  hoverOver(hit, event) {
    const arc = hit.on === "arc" ? hit.column.index : null, head2 = hit.on === "head" ? hit.column.index : null;
    const changed3 = arc !== this.hover.arc || head2 !== this.hover.head;
    this.hover = { arc, head: head2 };
    const paints = this.tool.value === "move" || !this.mayEdit() ? "grab" : "crosshair";
    const over = {
      label: "help",
      arc: "pointer",
      head: "zoom-in",
      track: paints,
      ruler: hit.gene ? "pointer" : "grab"
    }[hit.on];
    this.tracks.canvas.style.cursor = over || "default";
    if (changed3) this.tracks.redraw();
    this.letters.over(event ? hit : { on: null });
    this.pointed.value = hit.on && event ? { hit, x: event.clientX, y: event.clientY } : null;
  }
};
var lab_default = {
  render({ model, el }) {
    let lab = new Lab(model, el);
    return () => {
      lab.close();
      lab = null;
    };
  }
};

// whatif/local/numbers.js
function pairwise(values2, from, n3) {
  if (n3 < 8) {
    let sum2 = 0;
    for (let i4 = from; i4 < from + n3; i4++) sum2 += values2[i4];
    return sum2;
  }
  if (n3 <= 128) {
    const r4 = [0, 1, 2, 3, 4, 5, 6, 7].map((i4) => values2[from + i4]), whole = n3 - n3 % 8;
    for (let i4 = 8; i4 < whole; i4 += 8) for (let j4 = 0; j4 < 8; j4++) r4[j4] += values2[from + i4 + j4];
    let sum2 = r4[0] + r4[1] + (r4[2] + r4[3]) + (r4[4] + r4[5] + (r4[6] + r4[7]));
    for (let i4 = whole; i4 < n3; i4++) sum2 += values2[from + i4];
    return sum2;
  }
  let half2 = Math.floor(n3 / 2);
  half2 -= half2 % 8;
  return pairwise(values2, from, half2) + pairwise(values2, from + half2, n3 - half2);
}
function segment(values2, from, n3) {
  return n3 > 1 ? values2[from] + pairwise(values2, from + 1, n3 - 1) : values2[from];
}
function half(value) {
  if (!Number.isFinite(value) || value === 0) return value;
  const size = Math.abs(value), exponent = Math.max(Math.floor(Math.log2(size)), -14), step = 2 ** (exponent - 10);
  const units2 = size / step, low = Math.floor(units2), over = units2 - low;
  const rounded2 = (low + (over > 0.5 || over === 0.5 && low % 2 ? 1 : 0)) * step;
  return Math.sign(value) * (rounded2 > 65504 ? Infinity : rounded2);
}
function halves(bytes) {
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1), table = new Float32Array(65536);
  for (let i4 = 0; i4 < 65536; i4++) {
    const exponent = i4 >> 10 & 31, mantissa = i4 & 1023;
    const size = exponent ? (1 + mantissa / 1024) * 2 ** (exponent - 15) : mantissa * 2 ** -24;
    table[i4] = (i4 & 32768 ? -1 : 1) * (exponent < 31 ? size : mantissa ? NaN : Infinity);
  }
  return Float32Array.from(words, (word) => table[word]);
}
var STORED = { float16: half, float32: Math.fround, float64: (value) => value };
var LARGEST2 = { float16: 65504, float32: 34028234663852886e22, float64: 34028234663852886e22 };
function fingerprint(values2, name = 0) {
  const words = new Int32Array(values2.buffer, values2.byteOffset, values2.byteLength >> 2);
  let a4 = 3735928559 ^ name, b4 = 1103547991 ^ name;
  for (let i4 = 0; i4 < words.length; i4++) {
    a4 = Math.imul(a4 ^ words[i4], 2654435761);
    b4 = Math.imul(b4 ^ words[i4], 1597334677);
    a4 = a4 << 13 | a4 >>> 19;
    b4 = b4 << 17 | b4 >>> 15;
  }
  a4 = Math.imul(a4 ^ a4 >>> 16, 2246822507) ^ Math.imul(b4 ^ b4 >>> 13, 3266489909);
  b4 = Math.imul(b4 ^ b4 >>> 16, 2246822507) ^ Math.imul(a4 ^ a4 >>> 13, 3266489909);
  return 4294967296 * (2097151 & b4) + (a4 >>> 0);
}
var padded = (exponent) => `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
function float(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = value.toExponential().split("e"), power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${padded(power)}`;
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}
function exponential(value, digits) {
  const text = value.toExponential(digits - 1), exact = value.toExponential(60).split("e")[0].replace(/[-.]/g, "");
  if (!/^50*$/.test(exact.slice(digits)) || Number(exact[digits - 1]) % 2) return text;
  return `${value < 0 ? "-" : ""}${exact[0]}.${exact.slice(1, digits)}e${value.toExponential(60).split("e")[1]}`;
}
function general(value, digits = 6) {
  if (!Number.isFinite(value)) return float(value);
  if (value === 0) return "0";
  const [mantissa, exponent] = exponential(value, digits).split("e"), power = Number(exponent);
  const trimmed = (text) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (power < -4 || power >= digits) return `${trimmed(mantissa)}e${padded(power)}`;
  return trimmed(Number(`${mantissa}e${exponent}`).toFixed(digits - 1 - power));
}
var grouped2 = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
function quoted(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "	": "\\t", [mark]: `\\${mark}` };
  return mark + [...text].map((letter) => escaped[letter] ?? letter).join("") + mark;
}
function shortest(value, dtype) {
  if (dtype === "float64") return value;
  for (let digits = 1; digits < 17; digits++) {
    const found2 = Number(value.toPrecision(digits));
    if (STORED[dtype](found2) === value) return found2;
  }
  return value;
}

// whatif/local/edits.js
var Refusal = class extends Error {
};
var FORMAT = "chromolab-edits-1";
var STEP = 100;
var ARGUMENTS = {
  // of the functions that make edits, in order
  scale: ["mark", "region", "factor"],
  erase: ["mark", "region"],
  set_depth: ["mark", "region", "depth"],
  paint: ["mark", "region", "values", "step"],
  drop_pcre: ["region"],
  add_pcre: ["region", "frequency"],
  set_frequency: ["region", "frequency"]
};
var CONTACTS2 = ["AddPcre", "DropPcre", "SetFrequency"];
var regionOf = (e4) => `${e4.chrom}:${e4.start}-${e4.end}`;
var samePlace = (a4, b4) => a4.chrom === b4.chrom && a4.start === b4.start && a4.end === b4.end;
var isContact = (e4) => CONTACTS2.includes(e4.type);
var named2 = (e4) => JSON.stringify(e4);
var sameEdits = (a4, b4) => a4.length === b4.length && a4.every((e4, i4) => named2(e4) === named2(b4[i4]));
function parseRegion(text) {
  const match = typeof text === "string" ? /^(\S+):([\d,_]+)-([\d,_]+)$/.exec(text) : null;
  const [start, end] = match ? [match[2], match[3]].map((digits) => Number(digits.replace(/[,_]/g, "") || NaN)) : [NaN];
  if (!match || !Number.isSafeInteger(start) || !Number.isSafeInteger(end)) {
    throw new Refusal(`region ${shown(text)}; expected 'chrom:start-end', 0-based and half open`);
  }
  if (start >= end) throw new Refusal(`region ${shown(text)} is empty or reversed; expected start < end`);
  return { chrom: match[1], start, end };
}
function shown(value) {
  if (typeof value === "string") return quoted(value);
  if (value === null || value === void 0) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : float(value);
  return `{${Object.entries(value).map(([k4, v4]) => `${quoted(k4)}: ${shown(v4)}`).join(", ")}}`;
}
function numberOf(name, value) {
  if (typeof value !== "number") throw new Refusal(`${name} is ${shown(value)}; expected a number`);
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new Refusal(`${name} is ${shown(value).slice(0, 40)}; it cannot be negative or infinite`);
  }
  return value;
}
var MADE = {
  scale: (e4) => ({ type: "Scale", ...parseRegion(e4.region), mark: e4.mark, factor: numberOf("factor", e4.factor) }),
  erase: (e4) => MADE.scale({ ...e4, factor: 0 }),
  set_depth: (e4) => {
    const place = parseRegion(e4.region);
    return {
      type: "Paint",
      ...place,
      mark: e4.mark,
      depths: [numberOf("depth", e4.depth)],
      step: place.end - place.start
    };
  },
  paint: (e4) => {
    const place = parseRegion(e4.region);
    if (!Number.isInteger(e4.step) || e4.step < 1) {
      throw new Refusal(`step is ${shown(e4.step)}; expected a whole number of base pairs, at least 1`);
    }
    const depths = e4.values.map((v4) => v4 === null ? null : numberOf("value", v4));
    const steps2 = Math.ceil((place.end - place.start) / e4.step);
    if (depths.length !== steps2) {
      throw new Refusal(
        `${depths.length} values for ${e4.region}, which has ${steps2} steps of ${e4.step} bp; give one value per step`
      );
    }
    return { type: "Paint", ...place, mark: e4.mark, depths, step: e4.step };
  },
  drop_pcre: (e4) => ({ type: "DropPcre", ...parseRegion(e4.region) }),
  add_pcre: (e4) => ({ type: "AddPcre", ...parseRegion(e4.region), frequency: numberOf("frequency", e4.frequency) }),
  set_frequency: (e4) => ({
    type: "SetFrequency",
    ...parseRegion(e4.region),
    frequency: numberOf("frequency", e4.frequency)
  })
};
function editsOf(entries2, source = "the edits") {
  return entries2.map((entry, i4) => {
    const where = `${source}, edit ${i4 + 1}`, plain = entry && typeof entry === "object" && !Array.isArray(entry);
    const name = plain ? entry.kind : null;
    if (typeof name !== "string" || !Object.hasOwn(ARGUMENTS, name)) {
      throw new Refusal(`${where}: kind is ${shown(name)}; expected one of ${Object.keys(ARGUMENTS).join(", ")}`);
    }
    const given = Object.keys(entry).filter((key) => key !== "kind").sort();
    if (given.join() !== [...ARGUMENTS[name]].sort().join()) {
      throw new Refusal(`${where} (${name}): has ${shown(given)}; expected ${ARGUMENTS[name].join(", ")}`);
    }
    if (typeof (entry.mark ?? "") !== "string" || !Array.isArray(entry.values ?? [])) {
      throw new Refusal(`${where} (${name}): expected mark as a string and values as a list`);
    }
    try {
      return MADE[name](entry);
    } catch (error) {
      if (error instanceof Refusal) error.message = `${where} (${name}): ${error.message}`;
      throw error;
    }
  });
}
function call(e4) {
  const region = regionOf(e4);
  switch (e4.type) {
    case "Scale":
      return e4.factor === 0 ? ["erase", { mark: e4.mark, region }] : ["scale", { mark: e4.mark, region, factor: e4.factor }];
    case "Paint": {
      const [depth] = e4.depths;
      if (e4.depths.length === 1 && depth !== null && e4.step === e4.end - e4.start)
        return ["set_depth", { mark: e4.mark, region, depth }];
      return ["paint", { mark: e4.mark, region, values: e4.depths, step: e4.step }];
    }
    case "DropPcre":
      return ["drop_pcre", { region }];
    default:
      return [e4.type === "AddPcre" ? "add_pcre" : "set_frequency", { region, frequency: e4.frequency }];
  }
}
function dumped(value, key = "") {
  if (typeof value === "number")
    return key === "step" || key === "start" || key === "end" ? String(value) : float(value);
  if (Array.isArray(value)) return `[${value.map((v4) => dumped(v4, key)).join(", ")}]`;
  if (value && typeof value === "object") {
    return `{${Object.entries(value).map(([k4, v4]) => `${dumped(k4)}: ${dumped(v4, k4)}`).join(", ")}}`;
  }
  const escape = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escape);
}
var entries = (edits) => edits.map(call).map(([kind, given]) => dumped({ kind, ...given }));
function calls(edits) {
  const argument = (name, value) => {
    if (Array.isArray(value)) return `[${value.map((v4) => argument(name, v4)).join(", ")}]`;
    if (value === null) return "None";
    if (typeof value === "number") return name === "step" ? String(value) : float(value);
    return inQuotes(value);
  };
  return edits.map(call).map(([name, given]) => {
    const listed = Object.entries(given).filter(([key, value]) => key !== "step" || value !== STEP);
    return `cl.${name}(${listed.map(([key, value]) => argument(key, value)).join(", ")})`;
  });
}
function inQuotes(text) {
  const plain = quoted(text);
  return plain[0] === "'" && !plain.includes('"') && !plain.includes("\\") ? `"${plain.slice(1, -1)}"` : plain;
}
function inWords(e4) {
  const place = `${e4.chrom}:${grouped2(e4.start)}-${grouped2(e4.end)}`;
  switch (e4.type) {
    case "Scale":
      return `${e4.mark} ${e4.factor === 0 ? "erased" : `× ${general(e4.factor)}`}, ${place}`;
    case "Paint": {
      const [depth] = e4.depths;
      return `${e4.mark} ${e4.depths.length === 1 && depth !== null ? `set to ${general(depth)}` : "painted"}, ${place}`;
    }
    case "DropPcre":
      return `contact cut, ${place}`;
    default:
      return `${e4.type === "AddPcre" ? "contact added" : "contact"}, frequency ${general(e4.frequency)}, ${place}`;
  }
}

// whatif/local/depth.js
function strokeOf(e4, region) {
  const begin = Math.max(e4.start, region.start), end = Math.min(e4.end, region.end);
  if (e4.type === "Scale") return { begin: begin - region.start, end: end - region.start, change: e4.factor };
  const change2 = new Float64Array(end - begin);
  for (let base = begin; base < end; base++)
    change2[base - begin] = e4.depths[Math.floor((base - e4.start) / e4.step)] ?? NaN;
  return { begin: begin - region.start, end: end - region.start, change: change2 };
}
function cutThrough(length, size, strokes) {
  const bins = Math.ceil(length / size), cut = /* @__PURE__ */ new Set();
  for (const { begin, end, change: change2 } of strokes) {
    if (typeof change2 === "number") {
      for (const at of [begin, end]) if (at % size && at !== length) cut.add(Math.floor(at / size));
      continue;
    }
    const painted2 = new Int32Array(bins);
    for (let i4 = 0; i4 < change2.length; i4++) if (!Number.isNaN(change2[i4])) painted2[Math.floor((begin + i4) / size)]++;
    painted2.forEach((count, b4) => {
      if (count > 0 && count < Math.min(size, length - b4 * size)) cut.add(b4);
    });
  }
  return [...cut].sort((a4, b4) => a4 - b4);
}
function evenly(mean8, count, bases, size) {
  const fine = new Float64Array(size).fill(NaN);
  for (let i4 = 0; i4 < count; i4++) fine[Math.floor(i4 * bases / count)] = mean8;
  return fine;
}
function changeBins({ mean: oldMean, covered: oldCovered }, length, size, strokes) {
  const mean8 = oldMean.slice(), covered = oldCovered.slice(), bins = mean8.length;
  const basesOf = (b4) => Math.min(size, length - b4 * size), cut = cutThrough(length, size, strokes);
  const fine = new Map(cut.map((b4) => [b4, evenly(mean8[b4], covered[b4], basesOf(b4), size)]));
  for (const { begin, end, change: change2 } of strokes) {
    const first = Math.min(Math.ceil(begin / size), bins), last = end === length ? bins : Math.floor(end / size);
    const factor = typeof change2 === "number" ? change2 : null;
    for (let b4 = first; b4 < last; b4++) {
      if (factor !== null) {
        mean8[b4] *= factor;
        continue;
      }
      const from = b4 * size - begin, value = meanPainted(
        /** @type {Float64Array} */
        change2,
        from,
        basesOf(b4)
      );
      if (!Number.isNaN(value)) {
        mean8[b4] = value;
        covered[b4] = basesOf(b4);
      }
    }
    for (const [b4, bases] of fine) {
      for (let i4 = Math.max(0, begin - b4 * size); i4 < Math.min(size, end - b4 * size); i4++) {
        if (factor !== null) bases[i4] *= factor;
        else if (!Number.isNaN(change2[b4 * size + i4 - begin])) bases[i4] = change2[b4 * size + i4 - begin];
      }
    }
  }
  for (const [b4, bases] of fine) {
    const seen = bases.reduce((n3, v4) => n3 + (Number.isNaN(v4) ? 0 : 1), 0);
    covered[b4] = seen;
    mean8[b4] = seen ? pairwise(
      bases.map((v4) => Number.isNaN(v4) ? 0 : v4),
      0,
      size
    ) / seen : NaN;
  }
  return { mean: mean8, covered };
}
function meanPainted(change2, from, bases) {
  let low = change2[from], high = low;
  for (let i4 = from + 1; i4 < from + bases; i4++) {
    if (Number.isNaN(change2[i4])) return NaN;
    if (change2[i4] < low) low = change2[i4];
    if (change2[i4] > high) high = change2[i4];
  }
  return low === high ? low : segment(change2, from, bases) / bases;
}
function changed2(column, region, size, edits, dtype) {
  const strokes = edits.map((e6) => strokeOf(e6, region)), most = LARGEST2[dtype];
  const after = (count) => {
    const result2 = changeBins(column, region.end - region.start, size, strokes.slice(0, count));
    const large = result2.mean.some((v4, b4) => !(Math.abs(v4) <= most) && result2.covered[b4] > 0);
    return large ? null : result2;
  };
  const result = after(strokes.length);
  if (result) return result;
  const at = edits.findLastIndex((_3, i4) => after(i4)), e4 = edits[Math.max(at, 0)];
  const what = e4.type === "Scale" ? `times ${general(e4.factor)}` : `painted up to ${general(Math.max(...e4.depths.map((d5) => d5 ?? 0)))}`;
  throw new Refusal(
    `${e4.mark} at ${regionOf(e4)}, ${what}: with the depth there this gives more than ${general(most, 3)} reads per base, which ${dtype === "float16" ? "does not fit float16" : "no model can read"}`
  );
}
function strip(region, columns, resolution, { size, window: window2, marks, dtype, turned }) {
  const { depth, covered, start, end } = region, per = resolution / size, fine = depth.length / marks, m5 = columns.length;
  const count = Math.ceil((end - start) / resolution), bins = window2 / resolution, round = STORED[dtype];
  const features = new Float32Array(count * m5);
  let seen = null;
  for (let j4 = 0; j4 < count; j4++) {
    const to = turned ? count - 1 - j4 : j4, last = Math.min((j4 + 1) * per, fine);
    let whole = true;
    columns.forEach((column, k4) => {
      let mean8 = depth[j4 * per * marks + column];
      if (per > 1) {
        let sum2 = 0, bases = 0;
        for (let b4 = j4 * per; b4 < last; b4++) {
          const value = depth[b4 * marks + column], weight = covered ? covered[b4 * marks + column] : Math.min(size, end - start - b4 * size);
          if (!Number.isNaN(value)) sum2 += value * weight;
          bases += weight;
        }
        mean8 = bases > 0 ? round(sum2 / bases) : NaN;
      }
      mean8 = Math.fround(mean8);
      if (Number.isNaN(mean8)) whole = false;
      features[to * m5 + k4] = Math.log(Math.fround(1 + Math.abs(mean8))) * (mean8 < 0 ? -1 : 1);
    });
    if (!whole) {
      seen = seen || new Array(count).fill(true);
      seen[to] = false;
      features.fill(0, to * m5, (to + 1) * m5);
    }
  }
  return { features, seen, first: bins - count + 1 >> 1, bins };
}
var contentOf = (region) => fingerprint(region.depth, region.covered ? fingerprint(region.covered) : 0);

// whatif/local/gene.js
var Gene2 = class {
  /**
   * @param {{marks: string[], size: number, window: number, dtype: string}} shared
   * @param {{promoter: number, pcre: number[], frequency: number[]}} contacts rows of `regions`, by falling frequency
   * @param {Region[]} regions
   */
  constructor(shared, row, regions, contacts) {
    this.shared = shared;
    this.row = row;
    this.regions = regions;
    this.promoter = contacts.promoter;
    this.pcre = contacts.pcre;
    this.frequency = contacts.frequency;
  }
  get turned() {
    return this.row.strand === "-";
  }
  /** The rows of its pCREs and of its window, as the models read them. */
  pcres() {
    return this.pcre.map((row, i4) => ({ ...this.regions[row], row, frequency: this.frequency[i4] }));
  }
  /** Depth of all regions, one after another, as the page draws it: float32 (bins, marks). */
  flat() {
    const out = new Float32Array(this.regions.reduce((n3, r4) => n3 + r4.depth.length, 0));
    let at = 0;
    for (const { depth } of this.regions) {
      out.set(depth, at);
      at += depth.length;
    }
    return out;
  }
  /** The first bin of each region in `flat`, and the number of all bins. */
  offsets() {
    const offsets = [0];
    for (const { depth } of this.regions)
      offsets.push(offsets[offsets.length - 1] + depth.length / this.shared.marks.length);
    return offsets;
  }
  /** Depth of the window (bins, marks) 5' to 3'. */
  promoterDepth() {
    const { depth } = this.regions[this.promoter], m5 = this.shared.marks.length, bins = depth.length / m5;
    if (!this.turned) return depth;
    const out = depth.slice();
    for (let b4 = 0; b4 < bins; b4++) out.set(depth.subarray((bins - 1 - b4) * m5, (bins - b4) * m5), b4 * m5);
    return out;
  }
};
function regionWith(place, depth, covered) {
  const region = { chrom: place.chrom, start: place.start, end: place.end, depth, covered, content: 0 };
  region.content = contentOf(region);
  return region;
}
function edited(gene2, edits, known = /* @__PURE__ */ new Map()) {
  const { shared } = gene2, { gene: touched, added: added2 } = withContacts(gene2, edits.filter(isContact));
  const tracks = edits.filter((e4) => !isContact(e4)), within = added2.length ? touched.regions.length : gene2.regions.length;
  const reaching = reachingOf(touched, tracks, within), used = /* @__PURE__ */ new Map();
  const regions = touched.regions.slice();
  for (const row of [.../* @__PURE__ */ new Set([...reaching.keys(), ...added2])].sort((a4, b4) => a4 - b4)) {
    const region = touched.regions[row], m5 = shared.marks.length, depth = region.depth.slice();
    const covered = region.covered ? region.covered.slice() : null;
    for (const [column, here] of reaching.get(row) || []) {
      const key = `${row} ${here.map(named2)}`, stored = row < gene2.regions.length;
      const result = stored && known.get(key) || changed2(columnOf(region, column, shared), region, shared.size, here, shared.dtype);
      used.set(key, result);
      for (let b4 = 0; b4 < result.mean.length; b4++) {
        depth[b4 * m5 + column] = STORED[shared.dtype](result.mean[b4]);
        if (covered) covered[b4 * m5 + column] = result.covered[b4];
      }
    }
    regions[row] = regionWith(region, depth, covered);
  }
  known.clear();
  for (const [key, result] of used) known.set(key, result);
  for (const row of added2) refuseDataless(touched, regions[row]);
  return new Gene2(shared, gene2.row, regions, touched);
}
function columnOf({ depth, covered, start, end }, column, { marks, size }) {
  const m5 = marks.length, bins = depth.length / m5, mean8 = new Float64Array(bins), count = new Int32Array(bins);
  for (let b4 = 0; b4 < bins; b4++) {
    mean8[b4] = depth[b4 * m5 + column];
    count[b4] = covered ? covered[b4 * m5 + column] : Math.min(size, end - start - b4 * size);
  }
  return { mean: mean8, covered: count };
}
function reachingOf(gene2, edits, within) {
  const reaching = /* @__PURE__ */ new Map(), { marks } = gene2.shared;
  for (const e4 of edits) {
    const column = marks.indexOf(e4.mark);
    if (column < 0)
      throw new Refusal(
        `the edit of ${regionOf(e4)} names the mark ${e4.mark}, which this dataset lacks; it has ${marks.join(", ")}`
      );
    let touches = false;
    gene2.regions.forEach((r4, row) => {
      if (row >= within || r4.chrom !== e4.chrom || r4.start >= e4.end || r4.end <= e4.start) return;
      touches = true;
      if (!reaching.has(row)) reaching.set(row, /* @__PURE__ */ new Map());
      const columns = reaching.get(row);
      columns.set(column, [...columns.get(column) || [], e4]);
    });
    if (!touches) {
      const examples = gene2.regions.slice(0, 3).map(regionOf).join(", ");
      throw new Refusal(
        `${regionOf(e4)} overlaps no region of this dataset (such as ${examples}); edits are in genomic coordinates`
      );
    }
  }
  return reaching;
}
function withContacts(gene2, edits) {
  let regions = gene2.regions, contacts = gene2.pcre.map((row, i4) => ({ row, frequency: gene2.frequency[i4] }));
  for (const e4 of edits) {
    if (e4.type !== "DropPcre" && e4.frequency > LARGEST2.float32) {
      throw new Refusal(
        `contact with ${regionOf(e4)}: a frequency of ${general(e4.frequency)} is more than a model can read (${general(LARGEST2.float32, 3)})`
      );
    }
    const rows = regions.flatMap((r4, row) => samePlace(r4, e4) ? [row] : []), held = contacts.filter((c4) => rows.includes(c4.row));
    if (e4.type === "AddPcre") {
      if (e4.end - e4.start > gene2.shared.window) {
        throw new Refusal(
          `add_pcre ${regionOf(e4)}: ${grouped2(e4.end - e4.start)} bp; a pCRE is at most ${grouped2(gene2.shared.window)} bp`
        );
      }
      if (held.length) throw new Refusal(`add_pcre ${regionOf(e4)}: it is a pCRE already; use cl.set_frequency`);
      if (!rows.length) regions = [...regions.map(withBases(gene2.shared)), dataless(e4, gene2.shared)];
      contacts = [...contacts, { row: rows.length ? rows[0] : regions.length - 1, frequency: e4.frequency }];
      continue;
    }
    if (!held.length) throw new Refusal(`no contact with ${regionOf(e4)} to edit; ${contactsOf(regions, contacts)}`);
    if (e4.type === "DropPcre") contacts = contacts.filter((c4) => !held.includes(c4));
    else contacts = contacts.map((c4) => held.includes(c4) ? { ...c4, frequency: e4.frequency } : c4);
  }
  contacts = edits.length ? [...contacts].sort((a4, b4) => b4.frequency - a4.frequency) : contacts;
  const added2 = contacts.map((c4) => c4.row).filter((row) => row >= gene2.regions.length);
  const now = {
    promoter: gene2.promoter,
    pcre: contacts.map((c4) => c4.row),
    frequency: contacts.map((c4) => c4.frequency)
  };
  return { gene: new Gene2(gene2.shared, gene2.row, regions, now), added: added2 };
}
var withBases = ({ marks, size }) => (r4) => {
  if (r4.covered) return r4;
  const bases = new Int32Array(r4.depth.length).map(
    (_3, i4) => Math.min(size, r4.end - r4.start - Math.floor(i4 / marks.length) * size)
  );
  return regionWith(r4, r4.depth, bases);
};
function dataless(e4, { marks, size, dtype }) {
  const bins = Math.ceil((e4.end - e4.start) / size) * marks.length;
  const depth = (dtype === "float64" ? new Float64Array(bins) : new Float32Array(bins)).fill(NaN);
  return regionWith(e4, depth, new Int32Array(bins));
}
function refuseDataless({ shared: { marks } }, region) {
  const m5 = marks.length;
  for (let b4 = 0; b4 < region.depth.length / m5; b4++)
    if (!region.depth.subarray(b4 * m5, (b4 + 1) * m5).some(Number.isNaN)) return;
  throw new Refusal(
    `add_pcre ${regionOf(region)}: the marks' depth there is not known. Paint every mark over it (cl.paint, cl.set_depth), give source= (the tracks), or edit a dataset that holds the region`
  );
}
function contactsOf(regions, contacts) {
  const rows = [...new Set(contacts.map((c4) => c4.row))].sort((a4, b4) => a4 - b4).slice(0, 8);
  return rows.length ? `the contacts are ${rows.map((row) => regionOf(regions[row])).join(", ")}` : "there is no contact";
}
var Reader = class {
  constructor(shared) {
    this.shared = shared;
    this.kept = /* @__PURE__ */ new Map();
  }
  /**
   * @param {Gene} gene
   * @param {import("./chromoformer.js").Chromoformer} model
   * @returns {import("./chromoformer.js").Gene}
   */
  read(gene2, model) {
    const { marks, resolutions } = model.config, columns = this.columns(marks);
    const cut = (region, turned) => {
      const key = `${regionOf(region)} ${region.content} ${turned} ${columns} ${resolutions}`;
      if (!this.kept.has(key)) {
        const how = { ...this.shared, marks: this.shared.marks.length, turned };
        this.kept.set(key, {
          key,
          strips: Object.fromEntries(resolutions.map((r4) => [r4, strip(region, columns, r4, how)]))
        });
      }
      return this.kept.get(key);
    };
    if (this.kept.size > 400) this.kept.clear();
    const pcres = gene2.pcre.map((row) => cut(gene2.regions[row], false));
    return { window: cut(gene2.regions[gene2.promoter], gene2.turned), pcres, frequency: gene2.frequency.map(Math.fround) };
  }
  /** The column of each of a model's marks. */
  columns(marks) {
    return marks.map((mark) => this.shared.marks.indexOf(mark));
  }
};

// whatif/local/explain.js
var NODES = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262];
var WEIGHTS = [0.17392742256872684, 0.3260725774312731, 0.3260725774312731, 0.17392742256872684];
function carriedBy(model, gene2, edits, reader) {
  const after = edited(gene2, edits), contacts = edits.filter(isContact), byContact = /* @__PURE__ */ new Map();
  const level2 = (g5) => model.level(reader.read(g5, model)), scores = new Float64Array(after.flat().length);
  const rowOf = (e4) => after.regions.findIndex((r4) => samePlace(r4, e4));
  let now = level2(gene2), stage = gene2;
  const stages = stagesOf(gene2, contacts);
  contacts.forEach((e4, n3) => {
    stage = stages[n3];
    const next = level2(stage), row = rowOf(e4);
    byContact.set(row, (byContact.get(row) ?? 0) + next - now);
    now = next;
  });
  along(model, stage, after, reader, scores);
  return { scores, byContact };
}
function stagesOf(gene2, contacts) {
  try {
    return contacts.map((_3, n3) => edited(gene2, contacts.slice(0, n3 + 1)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  const empty = ({ type, chrom, start, end }) => type === "AddPcre" ? gene2.shared.marks.map((mark) => ({ type: "Paint", chrom, start, end, mark, depths: [0], step: end - start })) : [];
  return contacts.map((_3, n3) => {
    const first = contacts.slice(0, n3 + 1);
    return edited(gene2, [...first, ...first.flatMap(empty)]);
  });
}
function along(model, before, after, reader, scores) {
  const start = reader.read(before, model), end = reader.read(after, model), { resolutions } = model.config;
  const sums = resolutions.map(() => ({ window: null, pcres: end.pcres.map(() => null) }));
  NODES.forEach((node, i4) => {
    model.gradients(between(start, end, node, resolutions)).forEach((slopes, n3) => {
      sums[n3].window = added(sums[n3].window, slopes.window, WEIGHTS[i4]);
      slopes.pcres.forEach((slope, p5) => {
        sums[n3].pcres[p5] = added(sums[n3].pcres[p5], slope, WEIGHTS[i4]);
      });
    });
  });
  const columns = reader.columns(model.config.marks), offsets = after.offsets();
  resolutions.forEach((r4, n3) => {
    const share = (row, slope, from, to, turned) => {
      const change2 = slope.map((v4, j4) => v4 * (to.strips[r4].features[j4] - from.strips[r4].features[j4]));
      divided(change2, r4, columns, before.regions[row], after.regions[row], turned, after.shared, scores, offsets[row]);
    };
    share(after.promoter, sums[n3].window, start.window, end.window, after.turned);
    after.pcre.forEach((row, p5) => share(row, sums[n3].pcres[p5], start.pcres[p5], end.pcres[p5], false));
  });
}
function between(start, end, node, resolutions) {
  const mixed = (a4, b4) => ({
    key: "",
    strips: Object.fromEntries(
      resolutions.map((r4) => {
        const from = a4.strips[r4].features, to = b4.strips[r4];
        return [r4, { ...to, features: to.features.map((v4, j4) => from[j4] + node * (v4 - from[j4])) }];
      })
    )
  });
  const pcres = end.pcres.map((pcre, i4) => mixed(start.pcres[i4], pcre));
  return { window: mixed(start.window, end.window), pcres, frequency: end.frequency };
}
function added(sum2, slope, weight) {
  const out = sum2 || new Float32Array(slope.length);
  for (let j4 = 0; j4 < slope.length; j4++) out[j4] += weight * slope[j4];
  return out;
}
function divided(scores, resolution, columns, from, to, turned, { size, marks }, out, offset) {
  const m5 = marks.length, per = resolution / size, count = scores.length / columns.length, fine = to.depth.length / m5;
  const read = (r4, b4, column) => {
    const depth = r4.depth[b4 * m5 + column], bases = r4.covered ? r4.covered[b4 * m5 + column] : Math.min(size, r4.end - r4.start - b4 * size);
    return Number.isNaN(depth) ? 0 : depth * bases;
  };
  columns.forEach((column, k4) => {
    for (let j4 = 0; j4 < count; j4++) {
      const score = scores[(turned ? count - 1 - j4 : j4) * columns.length + k4], last = Math.min((j4 + 1) * per, fine);
      if (!score) continue;
      const moved = [];
      for (let b4 = j4 * per; b4 < last; b4++) moved.push(Math.abs(read(to, b4, column) - read(from, b4, column)));
      const total = moved.reduce((a4, b4) => a4 + b4, 0);
      if (total > 0)
        moved.forEach((by, i4) => {
          out[(offset + j4 * per + i4) * m5 + column] += score * by / total;
        });
    }
  });
}
function lookedAt(model, gene2, reader) {
  const { shared } = gene2, m5 = shared.marks.length, offsets = gene2.offsets(), read = reader.read(gene2, model), { config } = model;
  const total = new Float64Array(offsets[offsets.length - 1]), count = new Int32Array(total.length), shares = /* @__PURE__ */ new Map();
  const maps = model.maps(read);
  const add = (row, map, strip2, heads, resolution, turned) => {
    if (!map) return;
    const bins = map.length / heads, per = resolution / shared.size, fine = gene2.regions[row].depth.length / m5;
    const seen = strip2.seen ? strip2.seen.filter(Boolean).length : bins;
    for (let j4 = 0; j4 < bins; j4++) {
      if (strip2.seen && !strip2.seen[j4]) continue;
      let share = 0;
      for (let h5 = 0; h5 < heads; h5++) share += map[h5 * bins + j4] / heads;
      const at = turned ? bins - 1 - j4 : j4;
      for (let b4 = at * per; b4 < Math.min((at + 1) * per, fine); b4++) {
        total[offsets[row] + b4] += share * seen;
        count[offsets[row] + b4]++;
      }
    }
  };
  const rows = [gene2.promoter, ...gene2.pcre];
  for (const { resolution, window: window2, pcres, regions } of maps) {
    add(gene2.promoter, window2, read.window.strips[resolution], config.embed_heads, resolution, gene2.turned);
    gene2.pcre.forEach(
      (row, i4) => add(row, pcres[i4], read.pcres[i4].strips[resolution], config.pairwise_heads, resolution, false)
    );
    if (!regions) continue;
    const heads = config.regulation_heads;
    rows.forEach((row, j4) => {
      let share = shares.get(row) ?? 0;
      for (let h5 = 0; h5 < heads; h5++) share += regions[h5 * rows.length + j4] / heads / maps.length;
      shares.set(row, share);
    });
  }
  return { level: Float32Array.from(total, (sum2, b4) => count[b4] ? sum2 / count[b4] : NaN), shares };
}

// whatif/local/files.js
function written(edits, about3 = null) {
  const lines = entries(edits), listed = lines.length ? `
  ${lines.join(",\n  ")}
` : "";
  return `{"format": "${FORMAT}", ${about3 ? `"about": ${dumped(about3)},
 ` : ""}"edits": [${listed}]}
`;
}
function readFile(text) {
  if (!text.trimStart().startsWith("{"))
    throw new Refusal("this is not a file of edits; write one with Save, or cl.edits.to_json");
  let found2;
  try {
    found2 = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`the edits: not JSON (${error.message}); write it with cl.edits.to_json`);
  }
  const { about: about3 = {}, ...rest } = found2, plain = about3 && typeof about3 === "object" && !Array.isArray(about3);
  if (!plain || Object.keys(rest).sort().join() !== "edits,format" || !Array.isArray(rest.edits)) {
    throw new Refusal(`the edits: expected {"format": "${FORMAT}", "edits": [...]}, and nothing else`);
  }
  if (rest.format !== FORMAT) {
    throw new Refusal(
      `the edits: its format is ${quoted(String(rest.format))}; this version of chromolab reads '${FORMAT}'`
    );
  }
  return { edits: editsOf(rest.edits), about: about3 };
}
function noteOn(about3, row) {
  if ((about3.gene_id ?? row.gene_id) !== row.gene_id) {
    throw new Refusal(
      `this file holds edits of ${called(about3)}, and the lab shows ${called(row)}: choose the file's gene first, then load it again`
    );
  }
  const cell = about3.cell_type ?? row.cell_type;
  return cell === row.cell_type ? null : `The file's edits were made in ${cell}; here they are applied to ${row.cell_type}.`;
}
function called(gene2) {
  const names = [...new Set([String(gene2.gene_name || ""), String(gene2.gene_id)].filter(Boolean))];
  return `${names.join(" ")} in ${gene2.cell_type ?? "some cell type"}`;
}
function script(template, row, edits) {
  const lines = calls(edits).map((line2) => `    ${line2},
`), listed = lines.length ? `
${lines.join("")}` : "";
  const line = (text) => String(text).trim().split(/\s+/).join(" "), name = nameOf2(row);
  return template.replace(
    /^# 0 edits of .*, made in/,
    () => `# ${edits.length} edit${edits.length === 1 ? "" : "s"} of ${line(name)} in ${line(row.cell_type)}, made in`
  ).replace(
    /^gene = dataset\.gene\(.*\)$/m,
    () => `gene = dataset.gene(${inQuotes(row.gene_id)}, ${inQuotes(row.cell_type)})`
  ).replace("edits = []\n", () => `edits = [${listed}]
`);
}
function nameOf2(row) {
  const name = String(row.gene_name || row.gene_id);
  return name === row.gene_id ? name : `${name} (${row.gene_id})`;
}

// whatif/local/missions.js
var mean5 = (values2) => values2.reduce((a4, b4) => a4 + b4, 0) / values2.length;
var chance = (session) => mean5(session.predicted(session.edited).classification);
var change = (session) => mean5(session.predicted(session.edited).regression) - mean5(session.before.regression);
var CHECKS = {
  "one stroke": (session) => session.edits.length === 1 && ["Scale", "Paint"].includes(session.edits[0].type) && chance(session) < 0.5,
  "wake a silent gene": (session) => session.edits.every((e4) => session.about.heights.active.includes(e4.mark)) && chance(session) > 0.7,
  "the right contact": (session) => session.edits.length === 1 && session.edits[0].type === "DropPcre" && change(session) <= -0.05
};
function offered({ about: about3, solved }) {
  return about3.missions.map((mission) => ({ ...mission, solved: solved.has(mission.name) }));
}
function solvedBy(session) {
  const { gene_id, cell_type } = session.gene.row;
  for (const mission of session.edits.length ? session.about.missions : []) {
    const here = mission.gene_id === gene_id && mission.cell_type === cell_type;
    if (here && CHECKS[mission.name](session)) session.solved.add(mission.name);
  }
  return session.about.missions.map(({ name }) => name).filter((name) => session.solved.has(name));
}

// whatif/local/history.js
var KEPT4 = 500;
var History = class {
  constructor() {
    this.past = [[]];
    this.future = [];
  }
  get now() {
    return this.past[this.past.length - 1];
  }
  push(edits) {
    if (sameEdits(edits, this.now)) return;
    this.past = [...this.past.slice(-KEPT4), edits];
    this.future = [];
  }
  undo() {
    if (this.past.length < 2) return;
    this.future = [...this.future, this.now];
    this.past = this.past.slice(0, -1);
  }
  redo() {
    if (!this.future.length) return;
    this.past = [...this.past, this.future[this.future.length - 1]];
    this.future = this.future.slice(0, -1);
  }
};
function position(edits, index, name) {
  const at = edits.flatMap((e4, i4) => named2(e4) === name ? [i4] : []);
  if (!at.length) return null;
  return at.includes(index) ? index : at[at.length - 1];
}
function takenOut(gene2, edits, index) {
  const rest = edits.filter((_3, i4) => i4 !== index), kept2 = [];
  let contacts = gene2.pcre.map((row) => gene2.regions[row]);
  const places = [...gene2.regions, ...rest.filter((e4) => e4.type === "AddPcre")];
  for (const e4 of rest) {
    if (e4.type === "Scale" || e4.type === "Paint") {
      if (!places.some((p5) => p5.chrom === e4.chrom && p5.start < e4.end && p5.end > e4.start)) continue;
    } else if (e4.type === "AddPcre") contacts = [...contacts, e4];
    else if (!contacts.some((c4) => samePlace(c4, e4))) continue;
    else if (e4.type === "DropPcre") contacts = contacts.filter((c4) => !samePlace(c4, e4));
    kept2.push(e4);
  }
  return kept2;
}
var slot = (e4) => `${e4.type} ${e4.mark ?? ""} ${e4.chrom}:${e4.start}-${e4.end}`;
function put(gene2, now, more) {
  let edits = [...now];
  for (const e4 of more) {
    if (e4.type === "SetFrequency") edits = edits.filter((old) => !(old.type === "DropPcre" && samePlace(old, e4)));
    let same = edits.flatMap((old, i4) => slot(old) === slot(e4) ? [i4] : []);
    if (e4.type === "Paint" && same.length) {
      edits = edits.filter((_3, i4) => !same.includes(i4));
      same = [];
    }
    const own = e4.type === "SetFrequency" ? gene2.pcres().find((p5) => samePlace(p5, e4)) : null;
    const idle = e4.type === "Scale" && e4.factor === 1 || own && own.frequency === e4.frequency;
    const gone = idle ? same : same.slice(1);
    if (same.length && !idle) edits[same[0]] = e4;
    else if (!idle) edits.push(e4);
    edits = edits.filter((_3, i4) => !gone.includes(i4));
  }
  return edits;
}
function toggled(gene2, now, cut) {
  const added2 = now.findLastIndex((e4) => e4.type === "AddPcre" && samePlace(e4, cut));
  if (added2 >= 0) return takenOut(gene2, now, added2);
  const at = now.findIndex((e4) => named2(e4) === named2(cut));
  return at >= 0 ? takenOut(gene2, now, at) : [...now, cut];
}

// whatif/local/questions.js
var DOSES = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
var REPLAYED = 60;
var values = (session, task, gene2) => session.models[task].map((model) => model.value(session.reader.read(gene2, model)));
var mean6 = (numbers2) => numbers2.reduce((a4, b4) => a4 + b4, 0) / numbers2.length;
function placeOf(session, index, name) {
  const at = position(session.edits, index, name);
  if (at === null) throw new Refusal("this edit is not in the list any more; choose another");
  return at;
}
function doses(session, task, index, name) {
  const { gene: gene2, edits } = session, at = placeOf(session, index, name), before = earlierOf(gene2, edits, at);
  const variants = DOSES.map((dose) => edits.map((e4, i4) => i4 === at ? dosed(e4, dose, before) : e4));
  return { doses: DOSES, values: variants.map((variant) => values(session, task, edited(gene2, variant))) };
}
function steps(session, task) {
  const earlier = session.edits.slice(0, -REPLAYED), last = session.edits.slice(-REPLAYED);
  const start = earlier.length ? edited(session.gene, earlier) : session.gene, found2 = [];
  edited(start, last);
  for (let n3 = 0; n3 <= last.length; n3++) {
    const gene2 = applied(start, last.slice(0, n3));
    if (!gene2) continue;
    const first = earlier.length ? `after ${earlier.length} edits` : "as it was";
    found2.push({
      step: earlier.length + n3,
      words: n3 ? inWords(last[n3 - 1]) : first,
      values: values(session, task, gene2)
    });
  }
  return { steps: found2 };
}
function others(session, index, name) {
  const { about: about3, gene: shown2 } = session, e4 = session.edits[placeOf(session, index, name)];
  if (e4.type === "AddPcre")
    throw new Refusal(`add_pcre ${regionOf(e4)} belongs to one gene; leave it out, or use cl.effect for its gene`);
  const own = about3.examples.flatMap(({ gene: gene2 }, i4) => gene2.cell_type === shown2.row.cell_type ? [i4] : []);
  const rows = own.flatMap((i4) => reachedRow(session, session.example(i4), e4));
  if (!rows.length)
    throw new Refusal(`these edits reach no gene in ${shown2.row.cell_type}, neither its window nor a contact of it`);
  rows.sort((a4, b4) => b4.most - a4.most);
  return { rows: rows.map(({ most: _most, ...row }) => row), among: own.length };
}
function reachedRow(session, gene2, e4) {
  const touched = (region) => isContact(e4) ? samePlace(region, e4) : region.chrom === e4.chrom && region.start < e4.end && region.end > e4.start;
  const window2 = touched(gene2.regions[gene2.promoter]), contacts = gene2.pcres().filter(touched), { row } = gene2;
  if (!window2 && !contacts.length) return [];
  const after = edited(gene2, [e4]), middle = Math.floor((e4.start + e4.end) / 2) - row.tss;
  const predicted = {};
  let most = 0;
  for (const [task, models] of Object.entries(session.models)) {
    const both = [values(session, task, gene2), values(session, task, after)], [was, now] = both.map(mean6);
    const changes = both[1].map((v4, i4) => v4 - both[0][i4]), sign = Math.sign(mean6(changes));
    predicted[task] = { before: was, after: now, agree: mean6(changes.map((c4) => Math.sign(c4) === sign ? 1 : 0)) };
    const levels = models.map(
      (model) => model.level(session.reader.read(after, model)) - model.level(session.reader.read(gene2, model))
    );
    most = Math.max(most, Math.abs(mean6(changes)), Math.abs(mean6(levels)));
  }
  return [
    {
      gene_id: row.gene_id,
      gene_name: row.gene_name,
      distance: row.strand === "-" ? -middle : middle,
      via: window2 && contacts.length ? "both" : window2 ? "window" : "contact",
      frequency: contacts.length ? Math.max(...contacts.map((c4) => c4.frequency)) : null,
      shown: row.gene_id === session.gene.row.gene_id,
      predicted,
      most
    }
  ];
}
function applied(gene2, edits) {
  try {
    return edited(gene2, edits);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
function earlierOf(gene2, edits, index) {
  const e4 = edits[index], earlier = edits.slice(0, index);
  if (e4.type === "DropPcre" || e4.type === "SetFrequency") {
    const now = edited(gene2, earlier.filter(isContact)).pcres();
    const { chrom, start, end } = e4;
    return { type: "SetFrequency", chrom, start, end, frequency: now.find((p5) => samePlace(p5, e4))?.frequency ?? 0 };
  }
  if (e4.type !== "Paint") return e4;
  const known = applied(gene2, earlier) || gene2, step = e4.depths.length > 1 ? e4.step : gene2.shared.size, depths = [];
  for (let start = e4.start; start < e4.end; start += step)
    depths.push(depthAt(known, e4, Math.floor((start + Math.min(start + step, e4.end)) / 2)));
  return { ...e4, depths, step };
}
function depthAt({ regions, shared: { marks, size } }, { mark, chrom }, at) {
  const region = regions.find((r4) => r4.chrom === chrom && r4.start <= at && at < r4.end);
  const depth = region?.depth[Math.floor((at - region.start) / size) * marks.length + marks.indexOf(mark)];
  return depth === void 0 || Number.isNaN(depth) ? null : depth;
}
function dosed(e4, dose, before) {
  const between2 = (was, now) => Math.max(was + dose * (now - was), 0);
  if (dose === 1) return e4;
  if (e4.type === "Scale") return { ...e4, factor: between2(1, e4.factor) };
  if (e4.type === "AddPcre") return { ...e4, frequency: between2(0, e4.frequency) };
  if (e4.type === "Paint") {
    const wanted = e4.depths.length === 1 ? before.depths.map(() => e4.depths[0]) : e4.depths;
    const depths = wanted.map(
      (now, i4) => now === null || before.depths[i4] === null ? now : between2(before.depths[i4], now)
    );
    return { ...e4, depths, step: before.step };
  }
  return { ...before, frequency: between2(before.frequency, e4.frequency ?? 0) };
}

// whatif/local/truth.js
var SAID = 3;
var UNKNOWN = "this page alone cannot simulate the gene again; in a notebook the lab can: cl.WhatIf(world=world)";
function trueOf(packed, edits) {
  const known = packed[written(edits)];
  if (known) return known;
  const none = packed[written([])], tasks = Object.entries(none.tasks).map(([task, told]) => {
    const after = "change" in told ? { after: null, change: null } : { after: null, words: told.words };
    return [task, { ...told, ...after }];
  });
  const alone2 = edits.map((e4) => packed[written([e4])]), lost = edits.filter((_3, i4) => !alone2[i4]);
  const parts = alone2.flatMap((own) => own?.parts ?? []);
  const refused = lost.slice(0, SAID).map((e4) => `${inWords(e4)}: ${UNKNOWN}`);
  if (lost.length > SAID) refused.push(`${lost.length - SAID} more edits: the same`);
  if (!lost.length) refused.push(`all of these edits together: ${UNKNOWN}`);
  return { tasks: Object.fromEntries(tasks), parts, refused };
}

// whatif/local/answers.js
var LISTED3 = 200;
var UNITS = { classification: "log-odds", regression: "log2(RPKM + 1)" };
var CAN = ["dose", "replay", "others"];
var ALONE = "this page works without Python, and only Python can answer that; open the lab in a notebook: cl.WhatIf(...)";
var floats = (values2) => values2 instanceof Float32Array ? values2 : Float32Array.from(values2);
var sum = (values2) => values2.reduce((a4, b4) => a4 + b4, 0);
var mean7 = (values2) => sum(values2) / values2.length;
function agreeing(values2) {
  const score = mean7(values2);
  const agree = mean7(values2.map((v4) => Math.sign(v4) === Math.sign(score) ? 1 : 0));
  return { score, low: Math.min(...values2), high: Math.max(...values2), agree };
}
var Answers = class {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  reply(request) {
    const { session } = this, known = Object.hasOwn(session.models, request.task);
    switch (request.kind) {
      case "hello":
        return this.state({ gene: true });
      case "gene":
        session.choose(request.gene_id, request.cell_type);
        return this.state({ gene: true });
      case "act":
        return this.state({ error: this.acted(request.actions) });
      case "settle":
        return [this.settled(), []];
      case "carried":
        if (known) return this.carried(request.task);
        break;
      case "attention":
        if (known) return this.attention(request.task);
        break;
      case "search":
        return [{ found: session.search(request.text) }, []];
      case "compare":
        return this.compared(request.gene_id, request.cell_type);
      case "dose":
        if (known) return [doses(session, request.task, request.index, request.name), []];
        break;
      case "replay":
        if (known) return [steps(session, request.task), []];
        break;
      case "others":
        return [others(session, request.index, request.name), []];
      case "text":
        return [this.text(), []];
      case "open":
        session.open(request.text);
        return this.state({ gene: true });
      default:
    }
    throw new Refusal(ALONE);
  }
  /** Carry out the actions, or return why not; the page gets the current state either way. */
  acted(actions) {
    try {
      this.session.act(actions);
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    return null;
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  state({ gene: gene2 = false, error = null }) {
    const { session } = this, { before, edits, history } = session;
    const after = edits.length ? session.predicted(session.edited) : before;
    const state = {
      kind: "state",
      regions: session.regions(),
      edits: edits.length,
      error,
      note: session.note,
      undo: history.past.length > 1,
      redo: history.future.length > 0,
      predicted: bothTimes(before, after)
    };
    if (!gene2) return [state, [session.edited.flat()]];
    const { about: about3 } = session, own = about3.examples[session.index];
    Object.assign(state, {
      gene: own.gene,
      recipes: session.recipes(),
      notices: about3.notices,
      missions: offered(session),
      words: about3.words,
      can: CAN,
      neighbours: own.neighbours
    });
    return [state, [session.edited.flat(), session.gene.flat()]];
  }
  /** What is computed after a pause. */
  settled() {
    const { session } = this, { edits } = session, after = session.predicted(session.edited);
    return {
      predicted: bothTimes(session.before, after),
      list: edits.slice(-LISTED3).map((e4) => [inWords(e4), named2(e4)]),
      first: Math.max(0, edits.length - LISTED3),
      warnings: session.warnings(),
      recipes: session.recipes(),
      solved: solvedBy(session),
      true: this.true(),
      factors: edits.filter((e4) => e4.type === "Scale").map(({ mark, chrom, start, end, factor }) => ({ mark, chrom, start, end, factor }))
    };
  }
  true() {
    const { about: about3, index, edits } = this.session, packed = about3.examples[index].true;
    return packed && trueOf(packed, edits);
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  carried(task) {
    const { session } = this, {
      models,
      reader,
      gene: gene2,
      edits,
      shared: { marks }
    } = session, m5 = marks.length;
    const each = models[task].map((model) => carriedBy(model, gene2, edits, reader)), regions = session.regions();
    const contacts = new Map(
      [...each[0].byContact.keys()].map((row) => [row, each.map((own) => own.byContact.get(row))])
    );
    const reasons = [...contacts].map(([row, values2]) => ({ row, mark: null, ...agreeing(values2) }));
    for (const { row, offset, bins } of regions) {
      marks.forEach((mark, k4) => {
        const values2 = each.map(({ scores }) => {
          let total = 0;
          for (let b4 = offset; b4 < offset + bins; b4++) total += scores[b4 * m5 + k4];
          return total;
        });
        if (values2.some(Boolean)) reasons.push({ row, mark, ...agreeing(values2) });
      });
    }
    const { score: change2, ...range } = agreeing(
      each.map(({ scores, byContact }) => sum(scores) + sum([...byContact.values()]))
    );
    const average = new Float64Array(each[0].scores.length), agree = new Float32Array(average.length);
    for (const { scores } of each) for (let i4 = 0; i4 < average.length; i4++) average[i4] += scores[i4] / each.length;
    for (let i4 = 0; i4 < average.length; i4++) {
      if (average[i4])
        agree[i4] = mean7(each.map(({ scores }) => Math.sign(scores[i4]) === Math.sign(average[i4]) ? 1 : 0));
    }
    return [
      {
        unit: UNITS[task],
        models: each.length,
        change: change2,
        ...range,
        contacts: regions.map(({ row }) => contacts.has(row) ? mean7(contacts.get(row)) : null),
        reasons: reasons.sort((a4, b4) => Math.abs(b4.score) - Math.abs(a4.score))
      },
      [floats(average), agree]
    ];
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  attention(task) {
    const { session } = this, each = session.models[task].map((model) => lookedAt(model, session.edited, session.reader));
    const rows = session.regions().map(({ row }) => row);
    const told = each.map((own) => own.shares).filter((own) => own.size);
    const shares = (f5) => rows.map((row) => told[0]?.has(row) ? f5(told.map((own) => own.get(row))) : null);
    const level2 = each[0].level.map((_3, b4) => mean7(each.map((own) => own.level[b4])));
    return [{ shares: shares(mean7), low: shares((v4) => Math.min(...v4)), high: shares((v4) => Math.max(...v4)) }, [level2]];
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  compared(geneId, cellType) {
    const { session } = this, index = session.find(geneId, cellType), other = session.example(index), { row } = other;
    const depth = floats(other.promoterDepth()), m5 = session.shared.marks.length, bins = depth.length / m5;
    const along2 = depth.slice();
    if (session.gene.turned)
      for (let b4 = 0; b4 < bins; b4++) along2.set(depth.subarray((bins - 1 - b4) * m5, (bins - b4) * m5), b4 * m5);
    return [
      {
        name: nameOf2(row),
        gene_id: row.gene_id,
        cell_type: row.cell_type,
        cell_types: row.cell_types,
        predicted: session.predicted(other),
        measured: row.measured,
        contacts: other.pcres().map(({ chrom, start, end, frequency }) => ({ chrom, start, end, frequency }))
      },
      [along2]
    ];
  }
  text() {
    const { about: about3, index, edits, gene: gene2 } = this.session, { file } = about3.examples[index];
    return { python: script(about3.script, gene2.row, edits), json: written(edits, file) };
  }
};
var bothTimes = (before, after) => Object.fromEntries(Object.keys(before).map((task) => [task, { before: before[task], after: after[task] }]));
var Model = class {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.answers = new Answers(session);
    this.listeners = /* @__PURE__ */ new Set();
    this.times = [];
  }
  get(name) {
    return { marks: this.answers.session.about.marks, alone: true }[name];
  }
  on(name, listener) {
    if (name === "msg:custom") this.listeners.add(listener);
  }
  off(name, listener) {
    this.listeners.delete(listener);
  }
  send(request) {
    setTimeout(() => {
      const began = performance.now(), [reply, buffers] = this.answered(request);
      this.times = [...this.times.slice(-999), { kind: request.kind, ms: performance.now() - began }];
      const views = buffers.map((b4) => new DataView(b4.buffer, b4.byteOffset, b4.byteLength));
      for (const listener of this.listeners) listener({ ...reply, seq: request.seq }, views);
    });
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  answered(request) {
    try {
      return this.answers.reply(request);
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      return [{ error: error.message }, []];
    }
  }
};

// whatif/local/products_wasm.js
var WASM = "AGFzbQEAAAABCQFgBX9/f39/AAMDAgAABQMBAAEHFwMGbWVtb3J5AgAEcm93cwAAA21peAABCugCAvsBAgN/AnsCQANAIANFDQH9DAAAAAAAAAAAAAAAAAAAAAAhCP0MAAAAAAAAAAAAAAAAAAAAACEJIAEhByAAIARBAnRqIQYCQANAIABBIGogBksNASAIIAD9AAQAIAf9AAQA/eYB/eQBIQggCSAA/QAEECAH/QAEEP3mAf3kASEJIABBIGohACAHQSBqIQcMAAsLAkADQCAAIAZPDQEgCCAA/QAEACAH/QAEAP3mAf3kASEIIABBEGohACAHQRBqIQcMAAsLIAggCf3kASEIIAIgCP0fACAI/R8BkiAI/R8CIAj9HwOSkjgCACACQQRqIQIgA0EBayEDDAALCwtpAgJ/AXsCQANAIANFDQEgAf0JAgAhByACIQUgACAEQQJ0aiEGA0AgBSAF/QAEACAHIAD9AAQA/eYB/eQB/QsEACAAQRBqIQAgBUEQaiEFIAAgBkkNAAsgAUEEaiEBIANBAWshAwwACwsL";

// whatif/local/products.js
var PAGE = 65536;
function compiled() {
  try {
    const bytes = Uint8Array.from(atob(WASM), (letter) => letter.charCodeAt(0));
    return (
      /** @type {any} */
      new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
    );
  } catch {
    return null;
  }
}
var Arena = class {
  /** @param {boolean} plain without WebAssembly, even where there is one */
  constructor(plain = false) {
    this.wasm = plain ? null : compiled();
    this.numbers = this.wasm ? new Float32Array(this.wasm.memory.buffer) : new Float32Array(1 << 14);
    this.top = 0;
    this.longest = 0;
    this.vector = this.result = 0;
    this.reserve(4096);
    this.spare = { at: this.room(4 * 4096), room: 4 * 4096 };
  }
  /** The place of `count` numbers that were not in use. */
  room(count) {
    const at = this.top;
    this.top += Math.ceil(count / 4) * 4;
    if (this.top <= this.numbers.length) return at;
    if (this.wasm) {
      this.wasm.memory.grow(Math.ceil((this.top - this.numbers.length) * 4 / PAGE) + 16);
      this.numbers = new Float32Array(this.wasm.memory.buffer);
    } else {
      const more = new Float32Array(2 * this.top);
      more.set(this.numbers);
      this.numbers = more;
    }
    return at;
  }
  /**
   * Keep a matrix, given row by row, for good.
   * @returns {Matrix}
   */
  keep(values2, columns) {
    this.reserve(Math.max(columns + 4, values2.length / columns));
    const stride = Math.ceil(columns / 4) * 4, rows = values2.length / columns;
    return this.fill({ at: this.room(rows * stride), rows, columns, stride }, values2);
  }
  /**
   * Hold a matrix until the next one is lent.
   * @returns {Matrix}
   */
  lend(values2, columns) {
    const stride = Math.ceil(columns / 4) * 4, rows = values2.length / columns, { spare } = this;
    if (rows * stride > spare.room) Object.assign(spare, { at: this.room(rows * stride), room: rows * stride });
    return this.fill({ at: spare.at, rows, columns, stride }, values2);
  }
  fill(matrix, values2) {
    const { at, rows, columns, stride } = matrix, { numbers: numbers2 } = this;
    if (stride === columns) {
      numbers2.set(values2, at);
      return matrix;
    }
    for (let row = 0; row < rows; row++) {
      const start = at + row * stride;
      for (let c4 = 0; c4 < columns; c4++) numbers2[start + c4] = values2[row * columns + c4];
      for (let c4 = columns; c4 < stride; c4++) numbers2[start + c4] = 0;
    }
    return matrix;
  }
  /** Copy a vector in, followed by zeros up to a multiple of 4. */
  put(x3) {
    const { numbers: numbers2, vector } = this;
    numbers2.set(x3, vector);
    for (let i4 = vector + x3.length; i4 & 3; i4++) numbers2[i4] = 0;
  }
  /** Room for vectors of `count` numbers. */
  reserve(count) {
    if (count <= this.longest) return;
    this.longest = count;
    this.vector = this.room(count);
    this.result = this.room(count);
  }
  /** W x for `rows` rows of W from the row `from` on: Float32Array (rows). */
  times(matrix, x3, from = 0, rows = matrix.rows - from) {
    const { at, stride } = matrix, start = at + from * stride, { result, vector } = this;
    this.put(x3);
    if (this.wasm) this.wasm.rows(start * 4, vector * 4, result * 4, rows, stride);
    else plainRows(this.numbers, start, vector, result, rows, stride);
    return this.numbers.slice(result, result + rows);
  }
  /** W' x: the sum of x[i] times row `from` + i of W, Float32Array (columns). */
  mixed(matrix, x3, from = 0) {
    const { at, stride, columns } = matrix, start = at + from * stride, { result, vector } = this;
    this.put(x3);
    this.numbers.fill(0, result, result + stride);
    if (this.wasm) this.wasm.mix(start * 4, vector * 4, result * 4, x3.length, stride);
    else plainMix(this.numbers, start, vector, result, x3.length, stride);
    return this.numbers.slice(result, result + columns);
  }
  /** A copy of one row. */
  row(matrix, index) {
    const start = matrix.at + index * matrix.stride;
    return this.numbers.slice(start, start + matrix.columns);
  }
};
function plainRows(numbers2, w5, x3, y5, rows, n3) {
  for (let row = 0; row < rows; row++, w5 += n3) {
    let a4 = 0, b4 = 0, c4 = 0, d5 = 0;
    for (let i4 = 0; i4 < n3; i4 += 4) {
      a4 += numbers2[w5 + i4] * numbers2[x3 + i4];
      b4 += numbers2[w5 + i4 + 1] * numbers2[x3 + i4 + 1];
      c4 += numbers2[w5 + i4 + 2] * numbers2[x3 + i4 + 2];
      d5 += numbers2[w5 + i4 + 3] * numbers2[x3 + i4 + 3];
    }
    numbers2[y5 + row] = a4 + b4 + (c4 + d5);
  }
}
function plainMix(numbers2, w5, x3, y5, rows, n3) {
  for (let row = 0; row < rows; row++, w5 += n3) {
    const by = numbers2[x3 + row];
    for (let i4 = 0; i4 < n3; i4++) numbers2[y5 + i4] += by * numbers2[w5 + i4];
  }
}

// whatif/local/chromoformer.js
var HIDDEN = -34028235e31;
var MOST2 = 500;
function addNorm(x3, y5, norm) {
  const n3 = x3.length, scaled = new Float32Array(n3), out = new Float32Array(n3);
  let mean8 = 0, square = 0;
  for (let i4 = 0; i4 < n3; i4++) mean8 += y5[i4] += x3[i4];
  mean8 /= n3;
  for (let i4 = 0; i4 < n3; i4++) square += (y5[i4] - mean8) ** 2;
  const by = 1 / Math.sqrt(square / n3 + 1e-5);
  for (let i4 = 0; i4 < n3; i4++) {
    scaled[i4] = (y5[i4] - mean8) * by;
    out[i4] = scaled[i4] * norm.weight[i4] + norm.bias[i4];
  }
  const back = (slope) => {
    const d5 = new Float32Array(n3);
    let sum2 = 0, along2 = 0;
    for (let i4 = 0; i4 < n3; i4++) {
      d5[i4] = slope[i4] * norm.weight[i4];
      sum2 += d5[i4];
      along2 += d5[i4] * scaled[i4];
    }
    for (let i4 = 0; i4 < n3; i4++) d5[i4] = by * (d5[i4] - sum2 / n3 - scaled[i4] * along2 / n3);
    return d5;
  };
  return { x: out, back };
}
function softmax(x3, at, n3) {
  let top = -Infinity, sum2 = 0;
  for (let i4 = at; i4 < at + n3; i4++) if (x3[i4] > top) top = x3[i4];
  for (let i4 = at; i4 < at + n3; i4++) sum2 += x3[i4] = Math.exp(x3[i4] - top);
  for (let i4 = at; i4 < at + n3; i4++) x3[i4] /= sum2;
}
function plus(a4, b4) {
  for (let i4 = 0; i4 < a4.length; i4++) a4[i4] += b4[i4];
  return a4;
}
var Models = class {
  constructor(arena) {
    this.arena = arena;
    this.tables = /* @__PURE__ */ new Map();
  }
  /** Sinusoidal positions (T, D), rounded as chromolab/models/attention.py rounds them. */
  positions(bins, width) {
    const key = `${bins},${width}`;
    if (!this.tables.has(key)) {
      const table = new Float32Array(bins * width), f5 = Math.fround;
      for (let i4 = 0; i4 < width; i4 += 2) {
        const rate = f5(Math.exp(f5(i4 * f5(-Math.log(1e4) / width))));
        for (let t4 = 0; t4 < bins; t4++) {
          table[t4 * width + i4] = Math.sin(f5(t4 * rate));
          if (i4 + 1 < width) table[t4 * width + i4 + 1] = Math.cos(f5(t4 * rate));
        }
      }
      this.tables.set(key, this.arena.keep(table, width));
    }
    return this.tables.get(key);
  }
  /** @returns {Chromoformer} */
  add(config, tensors) {
    return new Chromoformer(this, config, tensors);
  }
};
var Chromoformer = class {
  /** @param {Models} models */
  constructor(models, config, tensors) {
    this.models = models;
    this.arena = models.arena;
    this.config = config;
    this.task = config.task;
    this.key = null;
    this.promoter = {};
    this.answers = /* @__PURE__ */ new Map();
    const matrix = (name) => this.arena.keep(tensors[name].values, tensors[name].shape[1]);
    const vector = (name) => tensors[name].values;
    const linear = (name) => ({ weight: matrix(`${name}.weight`), bias: vector(`${name}.bias`) });
    const norm = (name) => ({ weight: vector(`${name}.weight`), bias: vector(`${name}.bias`) });
    const block = (name) => ({
      ff: linear(`${name}.self_att.ff`),
      ln: norm(`${name}.self_att.ln`),
      l1: linear(`${name}.ff.l1`),
      l2: linear(`${name}.ff.l2`),
      ln2: norm(`${name}.ff.ln`)
    });
    const layers = (part2, r4, count) => Array.from({ length: count }, (_3, i4) => `${part2}.${r4}.transformer.layers.${i4}`);
    this.at = {};
    for (const r4 of config.resolutions) {
      const embed = `embed.${r4}`, pairwise2 = `pairwise_interaction.${r4}`, [first] = layers("embed", r4, 1);
      this.at[r4] = {
        embed: {
          project: matrix(`${embed}.lin_proj.weight`),
          att: matrix(`${first}.self_att.att.weight`),
          ...block(first)
        },
        promoter: matrix(`${pairwise2}.lin_proj_p.weight`),
        pcre: matrix(`${pairwise2}.lin_proj_pcre.weight`),
        pairwise: layers("pairwise_interaction", r4, config.pairwise_layers).map((l4) => ({
          query: matrix(`${l4}.self_att.p_att.weight`),
          att: matrix(`${l4}.self_att.c_att.weight`),
          ...block(l4)
        })),
        regulation: layers("regulation", r4, config.regulation_layers).map((l4) => ({
          att: matrix(`${l4}.self_att.att.weight`),
          gamma: vector(`${l4}.self_att.gamma_f`),
          ...block(l4)
        }))
      };
    }
    this.head = [linear("fc_head.0"), linear("fc_head.2")];
  }
  // ----- the parts ------------------------------------------------------------------------------------------------
  linear({ weight, bias }, x3) {
    return plus(this.arena.times(weight, x3), bias);
  }
  /** The end of an attention block, and the feed-forward block: x, attended -> x; back -> [by x, by attended]. */
  block(layer, x3, attended) {
    const { arena } = this, first = addNorm(x3, this.linear(layer.ff, attended), layer.ln);
    const hidden = this.linear(layer.l1, first.x);
    for (let i4 = 0; i4 < hidden.length; i4++) if (hidden[i4] < 0) hidden[i4] = 0;
    const last = addNorm(first.x, this.linear(layer.l2, hidden), layer.ln2);
    const back = (slope) => {
      const summed = last.back(slope), inner = arena.mixed(layer.l2.weight, summed);
      for (let i4 = 0; i4 < inner.length; i4++) if (hidden[i4] === 0) inner[i4] = 0;
      const both = first.back(plus(arena.mixed(layer.l1.weight, inner), summed));
      return [both, arena.mixed(layer.ff.weight, both)];
    };
    return { x: last.x, back };
  }
  /**
   * One query (H * E) against the bins of a strip: values (H * E), map (H, W); back -> [by query, by features].
   * `att` holds the keys' weights from the row `keys` on, the values' from `values` on.
   */
  attend(query, strip2, heads, project, att, keys, values2) {
    const { arena } = this, width = project.rows, marks = project.columns, count = strip2.features.length / marks;
    const each = query.length / heads, scale = 1 / Math.sqrt(each), { first, seen } = strip2;
    const place = this.models.positions(strip2.bins, width), x3 = new Float32Array(query.length);
    const map = new Float32Array(heads * count), kept2 = [];
    let bins = arena.lend(strip2.features, marks);
    for (let h5 = 0; h5 < heads; h5++) {
      const asked = query.slice(h5 * each, (h5 + 1) * each).map((v4) => v4 * scale);
      const token = arena.mixed(att, asked, keys + h5 * each), short2 = arena.mixed(project, token);
      const scores = plus(arena.times(place, token, first, count), arena.times(bins, short2));
      if (seen) {
        for (let j4 = 0; j4 < count; j4++) if (!seen[j4]) scores[j4] = HIDDEN;
      }
      softmax(scores, 0, count);
      map.set(scores, h5 * count);
      const pooled = plus(arena.times(project, arena.mixed(bins, scores)), arena.mixed(place, scores, first));
      x3.set(arena.times(att, pooled, values2 + h5 * each, each), h5 * each);
      kept2.push({ short: short2, scores });
    }
    const back = (slope) => {
      const byQuery = new Float32Array(query.length), byFeatures = new Float32Array(strip2.features.length);
      bins = arena.lend(strip2.features, marks);
      for (let h5 = 0; h5 < heads; h5++) {
        const { short: short2, scores } = kept2[h5];
        const pooled = arena.mixed(att, slope.subarray(h5 * each, (h5 + 1) * each), values2 + h5 * each);
        const mean8 = arena.mixed(project, pooled);
        const byScore = plus(arena.times(place, pooled, first, count), arena.times(bins, mean8));
        let along2 = 0;
        for (let j4 = 0; j4 < count; j4++) along2 += scores[j4] * byScore[j4];
        for (let j4 = 0; j4 < count; j4++) byScore[j4] = scores[j4] * (byScore[j4] - along2);
        for (let j4 = 0, at = 0; j4 < count; j4++) {
          for (let k4 = 0; k4 < marks; k4++, at++) byFeatures[at] += scores[j4] * mean8[k4] + byScore[j4] * short2[k4];
        }
        const token = plus(arena.mixed(place, byScore, first), arena.times(project, arena.mixed(bins, byScore)));
        byQuery.set(
          arena.times(att, token, keys + h5 * each, each).map((v4) => v4 * scale),
          h5 * each
        );
      }
      return [byQuery, byFeatures];
    };
    return { x: x3, map, back };
  }
  /** The promoter's TSS bin among its window's bins; back -> by features. */
  embed(r4, strip2) {
    const { arena, config } = this, own = this.at[r4].embed, width = config.width, marks = own.project.columns;
    const middle = strip2.bins >> 1, place = this.models.positions(strip2.bins, width);
    const here = strip2.features.subarray(middle * marks, (middle + 1) * marks);
    const token = plus(arena.times(own.project, here), arena.row(place, middle));
    const query = arena.times(own.att, token, 0, width);
    const attended = this.attend(query, strip2, config.embed_heads, own.project, own.att, width, 2 * width);
    const { x: x3, back: blockBack } = this.block(own, token, attended.x);
    const back = (slope) => {
      const [byToken, byAttended] = blockBack(slope), [byQuery, features] = attended.back(byAttended);
      const own_ = arena.mixed(own.project, plus(arena.mixed(own.att, byQuery), byToken));
      for (let k4 = 0; k4 < marks; k4++) features[middle * marks + k4] += own_[k4];
      return features;
    };
    return { x: x3, map: attended.map, back };
  }
  /** What one pCRE answers to the promoter; back -> [by promoter, by features]. */
  ask(r4, promoter, strip2) {
    const { arena, config } = this, own = this.at[r4], steps2 = [];
    let x3 = arena.times(own.promoter, promoter), map = null;
    for (const layer of own.pairwise) {
      const query = arena.times(layer.query, x3);
      const attended = this.attend(query, strip2, config.pairwise_heads, own.pcre, layer.att, 0, config.width);
      const block = this.block(layer, x3, attended.x);
      steps2.push({ layer, attended, block });
      ({ map } = attended);
      ({ x: x3 } = block);
    }
    const back = (slope) => {
      const features = new Float32Array(strip2.features.length);
      for (const { layer, attended, block } of [...steps2].reverse()) {
        const [byX, byAttended] = block.back(slope), [byQuery, more] = attended.back(byAttended);
        plus(features, more);
        slope = plus(arena.mixed(layer.query, byQuery), byX);
      }
      return [arena.mixed(own.promoter, slope), features];
    };
    return { x: x3, map, back };
  }
  /** The promoter's token among all tokens [promoter, answers...]: token 0; back -> by all tokens. */
  regulate(r4, tokens, frequency) {
    const { regulation } = this.at[r4], steps2 = [];
    let x3 = tokens, map = null;
    regulation.forEach((layer, n3) => {
      const step = this.regulationLayer(layer, x3, frequency, n3 === regulation.length - 1 ? 1 : x3.length);
      steps2.push(step);
      ({ x: x3, map } = step);
    });
    if (!regulation.length) return meanOf2(tokens);
    const back = (slope) => steps2.reduceRight((slopes, step) => step.back(slopes), [slope]);
    return { x: x3[0], map, back };
  }
  /** One layer for the first `asking` of the tokens; the map (H, S) is the promoter's row. */
  regulationLayer(layer, tokens, frequency, asking) {
    const { arena, config } = this, heads = config.regulation_heads, wide = config.regulation_width;
    const each = wide / heads, count = tokens.length, scale = 1 / Math.sqrt(each);
    const answers = tokens.map((token) => arena.times(layer.att, token, wide, 2 * wide));
    const each_ = tokens.slice(0, asking).map((token, i4) => {
      const query = arena.times(layer.att, token, 0, wide), gate = arena.times(layer.att, token, 3 * wide, wide);
      const map = new Float32Array(heads * count), mixed = new Float32Array(wide), out = new Float32Array(wide);
      for (let h5 = 0; h5 < heads; h5++) {
        for (let j4 = 0; j4 < count; j4++) {
          let score = 0;
          for (let e4 = h5 * each; e4 < (h5 + 1) * each; e4++) score += query[e4] * answers[j4][e4];
          map[h5 * count + j4] = score * scale + (i4 === 0 && j4 > 0 ? layer.gamma[h5] * frequency[j4 - 1] : 0);
        }
        softmax(map, h5 * count, count);
        for (let j4 = 0; j4 < count; j4++) {
          const share = map[h5 * count + j4];
          for (let e4 = h5 * each; e4 < (h5 + 1) * each; e4++) mixed[e4] += share * answers[j4][wide + e4];
        }
      }
      for (let e4 = 0; e4 < wide; e4++) {
        gate[e4] = 1 / (1 + Math.exp(-gate[e4]));
        out[e4] = mixed[e4] * gate[e4];
      }
      return { query, gate, map, mixed, block: this.block(layer, token, out) };
    });
    const back = (slopes) => {
      const byTokens = tokens.map((token) => new Float32Array(token.length));
      const byAnswers = answers.map(() => new Float32Array(2 * wide));
      each_.forEach(({ query, gate, map, mixed, block }, i4) => {
        const [byToken, byOut] = block.back(slopes[i4]), byQuery = new Float32Array(wide), byGate = new Float32Array(wide);
        for (let e4 = 0; e4 < wide; e4++) {
          byGate[e4] = byOut[e4] * mixed[e4] * gate[e4] * (1 - gate[e4]);
          byOut[e4] *= gate[e4];
        }
        for (let h5 = 0; h5 < heads; h5++) {
          const byShare = new Float32Array(count);
          let along2 = 0;
          for (let j4 = 0; j4 < count; j4++) {
            const share = map[h5 * count + j4];
            for (let e4 = h5 * each; e4 < (h5 + 1) * each; e4++) {
              byShare[j4] += byOut[e4] * answers[j4][wide + e4];
              byAnswers[j4][wide + e4] += share * byOut[e4];
            }
            along2 += share * byShare[j4];
          }
          for (let j4 = 0; j4 < count; j4++) {
            const byScore = map[h5 * count + j4] * (byShare[j4] - along2) * scale;
            for (let e4 = h5 * each; e4 < (h5 + 1) * each; e4++) {
              byQuery[e4] += byScore * answers[j4][e4];
              byAnswers[j4][e4] += byScore * query[e4];
            }
          }
        }
        plus(plus(byTokens[i4], byToken), arena.mixed(layer.att, byQuery));
        plus(byTokens[i4], arena.mixed(layer.att, byGate, 3 * wide));
      });
      byAnswers.forEach((by, j4) => plus(byTokens[j4], arena.mixed(layer.att, by, wide)));
      return byTokens;
    };
    return { x: each_.map(({ block }) => block.x), map: each_[0].map, back };
  }
  // ----- the model ------------------------------------------------------------------------------------------------
  /**
   * One resolution of a gene. What was embedded and answered is kept by its key: after an edit of one pCRE that pCRE
   * alone is asked again.
   */
  resolution(r4, gene2, keep3) {
    const own = keep3 && this.promoter[r4] || this.embed(r4, gene2.window.strips[r4]);
    if (keep3) this.promoter[r4] = own;
    const answers = gene2.pcres.map((pcre) => {
      const key = `${r4} ${pcre.key}`, known = keep3 && this.answers.get(key);
      if (known) return known;
      const answer = this.ask(r4, own.x, pcre.strips[r4]);
      if (keep3) this.answers.set(key, { x: answer.x, map: answer.map, back: null });
      return answer;
    });
    return { own, answers, regulated: this.regulate(r4, [own.x, ...answers.map((a4) => a4.x)], gene2.frequency) };
  }
  /**
   * Outputs (2 logits, or one value), the steps of each resolution, and the head's hidden numbers.
   * @param {Gene} gene
   */
  run(gene2, keep3 = true) {
    const { config } = this, width = config.width, together = new Float32Array(config.resolutions.length * width);
    if (keep3 && this.key !== gene2.window.key)
      Object.assign(this, { key: gene2.window.key, promoter: {}, answers: /* @__PURE__ */ new Map() });
    const steps2 = config.resolutions.map((r4, n3) => {
      const step = this.resolution(r4, gene2, keep3);
      for (let d5 = 0; d5 < width; d5++) together[n3 * width + d5] = step.own.x[d5] + step.regulated.x[d5];
      return step;
    });
    if (this.answers.size > MOST2) this.answers = /* @__PURE__ */ new Map();
    const hidden = this.linear(this.head[0], together);
    for (let i4 = 0; i4 < hidden.length; i4++) if (hidden[i4] < 0) hidden[i4] = 0;
    return { out: this.linear(this.head[1], hidden), steps: steps2, hidden };
  }
  /** The probability of class 1, or log2(RPKM + 1). */
  value(gene2) {
    const { out } = this.run(gene2);
    return out.length === 2 ? 1 / (1 + Math.exp(Math.max(-700, Math.min(700, out[0] - out[1])))) : out[0];
  }
  /** Log-odds, or log2(RPKM + 1): the scale on which changes add. */
  level(gene2) {
    const { out } = this.run(gene2);
    return out.length === 2 ? Math.fround(out[1] - out[0]) : out[0];
  }
  /**
   * The attention maps that `level` rests on: of each resolution the window's (H, T), each pCRE's in the last layer
   * (H, W) and the regions' (H, S).
   */
  maps(gene2) {
    const { steps: steps2 } = this.run(gene2);
    return this.config.resolutions.map((r4, n3) => ({
      resolution: r4,
      window: steps2[n3].own.map,
      pcres: steps2[n3].answers.map((a4) => a4.map),
      regions: steps2[n3].regulated.map
    }));
  }
  /** Gradients of `level` by the features: of each resolution, the window's and each pCRE's (W, M). */
  gradients(gene2) {
    const { arena, config } = this, { out, steps: steps2, hidden } = this.run(gene2, false), [first, last] = this.head;
    const inner = arena.mixed(last.weight, out.length === 2 ? [-1, 1] : [1]);
    for (let i4 = 0; i4 < inner.length; i4++) if (hidden[i4] === 0) inner[i4] = 0;
    const together = arena.mixed(first.weight, inner), width = config.width;
    return config.resolutions.map((r4, n3) => {
      const { own, answers, regulated } = steps2[n3], slope = together.slice(n3 * width, (n3 + 1) * width);
      const [byPromoter, ...byAnswers] = regulated.back(slope), promoter = plus(byPromoter, slope);
      const pcres = answers.map((answer, i4) => {
        const [by, features] = answer.back(byAnswers[i4]);
        plus(promoter, by);
        return features;
      });
      return { resolution: r4, window: own.back(promoter), pcres };
    });
  }
};
function meanOf2(tokens) {
  const x3 = new Float32Array(tokens[0].length);
  for (const token of tokens) for (let d5 = 0; d5 < x3.length; d5++) x3[d5] += token[d5] / tokens.length;
  return { x: x3, map: null, back: (slope) => tokens.map(() => slope.map((v4) => v4 / tokens.length)) };
}

// whatif/local/payload.js
var READ = {
  // numbers of each kind, from bytes in their usual order
  hundredths: (bytes) => Float64Array.from(new Uint16Array(bytes.buffer), (v4) => v4 / 100),
  float16: halves,
  float32: (bytes) => new Float32Array(bytes.buffer),
  float64: (bytes) => new Float64Array(bytes.buffer),
  uint32: (bytes) => new Uint32Array(bytes.buffer)
};
var SIZE2 = { hundredths: 2, float16: 2, float32: 4, float64: 8, uint32: 4 };
var numbers = (bytes, kind) => READ[kind](unplaned(bytes, SIZE2[kind]));
function transposed(values2, marks, out) {
  const bins = values2.length / marks;
  for (let k4 = 0; k4 < marks; k4++) for (let b4 = 0; b4 < bins; b4++) out[b4 * marks + k4] = values2[k4 * bins + b4];
  return out;
}
function regionsOf(about3, depth, covered) {
  const marks = about3.marks.length, values2 = numbers(depth, about3.depth.as);
  const Kind = about3.depth.stored === "float64" ? Float64Array : Float32Array;
  const all = transposed(values2, marks, new Kind(values2.length));
  const bases = covered ? transposed(numbers(covered, "uint32"), marks, new Int32Array(values2.length)) : null;
  let at = 0;
  return about3.regions.map(([chrom, start, end]) => {
    const to = at + Math.ceil((end - start) / about3.size) * marks, place = { chrom, start, end };
    const region = regionWith(place, all.slice(at, to), bases ? bases.slice(at, to) : null);
    at = to;
    return region;
  });
}
function modelsOf(listed, precision, bytes, plain = false) {
  const models = new Models(new Arena(plain)), size = (shape) => shape.reduce((a4, b4) => a4 * b4, 1);
  const kind = precision === "float16" ? "float16" : "float32", all = listed.flatMap(({ tensors }) => tensors);
  const count = all.reduce((n3, [, shape, isWhole]) => n3 + (isWhole ? shape[0] : size(shape)), 0);
  const real = numbers(bytes.subarray(0, count * SIZE2[kind]), kind), rows = new Int8Array(bytes.buffer, bytes.byteOffset + count * SIZE2[kind]);
  let at = 0, from = 0;
  const next = (n3) => real.slice(at, at += n3);
  return listed.map(
    ({ config, tensors }) => models.add(
      config,
      Object.fromEntries(
        tensors.map(([name, shape, isWhole]) => {
          if (!isWhole) return [name, { shape, values: next(size(shape)) }];
          const scale = next(shape[0]), whole = rows.subarray(from, from += size(shape));
          return [name, { shape, values: Float32Array.from(whole, (v4, i4) => v4 * scale[Math.floor(i4 / shape[1])]) }];
        })
      )
    )
  );
}

// shared/found.js
var FOUND = 12;
function found(examples, text) {
  const asked = text.trim().toLowerCase(), genes = /* @__PURE__ */ new Map();
  const names = (gene2) => [gene2.gene_id.toLowerCase(), String(gene2.gene_name).toLowerCase()];
  const hits = examples.filter((gene2) => names(gene2).some((name) => name.includes(asked)));
  const begins = (gene2) => names(gene2).some((name) => name.startsWith(asked));
  for (const gene2 of [...hits.filter(begins), ...hits.filter((g5) => !begins(g5))]) {
    if (!genes.has(gene2.gene_id))
      genes.set(gene2.gene_id, { gene_id: gene2.gene_id, gene_name: gene2.gene_name, cell_types: [] });
    genes.get(gene2.gene_id).cell_types.push(gene2.cell_type);
    if (genes.size > FOUND) break;
  }
  return [...genes.values()].slice(0, FOUND);
}

// whatif/local/recipes.js
var USABLE = ["depth", "unknown"];
var bell = (x3, centre, width) => Math.exp(-0.5 * ((x3 - centre) / width) ** 2);
function rounded(value) {
  const scaled = value * 1e3, low = Math.floor(scaled), over = scaled - low;
  return (low + (over > 0.5 || over === 0.5 && low % 2 ? 1 : 0)) / 1e3;
}
var painted = (mark, place, depths, step = STEP) => ({ type: "Paint", ...place, mark, depths, step });
var level = (mark, place, depth) => painted(mark, place, [depth], place.end - place.start);
function around({ row }, width) {
  const half2 = Math.floor(width / 2);
  return { chrom: row.chrom, start: Math.max(0, row.tss - half2), end: row.tss + half2 };
}
function checkScale(mark, { scales }) {
  const scale = scales[mark] ?? "unknown";
  if (USABLE.includes(scale)) return;
  throw new Refusal(
    `recipes are in read depth, but ${mark} is ${scale} in this dataset: recalibrate it (cl.data.recalibrate), or write the edits yourself (cl.paint, cl.set_depth)`
  );
}
function available(gene2, marks, heights) {
  const own = gene2.shared.marks, found2 = marks.filter((mark) => own.includes(mark));
  if (!found2.length) {
    throw new Refusal(
      `this recipe changes ${marks.join(", ")}, the dataset has ${own.join(", ")}; write the edits yourself (cl.paint, cl.set_depth)`
    );
  }
  for (const mark of found2) checkScale(mark, heights);
  return found2;
}
function silence(gene2, heights) {
  return available(gene2, heights.active, heights).map(
    (mark) => level(mark, around(gene2, 4e3), heights.background[mark])
  );
}
function peak(gene2, heights, mark, share, width) {
  available(gene2, [mark], heights);
  const place = around(gene2, 2 * STEP * Math.floor(3 * width / STEP));
  const depths = Array.from({ length: Math.ceil((place.end - place.start) / STEP) }, (_3, i4) => {
    const x3 = place.start + i4 * STEP + STEP / 2 - gene2.row.tss;
    return rounded(heights.background[mark] + share * heights.height[mark] * bell(x3, 0, width));
  });
  return painted(mark, place, depths);
}
function raised(gene2, e4) {
  const { depth, start } = gene2.regions[gene2.promoter], { marks, size, dtype } = gene2.shared;
  const depths = e4.depths.map((now, i4) => {
    const there = depth[Math.floor((e4.start + i4 * e4.step - start) / size) * marks.length + marks.indexOf(e4.mark)];
    return there >= STORED[dtype](now) ? null : now;
  });
  return depths.some((d5) => d5 !== null) ? [{ ...e4, depths }] : [];
}
function bivalent(gene2, heights) {
  const marks = available(gene2, ["H3K9ac", "H3K27ac"], heights);
  const flat = marks.map((mark) => level(mark, around(gene2, 4e3), heights.background[mark]));
  const low = peak(gene2, heights, "H3K4me3", 0.23, 700);
  return [...flat, low, ...raised(gene2, peak(gene2, heights, "H3K27me3", 0.8, 3e3))];
}
function polycomb(gene2, heights) {
  const [mark] = available(gene2, ["H3K27me3"], heights), place = around(gene2, 2e4);
  const depths = new Array(Math.ceil((place.end - place.start) / STEP)).fill(rounded(0.54 * heights.height[mark]));
  return [...silence(gene2, heights), ...raised(gene2, painted(mark, place, depths))];
}
function enhancer(gene2, heights) {
  available(gene2, ["H3K27ac", "H3K4me1"], heights);
  const place = freePlace(gene2), bins = Math.ceil((place.end - place.start) / STEP), { marks } = gene2.shared;
  for (const mark of marks) if (mark in heights.height) checkScale(mark, heights);
  const paint = marks.map(
    (mark) => painted(
      mark,
      place,
      Array.from({ length: bins }, (_3, i4) => {
        const x3 = i4 - bins / 2 + 0.5, nucleosomes = bell(x3, -4, 3) + bell(x3, 4, 3);
        return rounded(
          (heights.background[mark] ?? 0) + (heights.enhancer[mark] ?? 0) * (heights.height[mark] ?? 0) * nucleosomes
        );
      })
    )
  );
  return [{ type: "AddPcre", ...place, frequency: 3 }, ...paint];
}
function freePlace({ row, regions, shared }) {
  const length = Math.min(5e3, shared.window);
  for (let away = 6e4; away < 2e6; away += length) {
    for (const side of row.strand === "+" ? [-1, 1] : [1, -1]) {
      const start = Math.floor((row.tss + side * away) / STEP) * STEP;
      const apart = regions.every((r4) => r4.chrom !== row.chrom || r4.start >= start + length || r4.end <= start);
      if (start >= 0 && apart) return parseRegion(`${row.chrom}:${start}-${start + length}`);
    }
  }
  throw new Refusal("found no free place for an enhancer within 2 Mb; name one: add_enhancer(gene, 'chrom:start-end')");
}
var RECIPES = {
  "silence the promoter": silence,
  "make it bivalent": bivalent,
  "add an enhancer": enhancer,
  "Polycomb domain": polycomb
};
function copyFrom(gene2, other) {
  const { marks, size, window: window2, dtype } = gene2.shared, depth = other.promoterDepth(), m5 = marks.length, bins = window2 / size;
  const first = gene2.row.tss - Math.floor(window2 / 2), before = first < 0 ? Math.floor(-first / size) : 0;
  return marks.map((mark, k4) => {
    const along2 = Array.from({ length: bins }, (_3, b4) => depth[b4 * m5 + k4]);
    if (gene2.turned) along2.reverse();
    const depths = along2.slice(before).map((v4) => Number.isNaN(v4) ? null : shortest(v4, dtype));
    const start = first + before * size;
    return painted(mark, { chrom: gene2.row.chrom, start, end: start + depths.length * size }, depths, size);
  });
}

// whatif/local/session.js
var MOST3 = 2e3;
var Session = class {
  /**
   * @param {any} about what packed.py says of the page
   * @param {import("./gene.js").Region[]} regions of all its genes
   * @param {import("./chromoformer.js").Chromoformer[]} models
   */
  constructor(about3, regions, models) {
    this.about = about3;
    this.regions_ = regions;
    this.shared = {
      marks: about3.marks.map((mark) => mark.name),
      size: about3.size,
      window: about3.window,
      dtype: about3.depth.stored
    };
    this.reader = new Reader(this.shared);
    this.models = {};
    for (const model of models) (this.models[model.task] ||= []).push(model);
    this.histories = /* @__PURE__ */ new Map();
    this.solved = /* @__PURE__ */ new Set();
    this.note = null;
    this.show(about3.first);
  }
  // ----- the gene -------------------------------------------------------------------------------------------------
  /** The number of an example among those of the page. */
  find(geneId, cellType) {
    const index = this.about.examples.findIndex(({ gene: gene2 }) => gene2.gene_id === geneId && gene2.cell_type === cellType);
    if (index >= 0) return index;
    throw new Refusal(
      `this page has no gene ${geneId} in ${cellType}; it holds ${this.about.examples.length} genes in their cell types`
    );
  }
  /** An example without edits. */
  example(index) {
    const { gene: row, promoter, pcre, frequency } = this.about.examples[index], rows = [promoter, ...pcre].sort((a4, b4) => a4 - b4);
    const place = (r4) => rows.indexOf(r4), regions = rows.map((r4) => this.regions_[r4]);
    return new Gene2(this.shared, row, regions, { promoter: place(promoter), pcre: pcre.map(place), frequency });
  }
  choose(geneId, cellType) {
    this.show(this.find(geneId, cellType));
  }
  /** Show an example. Each keeps its edits while another one is shown. */
  show(index) {
    this.index = index;
    this.gene = this.example(index);
    if (!this.histories.has(index)) this.histories.set(index, new History());
    this.history = this.histories.get(index);
    this.draft = null;
    this.known = /* @__PURE__ */ new Map();
    this.edited = edited(this.gene, this.edits, this.known);
    this.before = this.predicted(this.gene);
  }
  /** Genes whose name or id holds a text, those that begin with it first. */
  search(text) {
    return found(
      this.about.examples.map(({ gene: gene2 }) => gene2),
      text
    );
  }
  // ----- edits ----------------------------------------------------------------------------------------------------
  /** The current edits, including a draft. */
  get edits() {
    return this.draft || this.history.now;
  }
  /** Carry out the page's actions in order; if one of them fails, nothing changes. */
  act(actions) {
    const { history } = this, { past, future } = history, { draft } = this;
    this.note = null;
    try {
      for (const action of actions) this.do(action);
      this.edited = edited(this.gene, this.edits, this.known);
    } catch (error) {
      Object.assign(history, { past, future });
      this.draft = draft;
      if (error instanceof Refusal && actions.length === 1 && actions[0].do === "remove") {
        throw new Refusal(`other edits need this one; take those out first. ${error.message}`);
      }
      throw error;
    }
  }
  do(action) {
    const { history } = this, { now } = history;
    this.draft = null;
    if (action.do === "cancel") return;
    if (action.do === "undo" || action.do === "redo") {
      history[action.do]();
      return;
    }
    const edits = this.after(action, now);
    if (action.draft) this.draft = edits;
    else history.push(edits);
  }
  /** All edits after an action that changes them. */
  after(action, now) {
    switch (action.do) {
      case "reset":
        return [];
      case "add":
        return [...now, ...editsOf(action.edits)];
      case "put":
        return put(this.gene, now, editsOf(action.edits));
      case "copy":
        return [...now, ...copyFrom(this.gene, this.example(this.find(action.gene_id, action.cell_type)))];
      case "recipe":
        if (!Object.hasOwn(RECIPES, action.name)) break;
        return [...now, ...RECIPES[action.name](edited(this.gene, now), this.about.heights)];
      case "remove": {
        const at = position(now, action.index, action.name);
        return at === null ? now : takenOut(this.gene, now, at);
      }
      case "toggle":
        return toggled(this.gene, now, { type: "DropPcre", ...parseRegion(action.region) });
      case "load": {
        const { edits, about: about3 } = readFile(action.text);
        this.note = noteOn(about3, this.gene.row);
        if (edits.length > MOST3)
          throw new Refusal(`${grouped2(edits.length)} edits; the lab takes ${grouped2(MOST3)}, cl.edit any number`);
        return edits;
      }
      default:
    }
    throw new Refusal(`the lab does not know the action ${dumped(action).slice(0, 200)}`);
  }
  /** Choose the gene that a file of edits names, if it names one, and apply its edits. */
  open(text) {
    const shown2 = this.index, { about: about3 } = readFile(text);
    try {
      if ("gene_id" in about3) this.choose(String(about3.gene_id), String(about3.cell_type ?? this.gene.row.cell_type));
      this.act([{ do: "load", text }]);
    } catch (error) {
      this.show(shown2);
      throw error;
    }
  }
  // ----- what the models say --------------------------------------------------------------------------------------
  /** {task: one number a model}: the probability that a gene is expressed, or log2(RPKM + 1). */
  predicted(gene2) {
    return Object.fromEntries(
      Object.entries(this.models).map(([task, models]) => [
        task,
        models.map((model) => model.value(this.reader.read(gene2, model)))
      ])
    );
  }
  /** The window, the pCREs by falling frequency, then added pCREs; see `regions_of` in Python. */
  regions() {
    const { gene: gene2, edited: now } = this, offsets = now.offsets(), marks = this.shared.marks.length;
    const frequencyIn = (g5, row) => g5.frequency[g5.pcre.indexOf(row)] ?? null;
    const rows = [gene2.promoter, ...gene2.pcre, ...now.pcre.filter((row) => !gene2.pcre.includes(row))];
    return rows.map((row, rank) => {
      const { chrom, start, end, depth } = now.regions[row];
      return {
        row,
        offset: offsets[row],
        bins: depth.length / marks,
        chrom,
        start,
        end,
        rank,
        frequency: frequencyIn(gene2, row),
        now: frequencyIn(now, row),
        added: row >= gene2.regions.length
      };
    });
  }
  /** Marks that the edits raise beyond the range of the dataset, in words. */
  warnings() {
    const {
      gene: gene2,
      edited: now,
      shared: { marks }
    } = this, m5 = marks.length, old = gene2.flat(), beyond = [];
    const depth = now.regions.flatMap((r4) => [...r4.depth]);
    marks.forEach((mark, k4) => {
      const limit = this.about.limits[mark], bound = STORED[this.shared.dtype](limit);
      let highest2 = -Infinity;
      if (limit === void 0) return;
      for (let i4 = k4; i4 < depth.length; i4 += m5) {
        if (depth[i4] > bound && Math.fround(depth[i4]) !== old[i4] && depth[i4] > highest2) highest2 = depth[i4];
      }
      if (highest2 > -Infinity) {
        beyond.push(
          `${mark} reaches ${general(highest2, 3)}, ${general(limit ? highest2 / limit : Infinity, 2)} times ${general(limit, 3)}`
        );
      }
    });
    return beyond.length ? [`Beyond the range of nearly all bins: ${beyond.join(", ")}. There a model guesses.`] : [];
  }
  /** [{name, what, why: null, or why it cannot be applied to the gene as it is now}]. */
  recipes() {
    return Object.keys(RECIPES).map((name) => ({ name, what: this.about.sentences[name], why: this.whyNot(name) }));
  }
  whyNot(name) {
    try {
      edited(this.edited, RECIPES[name](this.edited, this.about.heights));
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    return null;
  }
};

// whatif/local/page.js
alone(lab_default, async () => {
  const [data, depth, covered, weights] = await Promise.all([
    jsonPart("about"),
    ...["depth", "covered", "weights"].map(part)
  ]);
  const regions = regionsOf({ ...data, marks: data.marks.map((mark) => mark.name) }, depth, covered);
  const session = new Session(data, regions, modelsOf(data.models, data.precision, weights));
  if (data.edits) session.act([{ do: "load", text: data.edits }]);
  const [gene2, cell] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (data.examples.some((held) => held.gene.gene_id === gene2 && held.gene.cell_type === cell))
    session.choose(gene2, cell);
  return new Model(session);
});

/*! This file holds code of others:

@preact/signals 2.11.4 (MIT)

The MIT License (MIT)

Copyright (c) 2022-present Preact Team

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

@preact/signals-core 1.14.5 (MIT)

The MIT License (MIT)

Copyright (c) 2022-present Preact Team

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.

d3-array 3.2.4 (ISC)

Copyright 2010-2023 Mike Bostock

Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.

internmap 2.0.3 (ISC)

Copyright 2021 Mike Bostock

Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.

preact 10.29.8 (MIT)

The MIT License (MIT)

Copyright (c) 2015-present Jason Miller

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
*/
