import { gunzipSync } from "node:zlib";

/**
 * A file that the Python package h5py wrote, for what the library that is used
 * here can't write: `lzf` has that filter, `unknown` one that does not exist,
 * `outside` keeps its data in another file, `virtual` shows another file's and `far` is a link
 * to one; `lie` and `lie_gzip` claim 10^12 values and have none, `wide` has
 * chunks of 800 MB; `big` is big-endian, `half` has 16 bits, `latin` is not
 * UTF-8, `texts` are of any length, `soft` leads nowhere, `null` has no data.
 */
const PACKED = `
H4sIAJFAAWsC/+1cXWxURRQ+c+8uLFtgl7bUUgXKj1qRnwoFCv6wlLZuYoFKWyD4YHfb
3W7ttlt3t3Zt1JQHI2o0GB+Ah2JjotZEE/yLxCcToyU+qDE+EH3CqClvPuBPNIJn5s7Z
vXt397qgKVucLzmdzsy5M3fPzpz97pm586y/uXWRu8YNHC4XOMALZlyRGDuSnaf6bpky
mR6T6ZRG5Q5RVy3LvbL9c7LeL8s7D7S0AOjp9q391DtkKvO+7dn91+3N7l/hxoK/ZXe7
+L7lQDsnyz/uMFItPcKGu2TJQfP1bnClxyiNxGLAYJ5xHaO80Q9jRoGPxqNMdWyX13hd
AMaQrRV/nbJ/TdfEhWVQJ/KMbupJXq9DdCwssvxaJ9aNy2qX7FfXtJQT0g07MnfaPSvf
Q8e+/c18TtfR577LXr+R7m6LvR7Zb7jBXo/mf/vmuT2eub9jOGqt/m7c5EvNmFpkpFRf
a6mvW5ydp3qHch0KCgoKCgpzGoI/Co4p+SHKPJT5gh8CLBA8l3NLgIUonDJwWuCRbHcJ
SjlKBUolylKUKpSb5PPZMpQalJtRbkFZjrICZaXkE6tQVqOsQVmLcivKbSi3c/6BcgfK
OpQ7UdajbEDZiLJJ8jZOFTlt41SQ07ytKNtQtkueuANlJ8rdKPeg3ItyH8ou9fnFx0d6
eBmT9VjZyMws0cf/963KZnyU16VQnlswAMGLTFot7+O+gsKsAFLf9nT3BsOBUE/fuAas
GZbvGW1a5VTeXkFh9uNQe4uPQ52tuo5xqKuOnyz+h/iJR8VPFBQUFBQU/m/8iVYDvcXy
J83gT/OJPwlh8PtK4knZ8Fn5EyPG4rNozg5/ovXUalNsReQtxCg2kkz094Y2BvuHirKj
w8KbiuWhLml5h05xCqO9cmlJnnvJxwZKbYX//j3725hp4JAd/WAxbCwZCcU3RrZCSkRj
zBxVM+W96bGUid70Ht0Q0Ux5juAnb2blwWJ3uj5gqT/sUb5AQUFBQUFBQUFBQUFBQeFq
wcBpGw/RLc/t6XjIAvu4UiZONCWf2Bdaej4+J+1BcYxMPKNaqC6p9cgyL7id4KYwRWG7
vC9VrCt0x+a4PYx4YrUG6biZoemC1t1tHS3A1z67WmRjNvY568lumZAqaXuwtB7ZIyX+
r9KMGRAosh9zvDEI+UeKFUtqd8loow8ayqDhim5n348KzMs65e+yUmN+L8N6L2TimxQh
z9gXLPb9TNq3vqTnt/E+jAsO09012usPy7S6zV6PZunwPns9Wmeo1e31JmV65oC9Hv2q
HG+316N1g5kV9nrdMj2547/2k8a4qWBGWeF5+muB34mTJT7P7NdZjlVAVlr8fp/hrP0+
88R1lZDoCURDsXA4EUpm2Znad+TxzVcD076hqZ2Zph25Iyo/jP0+LGe/zzNafv0/LOsc
5s+hoKCgoKCgcKM+p9jzJ5eFP6f5U5r7eAvwp3aDP+nER11i308iMhIOR0Np3sRkeW8o
HA0kQ+LdJOqHA3WTPZFQfMvmHH40sydzayZ20/iv7FGIP1UV0D9anv85Q1NDS0FBQUFB
4QbmT/bxOPC+9s2MKTXHnyiGno8/mXgOUZAZPWu7dGmuaxlx3vnpqOHkg/b6Z2RKH5J4
01mLXkSm55vs26NwbP02ez3avz611F6vltqrtdejaPv4/tnh5dc6rsrwE5njmlb+zSCH
ZxcYf5GSek5xW8bRLNgDLvzivI72sPodFz13aADFv5eR+56FtafJOeqHM+9DQDHzI8ce
J8qzn+jmuj2M9VamZa8T6ZbnVT2PvYobP69Ie1nXJ8ZLyi70vvbI0MBQbHSI3tuBx/rj
yZFAFIL9fcZsDkSFYjAWi/K0JzY4HBsZ6qV2kqFUMsHbCyTFGz/DgZ6BENYmRgYTop/+
EMj04b6xflrOhFHeGWJoJCra5etJgTjAYCAZ709tTrefiIXFAtMmvMtIKB7KfK8GSm1V
rrWjowXq5FGSbAINxu/0dHfZy9fY3gF/uziwRjMfQEk+akLmqcOcZU+JyiJ7c5iuZHK0
MxijxWr4rvWnlqZOfzMOf804N6e3buwg9UG97P5+xeXWDtSCCcu3xXL6a4eUmFGyN3kW
Zw1kp+6uhsGmzrZWcE58eWQBcFtWwPSht6vgaeBn9nz93BcbYD3jr391vfhpPfSKUn/z
6odgGvhBPr63gj2wl/Hze/6a9ISA74fxwK4XhvrgdfHvz48+8Qh8ALyFtadqBsS5OxWw
L94xCBdF6VPVp0fhvGjswwuOE1AjervyXvkbcB/jLSx7/t0pcdSPB5oOff6OOC1oMZxa
PD0Nf4rSNT8OnAc345yr8tIDP0BcdLGu6qvfoFMwsVf1M6vVk0TBmeBvbkof1ipcwuOX
Agx09FR0qCgDB/dTdHYo/vaRu6JjQlGDezQ6DRR/HYTjol0Y2Bw6KtprgdeT26JtFVxh
LEybJ1CB/BXtk8AOuEuj7RD4CCA9K218QAJn+Eja4YAFhvOjRwTmYg7u9lxpp4eNcn9K
nB/vWrhd4vbYiXTjxOKxRDpy4uvYBHe5RMuZy6eHA/FFpvcMN6VK+/v/G/SBntd6WgAA
`;

/**
 * Writes the file.
 *
 * @param path Where to.
 */
export function writeOddHdf5(path: string): void {
  const packed = Uint8Array.fromBase64(PACKED.replaceAll("\n", ""));
  Deno.writeFileSync(path, gunzipSync(packed));
}
