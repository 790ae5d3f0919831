package io.kubra.apiserver.cel;

import dev.cel.runtime.CelEvaluationException;
import io.kubra.api.validation.Addresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A block of IP addresses in expressions; bits after the prefix are kept. */
record CidrBlock(IpAddress ip, int prefix) implements CallCosts.Network {

  static @Nullable CidrBlock parse(String text) {
    int prefix = Addresses.prefix(text);
    IpAddress ip = prefix < 0 ? null : IpAddress.parse(text.substring(0, text.indexOf('/')));
    return ip == null ? null : new CidrBlock(ip, prefix);
  }

  static CidrBlock required(String text) throws CelEvaluationException {
    CidrBlock block = parse(text);
    if (block == null) {
      throw new CelEvaluationException(
          "network address parse error during conversion from string: netip.ParsePrefix(\""
              + text
              + "\"): no '/'");
    }
    return block;
  }

  @Override
  public int size() {
    return (prefix + 7) / 8;
  }

  boolean contains(IpAddress address) {
    byte[] own = ip.bytes();
    byte[] other = address.bytes();
    if (own.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      if (((own[bit / 8] ^ other[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  boolean contains(CidrBlock block) {
    return block.prefix >= prefix && contains(block.ip);
  }

  CidrBlock masked() {
    byte[] bytes = ip.bytes();
    for (int bit = prefix; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    try {
      return new CidrBlock(new IpAddress(InetAddress.getByAddress(bytes)), prefix);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // the length of the bytes is that of an address
    }
  }

  @Override
  public String toString() {
    return ip + "/" + prefix;
  }
}
