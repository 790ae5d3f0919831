package io.kubra.node.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Builds single-layer image archives (docker save format) from files of this machine. */
public final class ImageArchive {
  private ImageArchive() {}

  /** An image with busybox and links for the given applets. */
  public static Path busybox(Path directory, String name) throws IOException {
    ByteArrayOutputStream layer = new ByteArrayOutputStream();
    directory(layer, "bin/");
    directory(layer, "tmp/");
    directory(layer, "etc/");
    file(layer, "bin/busybox", Files.readAllBytes(Path.of("/bin/busybox")), 0755);
    for (String applet :
        List.of(
            "sh",
            "cat",
            "echo",
            "sleep",
            "ls",
            "id",
            "env",
            "true",
            "false",
            "nc",
            "httpd",
            "touch",
            "test",
            "kill",
            "hostname",
            "wget",
            "stat",
            "mount",
            "grep",
            "tail",
            "dd",
            "ps",
            "trap",
            "date",
            "head",
            "seq",
            "mkdir",
            "rm",
            "ip")) {
      link(layer, "bin/" + applet, "busybox");
    }
    file(
        layer,
        "etc/passwd",
        "root:x:0:0::/:/bin/sh\nguest:x:1234:1234::/:/bin/sh\n".getBytes(StandardCharsets.UTF_8),
        0644);
    file(layer, "etc/group", "root:x:0:\nguest:x:1234:\n".getBytes(StandardCharsets.UTF_8), 0644);
    return archive(directory, name, finish(layer), List.of("/bin/sh"));
  }

  /** The sandbox image: catatonit, which waits for ever. */
  public static Path pause(Path directory, String name) throws IOException {
    ByteArrayOutputStream layer = new ByteArrayOutputStream();
    file(layer, "catatonit", Files.readAllBytes(Path.of("/usr/bin/catatonit")), 0755);
    return archive(directory, name, finish(layer), List.of("/catatonit", "-P"));
  }

  private static Path archive(Path directory, String name, byte[] layer, List<String> entrypoint)
      throws IOException {
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    String config =
        "{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{\"Entrypoint\":[%s],\"Env\":[\"PATH=/bin\"]},"
                .formatted(
                    arch,
                    entrypoint.stream().map(e -> '"' + e + '"').collect(Collectors.joining(",")))
            + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}}"
                .formatted(sha(layer));
    byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
    String configName = sha(configBytes) + ".json";
    String manifest =
        "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[\"layer.tar\"]}]"
            .formatted(configName, name);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    file(tar, configName, configBytes, 0644);
    file(tar, "layer.tar", layer, 0644);
    file(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8), 0644);
    Path archive = directory.resolve(sha(name.getBytes(StandardCharsets.UTF_8)) + ".tar");
    Files.write(archive, finish(tar));
    return archive;
  }

  private static byte[] finish(ByteArrayOutputStream tar) {
    tar.writeBytes(new byte[1024]);
    return tar.toByteArray();
  }

  private static void directory(ByteArrayOutputStream tar, String name) {
    entry(tar, name, '5', "", 0, name.equals("tmp/") ? 01777 : 0755);
  }

  private static void link(ByteArrayOutputStream tar, String name, String target) {
    entry(tar, name, '2', target, 0, 0777);
  }

  private static void file(ByteArrayOutputStream tar, String name, byte[] data, int mode) {
    entry(tar, name, '0', "", data.length, mode);
    tar.writeBytes(data);
    tar.writeBytes(new byte[(512 - data.length % 512) % 512]);
  }

  private static void entry(
      ByteArrayOutputStream tar, String name, char type, String link, int size, int mode) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "%07o".formatted(mode));
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "%011o".formatted(size));
    put(header, 136, "00000000000");
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, "ustar");
    put(header, 263, "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    tar.writeBytes(header);
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  private static String sha(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
