package io.kubra.api.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The compiled catalogue's bytes: sections, varints and a string table decoded on demand. */
final class CatalogueData {
  private static final int FORMAT = 1;

  private final byte[] bytes;
  private final int[] stringAt;
  private final @Nullable String[] strings;
  final int directory;
  final int bodies;
  final int kinds;
  final int resources;
  final int messages;

  private CatalogueData(byte[] bytes) {
    this.bytes = bytes;
    Cursor c = new Cursor(0);
    int format = c.number();
    if (format != FORMAT) {
      throw new IllegalStateException("the schema catalogue has format " + format);
    }
    int[] sizes = new int[6];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = c.number();
    }
    int table = c.at;
    directory = table + sizes[0];
    bodies = directory + sizes[1];
    kinds = bodies + sizes[2];
    resources = kinds + sizes[3];
    messages = resources + sizes[4];
    int count = c.number();
    stringAt = new int[count];
    strings = new @Nullable String[count];
    for (int i = 0; i < count; i++) {
      stringAt[i] = c.at;
      int length = c.number();
      c.at += length;
    }
  }

  static CatalogueData load() {
    try (InputStream in = CatalogueData.class.getResourceAsStream("catalogue.bin")) {
      if (in == null) {
        throw new IllegalStateException("the schema catalogue is missing from the class path");
      }
      return new CatalogueData(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Cursor at(int offset) {
    return new Cursor(offset);
  }

  private String stringOf(int index) {
    String known = strings[index];
    if (known == null) {
      Cursor c = new Cursor(stringAt[index]);
      int length = c.number();
      known = new String(bytes, c.at, length, StandardCharsets.UTF_8);
      strings[index] = known;
    }
    return known;
  }

  /** Reads on from a place. */
  final class Cursor {
    private int at;

    private Cursor(int at) {
      this.at = at;
    }

    int number() {
      int value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = bytes[at++];
        value |= (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }

    boolean flag() {
      return number() != 0;
    }

    String string() {
      return stringOf(number());
    }

    List<String> strings() {
      int count = number();
      if (count == 0) {
        return List.of();
      }
      List<String> all = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        all.add(string());
      }
      return List.copyOf(all);
    }
  }
}
