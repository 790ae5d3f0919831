package io.kubra.codegen.catalogue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bytes under construction that refer to strings by their index in a shared table. */
final class Pool {
  private final Map<String, Integer> indexes;
  private final List<String> strings;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Pool() {
    this(new HashMap<>(), new ArrayList<>());
  }

  private Pool(Map<String, Integer> indexes, List<String> strings) {
    this.indexes = indexes;
    this.strings = strings;
  }

  /** Another run of bytes over the same strings. */
  Pool sibling() {
    return new Pool(indexes, strings);
  }

  void number(int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  void string(String s) {
    Integer index = indexes.get(s);
    if (index == null) {
      index = strings.size();
      indexes.put(s, index);
      strings.add(s);
    }
    number(index);
  }

  void strings(Collection<?> all) {
    number(all.size());
    for (Object s : all) {
      string((String) s);
    }
  }

  void append(Pool other) {
    out.writeBytes(other.out.toByteArray());
  }

  int size() {
    return out.size();
  }

  /** The strings themselves: count, then each with its length. */
  Pool table() {
    Pool table = new Pool();
    table.number(strings.size());
    for (String s : strings) {
      byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
      table.number(bytes.length);
      table.out.writeBytes(bytes);
    }
    return table;
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
