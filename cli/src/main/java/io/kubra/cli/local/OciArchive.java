package io.kubra.cli.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An OCI image archive with one layer of a few files, enough for the sandbox image, which has to
 * exist before any image can be pulled and where there may be no registry at all (OCI image layout
 * 1.0, ustar).
 */
final class OciArchive {
  private static final int BLOCK = 512;

  private OciArchive() {}

  /**
   * An archive of one image.
   *
   * @param reference the image's full name
   * @param files executable files by their path without leading slash
   * @param entrypoint what the image runs
   */
  static byte[] of(String reference, Map<String, byte[]> files, String... entrypoint) {
    ByteArrayOutputStream layer = new ByteArrayOutputStream();
    files.forEach((path, content) -> entry(layer, path, content, 0755));
    end(layer);
    byte[] layerBytes = layer.toByteArray();
    String layerDigest = digest(layerBytes);
    String arguments = "\"" + String.join("\",\"", entrypoint) + "\"";
    byte[] config =
        utf8(
            """
            {"architecture":"%s","os":"linux","config":{"Entrypoint":[%s],"WorkingDir":"/"},\
            "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"2026-01-01T00:00:00Z"}]}"""
                .formatted(architecture(), arguments, layerDigest));
    byte[] manifest =
        utf8(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
            "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},\
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%d}]}"""
                .formatted(digest(config), config.length, layerDigest, layerBytes.length));
    byte[] index =
        utf8(
            """
            {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",\
            "digest":"sha256:%s","size":%d,"annotations":{"io.containerd.image.name":"%s",\
            "org.opencontainers.image.ref.name":"%s"}}]}"""
                .formatted(
                    digest(manifest),
                    manifest.length,
                    reference,
                    reference.substring(reference.lastIndexOf(':') + 1)));
    Map<String, byte[]> archive = new LinkedHashMap<>();
    archive.put("oci-layout", utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
    archive.put("index.json", index);
    for (byte[] blob : new byte[][] {manifest, config, layerBytes}) {
      archive.put("blobs/sha256/" + digest(blob), blob);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archive.forEach((path, content) -> entry(out, path, content, 0644));
    end(out);
    return out.toByteArray();
  }

  private static String architecture() {
    return "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "amd64";
  }

  private static void entry(OutputStream out, String path, byte[] content, int mode) {
    byte[] header = new byte[BLOCK];
    put(header, 0, path);
    put(header, 100, "%07o".formatted(mode));
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "%011o".formatted(content.length));
    put(header, 136, "00000000000");
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    write(out, header);
    write(out, content);
    write(out, new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void end(OutputStream out) {
    write(out, new byte[2 * BLOCK]);
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = utf8(text);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  private static void write(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
