package io.kubra.cli.addons;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A small chart: a ConfigMap of the release's name that holds all values; {@code fail} fails. */
final class TestChart {
  private static final int BLOCK = 512;

  private TestChart() {}

  /** The files of the chart by their path in an archive. */
  static Map<String, String> files(String name, String version) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        name + "/Chart.yaml",
        "apiVersion: v2\nname: %s\nversion: %s\nappVersion: '7'\n".formatted(name, version));
    files.put(
        name + "/templates/values.yaml",
        """
        {{- with .Values.fail }}{{ fail . }}{{ end }}
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: {{ .Release.Name }}}
        data:
          values: {{ toJson .Values | quote }}
        """);
    return files;
  }

  /** Its archive. */
  static byte[] archive(String name, String version) {
    return archive(files(name, version));
  }

  /** Its archive as a HelmChart carries it. */
  static String base64(String name, String version) {
    return Base64.getEncoder().encodeToString(archive(name, version));
  }

  /** An archive of files. */
  static byte[] archive(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        out.write(header(file.getKey(), content.length));
        out.write(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
      }
      out.write(new byte[2 * BLOCK]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] header(String name, int size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(size));
    put(header, 136, "00000000000\0");
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
