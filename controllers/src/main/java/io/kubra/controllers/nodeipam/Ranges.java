package io.kubra.controllers.nodeipam;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 network cut into equal parts.
 *
 * @param base the network's first address
 * @param mask the length of the network's prefix
 * @param partMask the length of a part's prefix
 */
record Ranges(int base, int mask, int partMask) {
  static Ranges of(String network, int partMask) {
    int slash = network.indexOf('/');
    int mask = Integer.parseInt(network.substring(slash + 1));
    if (partMask < mask || partMask > 30) {
      throw new IllegalArgumentException(
          "a node's prefix of /" + partMask + " does not fit into " + network);
    }
    return new Ranges(address(network.substring(0, slash)) & prefix(mask), mask, partMask);
  }

  private static int address(String literal) {
    return ByteBuffer.wrap(InetAddress.ofLiteral(literal).getAddress()).getInt();
  }

  private static int prefix(int length) {
    return length == 0 ? 0 : -1 << (32 - length);
  }

  int count() {
    return 1 << (partMask - mask);
  }

  String range(int index) {
    int start = base + (index << (32 - partMask));
    return "%d.%d.%d.%d/%d"
        .formatted(start >>> 24, start >>> 16 & 255, start >>> 8 & 255, start & 255, partMask);
  }

  /** The index of a part, or -1 if it is none. */
  int indexOf(@Nullable String range) {
    if (range == null || !range.endsWith("/" + partMask) || range.contains(":")) {
      return -1;
    }
    int start = address(range.substring(0, range.indexOf('/')));
    return (start & prefix(mask)) == base ? (start - base) >>> (32 - partMask) : -1;
  }
}
