package io.kubra.network.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the server has to say to a query, and its encoding. */
record DnsAnswer(Code code, List<Data> records, boolean authoritative) {
  private static final int NAME_OF_QUESTION = 0xc00c;

  /** The response codes in use. */
  enum Code {
    OK(0),
    FORMAT_ERROR(1),
    SERVER_FAILURE(2),
    NO_SUCH_NAME(3);

    private final int number;

    Code(int number) {
      this.number = number;
    }
  }

  /** A record's data; its owner is the name asked for unless it says otherwise. */
  sealed interface Data {
    /** An address. */
    record Address(String owner, InetAddress ip) implements Data {}

    /** An alias. */
    record Alias(String target) implements Data {}

    /** A reverse name. */
    record Pointer(String target) implements Data {}

    /** A port and the host that serves it. */
    record Service(int port, int weight, String target) implements Data {}

    /** Text. */
    record Text(String value) implements Data {}
  }

  static DnsAnswer of(List<Data> records) {
    return new DnsAnswer(Code.OK, records, true);
  }

  static DnsAnswer failure(Code code) {
    return new DnsAnswer(code, List.of(), true);
  }

  /** The message, cut with the TC flag set when it is longer than {@code limit}. */
  byte[] encode(DnsQuery query, String zone, int ttl, int limit) {
    byte[] message = encode(query, zone, ttl, records, false);
    return message.length <= limit ? message : encode(query, zone, ttl, List.of(), true);
  }

  private byte[] encode(
      DnsQuery query, String zone, int ttl, List<Data> answers, boolean truncated) {
    List<Data> main = new ArrayList<>();
    List<Data> extra = new ArrayList<>();
    for (Data data : answers) {
      boolean beside = data instanceof Data.Address a && !a.owner.isEmpty();
      (beside ? extra : main).add(data);
    }
    boolean negative =
        main.isEmpty() && !truncated && (code == Code.OK || code == Code.NO_SUCH_NAME);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(query.id());
      out.writeShort(
          0x8000
              | (authoritative ? 0x0400 : 0)
              | (truncated ? 0x0200 : 0)
              | (query.recursionDesired() ? 0x0100 : 0)
              | 0x0080
              | code.number);
      out.writeShort(1);
      out.writeShort(main.size());
      out.writeShort(negative ? 1 : 0);
      out.writeShort(extra.size() + (query.edns() ? 1 : 0));
      out.write(query.question());
      for (Data data : main) {
        write(out, data, ttl);
      }
      if (negative) {
        soa(out, zone, ttl);
      }
      for (Data data : extra) {
        write(out, data, ttl);
      }
      if (query.edns()) {
        out.write(0);
        out.writeShort(DnsQuery.OPT);
        out.writeShort(4096);
        out.writeInt(0);
        out.writeShort(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Data data, int ttl) throws IOException {
    switch (data) {
      case Data.Address a -> {
        if (a.owner.isEmpty()) {
          out.writeShort(NAME_OF_QUESTION);
        } else {
          name(out, a.owner);
        }
        body(
            out, a.ip instanceof Inet4Address ? DnsQuery.A : DnsQuery.AAAA, ttl, a.ip.getAddress());
      }
      case Data.Alias a -> {
        out.writeShort(NAME_OF_QUESTION);
        body(out, DnsQuery.CNAME, ttl, name(a.target));
      }
      case Data.Pointer p -> {
        out.writeShort(NAME_OF_QUESTION);
        body(out, DnsQuery.PTR, ttl, name(p.target));
      }
      case Data.Service s -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream inner = new DataOutputStream(bytes)) {
          inner.writeShort(0);
          inner.writeShort(s.weight);
          inner.writeShort(s.port);
          name(inner, s.target);
        }
        out.writeShort(NAME_OF_QUESTION);
        body(out, DnsQuery.SRV, ttl, bytes.toByteArray());
      }
      case Data.Text t -> {
        byte[] text = t.value.getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[text.length + 1];
        content[0] = (byte) text.length;
        System.arraycopy(text, 0, content, 1, text.length);
        out.writeShort(NAME_OF_QUESTION);
        body(out, DnsQuery.TXT, ttl, content);
      }
    }
  }

  private static void soa(DataOutputStream out, String zone, int ttl) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream inner = new DataOutputStream(bytes)) {
      name(inner, "ns.dns." + zone);
      name(inner, "hostmaster." + zone);
      inner.writeInt((int) (System.currentTimeMillis() / 1000));
      inner.writeInt(7200);
      inner.writeInt(1800);
      inner.writeInt(86400);
      inner.writeInt(ttl);
    }
    name(out, zone);
    body(out, DnsQuery.SOA, ttl, bytes.toByteArray());
  }

  private static void body(DataOutputStream out, int type, int ttl, byte[] data)
      throws IOException {
    out.writeShort(type);
    out.writeShort(1);
    out.writeInt(ttl);
    out.writeShort(data.length);
    out.write(data);
  }

  private static byte[] name(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      name(out, name);
    }
    return bytes.toByteArray();
  }

  private static void name(DataOutputStream out, String name) throws IOException {
    for (String label : name.split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
      out.writeByte(bytes.length);
      out.write(bytes);
    }
    out.writeByte(0);
  }

  /** An address from its literal form. */
  static InetAddress address(String literal) {
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      throw new UncheckedIOException(new UnknownHostException(literal));
    }
  }
}
