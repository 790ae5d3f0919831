package io.kubra.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OciArchiveTest {
  private static Map<String, byte[]> files(byte[] tar) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int at = 0; tar[at] != 0; ) {
      String name = text(tar, at, 100);
      int size = Integer.parseInt(text(tar, at + 124, 11), 8);
      files.put(name, Arrays.copyOfRange(tar, at + 512, at + 512 + size));
      at += 512 + (size + 511) / 512 * 512;
    }
    return files;
  }

  private static String text(byte[] tar, int from, int length) {
    int end = from;
    while (end < from + length && tar[end] != 0) {
      end++;
    }
    return new String(tar, from, end - from, StandardCharsets.UTF_8).strip();
  }

  @Test
  void everyBlobIsNamedByItsDigestAndReachableFromTheIndex() throws Exception {
    byte[] program = "program".getBytes(StandardCharsets.UTF_8);

    Map<String, byte[]> files =
        files(OciArchive.of("localhost/x/pause:1", Map.of("pause", program), "/pause", "-P"));

    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (file.getKey().startsWith("blobs/")) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.getValue());
        assertThat(file.getKey()).endsWith(HexFormat.of().formatHex(digest));
      }
    }
    Map<String, Object> entry =
        Trees.maps(Json.parseObject(files.get("index.json")), "manifests").getFirst();
    Map<String, Object> manifest = blob(files, entry);
    Map<String, Object> config = blob(files, Trees.map(manifest, "config"));
    assertThat(Trees.list(config, "config", "Entrypoint")).containsExactly("/pause", "-P");
    String layer = Trees.string(Trees.maps(manifest, "layers").getFirst(), "digest");
    assertThat(files(files.get("blobs/sha256/" + layer.substring(7))))
        .containsEntry("pause", program);
  }

  private static Map<String, Object> blob(
      Map<String, byte[]> files, Map<String, Object> descriptor) {
    String digest = Trees.string(descriptor, "digest");
    return Json.parseObject(files.get("blobs/sha256/" + digest.substring(7)));
  }
}
